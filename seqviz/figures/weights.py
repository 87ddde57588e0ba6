"""The figure of how well a network foretells a text, token by token."""

import numpy as np
import plotly.graph_objects as go

from seqviz.figures.look import figure, hue, literal, reference, ticked
from seqviz.language.tokens import quoted
from seqviz.language.words import number
from seqviz.records import WeightsTrace

LABELLED = 60  # tokens that an axis can name


def token_losses_figure(trace: WeightsTrace, *, symbols: int | None = None) -> go.Figure:
    """Draw the loss of every token but the first, in nats, given all before it.

    Args:
        trace: what the network did.
        symbols: that it knows; chance has the log of that.
    """
    if trace.losses is None:
        return figure([], "This network predicts no next token.", x="token", y="loss (nats)", empty=True)
    tokens = [literal(one) for one in trace.tokens[1:]]
    bars = go.Bar(
        x=np.arange(len(tokens)), y=trace.losses, customdata=tokens, marker={"color": hue("curve")}, name="loss",
        showlegend=False, hovertemplate="%{customdata}: %{y:.3g} nats<extra></extra>",
    )  # fmt: skip
    chance = [] if symbols is None else [reference("chance", [-0.5, len(tokens) - 0.5], float(np.log(symbols)))]
    axis = ticked(tokens) if len(tokens) <= LABELLED else {}
    return figure([bars, *chance], losses_finding(trace), x="token", y="loss (nats)", height=300, xaxis=axis)


def losses_finding(trace: WeightsTrace) -> str:
    """Return in words the perplexity, and the token that surprised most."""
    losses = trace.losses
    if losses is None or not len(losses):
        return "This network predicts no next token."
    if not np.isfinite(losses).all():
        return "A loss is not a finite number."
    worst = int(np.argmax(losses))
    return (
        f"The network reads this text with a perplexity of {number(float(np.exp(losses.mean())))}; what surprises it most is "
        f"{quoted(trace.tokens[worst + 1])}, token {worst + 2}."
    )
