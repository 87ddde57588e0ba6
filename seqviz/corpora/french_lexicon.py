"""The words of the French and English corpus."""

from typing import NamedTuple

from seqviz.corpora.pair import words_of


class Noun(NamedTuple):
    """A noun; ``kind`` is person, animal, food, readable, thing or location, and decides which verbs and adjectives suit."""

    singular: str
    plural: str
    feminine: bool
    english: tuple[str, str]  # singular, plural
    kind: str
    owned: bool  # whether "my …" means what it says ("ma femme" is a wife)


class Adjective(NamedTuple):
    """An adjective: masculine, feminine, their plurals, and the masculine before a vowel."""

    forms: tuple[str, str, str, str]
    before_vowel: str
    english: str
    kinds: str
    precedes: bool  # whether it precedes its noun in French
    colour: bool = False  # those nearest to the noun in English

    def suits(self, noun: Noun) -> bool:
        """Return whether the two go together: an old boy is a bachelor, in French."""
        return noun.kind in self.kinds and not (self.english == "old" and noun.english[0] in ("boy", "girl", "child"))


class Verb(NamedTuple):
    """A verb in the present (je, il, nous, ils), its infinitive, its English, and who does it to whom."""

    forms: tuple[str, str, str, str]
    infinitive: str
    english: tuple[str, str]  # I see, he sees
    particle: str
    subjects: str
    objects: str


NOUNS = tuple(Noun(*entry) for entry in (
    ("homme", "hommes", False, ("man", "men"), "P", False),
    ("femme", "femmes", True, ("woman", "women"), "P", False),
    ("garçon", "garçons", False, ("boy", "boys"), "P", False),
    ("fille", "filles", True, ("girl", "girls"), "P", False),
    ("enfant", "enfants", False, ("child", "children"), "P", True),
    ("ami", "amis", False, ("friend", "friends"), "P", True),
    ("médecin", "médecins", False, ("doctor", "doctors"), "P", True),
    ("sœur", "sœurs", True, ("sister", "sisters"), "P", True),
    ("chat", "chats", False, ("cat", "cats"), "A", True),
    ("chien", "chiens", False, ("dog", "dogs"), "A", True),
    ("cheval", "chevaux", False, ("horse", "horses"), "A", True),
    ("oiseau", "oiseaux", False, ("bird", "birds"), "A", True),
    ("vache", "vaches", True, ("cow", "cows"), "A", True),
    ("pomme", "pommes", True, ("apple", "apples"), "F", True),
    ("gâteau", "gâteaux", False, ("cake", "cakes"), "F", True),
    ("livre", "livres", False, ("book", "books"), "R", True),
    ("lettre", "lettres", True, ("letter", "letters"), "R", True),
    ("voiture", "voitures", True, ("car", "cars"), "T", True),
    ("clé", "clés", True, ("key", "keys"), "T", True),
    ("chapeau", "chapeaux", False, ("hat", "hats"), "T", True),
    ("maison", "maisons", True, ("house", "houses"), "L", True),
    ("école", "écoles", True, ("school", "schools"), "L", True),
    ("jardin", "jardins", False, ("garden", "gardens"), "L", True),
    ("église", "églises", True, ("church", "churches"), "L", False),
    ("ville", "villes", True, ("city", "cities"), "L", False),
    ("parc", "parcs", False, ("park", "parks"), "L", False),
))  # fmt: skip

ADJECTIVES = tuple(Adjective(*entry) for entry in (
    (("petit", "petite", "petits", "petites"), "petit", "small", "AFRTL", True),
    (("grand", "grande", "grands", "grandes"), "grand", "big", "AFTL", True),
    (("vieux", "vieille", "vieux", "vieilles"), "vieil", "old", "PARTL", True),
    (("jeune", "jeune", "jeunes", "jeunes"), "jeune", "young", "PA", True),
    (("beau", "belle", "beaux", "belles"), "bel", "beautiful", "ARTL", True),
    (("noir", "noire", "noirs", "noires"), "noir", "black", "ART", False, True),
    (("blanc", "blanche", "blancs", "blanches"), "blanc", "white", "ATL", False, True),
    (("rouge", "rouge", "rouges", "rouges"), "rouge", "red", "FRT", False, True),
    (("triste", "triste", "tristes", "tristes"), "triste", "sad", "PA", False),
    (("fatigué", "fatiguée", "fatigués", "fatiguées"), "fatigué", "tired", "PA", False),
    (("célèbre", "célèbre", "célèbres", "célèbres"), "célèbre", "famous", "PRL", False),
))  # fmt: skip

VERBS = tuple(Verb(*entry) for entry in (
    (("vois", "voit", "voyons", "voient"), "voir", ("see", "sees"), "", "PA", "PAFRTL"),
    (("aime", "aime", "aimons", "aiment"), "aimer", ("love", "loves"), "", "PA", "PA"),
    (("cherche", "cherche", "cherchons", "cherchent"), "chercher", ("look", "looks"), "for", "PA", "PAFRTL"),
    (("trouve", "trouve", "trouvons", "trouvent"), "trouver", ("find", "finds"), "", "PA", "PAFRTL"),
    (("connais", "connaît", "connaissons", "connaissent"), "connaître", ("know", "knows"), "", "P", "PL"),
    (("mange", "mange", "mangeons", "mangent"), "manger", ("eat", "eats"), "", "PA", "F"),
    (("achète", "achète", "achetons", "achètent"), "acheter", ("buy", "buys"), "", "P", "AFRT"),
    (("lis", "lit", "lisons", "lisent"), "lire", ("read", "reads"), "", "P", "R"),
    (("dors", "dort", "dormons", "dorment"), "dormir", ("sleep", "sleeps"), "", "PA", ""),
    (("chante", "chante", "chantons", "chantent"), "chanter", ("sing", "sings"), "", "P", ""),
    (("travaille", "travaille", "travaillons", "travaillent"), "travailler", ("work", "works"), "", "P", ""),
    (("joue", "joue", "jouons", "jouent"), "jouer", ("play", "plays"), "", "PA", ""),
))  # fmt: skip

GIVE = Verb(("donne", "donne", "donnons", "donnent"), "donner", ("give", "gives"), "", "P", "AFRT")
TALK = Verb(("parle", "parle", "parlons", "parlent"), "parler", ("talk", "talks"), "", "P", "P")
GO = Verb(("vais", "va", "allons", "vont"), "aller", ("go", "goes"), "", "PA", "L")
WANT = Verb(("veux", "veut", "voulons", "veulent"), "vouloir", ("want", "wants"), "", "PA", "")
THINK = Verb(("pense", "pense", "pensons", "pensent"), "penser", ("think", "thinks"), "", "P", "")
BE = Verb(("suis", "est", "sommes", "sont"), "être", ("are", "is"), "", "PAFRTL", "")

# French masculine, feminine, plural; English singular, plural.
DETERMINERS = {
    "the": (("le", "la", "les"), ("the", "the")),
    "a": (("un", "une", "des"), ("a", "some")),
    "this": (("ce", "cette", "ces"), ("this", "these")),
    "my": (("mon", "ma", "mes"), ("my", "my")),
    "our": (("notre", "notre", "nos"), ("our", "our")),
    "their": (("leur", "leur", "leurs"), ("their", "their")),
    "his": (("son", "sa", "ses"), ("his", "his")),
    "her": (("son", "sa", "ses"), ("her", "her")),
    "two": (("", "", "deux"), ("", "two")),
    "three": (("", "", "trois"), ("", "three")),
    "four": (("", "", "quatre"), ("", "four")),
    "none": (("de", "de", "de"), ("a", "")),
}
NUMERALS = ("two", "three", "four")

# French, English, which form of the verb, feminine or either.
PRONOUNS = (
    ("je", "I", 0, None),
    ("il", "he", 1, False),
    ("elle", "she", 1, True),
    ("nous", "we", 2, None),
    ("ils", "they", 3, False),
    ("elles", "they", 3, True),
)
# French, English, the forms of the verb whose subject would be the same person.
OBJECT_PRONOUNS = (
    ("me", "me", (0, 2)),
    ("le", "him", ()),
    ("la", "her", ()),
    ("nous", "us", (0, 2)),
    ("les", "them", ()),
)
TO_PRONOUNS = (("me", "me", (0, 2)), ("nous", "us", (0, 2)), ("leur", "them", ()))
PLACES = ((("dans",), ("in",)), (("devant",), ("in", "front", "of")), (("derrière",), ("behind",)), (("près", "de"), ("near",)))
TIMES = (("aujourd'hui", "today"), ("maintenant", "now"))
PARTS_OF_DAY = (("matin", "morning"), ("soir", "evening"))
CONJUNCTIONS = ((("et",), "and"), (("mais",), "but"), (("parce", "que"), "because"), (("quand",), "when"))

FRENCH_WORDS = words_of(
    *(noun[:2] for noun in NOUNS),
    *((*adjective.forms, adjective.before_vowel) for adjective in ADJECTIVES),
    *((*verb.forms, verb.infinitive) for verb in VERBS),
    *(verb.forms for verb in (GIVE, TALK, GO, WANT, THINK, BE)),
    *(french for french, _ in DETERMINERS.values()),
    *(pronoun[:1] for pronoun in PRONOUNS),
    *(pronoun[:1] for pronoun in (*OBJECT_PRONOUNS, *TO_PRONOUNS)),
    *(french for french, _ in (*PLACES, *CONJUNCTIONS)),
    *((french,) for french, _ in (*TIMES, *PARTS_OF_DAY)),
    ("cet", "du", "à", "au", "aux", "ne", "pas", "jamais", "souvent", "que", "qui", "est-ce", "avec", "?"),
    ("l'", "j'", "m'", "n'", "qu'", "d'"),
)
ENGLISH_WORDS = words_of(
    *(noun.english for noun in NOUNS),
    *((adjective.english,) for adjective in ADJECTIVES),
    *((*verb.english, verb.particle) for verb in (*VERBS, GIVE, TALK, GO, WANT, THINK, BE)),
    *(english for _, english in DETERMINERS.values()),
    *(pronoun[1:2] for pronoun in (*PRONOUNS, *OBJECT_PRONOUNS, *TO_PRONOUNS)),
    *(english for _, english in PLACES),
    *((english,) for _, english in (*CONJUNCTIONS, *TIMES, *PARTS_OF_DAY)),
    ("am", "an", "it", "to", "do", "does", "not", "never", "often", "that", "who", "with", "'s", "'", "?"),
)
