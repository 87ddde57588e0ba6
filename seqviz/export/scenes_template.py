"""The text of a captioner's training script, around the functions that are lifted from seqviz."""

SAYING = '''
COUNTS, SIZES = {counts}, {sizes}
# The colours are red, green and blue from 0 to 255; the shapes one of them, and several.
COLOURS = {colours}
SHAPES = {shapes}
OPPOSITES = {opposites}
WORDS = [*COUNTS, *SIZES, *COLOURS, *SHAPES, *SHAPES.values(), *OPPOSITES, "of"]
NUMBERS = {{word: number for number, word in enumerate(WORDS, start={first})}}  # 0 pads, 1 begins a caption, 2 ends it
LONGEST = {longest}  # words of a caption, with its end

Group = namedtuple("Group", "count size colour shape")  # things that look alike: "two small blue squares"


def words_of(group):
    """Return a group as a caption names it."""
    count = next(word for word, number in COUNTS.items() if number == group.count)
    return count, group.size, group.colour, group.shape if group.count == 1 else SHAPES[group.shape]


def caption_of(first, relation, second):
    """Return the caption of one group, or of two and how the first stands to the second."""
    if relation is None:
        return words_of(first)
    between = (relation, "of") if relation in ("left", "right") else (relation,)
    return *words_of(first), *between, *words_of(second)


def is_held_out(first, relation, second):
    """Return whether this is one of the tenth that is not learned from; both of its captions are held out together."""
    mirrored = caption_of(first, None, None) if relation is None else caption_of(second, OPPOSITES[relation], first)
    digest = hashlib.sha256(" ".join(min(caption_of(first, relation, second), mirrored)).encode()).digest()
    return int.from_bytes(digest[:4], "big") < {held_out} * 2**32


def draw_group(random, most):
    count = random.randint(1, min(most, len(COUNTS)))
    return Group(count, random.choice(SIZES), random.choice(tuple(COLOURS)), random.choice(tuple(SHAPES)))


def deal(random, most):
    """Return what is to be seen, one group or two and how they stand, and the seed of how it is arranged."""
    while True:
        first, relation, second = draw_group(random, most), None, None
        if random.random() >= {alone}:
            relation, second = random.choice(tuple(OPPOSITES)), draw_group(random, most)
            if (first.colour, first.shape) == (second.colour, second.shape):
                continue
        if not is_held_out(first, relation, second):
            return (first, relation, second), random.randrange({seeds})
'''

DRAWING = '''
PIXELS, RADII = {pixels}, {radii}  # the picture's height and width; how far a thing reaches to each side of its middle
APART = {apart}  # pixels between two things of a group, at least
STUCK = {stuck}  # places refused after which a group is scattered anew
MIDDLE = {middle}  # where the border between two groups may lie
PAPER = {paper}  # the grey that everything stands on
FINE = {fine}  # points along each side of a pixel at which a shape is looked up
Place = tuple  # x to the right, y downwards


def arranged(first, relation, second, seed):
    """Return the groups, each with the places of its things; a straight border is between two groups."""
    random = Random(seed)
    if relation is None:
        return [(first, _scattered(first, random, (0, 0, PIXELS, PIXELS)))]
    upright = relation in ("left", "right")
    before, behind = (second, first) if relation in ("right", "below") else (first, second)
    while True:
        border = random.randint(*MIDDLE)
        near = (0, 0, border, PIXELS) if upright else (0, 0, PIXELS, border)
        far = (border, 0, PIXELS, PIXELS) if upright else (0, border, PIXELS, PIXELS)
        parts = [_scattered(before, random, near), _scattered(behind, random, far)]
        if _overlap([_span(before, parts[0], upright), _span(behind, parts[1], upright)]):
            return [(before, parts[0]), (behind, parts[1])]


{scattered}


def drawn(groups):
    """Return the picture: red, green and blue from 0 to 1, edges smooth."""
    picture = np.full((PIXELS, PIXELS, 3), PAPER, dtype=np.float32)
    for group, places in groups:
        paint = np.array(COLOURS[group.colour], dtype=np.float32) / 255 - np.float32(PAPER)
        reach = RADII[group.size]
        for x, y in places:
            picture[y - reach : y + reach + 1, x - reach : x + reach + 1] += stamp(group.shape, reach)[..., None] * paint
    return picture


@cache
def stamp(shape, radius):
    """Return which share of each pixel a thing covers."""
    side = 2 * radius + 1
    points = ((np.arange(side * FINE) + 0.5) / (side * FINE) * 2 - 1).astype(np.float32)
    inside = FORMS[shape](points[None, :], points[:, None])
    return np.asarray(inside.reshape(side, FINE, side, FINE).mean(axis=(1, 3)), dtype=np.float32)


{inside}


FORMS = {{{forms}}}
'''

CAPTIONS = '''
def caption_batch(size, most, generator):
    """Return pictures, and one caption of each, which ends in 2 and then -100."""
    random = Random(int(torch.randint(2**62, (1,), generator=generator)))
    pictures, targets = [], torch.full((size, LONGEST), -100)
    for row in targets:
        shown, seed = deal(random, most)
        pictures.append(drawn(arranged(*shown, seed)))
        words = [NUMBERS[word] for word in caption_of(*shown)]
        row[: len(words) + 1] = torch.tensor([*words, 2])
    return torch.from_numpy(np.stack(pictures)), targets
'''
