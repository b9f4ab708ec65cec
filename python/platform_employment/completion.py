"""Print a script that completes commands and options in a shell."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from platform_employment.command_help import add_command

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

SHELLS = ("bash", "zsh", "tcsh")


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
