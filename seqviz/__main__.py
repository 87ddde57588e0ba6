"""``seqviz``, or ``python -m seqviz``: what is done from a terminal."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from seqviz.errors import SeqvizError


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what ``arguments`` ask for; return 0, or 1 with one sentence on what went wrong."""
    asked = _parser().parse_args(arguments)
    do: Callable[[argparse.Namespace], int] = asked.do
    try:
        return do(asked)
    except SeqvizError as error:
        print(f"seqviz: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="seqviz", description="See how sequence models learn: starts the lab and opens it in your browser."
    )
    parser.set_defaults(do=_start, path=None)
    _add_server(parser)
    commands = parser.add_subparsers(title="commands", metavar="command")
    opening = commands.add_parser(
        "open", help="start the lab and open watched runs, a lab's store, a published Transformer or weights of your own"
    )
    opening.add_argument("path", type=Path, help="the folder, or a file of weights: .safetensors, or a state_dict as .pt")
    opening.add_argument("--vocabulary", type=Path, metavar="FILE", help="of the weights: a JSON list or map of tokens")
    _add_server(opening)
    opening.set_defaults(do=_start)
    pretrain = commands.add_parser("pretrain", help="train what comes with the app again, about an hour and a half in all")
    pretrain.add_argument("--only", action="append", metavar="NAME", help="one run or study; may be given several times")
    pretrain.add_argument("--list", action="store_true", help="say which there are, and train none")
    pretrain.add_argument("--into", type=Path, default=Path("pretrained"), metavar="FOLDER", help="default: pretrained")
    pretrain.set_defaults(do=_pretrain)
    return parser


def _add_server(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="localhost", help="the address to listen on; 0.0.0.0 lets other machines in")
    parser.add_argument("--port", type=int, help="default: the first that is free from 8501 on")
    parser.add_argument("--store", type=Path, metavar="FOLDER", help="where runs are kept; default: SEQVIZ_STORE, or ~/.seqviz")
    parser.add_argument("--no-browser", action="store_true", help="only say the address")


def _start(asked: argparse.Namespace) -> int:
    from seqviz.ui.shell.launch import Opened, launch, what_is_at

    opened = Opened() if asked.path is None else what_is_at(asked.path, asked.vocabulary)
    return launch(opened, host=asked.host, port=asked.port, store=asked.store, browser=not asked.no_browser)


def _pretrain(asked: argparse.Namespace) -> int:
    from seqviz.pretrain.runs import pretrain, redo_study  # only now: it brings torch, and asking for help needs none
    from seqviz.recipes import recipes
    from seqviz.recipes.studies import studies

    compared = {f"study-{name}": name for name in studies()}
    names = asked.only or [*recipes("python"), *compared]
    if asked.list:
        print("\n".join(names))
        return 0
    for name in names:
        if name in compared:
            result = redo_study(compared[name], asked.into, lambda line: print(line, flush=True))
            print(f"{name}: {len(result.rows)} runs measured")
            continue
        card = pretrain(name, asked.into, lambda line: print(line, flush=True))
        print(f"{name}: held-out {card.loss_name} {card.loss:.4g}, {card.metric_name} {card.metric:.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
