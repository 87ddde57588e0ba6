"""The words of the English and German corpus."""

from typing import NamedTuple

from seqviz.corpora.pair import words_of


class Noun(NamedTuple):
    """A noun; ``kind`` is person, animal, food, readable, thing, way in or location, and decides which verbs suit it."""

    english: tuple[str, str]  # singular, plural
    singular: str
    oblique: str  # singular accusative and dative
    plural: str
    dative_plural: str
    gender: str  # m, f, n
    kind: str
    owned: bool  # whether "my …" means what it says ("meine Frau" is a wife)


class Adjective(NamedTuple):
    """An adjective: as it follows "is", and the stem that endings are added to."""

    english: str
    german: str
    stem: str
    kinds: str
    aspect: str  # no one is both young and old


class Verb(NamedTuple):
    """A verb: English present, past and particle; German present (ich, er, wir), participle, prefix; who does it to whom."""

    english: tuple[str, str, str]  # I see, he sees, he saw
    particle: str
    german: tuple[str, str, str]
    participle: str
    prefix: str  # of a separable verb
    subjects: str
    objects: str
    case: str = "A"
    auxiliary: str = "have"


NOUNS = tuple(Noun(*entry) for entry in (
    (("man", "men"), "Mann", "Mann", "Männer", "Männern", "m", "P", False),
    (("woman", "women"), "Frau", "Frau", "Frauen", "Frauen", "f", "P", False),
    (("child", "children"), "Kind", "Kind", "Kinder", "Kindern", "n", "P", True),
    (("boy", "boys"), "Junge", "Jungen", "Jungen", "Jungen", "m", "P", False),
    (("girl", "girls"), "Mädchen", "Mädchen", "Mädchen", "Mädchen", "n", "P", False),
    (("friend", "friends"), "Freund", "Freund", "Freunde", "Freunden", "m", "P", True),
    (("doctor", "doctors"), "Arzt", "Arzt", "Ärzte", "Ärzten", "m", "P", True),
    (("sister", "sisters"), "Schwester", "Schwester", "Schwestern", "Schwestern", "f", "P", True),
    (("dog", "dogs"), "Hund", "Hund", "Hunde", "Hunden", "m", "A", True),
    (("cat", "cats"), "Katze", "Katze", "Katzen", "Katzen", "f", "A", True),
    (("horse", "horses"), "Pferd", "Pferd", "Pferde", "Pferden", "n", "A", True),
    (("bird", "birds"), "Vogel", "Vogel", "Vögel", "Vögeln", "m", "A", True),
    (("apple", "apples"), "Apfel", "Apfel", "Äpfel", "Äpfeln", "m", "F", True),
    (("cake", "cakes"), "Kuchen", "Kuchen", "Kuchen", "Kuchen", "m", "F", True),
    (("book", "books"), "Buch", "Buch", "Bücher", "Büchern", "n", "R", True),
    (("letter", "letters"), "Brief", "Brief", "Briefe", "Briefen", "m", "R", True),
    (("car", "cars"), "Auto", "Auto", "Autos", "Autos", "n", "T", True),
    (("key", "keys"), "Schlüssel", "Schlüssel", "Schlüssel", "Schlüsseln", "m", "T", True),
    (("bag", "bags"), "Tasche", "Tasche", "Taschen", "Taschen", "f", "T", True),
    (("door", "doors"), "Tür", "Tür", "Türen", "Türen", "f", "W", True),
    (("window", "windows"), "Fenster", "Fenster", "Fenster", "Fenstern", "n", "W", True),
    (("house", "houses"), "Haus", "Haus", "Häuser", "Häusern", "n", "L", True),
    (("garden", "gardens"), "Garten", "Garten", "Gärten", "Gärten", "m", "L", True),
    (("school", "schools"), "Schule", "Schule", "Schulen", "Schulen", "f", "L", True),
    (("city", "cities"), "Stadt", "Stadt", "Städte", "Städten", "f", "L", False),
    (("park", "parks"), "Park", "Park", "Parks", "Parks", "m", "L", False),
))  # fmt: skip

ADJECTIVES = tuple(Adjective(*entry) for entry in (
    ("beautiful", "schön", "schön", "ARTL", "opinion"),
    ("tired", "müde", "müd", "PA", "opinion"),
    ("small", "klein", "klein", "PAFRTWL", "size"),
    ("big", "groß", "groß", "AFTWL", "size"),
    ("old", "alt", "alt", "PARTWL", "age"),
    ("young", "jung", "jung", "PA", "age"),
    ("new", "neu", "neu", "RTWL", "age"),
    ("black", "schwarz", "schwarz", "ATW", "colour"),
    ("red", "rot", "rot", "FRTW", "colour"),
))  # fmt: skip

VERBS = tuple(Verb(*entry) for entry in (
    (("see", "sees", "saw"), "", ("sehe", "sieht", "sehen"), "gesehen", "", "PA", "PAFRTWL"),
    (("love", "loves", "loved"), "", ("liebe", "liebt", "lieben"), "geliebt", "", "P", "PA"),
    (("look", "looks", "looked"), "for", ("suche", "sucht", "suchen"), "gesucht", "", "PA", "PAFRTL"),
    (("find", "finds", "found"), "", ("finde", "findet", "finden"), "gefunden", "", "PA", "PAFRTL"),
    (("buy", "buys", "bought"), "", ("kaufe", "kauft", "kaufen"), "gekauft", "", "P", "AFRT"),
    (("eat", "eats", "ate"), "", ("esse", "isst", "essen"), "gegessen", "", "P", "F"),
    (("write", "writes", "wrote"), "", ("schreibe", "schreibt", "schreiben"), "geschrieben", "", "P", "R"),
    (("help", "helps", "helped"), "", ("helfe", "hilft", "helfen"), "geholfen", "", "P", "P", "D"),
    (("call", "calls", "called"), "", ("rufe", "ruft", "rufen"), "angerufen", "an", "P", "P"),
    (("invite", "invites", "invited"), "", ("lade", "lädt", "laden"), "eingeladen", "ein", "P", "P"),
    (("open", "opens", "opened"), "", ("mache", "macht", "machen"), "aufgemacht", "auf", "P", "W"),
    (("sleep", "sleeps", "slept"), "", ("schlafe", "schläft", "schlafen"), "geschlafen", "", "PA", ""),
    (("sing", "sings", "sang"), "", ("singe", "singt", "singen"), "gesungen", "", "P", ""),
    (("work", "works", "worked"), "", ("arbeite", "arbeitet", "arbeiten"), "gearbeitet", "", "P", ""),
    (("play", "plays", "played"), "", ("spiele", "spielt", "spielen"), "gespielt", "", "PA", ""),
    (("get", "gets", "got"), "up", ("stehe", "steht", "stehen"), "aufgestanden", "auf", "P", "", "A", "be"),
))  # fmt: skip

GIVE = Verb(("give", "gives", "gave"), "", ("gebe", "gibt", "geben"), "gegeben", "", "P", "AFRT")
BELIEVE = Verb(("believe", "believes", "believed"), "", ("glaube", "glaubt", "glauben"), "geglaubt", "", "P", "")
WANT = Verb(("want", "wants", "wanted"), "to", ("will", "will", "wollen"), "", "", "PA", "")
CAN = Verb(("can", "can", "could"), "", ("kann", "kann", "können"), "", "", "PA", "")
BE = Verb(("are", "is", "were"), "", ("bin", "ist", "sind"), "", "", "PAFRTWL", "")
WAS = Verb(("were", "was", "were"), "", ("war", "war", "waren"), "", "", "PAFRTWL", "")
AUXILIARIES = {"have": ("habe", "hat", "haben"), "be": BE.german}

# English singular, plural; the German stem that takes endings; which endings the adjective takes after it.
DETERMINERS = {
    "the": (("the", "the"), "d", "weak"),
    "this": (("this", "these"), "dies", "weak"),
    "a": (("a", "some"), "ein", "mixed"),
    "no": (("a", ""), "kein", "mixed"),
    "my": (("my", "my"), "mein", "mixed"),
    "his": (("his", "his"), "sein", "mixed"),
    "her": (("her", "her"), "ihr", "mixed"),
    "our": (("our", "our"), "unser", "mixed"),
    "two": (("", "two"), "zwei", "strong"),
    "three": (("", "three"), "drei", "strong"),
}
NUMERALS = ("two", "three")
# By gender (p: plural) and case: the article, what is added to ein and its like, what is added to dies.
ARTICLES = {
    "mN": ("der", "", "er"), "mA": ("den", "en", "en"), "mD": ("dem", "em", "em"),
    "fN": ("die", "e", "e"), "fA": ("die", "e", "e"), "fD": ("der", "er", "er"),
    "nN": ("das", "", "es"), "nA": ("das", "", "es"), "nD": ("dem", "em", "em"),
    "pN": ("die", "e", "e"), "pA": ("die", "e", "e"), "pD": ("den", "en", "en"),
}  # fmt: skip
# By the same: the ending of an adjective after der (weak), after ein (mixed), and after no article (strong).
ENDINGS = {
    "mN": ("e", "er", "er"), "mA": ("en", "en", "en"), "mD": ("en", "en", "em"),
    "fN": ("e", "e", "e"), "fA": ("e", "e", "e"), "fD": ("en", "en", "er"),
    "nN": ("e", "es", "es"), "nA": ("e", "es", "es"), "nD": ("en", "en", "em"),
    "pN": ("en", "en", "e"), "pA": ("en", "en", "e"), "pD": ("en", "en", "en"),
}  # fmt: skip

# English, German, which form of the verb.
PRONOUNS = (("I", "ich", 0), ("he", "er", 1), ("she", "sie", 1), ("we", "wir", 2), ("they", "sie", 2))
# English, German accusative and dative, whose own it may not be.
OBJECT_PRONOUNS = (
    ("me", "mich", "mir", ("I", "we")),
    ("him", "ihn", "ihm", ()),
    ("her", "sie", "ihr", ()),
    ("us", "uns", "uns", ("I", "we")),
    ("them", "sie", "ihnen", ()),
)
PLACES = ((("in",), "in"), (("in", "front", "of"), "vor"), (("behind",), "hinter"), (("next", "to"), "neben"))
TIMES = {
    "present": ((("today",), ("heute",)), (("now",), ("jetzt",))),
    "past": ((("yesterday",), ("gestern",)), (("today",), ("heute",))),
}
EVERY_DAY = (("every", "day"), ("jeden", "Tag"))
JOINING = (("and", "und"), ("but", "aber"))
SUBORDINATING = {"present": (("because", "weil"), ("when", "wenn")), "past": (("because", "weil"), ("when", "als"))}

_STEMS = {stem: kind for _, stem, kind in DETERMINERS.values() if stem != "d"}
_ALL_TIMES = (*TIMES["present"], *TIMES["past"], EVERY_DAY)
GERMAN_WORDS = words_of(
    *((one.singular, one.oblique, one.plural) for one in NOUNS),
    *((one.dative_plural,) for one in NOUNS if one.kind in "PL"),  # gifts and places are in the dative, things are not
    *((one.german, *(one.stem + ending for row in ENDINGS.values() for ending in row[:2])) for one in ADJECTIVES),
    *((*verb.german, verb.participle) for verb in (*VERBS, GIVE, BELIEVE, WANT, CAN, BE, WAS)),
    *((verb.prefix, *(verb.prefix + form for form in verb.german)) for verb in VERBS if verb.prefix),
    AUXILIARIES["have"],
    *((row[0], *(stem + row[1 if stem[0] != "d" else 2] for stem, kind in _STEMS.items() if kind != "strong"))
      for row in ARTICLES.values()),
    ("zwei", "drei", "einige", "einigen", "im"),
    *(pronoun[1:2] for pronoun in PRONOUNS),
    *(pronoun[1:3] for pronoun in OBJECT_PRONOUNS),
    *((german,) for _, german in (*PLACES, *JOINING, *SUBORDINATING["present"], *SUBORDINATING["past"])),
    *(german for _, german in _ALL_TIMES),
    ("es", "nicht", "dass", ",", "?"),
)  # fmt: skip
ENGLISH_WORDS = words_of(
    *(noun.english for noun in NOUNS),
    *((one.english,) for one in ADJECTIVES),
    *((*verb.english, verb.particle) for verb in (*VERBS, GIVE, BELIEVE, BE, WAS)),
    *(verb.english[:2] for verb in (WANT, CAN)),
    *(english for english, _, _ in DETERMINERS.values()),
    *(pronoun[:1] for pronoun in (*PRONOUNS, *OBJECT_PRONOUNS)),
    *(english for english, _ in (*PLACES, *_ALL_TIMES)),
    *((english,) for english, _ in (*JOINING, *SUBORDINATING["present"])),
    ("am", "an", "it", "do", "does", "did", "not", "to", "that", "who", ",", "?"),
)
