"""The parts of a script that trains a Transformer: its network as plain PyTorch, and its initial weights."""

from seqviz.experiment import TransformerConfig
from seqviz.export import transformer_template as template
from seqviz.export.source import lifted
from seqviz.export.template import READ_EVERY, READ_LAST
from seqviz.scenes import CELLS

PLACED = {"sinusoidal": template.SINUSOIDS_PLACED, "learned": template.LEARNED_PLACED, "none": ""}
SUBLAYERS = {"pre": template.PRE, "post": template.POST}
NETWORKS = {  # what it is made from, its class, its stacks and its embeddings
    "causal": ("input_size, output_size", "CausalTransformer", "network.decoder,", "network.embedding,"),
    "transformer": (
        "source_words, target_words", "Transformer", "network.encoder, network.decoder",
        "network.source_embedding, network.target_embedding",
    ),
    "transformer_captioner": ("colours, words", "TransformerCaptioner", "network.decoder,", "network.embedding,"),
}  # fmt: skip
CROSSED = {"pre": template.PRE_CROSS, "post": template.POST_CROSS}


def transformer_source(model: TransformerConfig, answer: str) -> str:
    """Return the network.

    Args:
        model: layers, heads and sizes.
        answer: ``last`` or ``every``: at which steps one that reads alone answers; ``sequence`` where it writes sentences,
            ``picture`` where it writes about one.
    """
    sinusoids = "sinusoidal" in (model.positions, _cells(model))
    parts = [
        template.SIZES.format(layers=model.layers, heads=model.heads, width=model.width, inner=model.inner),
        template.SINUSOIDS if sinusoids else "",
        template.CAUSAL_MASK,
        template.ATTENTION,
        _layer(model),
        _stack(model),
        *_network(model, answer),
    ]
    return "\n\n\n".join(part.strip("\n") for part in parts if part)


def _network(model: TransformerConfig, answer: str) -> list[str]:
    if model.name == "causal":
        return [template.CAUSAL.format(reading=READ_LAST if answer == "last" else READ_EVERY)]
    if model.name == "transformer":
        return [template.TRANSFORMER]
    table = template.CELLS_TABLE if model.cells == "learned" else ""
    return [
        template.SEEING.format(cells=CELLS),
        lifted("models/eye.py", "convolutions", "initialise_convolutions", "seen_by"),
        template.CELL_SINUSOIDS if model.cells == "sinusoidal" else "",
        template.CAPTIONER.format(table=table, placed=template.CELLS_PLACED[model.cells]),
    ]


def build_transformer(model: TransformerConfig, seed: int) -> str:
    """Return the function that draws the initial weights."""
    sizes, network, stacks, embeddings = NETWORKS[model.name]
    learned = template.DRAW_CELLS if _cells(model) == "learned" else ""
    drawn = template.BUILD.format(
        sizes=sizes,
        network=network,
        seed=seed,
        eye=template.DRAW_EYE + learned if _cells(model) else "",
        stacks=stacks,
        positions=template.DRAW_POSITIONS if model.positions == "learned" else "",
        embeddings=embeddings,
    )
    return lifted("models/initialisation.py", "uniform") + "\n\n" + drawn


def _cells(model: TransformerConfig) -> str | None:
    """Return how it knows where a picture's cells are; None where it sees none."""
    return model.cells if model.applies("cells") else None


def _crosses(model: TransformerConfig) -> bool:
    """Whether a decoder looks at what has been read or seen."""
    return model.name != "causal"


def _layer(model: TransformerConfig) -> str:
    crosses = _crosses(model)
    return template.LAYER.format(
        about=f"Self-attention{', cross-attention where it is crossing,' if crosses else ''} and a feed-forward network",
        when="before it" if model.norm == "pre" else "behind both",
        crossing=", crossing" if crosses else "",
        cross_attention=template.CROSS_ATTENTION if crosses else "",
        norms=template.CROSSING_NORMS if crosses else template.NORMS,
        source=", source=None" if crosses else "",
        sublayers=SUBLAYERS[model.norm].format(cross=CROSSED[model.norm] if crosses else ""),
    )


def _stack(model: TransformerConfig) -> str:
    crosses, pre = _crosses(model), model.norm == "pre"
    parts = [*([] if model.positions == "none" else ["positions"]), "layers", *(["a last norm"] if pre else [])]
    return template.STACK.format(
        about=" and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts).capitalize(),
        crossing=", crossing=False" if crosses else "",
        table=template.LEARNED_TABLE.format(count=model.learned_positions) if model.positions == "learned" else "",
        crosses="crossing" if crosses else "",
        norm="        self.norm = nn.LayerNorm(WIDTH)\n" if pre else "",
        source=", source=None" if crosses else "",
        placed=PLACED[model.positions],
        sources=", source" if crosses else "",
        result="self.norm(states)" if pre else "states",
    )
