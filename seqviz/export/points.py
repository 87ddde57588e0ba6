"""The parts of a script that trains a feed-forward network: the points it learns from, its layers, its initial weights."""

from seqviz.experiment import Experiment, FeedforwardConfig
from seqviz.experiment.task import SpiralsConfig
from seqviz.export.source import lifted

BUILD = '''
def build_network(input_size, output_size):
    """Return the network as it is before training: the seed decides every weight."""
    settings = SimpleNamespace(
{settings}
    )
    network = Feedforward(settings, input_size, output_size)
    generator = torch.Generator().manual_seed({seed})
    with torch.no_grad():
        initialise_layers(network, {draw}, generator)
    return network
'''


def points_source() -> str:
    """Return the functions that draw points and judge answers."""
    judging = lifted("tasks/judging.py", "cross_entropy", "accuracy")
    return judging + "\n\n\n" + lifted("tasks/spirals.py", "spirals_batch")


def draw_points(experiment: Experiment) -> str:
    """Return the expression that draws one batch with ``generator``."""
    task = experiment.task
    assert isinstance(task, SpiralsConfig), "feed-forward networks learn nothing else"
    given = f"{experiment.training.batch_size}, classes={task.classes}, turns={task.turns!r}, noise={task.noise!r}"
    return f"spirals_batch({given}, generator=generator)"


def point_sizes(experiment: Experiment) -> tuple[str, str]:
    """Return how many numbers a point has and how many are answered, as a script writes them."""
    task = experiment.task
    assert isinstance(task, SpiralsConfig), "feed-forward networks learn nothing else"
    return "2", str(task.classes)


def layers_source(model: FeedforwardConfig) -> str:
    """Return the network."""
    return lifted("models/feedforward.py", "Feedforward", "Norm", model.initialisation, "initialise_layers")


def build_layers(experiment: Experiment) -> str:
    """Return the function that draws the initial weights."""
    model = experiment.model
    assert isinstance(model, FeedforwardConfig), "nothing else has layers of this kind"
    settings = "\n".join(f"        {name}={getattr(model, name)!r}," for name in model.rules())
    return BUILD.format(settings=settings, seed=experiment.seed, draw=model.initialisation)
