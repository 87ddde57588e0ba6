"""An encoder-decoder as a script has it."""

import torch
from torch import Tensor, nn

from seqviz.experiment import CELL_SPECS, Seq2SeqConfig
from seqviz.models.attention import SCORES, weighted_sum
from seqviz.models.cells import KINDS
from seqviz.models.initialisation import uniform
from seqviz.models.stacks import State, advance, as_module_state, as_state
from seqviz.models.transformer import read_for

MODEL = Seq2SeqConfig()
CELL = CELL_SPECS[MODEL.cell].modules["tanh"]


class EncoderDecoder(nn.Module):
    """One recurrent network reads a sentence, another writes its translation."""

    def __init__(self, source_words: int, target_words: int) -> None:
        super().__init__()
        module, layers, both = KINDS[CELL.mode].module, MODEL.layers, MODEL.bidirectional
        read, size, width = MODEL.embedding_size, MODEL.hidden_size, MODEL.hidden_size * (2 if both else 1)
        context = width if MODEL.attention != "none" and MODEL.order == "before" else 0  # numbers read beside a word
        self.source_embedding = nn.Embedding(source_words, read)
        self.encoder = module(read, size, num_layers=layers, bidirectional=both, batch_first=True, **CELL.settings)
        if both:
            bridges = layers * KINDS[CELL.mode].states
            self.bridges = nn.ModuleList(nn.Linear(width, size) for _ in range(bridges))
        self.target_embedding = nn.Embedding(target_words, read)
        self.decoder = module(read + context, size, num_layers=layers, batch_first=True, **CELL.settings)
        if MODEL.attention != "none":
            self.score = SCORES[MODEL.attention](size, width)
            self.combine = nn.Linear(width + size, size, bias=False)
        self.readout = nn.Linear(size, target_words)

    def initialise(self, generator: torch.Generator) -> None:
        """Draw every weight anew from ``generator``."""
        for embedding in (self.source_embedding, self.target_embedding):
            embedding.weight.normal_(0, 0.1, generator=generator)
        for stack in (self.encoder, self.decoder):
            uniform(stack, MODEL.hidden_size**-0.5, generator)
        if MODEL.bidirectional:
            for bridge in self.bridges:
                uniform(bridge, (2 * MODEL.hidden_size) ** -0.5, generator)
        uniform(self.readout, self.readout.in_features**-0.5, generator)
        if MODEL.attention != "none":
            uniform(self.combine, self.combine.in_features**-0.5, generator)
            self.score.initialise(generator)

    def forward(self, source: Tensor, targets: Tensor, coins: torch.Generator | None = None) -> Tensor:
        """Return the logits of each next word of ``targets``."""
        states, state = self.encode(source)
        right = read_for(targets)  # what the decoder reads: the right previous words
        if MODEL.teacher_forcing < 1:
            return self.read_freely(right, states, state, coins)
        if MODEL.attention != "none" and MODEL.order == "before":
            return self.read_looking(right, states, state)
        hidden, _ = self.decoder(self.target_embedding(right), as_module_state(state))
        if MODEL.attention == "none":
            return self.words(hidden)
        return self.words(hidden, self.look(hidden, states, self.score.keys(states)))

    def encode(self, source: Tensor) -> tuple[Tensor, State]:
        """Return the encoder's states, in the order of the words, and the decoder's first state."""
        if MODEL.reverse_source:
            states, final = self.encoder(self.source_embedding(source).flip(1))  # the last word first
            states = states.flip(1)
        else:
            states, final = self.encoder(self.source_embedding(source))
        if not MODEL.bidirectional:
            return states, as_state(final)
        joined, bridges = [], iter(self.bridges)
        for part in as_state(final):
            layers = torch.cat([part[0::2], part[1::2]], dim=-1)  # what was read forward beside what was read backward
            joined.append(torch.stack([torch.tanh(next(bridges)(layer)) for layer in layers]))
        return states, tuple(joined)

    def read_looking(self, right: Tensor, states: Tensor, state: State) -> Tensor:
        """Return the logits after each word; the decoder looks before it reads a word, so it goes word by word."""
        keys, hidden, contexts = self.score.keys(states), [], []
        for word in self.target_embedding(right).unbind(1):
            contexts.append(self.look(state[0][-1], states, keys))
            state = advance(self.decoder, torch.cat([word, contexts[-1]], dim=-1), state)
            hidden.append(state[0][-1])
        return self.words(torch.stack(hidden, dim=1), torch.stack(contexts, dim=1))

    def read_freely(self, right: Tensor, states: Tensor, state: State, coins: torch.Generator | None) -> Tensor:
        """Return the logits after each word; where no coin forces the right word, the decoder reads its own likeliest."""
        forced = torch.rand(right.shape, generator=coins) < MODEL.teacher_forcing
        token = right[:, 0]
        hidden: list[Tensor] = []
        contexts: list[Tensor] = []
        if MODEL.attention != "none":
            keys = self.score.keys(states)
        for time in range(right.shape[1]):
            if time:
                last = self.words(hidden[-1]) if MODEL.attention == "none" else self.words(hidden[-1], contexts[-1])
                token = torch.where(forced[:, time], right[:, time], last.argmax(-1))
            word = self.target_embedding(token)
            if MODEL.attention != "none" and MODEL.order == "before":
                contexts.append(self.look(state[0][-1], states, keys))
                word = torch.cat([word, contexts[-1]], dim=-1)
            state = advance(self.decoder, word, state)
            if MODEL.attention != "none" and MODEL.order == "after":
                contexts.append(self.look(state[0][-1], states, keys))
            hidden.append(state[0][-1])
        if MODEL.attention == "none":
            return self.words(torch.stack(hidden, dim=1))
        return self.words(torch.stack(hidden, dim=1), torch.stack(contexts, dim=1))

    def look(self, query: Tensor, states: Tensor, keys: Tensor) -> Tensor:
        """Return the context: the encoder's states, each as much as attention says."""
        return weighted_sum(self.score(query, keys).softmax(-1), states)

    def words(self, hidden: Tensor, context: Tensor | None = None) -> Tensor:
        """Return the logits of the next word."""
        if MODEL.attention != "none":
            assert context is not None, "attention gives one"
            hidden = torch.tanh(self.combine(torch.cat([context, hidden], dim=-1)))
        logits: Tensor = self.readout(hidden)
        return logits
