"""Modules are served whole, under an address that changes when they do."""

from seqviz.ui.components import modules
from seqviz.ui.components.modules import contents, version


def test_every_module_of_the_package_is_served_byte_for_byte():
    assert contents() == {path: file.read_bytes() for path, file in modules._modules()}
    assert all(path.endswith(".js") for path in contents())


def test_an_address_changes_with_any_module_and_with_where_it_lies(monkeypatch, tmp_path):
    (tmp_path / "one.js").write_text("export const one = 1;")
    found = set()
    for path, text in [("a.js", "1"), ("a.js", "2"), ("b.js", "2"), ("b.js2", "")]:
        (tmp_path / "file").write_text(text)
        monkeypatch.setattr(modules, "_modules", lambda path=path: [(path, tmp_path / "file")])
        found.add(version.__wrapped__())
    assert len(found) == 4
