"""An encoder-decoder with additive attention in plain PyTorch: what the lab's is measured against."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

START = 1
CLIP = 1.0


class PlainTranslator(nn.Module):
    """A bidirectional GRU encoder, and a GRU decoder that looks at its states before each step."""

    def __init__(self, source_words: int, target_words: int, embedding: int, size: int) -> None:
        super().__init__()
        self.size = size
        self.source_embedding = nn.Embedding(source_words, embedding)
        self.encoder = nn.GRU(embedding, size, bidirectional=True, batch_first=True)
        self.bridge = nn.Linear(2 * size, size)
        self.target_embedding = nn.Embedding(target_words, embedding)
        self.cell = nn.GRUCell(embedding + 2 * size, size)
        self.query, self.key, self.energy = nn.Linear(size, size), nn.Linear(2 * size, size), nn.Linear(size, 1, bias=False)
        self.combine = nn.Linear(3 * size, size, bias=False)
        self.readout = nn.Linear(size, target_words)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Return the logits of every word, the right previous words given."""
        states, final = self.encoder(self.source_embedding(source))
        state = torch.tanh(self.bridge(torch.cat([final[0], final[1]], dim=-1)))
        words = self.target_embedding(F.pad(target[:, :-1].clamp(min=0), (1, 0), value=START))
        keys, logits = self.key(states), []
        for word in words.unbind(1):
            state, answer = self.advance(word, state, states, keys)
            logits.append(answer)
        return torch.stack(logits, dim=1)

    def advance(self, word: Tensor, state: Tensor, states: Tensor, keys: Tensor) -> tuple[Tensor, Tensor]:
        """Return the next state, and the logits of the next word."""
        weights = self.energy(torch.tanh(self.query(state).unsqueeze(1) + keys)).squeeze(-1).softmax(-1)
        context = torch.bmm(weights.unsqueeze(1), states).squeeze(1)
        state = self.cell(torch.cat([word, context], dim=-1), state)
        return state, self.readout(torch.tanh(self.combine(torch.cat([context, state], dim=-1))))

    def encode_word_by_word(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """Return one sentence's states and the decoder's first, the encoder called once a word and direction."""
        embedded = self.source_embedding(source)
        outputs, finals = [], []
        for direction, order in ((0, range(source.shape[1])), (1, range(source.shape[1] - 1, -1, -1))):
            state, seen = embedded.new_zeros(2, 1, self.size), {}
            for place in order:
                output, state = self.encoder(embedded[:, place : place + 1], state)
                seen[place] = output[:, 0, direction * self.size : (direction + 1) * self.size]
            outputs.append(torch.stack([seen[place] for place in range(source.shape[1])], dim=1))
            finals.append(state[direction])
        return torch.cat(outputs, dim=-1), torch.tanh(self.bridge(torch.cat(finals, dim=-1)))


class PlainLoop:
    """Training as one writes it: whole batches, or the tutorial's way, one sentence and one word at a time."""

    def __init__(self, model: PlainTranslator, learning_rate: float) -> None:
        self.model = model
        self.optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)

    def batch(self, source: Tensor, target: Tensor) -> float:
        """Do one step on a batch, and return the loss."""
        loss = F.cross_entropy(self.model(source, target).flatten(0, 1), target.flatten())
        return self._update(loss)

    def sentence(self, source: Tensor, target: Tensor) -> float:
        """Do one step on one sentence, word by word, and return the loss: (1, source) and (target,) symbols.

        So does https://docs.pytorch.org/tutorials/intermediate/seq2seq_translation_tutorial.html in its word-by-word form.
        """
        states, state = self.model.encode_word_by_word(source)
        token, loss = torch.tensor([START]), states.new_zeros(())
        for right in target.split(1):
            keys = self.model.key(states)
            state, logits = self.model.advance(self.model.target_embedding(token), state, states, keys)
            loss = loss + F.nll_loss(logits.log_softmax(-1), right)
            token = right
        return self._update(loss / len(target))

    def _update(self, loss: Tensor) -> float:
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
        self.optimizer.step()
        return float(loss.detach())
