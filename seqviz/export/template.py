"""The text of a training script, around the functions that are lifted from seqviz."""

HEAD = '''"""{title}, in plain PyTorch.

{settings}

    {usage}

trains the network again and writes metrics.csv: the loss, the task's metric and the gradient's norm at every training
step, the same numbers as run {run} recorded. It needs {needs} (2.13 for the very same numbers; another
version or another kind of processor may round differently) and computes on the CPU.
"""
'''

IMPORTS = (
    (r"\bbase64\.", "import base64"),
    (None, "import csv"),
    (r"\bhashlib\.", "import hashlib"),
    (r"\bjson\.", "import json"),
    (None, "import math"),
    (r"\bsys\.", "import sys"),
    (r"\bsysconfig\.", "import sysconfig"),
    (r"\bzlib\.", "import zlib"),
    (r"\bCounter\(", "from collections import Counter"),
    (r"\bnamedtuple\(", "from collections import namedtuple"),
    (r"^@cache\b", "from functools import cache"),
    (r"\bPath\(", "from pathlib import Path"),
    (r"\bRandom\(", "from random import Random"),
    (r"\bSimpleNamespace\(", "from types import SimpleNamespace"),
    (None, ""),
    (r"\bnp\.", "import numpy as np"),
    (None, "import torch"),
    (None, "from torch import nn"),
    (r"\bF\.", "from torch.nn import functional as F"),
)

TEXT = '''
TEXT = "{text}"  # the text's name, made of its content


def read_text():
    """Return the text to learn from: the file named on the command line, or Python's own standard library."""
    if len(sys.argv) > 1:
        text = Path(sys.argv[1]).read_text(encoding="utf-8-sig")
    elif TEXT.startswith("python"):
        text = standard_library()
    else:
        raise SystemExit(f"usage: python {{sys.argv[0]}} FILE, where FILE is the text that the run learned from")
    digest = TEXT.rpartition("-")[2]
    if digest != "python" and not hashlib.sha256(text.encode()).hexdigest().startswith(digest):
        print("This is not the text that the run learned from, so the numbers will be others.", file=sys.stderr)
    return text


def standard_library():
    """Return the source of this Python's own standard library, up to a megabyte."""
    text = ""
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        source = path.read_bytes().replace(b"\\r\\n", b"\\n")
        if len(source) > 60_000 or not source.isascii() or path.name.startswith("_sysconfigdata"):
            continue
        if len(text) + len(source) > 1_000_000:
            break
        text += source.decode("ascii")
    return text


def most_frequent(text):
    """Return the characters that the network knows: all of the text's, or the 256 most frequent."""
    by_frequency = sorted(Counter(text).items(), key=lambda counted: (-counted[1], counted[0]))
    return "".join(sorted(character for character, _ in by_frequency[:256]))


def encode(text, characters):
    """Return the number of each character; one more number stands for all that are not known."""
    numbers = {{character: number for number, character in enumerate(characters)}}
    return torch.tensor([numbers.get(character, len(characters)) for character in text])


def learned(symbols, length):
    """Return the part of the text that is learned from: nine tenths; the rest is held out."""
    return symbols[: min(len(symbols) * 9 // 10, len(symbols) - length - 1)]
'''

NETWORK = '''
class Network(nn.Module):
    """Recurrent layers and a linear readout."""

    def __init__(self, input_size, output_size):
        super().__init__()
        self.rnn = {cell}
        self.readout = nn.Linear({width}, output_size)

    def forward(self, inputs{coins}):
        {states}
{reading}
'''

READ_EVERY = "        return self.readout(states)  # an answer at every step"

READ_LAST = "        return self.readout(states[:, -1])  # one answer, at the last step"

READ_BOTH = """\
        forward, backward = states.chunk(2, dim=2)
        return self.readout(torch.cat([forward[:, -1], backward[:, 0]], dim=1))  # one answer, from both final states"""

BUILD = '''
def build_network(input_size, output_size):
    """Return the network as it is before training: the seed decides every weight."""
    network = Network(input_size, output_size)
    generator = torch.Generator().manual_seed({seed})
    with torch.no_grad():
        {calls}
    return network
'''

TRAIN = '''
def train(network, optimizer, draw, *, steps, seed, clip, threshold{rate}):
    """Do one training step for each number in ``steps``; return a row of metrics for each."""
    rows = []
    for step in steps:
        # The data of a step follow from the seed and the step's number alone.
        inputs, targets = draw(torch.Generator().manual_seed(data_seed(seed, step)))
        outputs = network({reads})
        loss = {loss}(outputs, targets)
        metric = {metric}(outputs.detach(), targets)

        optimizer.zero_grad()
        loss.backward()
        gradients = [weight.grad for weight in network.parameters()]
        norm = gradient_norm(gradients)
        applied_norm, clipped = clip(gradients, norm, threshold)
{pace}        optimizer.step()

        row = [loss.item(), metric.item(), norm.item(), applied_norm.item()]
        if not all(map(math.isfinite, row)) or not all(weight.isfinite().all() for weight in network.parameters()):
            print(f"step {{step + 1}}: something is not finite any more, so training ends here")
            break
        rows.append([step + 1, *row, int(clipped)])
        if len(rows) % 50 == 1:
            print(f"step {{step + 1}}: loss {{loss.item():.4f}}, gradient norm {{norm.item():.3g}}")
    return rows
'''

PACE = """\
        for group in optimizer.param_groups:
            group["lr"] = rate(step + 1)
"""

STAGE = """\
    {optimizer}
    rows = train(
        network,
        optimizer,
        lambda generator: {draw},
        steps=range({first}, {end}),
        seed={seed},
        clip={clip},
        threshold={threshold},
{rate}    )"""

RATE = """\
        rate=lambda step: {rate},
"""

TEXT_MAIN = """
    text = read_text()
    characters = most_frequent(text)
    symbols = encode(text, characters)"""

MAIN = '''
def main():
    """Train, and write the metrics down."""{text}
    network = build_network({inputs}, {outputs})
{stages}
    with open("metrics.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\\n")
        writer.writerow(["step", "loss", "metric", "gradient_norm", "applied_norm", "clipped"])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
'''
