"""The text of a Transformer's training script, around the functions that are lifted from seqviz."""

SIZES = """
LAYERS, HEADS, WIDTH = {layers}, {heads}, {width}  # layers of a stack, heads of an attention, numbers at each position
INNER = {inner}  # numbers in the middle of a feed-forward network"""

ATTENTION = '''
class Attention(nn.Module):
    """Several heads, each of which looks with queries, keys and values of its own."""

    def __init__(self):
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))

    def forward(self, read, seen, mask=None):
        """Return what each position of ``read`` takes from those of ``seen``; mask: true where it may look."""
        keys, values, queries = self.split(self.key(seen)), self.split(self.value(seen)), self.split(self.query(read))
        scores = torch.matmul(queries / math.sqrt(WIDTH // HEADS), keys.transpose(-2, -1))
        if mask is not None:
            scores = scores.masked_fill(~mask, -math.inf)
        mixed = torch.matmul(scores.softmax(-1), values)
        return self.out(mixed.transpose(1, 2).flatten(2))  # the heads side by side

    def split(self, states):
        """Return (batch, time, width) as (batch, head, time, width of a head)."""
        return states.view(*states.shape[:-1], HEADS, -1).transpose(1, 2)
'''

LAYER = '''
class Layer(nn.Module):
    """{about}: a way past each, a norm {when}."""

    def __init__(self{crossing}):
        super().__init__()
        self.self_attention = Attention()
{cross_attention}        self.expand, self.contract = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
{norms}

    def forward(self, states, mask=None{source}):
{sublayers}

    def feed(self, read):
        """Return what the feed-forward network makes of each position."""
        return self.contract(F.relu(self.expand(read)))
'''

NORMS = """\
        self.norms = nn.ModuleDict({kind: nn.LayerNorm(WIDTH) for kind in ("self", "feedforward")})"""

CROSSING_NORMS = """\
        kinds = ("self", "cross", "feedforward") if crossing else ("self", "feedforward")
        self.norms = nn.ModuleDict({kind: nn.LayerNorm(WIDTH) for kind in kinds})"""

CROSS_ATTENTION = """\
        self.cross_attention = Attention() if crossing else None
"""

PRE = """\
        read = self.norms["self"](states)
        states = states + self.self_attention(read, read, mask)
{cross}        return states + self.feed(self.norms["feedforward"](states))"""

PRE_CROSS = """\
        if self.cross_attention is not None:
            states = states + self.cross_attention(self.norms["cross"](states), source)
"""

POST = """\
        states = self.norms["self"](states + self.self_attention(states, states, mask))
{cross}        return self.norms["feedforward"](states + self.feed(states))"""

POST_CROSS = """\
        if self.cross_attention is not None:
            states = self.norms["cross"](states + self.cross_attention(states, source))
"""

STACK = '''
class Stack(nn.Module):
    """{about}."""

    def __init__(self{crossing}):
        super().__init__()
{table}        self.layers = nn.ModuleList(Layer({crosses}) for _ in range(LAYERS))
{norm}
    def forward(self, states, mask=None{source}):
{placed}        for layer in self.layers:
            states = layer(states, mask{sources})
        return {result}
'''

LEARNED_TABLE = """\
        self.positions = nn.Parameter(torch.empty({count}, WIDTH))
"""

LEARNED_PLACED = """\
        states = states + self.positions[: states.shape[1]]
"""

SINUSOIDS = '''
def sinusoids(count, width=WIDTH):
    """Return what is added at each position: at even places sin(t / 10000^(i/width)), and behind each the cosine."""
    times = torch.arange(count, dtype=torch.float64).unsqueeze(1)
    angles = times * torch.exp(torch.arange(0, width, 2, dtype=torch.float64) * (-math.log(10_000) / width))
    return torch.stack([torch.sin(angles), torch.cos(angles)], dim=-1).flatten(1).float()
'''

SINUSOIDS_PLACED = """\
        states = states + sinusoids(states.shape[1])
"""

CAUSAL_MASK = '''
def causal_mask(length):
    """Return where a position may see another, (query, key): up to itself."""
    return torch.ones(length, length, dtype=torch.bool).tril()
'''

TRANSFORMER = '''
class Transformer(nn.Module):
    """An encoder reads a sentence all at once, a decoder writes another."""

    def __init__(self, source_words, target_words):
        super().__init__()
        self.source_embedding = nn.Embedding(source_words, WIDTH)
        self.target_embedding = nn.Embedding(target_words, WIDTH)
        self.encoder, self.decoder = Stack(), Stack(crossing=True)
        self.readout = nn.Linear(WIDTH, target_words)

    def forward(self, source, targets):
        states = self.encoder(self.source_embedding(source) * math.sqrt(WIDTH))
        right = F.pad(targets[:, :-1].clamp(min=0), (1, 0), value=1)  # what the decoder reads: the right previous words
        written = self.target_embedding(right) * math.sqrt(WIDTH)
        return self.readout(self.decoder(written, causal_mask(right.shape[1]), states))
'''

CAUSAL = '''
class CausalTransformer(nn.Module):
    """A stack in which each position sees those up to itself, and a linear readout."""

    def __init__(self, input_size, output_size):
        super().__init__()
        self.embedding = nn.Linear(input_size, WIDTH, bias=False)
        self.decoder = Stack()
        self.readout = nn.Linear(WIDTH, output_size)

    def forward(self, inputs):
        states = self.decoder(self.embedding(inputs) * math.sqrt(WIDTH), causal_mask(inputs.shape[1]))
{reading}
'''

SEEING = """
RED_GREEN_BLUE, CELLS = 3, {cells}  # numbers of a pixel; rows and columns of the cells that a picture is seen as
"""

CELL_SINUSOIDS = '''
def cell_positions():
    """Return sinusoids of each cell's row in the first half of its numbers, and of its column in the second."""
    waves = sinusoids(CELLS, WIDTH // 2)
    return torch.cat([waves.repeat_interleave(CELLS, 0), waves.repeat(CELLS, 1)], dim=1)
'''

CAPTIONER = '''
class TransformerCaptioner(nn.Module):
    """Convolutions see a picture as a grid of cells, and a decoder writes, looking at them."""

    def __init__(self, colours, words):
        super().__init__()
        self.convolutions = convolutions(WIDTH)
        self.norm = nn.LayerNorm(WIDTH)
{table}        self.embedding = nn.Embedding(words, WIDTH)
        self.decoder = Stack(crossing=True)
        self.readout = nn.Linear(WIDTH, words)

    def forward(self, pictures, targets):
        cells = seen_by(self.convolutions, pictures).flatten(2).transpose(1, 2)
        right = F.pad(targets[:, :-1].clamp(min=0), (1, 0), value=1)  # what the decoder reads: the right previous words
        written = self.embedding(right) * math.sqrt(WIDTH)
        return self.readout(self.decoder(written, causal_mask(right.shape[1]), self.norm(cells{placed})))
'''

CELLS_TABLE = """\
        self.cells = nn.Parameter(torch.empty(CELLS * CELLS, WIDTH))
"""

CELLS_PLACED = {"sinusoidal": " + cell_positions()", "learned": " + self.cells", "none": ""}

DRAW_EYE = """\
        initialise_convolutions(network.convolutions, generator)
"""

DRAW_CELLS = """\
        network.cells.normal_(0, 0.02, generator=generator)
"""

BUILD = '''
def build_network({sizes}):
    """Return the network as it is before training: the seed decides every weight."""
    network = {network}({sizes})
    generator = torch.Generator().manual_seed({seed})
    with torch.no_grad():
{eye}        for stack in ({stacks}):
{positions}            for module in stack.modules():
                if isinstance(module, nn.Linear):
                    nn.init.xavier_uniform_(module.weight, generator=generator)
                    module.bias.zero_()
        for embedding in ({embeddings}):
            embedding.weight.normal_(0, WIDTH**-0.5, generator=generator)
        uniform(network.readout, WIDTH**-0.5, generator)
    return network
'''

DRAW_POSITIONS = """\
            stack.positions.normal_(0, 0.02, generator=generator)
"""
