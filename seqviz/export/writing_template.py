"""The text of an encoder-decoder's training script, around the functions that are lifted from seqviz."""

SENTENCES = '''
def read_sentences():
    """Return the words of both languages, and the sentences to learn from with their translations."""
    known = json.loads(zlib.decompress(base64.b64decode(SENTENCES)))  # SENTENCES: at the end of this file, compressed
    return known["source"], known["target"], known["pairs"]


def numbers_of(known):
    """Return the number of each word: 0 pads, 1 begins a sentence, 2 ends it, 3 is every unknown word."""
    return {word: number for number, word in enumerate(known, start=4)}


def buckets_of(pairs, source_words, target_words):
    """Return the sentences of each length as one tensor, with their translations, which end in 2 and then -100."""
    here, there, by_length = numbers_of(source_words), numbers_of(target_words), {}
    for source, target in pairs:
        numbered = [here.get(word, 3) for word in source], [there.get(word, 3) for word in target]
        by_length.setdefault(len(source), []).append(numbered)
    buckets = []
    for _, same in sorted(by_length.items()):
        targets = torch.full((len(same), 1 + max(len(target) for _, target in same)), -100)
        for row, (_, target) in zip(targets, same):
            row[: len(target) + 1] = torch.tensor([*target, 2])
        buckets.append((torch.tensor([source for source, _ in same]), targets))
    return buckets
'''

ADVANCE = """
_STEPS = {"RNN_TANH": torch.rnn_tanh_cell, "LSTM": torch.lstm_cell, "GRU": torch.gru_cell}
"""

NETWORK = '''
class EncoderDecoder(nn.Module):
    """{about}"""

    def __init__(self, source_words, target_words):
        super().__init__()
        self.source_embedding = nn.Embedding(source_words, {embedding})
        self.encoder = {encoder}
{bridges}        self.target_embedding = nn.Embedding(target_words, {embedding})
        self.decoder = {decoder}
{attention}        self.readout = nn.Linear({size}, target_words)

    def forward(self, source, targets{coins}):
        states, state = self.encode(source)
{keys}        right = F.pad(targets[:, :-1].clamp(min=0), (1, 0), value=1)  # what the decoder reads: the right previous words
{decoding}

    def encode(self, source):
        """Return the encoder's states, in the order of the words, and the decoder's first state."""
{encoding}
{bridging}
{methods}'''

ATTENTION = """\
        self.score = {score}({size}, {width})
        self.combine = nn.Linear({both}, {size}, bias=False)
"""

BRIDGES = """\
        self.bridges = nn.ModuleList(nn.Linear({width}, {size}) for _ in range({count}))
"""

READ_FORWARD = """\
        states, final = self.encoder(self.source_embedding(source))"""

READ_BACKWARD = """\
        states, final = self.encoder(self.source_embedding(source).flip(1))  # the last word first
        states = states.flip(1)"""

BRIDGE = """\
        joined, bridges = [], iter(self.bridges)
        for part in as_state(final):
            layers = torch.cat([part[0::2], part[1::2]], dim=-1)  # what was read forward beside what was read backward
            joined.append(torch.stack([torch.tanh(next(bridges)(layer)) for layer in layers]))
        return states, tuple(joined)"""

NO_BRIDGE = """\
        return states, as_state(final)"""

LOOK = '''
    def look(self, query, states, keys):
        """Return the context: the encoder's states, each as much as attention says."""
        return weighted_sum(self.score(query, keys).softmax(-1), states)
'''

WORDS = '''
    def words(self, hidden, context):
        """Return the logits of the next word."""
        return self.readout({attentional})
'''

AT_ONCE = """\
        hidden, _ = self.decoder(self.target_embedding(right), as_module_state(state))
        return self.words(hidden, {context})"""

LOOKING_BEFORE = """\
        hidden, contexts = [], []
        for word in self.target_embedding(right).unbind(1):
            contexts.append(self.look(state[0][-1], states, keys))
            state = advance(self.decoder, torch.cat([word, contexts[-1]], dim=-1), state)
            hidden.append(state[0][-1])
        return self.words(torch.stack(hidden, dim=1), torch.stack(contexts, dim=1))"""

FREELY = """\
        forced = torch.rand(right.shape, generator=coins) < {forcing}  # else the decoder reads its own likeliest word
        token, hidden, contexts = right[:, 0], [], []
        for time in range(right.shape[1]):
            if time:
                token = torch.where(forced[:, time], right[:, time], self.words(hidden[-1], contexts[-1]).argmax(-1))
            word = self.target_embedding(token)
{step}
            hidden.append(state[0][-1])
            contexts.append(context)
        return self.words(torch.stack(hidden, dim=1), {contexts})"""

STEP_BEFORE = """\
            context = self.look(state[0][-1], states, keys)
            state = advance(self.decoder, torch.cat([word, context], dim=-1), state)"""

STEP_AFTER = """\
            state = advance(self.decoder, word, state)
            context = self.look(state[0][-1], states, keys)"""

STEP_BLIND = """\
            state = advance(self.decoder, word, state)
            context = None"""

BUILD = '''
def build_network(source_words, target_words):
    """Return the network as it is before training: the seed decides every weight."""
    network = EncoderDecoder(source_words, target_words)
    generator = torch.Generator().manual_seed({seed})
    with torch.no_grad():
        for embedding in (network.source_embedding, network.target_embedding):
            embedding.weight.normal_(0, 0.1, generator=generator)
        for stack in (network.encoder, network.decoder):
            uniform(stack, {size}**-0.5, generator)
        for linear in {linears}:
            uniform(linear, linear.in_features**-0.5, generator)
{score}    return network
'''

MAIN_DATA = """
    source_words, target_words, pairs = read_sentences()
    buckets = buckets_of(pairs, source_words, target_words)"""

DATA = """


# The sentences that the run learned from, and the words that it knows: JSON, compressed, as text.
SENTENCES = \"\"\"
{lines}
\"\"\""""
