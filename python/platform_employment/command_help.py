"""Add commands whose help ends with examples."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

PROGRAM = "platform-employment"
_HEADING = "examples:"
_WIDTH = 88


def add_command(
    subparsers: Subparsers,
    name: str,
    summary: str,
    description: str = "",
    examples: Sequence[str] = (),
) -> argparse.ArgumentParser:
    """Add a command whose help ends with examples.

    Args:
        subparsers: where the command is added.
        name: of the command.
        summary: one line for the list of commands.
        description: sentences for the help of the command; the summary if empty.
        examples: arguments after the program's name, one example each.

    Returns:
        The parser of the command. A test runs its examples.
    """
    text = description or f"{summary[0].upper()}{summary[1:]}."
    lines = "\n".join(f"  {PROGRAM} {example}" for example in examples)
    return subparsers.add_parser(
        name,
        help=summary,
        description=textwrap.fill(text, _WIDTH),
        epilog=f"{_HEADING}\n{lines}" if examples else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def examples_of(parser: argparse.ArgumentParser) -> list[str]:
    """Return the examples in the help of a command."""
    _, found, lines = (parser.epilog or "").partition(f"{_HEADING}\n")
    return [line.strip() for line in lines.splitlines()] if found else []


def commands_of(parser: argparse.ArgumentParser) -> dict[str, tuple[str, argparse.ArgumentParser]]:
    """Return summary and parser of each command by its name."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            summaries = {choice.dest: choice.help or "" for choice in action._choices_actions}
            return {name: (summaries[name], found) for name, found in action.choices.items()}
    return {}
