"""What is seen of a training loop is what autograd computed in it, and the loop does not notice."""

import warnings

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_sequence
from torch.utils.data import DataLoader

import seqviz
from seqviz.errors import ConfigError, UnsupportedModelError
from tests.seqviz.watching.sums import Summing, Sums


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


class Tagger(nn.Module):
    """A whole model with a stacked recurrent layer inside."""

    def __init__(self, kind=nn.LSTM, **settings):
        super().__init__()
        self.embed = nn.Embedding(9, 4)
        self.rnn = kind(4, 5, **settings)
        self.read = nn.Linear(self.rnn.hidden_size * (2 if self.rnn.bidirectional else 1), 9)

    def forward(self, tokens):
        output, _ = self.rnn(self.embed(tokens))
        return self.read(output)


def tokens(time=6, batch=3):
    return torch.randint(9, (time, batch), generator=torch.Generator().manual_seed(1))


def train(model, steps=1, optimizer=None, read=tokens, clip=None, parts=1):
    """Train to repeat what is read; return the losses."""
    optimizer = optimizer or torch.optim.SGD(model.parameters(), lr=0.1)
    losses = []
    for _ in range(steps):
        for _ in range(parts):
            given = read()
            loss = nn.functional.cross_entropy(model(given).flatten(0, 1), given.flatten())
            loss.backward()
        if clip is not None:
            nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses


def seen(model, run, every=1, **settings):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with seqviz.watch(model, every=every, **settings) as watched:
            run()
    return watched.steps


def step_of(rnn, layer, x, states):
    weights = [getattr(rnn, f"{name}_l{layer}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    if isinstance(rnn, nn.LSTM):
        return torch.lstm_cell(x, states, *weights)
    return ((torch.gru_cell if isinstance(rnn, nn.GRU) else torch.rnn_tanh_cell)(x, states[0], *weights),)


def by_hand(model, given, random):
    """Return the norms of ∂L/∂h_t (layer, batch, time) and of ∂L/∂c_t, of the same loss computed cell by cell."""
    rnn = model.rnn
    torch.set_rng_state(random)
    values, hidden, cells = model.embed(given), [], []
    for layer in range(rnn.num_layers):
        states = (torch.zeros(given.shape[1], 5),) * (2 if isinstance(rnn, nn.LSTM) else 1)
        own = []
        for x in values:
            # the cell state as the next step and this step's output read it, so that its gradient is the total one
            states = step_of(rnn, layer, x, states)
            for part in states:
                part.retain_grad()
            own.append(states)
        hidden.append([states[0] for states in own])
        cells.append([states[-1] for states in own])
        values = torch.stack(hidden[-1])
        if layer < rnn.num_layers - 1:
            values = nn.functional.dropout(values, rnn.dropout, rnn.training)
    nn.functional.cross_entropy(model.read(values).flatten(0, 1), given.flatten()).backward()
    return np.array([[h.grad.norm(dim=1).numpy() for h in layer] for layer in hidden]).transpose(0, 2, 1)


@pytest.mark.parametrize("dropout", [0.0, 0.4])
@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_gradients_are_those_of_the_step_itself_dropout_included(kind, dropout):
    model = Tagger(kind, num_layers=3, dropout=dropout)
    random = torch.get_rng_state()
    expected = by_hand(model, tokens(), random)
    model.zero_grad()
    torch.set_rng_state(random)
    (step,) = seen(model, lambda: train(model))
    layer = step.layers["rnn"]
    assert layer.sequences == 3
    assert step.notes == ()
    np.testing.assert_allclose(layer.flow.hidden_norms[:, 0], expected, rtol=2e-4)


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_gradients_and_gates_are_those_of_tracing_the_same_loss(kind):
    model, given = Tagger(kind, num_layers=2, bidirectional=True), tokens()
    target = given.flatten()
    inputs = model.embed(given).detach()
    flow = seqviz.gradient_flow(
        model.rnn, inputs, lambda output, final: nn.functional.cross_entropy(model.read(output).flatten(0, 1), target)
    )
    gates = seqviz.trace_gates(model.rnn, inputs).gates
    (step,) = seen(model, lambda: train(model))
    layer = step.layers["rnn"]
    for field in ("hidden_norms", "cell_norms", "direct_norms"):
        expected = getattr(flow, field)
        if expected is not None:
            np.testing.assert_allclose(getattr(layer.flow, field), expected, rtol=1e-4)
    for name, share in layer.left_saturated.items():
        np.testing.assert_allclose(share, (gates[name] < 0.1).mean(axis=(2, 3, 4)))
        np.testing.assert_allclose(layer.right_saturated[name], (gates[name] > 0.9).mean(axis=(2, 3, 4)))


class Packed(Tagger):
    def forward(self, sequences):
        packed = pack_sequence([self.embed(one) for one in sequences], enforce_sorted=False)
        output, final = self.rnn(packed)
        self.read_too = final
        return self.read(output.data)


@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_packed_sequences_keep_their_lengths(dropout):
    model = Packed(num_layers=2, bidirectional=True, dropout=dropout)
    sequences = [tokens(time, 1)[:, 0] for time in (2, 5, 3)]

    def run():
        torch.manual_seed(3)
        model(sequences).square().sum().backward()
        torch.optim.SGD(model.parameters(), lr=0.1).step()

    before = {name: one.clone() for name, one in model.state_dict().items()}
    (step,) = seen(model, run)
    assert step.notes == ()
    flow = step.layers["rnn"].flow
    assert flow.lengths.tolist() == [2, 5, 3]
    assert np.isnan(flow.hidden_norms[:, :, 0, 2:]).all()
    if not dropout:
        model.load_state_dict(before)
        packed = pack_sequence([model.embed(one).detach() for one in sequences], enforce_sorted=False)
        alone = seqviz.gradient_flow(model.rnn, packed, lambda output, final: model.read(output.data).square().sum())
        np.testing.assert_allclose(flow.hidden_norms, alone.hidden_norms, rtol=1e-4)


class Loop(nn.Module):
    """A loop of cells, or of calls of a layer, as people write it."""

    def __init__(self, cell, width=4):
        super().__init__()
        self.cell, self.read = cell, nn.Linear(width, 9)
        self.embed = nn.Embedding(9, 4)

    def forward(self, given):
        state, self.states, outputs = None, [], []
        for x in self.embed(given):
            if isinstance(self.cell, nn.RNNBase):
                output, state = self.cell(x.unsqueeze(0), state)
                output = output[0]
            else:
                state = self.cell(x, state)
                output = state[0] if isinstance(state, tuple) else state
            self.states.append(output)
            if output.requires_grad:
                output.retain_grad()
            outputs.append(self.read(output))
        return torch.stack(outputs)


@pytest.mark.parametrize("kind", [nn.RNNCell, nn.LSTMCell, nn.GRUCell])
def test_a_loop_of_cells_is_one_sequence(kind):
    model, grads = Loop(kind(4, 4)), []
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    handle = optimizer.register_step_pre_hook(lambda *_: grads.extend(state.grad.norm(dim=1) for state in model.states))
    (step,) = seen(model, lambda: train(model, optimizer=optimizer))
    handle.remove()
    flow = step.layers["cell"].flow
    assert flow.hidden_norms.shape == (1, 1, 3, 6)
    np.testing.assert_allclose(flow.hidden_norms[0, 0], torch.stack(grads).T.numpy(), rtol=1e-5)


def test_the_cell_state_s_gradient_counts_its_way_through_the_hidden_state():
    cell = nn.LSTMCell(4, 4)
    model, layer = Loop(cell), nn.LSTM(4, 4)
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        getattr(layer, f"{name}_l0").data.copy_(getattr(cell, name))
    given = tokens()
    expected = seqviz.gradient_flow(
        layer,
        model.embed(given).detach(),
        lambda output, final: nn.functional.cross_entropy(model.read(output).flatten(0, 1), given.flatten()),
    )
    (step,) = seen(model, lambda: train(model))
    np.testing.assert_allclose(step.layers["cell"].flow.cell_norms, expected.cell_norms, rtol=1e-4)


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_a_layer_called_step_by_step_is_one_sequence(kind):
    model, whole = Loop(kind(4, 4, num_layers=2)), Tagger(kind, num_layers=2)
    whole.rnn, whole.embed, whole.read = model.cell, model.embed, model.read
    before = {name: one.clone() for name, one in model.state_dict().items()}
    (by_step,) = seen(model, lambda: train(model))
    model.load_state_dict(before)
    (at_once,) = seen(whole, lambda: train(whole))
    found, expected = by_step.layers["cell"].flow, at_once.layers["rnn"].flow
    np.testing.assert_allclose(found.hidden_norms, expected.hidden_norms, rtol=1e-4)
    if found.cell_norms is not None:
        np.testing.assert_allclose(found.cell_norms, expected.cell_norms, rtol=1e-4)
    np.testing.assert_allclose(
        by_step.layers["cell"].left_saturated.get("update", 0), at_once.layers["rnn"].left_saturated.get("update", 0)
    )


def test_windows_of_truncated_backpropagation_are_sequences_of_their_own():
    rnn, read = nn.GRU(3, 4), nn.Linear(4, 1)
    model = nn.ModuleList([rnn, read])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def run():
        state = None
        for part in torch.randn(6, 2, 3).split(2):
            output, state = rnn(part, state)
            read(output).square().sum().backward()
            state = state.detach()
        optimizer.step()

    (step,) = seen(model, run)
    assert step.layers["0"].flow.hidden_norms.shape == (1, 1, 6, 2)
    assert step.layers["0"].sequences == 6


def test_backward_passes_of_one_step_add_up():
    model = Tagger()
    given = tokens()

    def run():
        logits = model(given)
        first, second = logits[:3].square().sum(), logits[3:].square().sum()
        first.backward(retain_graph=True)
        second.backward()
        torch.optim.SGD(model.parameters(), lr=0.1).step()

    inputs, before = model.embed(given).detach(), {name: one.clone() for name, one in model.state_dict().items()}
    (step,) = seen(model, run)
    model.load_state_dict(before)
    expected = seqviz.gradient_flow(model.rnn, inputs, lambda output, final: model.read(output).square().sum())
    np.testing.assert_allclose(step.layers["rnn"].flow.hidden_norms, expected.hidden_norms, rtol=1e-4)


def test_micro_batches_stand_side_by_side():
    model = Tagger()
    (step,) = seen(model, lambda: train(model, parts=2))
    assert step.layers["rnn"].sequences == 6
    assert step.layers["rnn"].flow.hidden_norms.shape == (1, 1, 6, 6)


def test_many_calls_of_other_lengths_are_sequences_side_by_side():
    model = Tagger(nn.RNN)

    def run():
        for length in range(2, 22):
            model(tokens(length, 1)).sum().backward()
        torch.optim.SGD(model.parameters(), lr=0.1).step()

    (step,) = seen(model, run)
    layer = step.layers["rnn"]
    assert (layer.sequences, layer.flow.hidden_norms.shape) == (20, (1, 1, 8, 21))
    assert layer.flow.lengths.tolist() == [2, 4, 7, 10, 12, 15, 18, 21]


def test_a_model_without_anything_recurrent_says_so():
    model = nn.Linear(2, 2)

    def run():
        model(torch.ones(1, 2)).sum().backward()
        torch.optim.SGD(model.parameters(), lr=0.1).step()

    (step,) = seen(model, run)
    assert "no recurrent layer, cell or attention of PyTorch's was called" in step.notes[0]


def test_of_a_large_batch_some_sequences_are_kept():
    model = Tagger()
    (step,) = seen(model, lambda: train(model, read=lambda: tokens(batch=50)))
    assert (step.layers["rnn"].sequences, step.layers["rnn"].flow.hidden_norms.shape[2]) == (50, 8)


@pytest.mark.parametrize("clip", [None, 1e-3])
def test_norms_before_and_after_clipping(clip):
    model = Tagger()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    norms = []
    optimizer.register_step_pre_hook(lambda *_: norms.append(nn.utils.get_total_norm([p.grad for p in model.parameters()])))
    (step,) = seen(model, lambda: train(model, optimizer=optimizer, clip=clip))
    assert step.norm_after == pytest.approx(norms[0].item(), rel=1e-5)
    assert (step.norm_before > 10 * step.norm_after) if clip else step.norm_before == pytest.approx(step.norm_after)


def test_every_so_many_steps_of_any_optimizer_that_owns_weights():
    model, other = Tagger(), nn.Linear(2, 2)
    halves = [torch.optim.SGD(model.rnn.parameters(), lr=0.1), torch.optim.Adam(model.read.parameters())]
    elsewhere = torch.optim.SGD(other.parameters(), lr=0.1)

    def run():
        for _ in range(3):
            given = tokens()
            nn.functional.cross_entropy(model(given).flatten(0, 1), given.flatten()).backward()
            other(torch.ones(1, 2)).sum().backward()
            for optimizer in (*halves, elsewhere):
                optimizer.step()

    assert [step.step for step in seen(model, run, every=2)] == [0, 2, 4]


@pytest.mark.parametrize("named", [True, False])
def test_a_step_that_is_given_a_closure(named):
    model, given, losses = Tagger(), tokens(), []
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=3)

    def closure():
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(given).flatten(0, 1), given.flatten())
        loss.backward()
        losses.append(loss.item())
        return loss

    steps = seen(model, lambda: [optimizer.step(closure=closure) if named else optimizer.step(closure) for _ in range(2)])
    assert [step.step for step in steps] == [0, 1]
    assert steps[0].layers["rnn"].sequences == 3
    assert len(losses) > 2


def test_a_scaler_s_factor_is_taken_out():
    model, given = Tagger(), tokens()
    plain, before = [], {name: one.clone() for name, one in model.state_dict().items()}
    plain = seen(model, lambda: train(model))[0]
    model.load_state_dict(before)
    optimizer, scaler = torch.optim.SGD(model.parameters(), lr=0.1), torch.amp.GradScaler("cpu", init_scale=1024.0)

    def run():
        loss = nn.functional.cross_entropy(model(given).flatten(0, 1), given.flatten())
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()

    (step,) = seen(model, run)
    assert step.norm_before == pytest.approx(plain.norm_before, rel=1e-4)
    assert step.norm_after == pytest.approx(plain.norm_after, rel=1e-4)
    np.testing.assert_allclose(step.layers["rnn"].flow.hidden_norms, plain.layers["rnn"].flow.hidden_norms, rtol=1e-4)


def test_a_step_that_a_scaler_skips_is_no_step():
    model, given = Tagger(), tokens()
    optimizer, scaler = torch.optim.SGD(model.parameters(), lr=0.1), torch.amp.GradScaler("cpu", init_scale=2.0)

    def run():
        for factor in (torch.inf, 1.0):
            loss = nn.functional.cross_entropy(model(given).flatten(0, 1), given.flatten()) * factor
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad()

    (step,) = seen(model, run)
    assert (step.step, step.not_finite) == (0, "")
    assert step.layers["rnn"].sequences == 3


def test_autocast_is_said_and_read_in_float32():
    model = Tagger()

    def run():
        given = tokens()
        with torch.autocast("cpu", torch.bfloat16):
            loss = nn.functional.cross_entropy(model(given).flatten(0, 1), given.flatten())
        loss.backward()
        torch.optim.SGD(model.parameters(), lr=0.1).step()

    (step,) = seen(model, run)
    assert np.isfinite(step.layers["rnn"].flow.hidden_norms).all()


def test_what_diverged_is_named():
    model = Tagger()

    def run():
        given = tokens()
        (model(given).sum() * torch.inf).backward()
        torch.optim.SGD(model.parameters(), lr=0.1).step()

    (step,) = seen(model, run)
    assert step.not_finite == "embed.weight"


@pytest.mark.parametrize("need", [True, False])
def test_the_entropy_of_attention(need):
    class Attending(nn.Module):
        def __init__(self):
            super().__init__()
            self.attention, self.read = nn.MultiheadAttention(8, 2, dropout=0.3, batch_first=True), nn.Linear(8, 1)

        def forward(self, x, mask):
            return self.read(self.attention(x, x, x, attn_mask=mask, need_weights=need)[0])

    model, x, mask = Attending(), torch.randn(2, 5, 8), torch.ones(5, 5, dtype=torch.bool).triu(1)
    model.eval()
    weights = model.attention(x, x, x, attn_mask=mask, average_attn_weights=False)[1]
    expected = torch.special.entr(weights).sum(-1).mean(dim=(0, 2)).detach().numpy()
    model.train()

    def run():
        model(x, mask).sum().backward()
        torch.optim.SGD(model.parameters(), lr=0.1).step()

    (step,) = seen(model, run)
    np.testing.assert_allclose(step.entropies["attention"], expected, rtol=1e-4)


def test_the_layers_of_a_transformer_are_seen():
    model = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16), 2, enable_nested_tensor=False)

    def run():
        model(torch.randn(5, 2, 8)).sum().backward()
        torch.optim.SGD(model.parameters(), lr=0.1).step()

    (step,) = seen(model, run)
    assert list(step.entropies) == ["layers.0.self_attn", "layers.1.self_attn"]


@pytest.mark.parametrize("every", [1, 2])
def test_the_training_does_not_notice(every):
    def trained(watched):
        torch.manual_seed(5)
        model = Tagger(num_layers=2, dropout=0.3)
        if watched:
            with seqviz.watch(model, every=every):
                losses = train(model, steps=4, clip=0.1)
        else:
            losses = train(model, steps=4, clip=0.1)
        return losses, [one.clone() for one in model.parameters()], torch.get_rng_state(), model

    plain, watched = trained(False), trained(True)
    assert plain[0] == watched[0]
    assert all(map(torch.equal, plain[1], watched[1]))
    assert torch.equal(plain[2], watched[2])
    for one in watched[3].modules():
        assert not one._forward_hooks
        assert not one._forward_pre_hooks
    assert all(not weight._post_accumulate_grad_hooks for weight in watched[3].parameters())


def test_after_an_error_nothing_is_left_behind():
    model = Tagger()
    watched = seqviz.watch(model)

    def run():
        with watched:
            train(model)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run()
    assert len(watched.steps) == 1
    assert not model.rnn._forward_hooks
    scale = torch.amp.GradScaler.scale
    assert scale.__qualname__ == "GradScaler.scale"


def test_what_fails_is_warned_of_once_and_stops_nothing(monkeypatch):
    from seqviz.watching import watch as module

    def broken(*given):
        raise RuntimeError("broken")

    monkeypatch.setattr(module, "passed", broken)
    model = Tagger()
    broke = pytest.warns(RuntimeWarning, match="reading rnn again failed: RuntimeError: broken")
    with broke as told, seqviz.watch(model, every=1) as watched:
        losses = train(model, steps=3)
    assert len(told) == 1
    assert len(losses) == 3
    assert [step.layers for step in watched.steps] == [{}, {}, {}]


def test_a_compiled_model_is_watched_eagerly():
    model = Tagger()
    compiled = torch.compile(model, backend="eager")
    steps = seen(compiled, lambda: train(compiled, steps=3), every=2)
    assert [step.step for step in steps] == [0, 2]
    assert steps[0].layers["rnn"].sequences == 3
    assert any("run eagerly" in note for note in steps[0].notes)


def test_evaluation_between_steps_is_not_watched():
    model = Tagger()

    def run():
        with torch.no_grad():
            model(tokens(time=9))
        train(model)

    (step,) = seen(model, run)
    assert step.layers["rnn"].flow.hidden_norms.shape[3] == 6


@pytest.mark.parametrize(
    ("model", "settings", "error", "words"),
    [
        (nn.Linear(2, 2), {"every": 0}, ConfigError, "whole number of steps from 1, got 0"),
        (nn.Linear(2, 2), {"every": True}, ConfigError, "whole number of steps from 1, got True"),
    ],
)
def test_what_cannot_be_watched_is_said(model, settings, error, words):
    with pytest.raises(error, match=words):
        seqviz.watch(model, **settings)


def test_a_scripted_model_is_refused():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scripted = torch.jit.script(nn.Linear(2, 2))
    with pytest.raises(UnsupportedModelError, match="is scripted, and can only be traced"):
        seqviz.watch(nn.Sequential(scripted))


@pytest.mark.filterwarnings("ignore")
def test_distributed_data_parallel(tmp_path):
    torch.distributed.init_process_group("gloo", init_method=f"file://{tmp_path}/meet", rank=0, world_size=1)
    try:
        torch.manual_seed(0)
        model = Summing()
        before = {name: one.clone() for name, one in model.state_dict().items()}
        found = []
        for one in (model, nn.parallel.DistributedDataParallel(model)):
            model.load_state_dict(before)
            model.zero_grad()
            optimizer = torch.optim.SGD(one.parameters(), lr=0.1)
            with seqviz.watch(one, every=1) as watched:
                batch = next(iter(DataLoader(Sums(), batch_size=4)))
                one(**batch)["loss"].backward()
                optimizer.step()
            found += watched.steps
    finally:
        torch.distributed.destroy_process_group()
    alone, parallel = found
    np.testing.assert_allclose(parallel.layers["rnn"].flow.hidden_norms, alone.layers["rnn"].flow.hidden_norms, rtol=1e-5)
    assert parallel.norm_after == pytest.approx(alone.norm_after)
    assert parallel.norm_before is None  # other processes' gradients are added after ours were heard
