"""Add commands whose help ends with examples, and print a script for shell completion."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

PROGRAM = "platform-employment"
SHELLS = ("bash", "zsh", "tcsh")
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


def add_parser(subparsers: Subparsers) -> None:
    """Add the command `completion`."""
    parser = add_command(
        subparsers,
        "completion",
        "print a script that completes commands and options in your shell",
        "Prints a script for your shell. Load it in the start-up file of the shell, such as"
        " ~/.bashrc.",
        ["completion bash"],
    )
    parser.add_argument("shell", choices=SHELLS, help="your shell")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    import shtab  # noqa: PLC0415  no other command needs it

    from platform_employment.cli import make_parser  # noqa: PLC0415  it imports this module

    print(shtab.complete(make_parser(), shell=arguments.shell))
    return 0
