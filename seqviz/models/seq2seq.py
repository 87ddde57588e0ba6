"""Sequence to sequence: an encoder reads a sentence, a decoder writes another, and attention looks back.

Every intermediate value is returned: scores, weights, contexts and states.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from seqviz.experiment.model import CELL_SPECS, Seq2SeqConfig
from seqviz.models.attention import build_score, masked_softmax, weighted_sum
from seqviz.models.cells import recurrent_layers
from seqviz.models.decoded import Decoded, DecoderStep, Encoded, Look
from seqviz.models.filling import empty, filled
from seqviz.models.initialisation import uniform
from seqviz.models.stacks import State, advance, as_module_state, as_state

PAD, START, END = 0, 1, 2  # the symbols before the words; 3 is the unknown word
NOTHING_ASKED = -100  # a target that is no word


class Seq2Seq(nn.Module):
    """An encoder-decoder; :class:`seqviz.experiment.Seq2SeqConfig` says what its settings mean.

    The decoder begins in the encoder's last state, layer by layer; that of both directions is joined by a linear map
    and tanh. ``before``: the scores come from the decoder's last state, and the context is read beside the previous word.
    ``after``: they come from the new state. Either way the next word is read off tanh(W [context; new state]).
    """

    def __init__(self, config: Seq2SeqConfig, source_words: int, target_words: int) -> None:
        super().__init__()
        self.config = config
        size, directions = config.hidden_size, 2 if config.bidirectional else 1
        width = directions * size
        stack: dict[str, Any] = {"num_layers": config.layers, "batch_first": True}
        attends = config.attention != "none"
        self.looks_before = attends and config.order == "before"
        self.source_embedding = nn.Embedding(source_words, config.embedding_size)
        self.encoder = recurrent_layers(config.cell, config.embedding_size, size, bidirectional=config.bidirectional, **stack)
        bridges = config.layers * len(CELL_SPECS[config.cell].states) if config.bidirectional else 0
        self.bridges = nn.ModuleList(nn.Linear(width, size) for _ in range(bridges))  # layer by layer, hidden before cell
        self.target_embedding = nn.Embedding(target_words, config.embedding_size)
        read = config.embedding_size + (width if self.looks_before else 0)
        self.decoder = recurrent_layers(config.cell, read, size, **stack)
        self.score = build_score(config.attention, size, width) if attends else None
        self.combine = nn.Linear(width + size, size, bias=False) if attends else None
        self.readout = nn.Linear(size, target_words)

    @property
    def attends(self) -> bool:
        """Whether the decoder looks back."""
        return self.score is not None

    @property
    def reads_backwards(self) -> bool:
        """Whether what :meth:`embed` returns is back to front."""
        return self.config.reverse_source

    @torch.no_grad()
    def initialise(self, generator: torch.Generator) -> None:
        """Draw every weight anew from ``generator``: embeddings from a Gaussian with standard deviation 0.1, recurrent and
        linear layers as PyTorch does, the score as its own ``initialise`` says.
        """
        for embedding in (self.source_embedding, self.target_embedding):
            embedding.weight.normal_(0, 0.1, generator=generator)
        for stack in (self.encoder, self.decoder):
            uniform(stack, self.config.hidden_size**-0.5, generator)
        linears = [*self.bridges, self.readout] + ([] if self.combine is None else [self.combine])
        for linear in linears:
            uniform(linear, linear.in_features**-0.5, generator)
        if self.score is not None:
            self.score.initialise(generator)

    def forward(
        self,
        source: Int[Tensor, "batch source"],
        lengths: Int[Tensor, " batch"] | None,
        targets: Int[Tensor, "batch target"],
        *,
        forced_weights: Float[Tensor, "batch target source"] | None = None,
        coins: torch.Generator | None = None,
    ) -> Decoded:
        """Return everything the decoder computes while it reads ``targets``.

        Args:
            source: sentences; what is behind their lengths is never read.
            lengths: words in each sentence; None: they are all full.
            targets: what should be written, with -100 behind the end.
            forced_weights: attention to use instead of the decoder's own, which is returned all the same as scores.
            coins: a CPU generator that decides, word by word, whether the decoder reads the right previous word (with
                probability ``teacher_forcing``) or its own likeliest; None: always the right one.
        """
        return self.decode(self.encode(source, lengths), targets, forced_weights=forced_weights, coins=coins)

    def answers(
        self, inputs: Int[Tensor, "batch source"], targets: Int[Tensor, "batch target"], coins: torch.Generator | None = None
    ) -> Float[Tensor, "batch target word"]:
        """Return the logits that training judges: ``inputs`` are full sentences of one length, and ``coins`` are
        tossed only where the teacher does not always force; None: here too.
        """
        decoded: Decoded = self(inputs, None, targets, coins=coins if self.config.teacher_forcing < 1 else None)
        return decoded.logits

    def encode(self, source: Int[Tensor, "batch source"], lengths: Int[Tensor, " batch"] | None = None) -> Encoded:
        """Return the sentences as the decoder sees them; None: they are all full."""
        embedded = self.embed(source, lengths)
        if lengths is None:
            output, final = self.encoder(embedded)
            return self.encoded(output, final)
        packed = pack_padded_sequence(embedded, lengths.cpu(), batch_first=True, enforce_sorted=False)
        output, final = self.encoder(packed)
        padded, _ = pad_packed_sequence(output, batch_first=True, total_length=source.shape[1])
        return self.encoded(padded, final, lengths)

    def embed(
        self, source: Int[Tensor, "batch source"], lengths: Int[Tensor, " batch"] | None = None
    ) -> Float[Tensor, "batch source embedding"]:
        """Return what the encoder reads, in the order in which it reads: ``model.encoder(model.embed(source))``."""
        embedded: Tensor = self.source_embedding(source)
        return _reversed(embedded, lengths) if self.config.reverse_source else embedded

    def encode_embedded(self, embedded: Float[Tensor, "batch source embedding"]) -> Encoded:
        """Return full sentences as the decoder sees them, from what :meth:`embed` returned."""
        return self.encoded(*self.encoder(embedded))

    def encoded(
        self,
        output: Float[Tensor, "batch source state"],
        final: Tensor | tuple[Tensor, Tensor],
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> Encoded:
        """Return the sentences as the decoder sees them, from what ``model.encoder`` returned for :meth:`embed`."""
        states = _reversed(output, lengths) if self.config.reverse_source else output
        if lengths is None:
            mask = torch.ones(states.shape[:2], dtype=torch.bool, device=states.device)
        else:
            mask = torch.arange(states.shape[1], device=states.device) < lengths.to(states.device).unsqueeze(1)
        keys = states if self.score is None else self.score.keys(states)
        return Encoded(states=states, keys=keys, state=self._bridge(as_state(final)), mask=mask, is_padded=lengths is not None)

    def decode(
        self,
        encoded: Encoded,
        targets: Int[Tensor, "batch target"],
        *,
        forced_weights: Float[Tensor, "batch target source"] | None = None,
        coins: torch.Generator | None = None,
    ) -> Decoded:
        """Return everything the decoder computes while it reads ``targets``; :meth:`forward` says what the arguments mean."""
        read = F.pad(targets[:, :-1].clamp(min=PAD), (1, 0), value=START)
        if coins is not None:
            return self._decode_freely(encoded, read, forced_weights, coins)
        embedded = self.target_embedding(read)
        if self.looks_before:
            hidden, look = self._looking_before(encoded, embedded, forced_weights)
        else:
            hidden, _ = self.decoder(embedded, as_module_state(encoded.state))
            look = self._look(encoded, hidden, forced_weights)
        return self._decoded(hidden, look, read)

    def step(
        self,
        encoded: Encoded,
        state: State,
        token: Int[Tensor, " batch"],
        forced_weights: Float[Tensor, "batch source"] | None = None,
    ) -> DecoderStep:
        """Return what the decoder does when it reads ``token`` in ``state``; ``encoded.state`` and <sos> come first."""
        inputs = self.target_embedding(token)
        if self.looks_before:
            look = self._look(encoded, state[0][-1], forced_weights)
            state = advance(self.decoder, self._beside(inputs, look), state)
        else:
            state = advance(self.decoder, inputs, state)
            look = self._look(encoded, state[0][-1], forced_weights)
        attentional = self._attentional(state[0][-1], look)
        return DecoderStep(
            scores=look.scores, weights=look.weights, context=look.context,
            attentional=attentional, logits=self.readout(attentional), state=state,
        )  # fmt: skip

    def _bridge(self, final: State) -> State:
        if not self.config.bidirectional:
            return final
        joined = []
        bridges = iter(self.bridges)
        for part in final:
            layers = torch.cat([part[0::2], part[1::2]], dim=-1)  # forward beside backward: (layer, batch, direction·unit)
            joined.append(torch.stack([torch.tanh(next(bridges)(layer)) for layer in layers]))
        return tuple(joined)

    def _look(self, encoded: Encoded, query: Tensor, forced_weights: Tensor | None) -> Look:
        if self.score is None:
            return Look()
        scores = self.score(query, encoded.keys)
        if forced_weights is not None:
            weights = forced_weights
        else:
            weights = masked_softmax(scores, encoded.mask) if encoded.is_padded else scores.softmax(-1)
        return Look(scores=scores, weights=weights, context=weighted_sum(weights, encoded.states))

    def _attentional(self, hidden: Tensor, look: Look) -> Tensor:
        return hidden if self.combine is None else torch.tanh(self.combine(self._beside(hidden, look, first=True)))

    @staticmethod
    def _beside(values: Tensor, look: Look, *, first: bool = False) -> Tensor:
        """Return ``values`` and the context behind them, or ``first``."""
        assert look.context is not None, "there is no context without attention"
        return torch.cat([look.context, values] if first else [values, look.context], dim=-1)

    def _looking_before(self, encoded: Encoded, embedded: Tensor, forced_weights: Tensor | None) -> tuple[Tensor, Look]:
        """Return states and looks of every step: each look needs the state before it, so time goes step by step."""
        state, hidden, looks = encoded.state, [], []
        for time, word in enumerate(embedded.unbind(1)):
            look = self._look(encoded, state[0][-1], None if forced_weights is None else forced_weights[:, time])
            state = advance(self.decoder, self._beside(word, look), state)
            hidden.append(state[0][-1])
            looks.append(look)
        return torch.stack(hidden, dim=1), _joined(looks)

    def _decode_freely(self, encoded: Encoded, right: Tensor, forced_weights: Tensor | None, coins: torch.Generator) -> Decoded:
        tossed = torch.rand(right.shape, generator=coins) < self.config.teacher_forcing
        forced = tossed.to(right.device)
        token, state, read = right[:, 0], encoded.state, []
        steps: list[DecoderStep] = []
        for time in range(right.shape[1]):
            if time:
                token = torch.where(forced[:, time], right[:, time], steps[-1].logits.argmax(-1))
            read.append(token)
            steps.append(self.step(encoded, state, token, None if forced_weights is None else forced_weights[:, time]))
            state = steps[-1].state
        hidden = torch.stack([one.state[0][-1] for one in steps], dim=1)
        looks = [Look(scores=one.scores, weights=one.weights, context=one.context) for one in steps]
        return self._decoded(hidden, _joined(looks), torch.stack(read, dim=1))

    def _decoded(self, hidden: Tensor, look: Look, read: Tensor) -> Decoded:
        attentional = self._attentional(hidden, look)
        return Decoded(
            logits=self.readout(attentional), scores=look.scores, weights=look.weights,
            contexts=look.context, attentional=attentional, hidden=hidden, read=read,
        )  # fmt: skip


def build_seq2seq(config: Seq2SeqConfig, *, source_words: int, target_words: int, generator: torch.Generator) -> Seq2Seq:
    """Return the network that ``config`` describes, its weights drawn from ``generator`` alone.

    Args:
        config: cell, sizes and attention.
        source_words: how many symbols the encoder knows.
        target_words: how many symbols the decoder knows.
        generator: a CPU generator; the global random state is left alone.
    """
    model = _empty_seq2seq(config, source_words, target_words)
    model.initialise(generator)
    return model


def trained_seq2seq(config: Seq2SeqConfig, weights: Mapping[str, np.ndarray]) -> Seq2Seq:
    """Return the network that ``config`` describes with the ``weights`` of a run, copied, by their PyTorch names."""
    words = (weights[f"{side}_embedding.weight"].shape[0] for side in ("source", "target"))
    return filled(_empty_seq2seq(config, *words), weights)


def _empty_seq2seq(config: Seq2SeqConfig, source_words: int, target_words: int) -> Seq2Seq:
    return empty(lambda: Seq2Seq(config, source_words, target_words))


def _joined(looks: list[Look]) -> Look:
    def along_time(name: str) -> Tensor | None:
        parts = [getattr(look, name) for look in looks]
        return None if parts[0] is None else torch.stack(parts, dim=1)

    return Look(scores=along_time("scores"), weights=along_time("weights"), context=along_time("context"))


def _reversed(values: Float[Tensor, "batch source unit"], lengths: Int[Tensor, " batch"] | None) -> Tensor:
    """Return each sentence's ``values`` back to front; what is behind its length stays."""
    if lengths is None:
        return values.flip(1)
    place = torch.arange(values.shape[1], device=values.device)
    ends = lengths.to(values.device).unsqueeze(1)
    order = torch.where(place < ends, ends - 1 - place, place)
    return values.gather(1, order.unsqueeze(2).expand_as(values))
