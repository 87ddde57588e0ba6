"""``python -m seqviz``: what is done from a terminal."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from seqviz.errors import SeqvizError


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what ``arguments`` ask for; return 0, or 1 with one sentence on what went wrong."""
    asked = _parser().parse_args(arguments)
    try:
        _pretrain(asked)
    except SeqvizError as error:
        print(f"seqviz: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m seqviz", description="See how sequence models learn.")
    commands = parser.add_subparsers(title="commands", metavar="command", required=True)
    pretrain = commands.add_parser("pretrain", help="train what comes with the app again, about an hour and a half in all")
    pretrain.add_argument("--only", action="append", metavar="NAME", help="one run or study; may be given several times")
    pretrain.add_argument("--list", action="store_true", help="say which there are, and train none")
    pretrain.add_argument("--into", type=Path, default=Path("pretrained"), metavar="FOLDER", help="default: pretrained")
    return parser


def _pretrain(asked: argparse.Namespace) -> None:
    from seqviz.pretrain.runs import pretrain, redo_study  # only now: it brings torch, and asking for help needs none
    from seqviz.recipes import recipes
    from seqviz.recipes.studies import studies

    compared = {f"study-{name}": name for name in studies()}
    names = asked.only or [*recipes("python"), *compared]
    if asked.list:
        print("\n".join(names))
        return
    for name in names:
        if name in compared:
            result = redo_study(compared[name], asked.into, lambda line: print(line, flush=True))
            print(f"{name}: {len(result.rows)} runs measured")
            continue
        card = pretrain(name, asked.into, lambda line: print(line, flush=True))
        print(f"{name}: held-out {card.loss_name} {card.loss:.4g}, {card.metric_name} {card.metric:.1%}")


if __name__ == "__main__":
    sys.exit(main())
