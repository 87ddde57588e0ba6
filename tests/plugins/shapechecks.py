"""How the tests check annotations at run time: a whole number is a number, as for any type checker (PEP 484)."""

from beartype import BeartypeConf, beartype

checked = beartype(conf=BeartypeConf(is_pep484_tower=True))
