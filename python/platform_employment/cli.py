"""Run the command `platform-employment`.

Each group of commands is a module with `add_parser(subparsers)`, which sets the default
`run`: a function of the parsed arguments that returns the exit code. Exit codes: 0 done,
1 findings, 2 a mistake of the user, 3 a fault of this program.
"""

from __future__ import annotations

import argparse
import importlib
import io
import re
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from platform_employment.command_help import PROGRAM
from platform_employment.errors import UserError, in_one_line, suggestion
from platform_employment.formatting import safe_text, without_secrets

# a command loads only the module of its group, so it starts fast
COMMAND_GROUPS: Mapping[str, tuple[str, ...]] = {
    "inputs_commands": ("check", "init-inputs"),
    "multipliers.commands": ("import-io-table",),
    "add_quarter": ("add-quarter",),
    "fit.export_sums": ("export-sums",),
    "headline_table": ("headlines",),
    "metrics": ("metrics",),
    "explain.traces": ("explain",),
    "explain.assess": ("assess",),
    "explain.what_if": ("what-if",),
    "site.build": ("docs",),
    "release.release_commands": ("release", "verify", "rollback", "releases", "diff", "prune"),
    "publish.publish_commands": ("publish",),
    "completion": ("completion",),
}

_FINDINGS = 1
_USER_MISTAKE = 2
_PROGRAM_FAULT = 3
_INTERRUPTED = 130


_TYPED = re.compile(r"invalid ([\w ]+): '(?:[^'\\]|\\.)*'")


class _Parser(argparse.ArgumentParser):
    """A parser that reports an error in one line."""

    def error(self, message: str) -> NoReturn:
        text = safe_text(without_secrets(_without_values(message)))
        self.exit(_USER_MISTAKE, f"{self.prog}: {text}; see {self.prog} --help\n")


def _without_values(message: str) -> str:
    """Return a message of argparse without the typed text, which may be a misplaced secret."""
    said, colon, words = message.partition("unrecognized arguments: ")
    names = [word.partition("=")[0] if word.startswith("-") else "..." for word in words.split()]
    untyped = _TYPED.sub(r"invalid \1", said)
    return f"{untyped}{colon}{' '.join(names)}"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; an error is one line on stderr, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    for number in (signal.SIGTERM, signal.SIGHUP):
        # an ignored signal stays ignored, as after nohup
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _interrupt)
    given = sys.argv[1:] if argv is None else list(argv)
    parser = make_parser(given)
    arguments = parser.parse_args(given)
    try:
        code: int = arguments.run(arguments)
    except BrokenPipeError:
        # the reader, such as `head`, has closed the pipe
        sys.stderr.close()
        return _FINDINGS
    except (UserError, OSError) as error:
        return _fail(in_one_line(error), _USER_MISTAKE)
    except ModuleNotFoundError as error:
        return _fail(_needs(error), _USER_MISTAKE)
    except KeyboardInterrupt:
        return _fail("interrupted", _INTERRUPTED)
    except Exception as error:  # the last resort: print the place, so that it can be reported
        text = without_secrets(f"fault of the program: {_place(error)}: {error!r}")
        return _fail(text, _PROGRAM_FAULT)
    return code


def make_parser(given: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Return the parser; with a known command first, only that command's group is loaded."""
    parser = _Parser(
        prog=PROGRAM,
        description="Recalculate, check and extend estimates of employment on platforms.",
        epilog=(
            "first steps:\n"
            "  platform-employment explain 3463                 trace a printed number\n"
            "  platform-employment init-inputs DIR --example    write your own estimate\n"
            "  platform-employment COMMAND --help               options and examples"
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {_version()}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    first = next(iter(given), "-")
    known = [name for names in COMMAND_GROUPS.values() for name in names]
    if not first.startswith("-") and first not in known:
        # what was typed is not repeated: it may be a secret in a wrong place
        meant = suggestion(first, known)
        parser.error(f"unknown command{meant} Available: {', '.join(sorted(known))}")
    try:
        for group in _groups(given):
            group.add_parser(subparsers)
    except UserError as error:
        parser.exit(_USER_MISTAKE, f"{PROGRAM}: {error}\n")
    return parser


def _needs(error: ModuleNotFoundError) -> str:
    return f"{error.name} is not installed, and this command needs it: run `make setup`"


def _version() -> str:
    return version("platform-employment")


def _groups(given: Sequence[str]) -> Iterator[ModuleType]:
    """Load the group of a command, or all groups if another word such as --help is first."""
    of_one = [group for group, names in COMMAND_GROUPS.items() if given[:1] and given[0] in names]
    for group in of_one or COMMAND_GROUPS:
        try:
            yield importlib.import_module(f"platform_employment.{group}")
        except ModuleNotFoundError as error:
            # the wheel for readers lacks what building and releasing need
            if of_one:
                raise UserError(_needs(error)) from None


def _interrupt(_number: int, _frame: object) -> None:
    """End dbt and remove scratch folders, as after Ctrl-C."""
    raise KeyboardInterrupt


def _fail(message: str, code: int) -> int:
    print(f"platform-employment: {safe_text(message)}", file=sys.stderr)
    return code


def _place(error: Exception) -> str:
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    assert frame is not None  # the error was raised
    return f"{Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}"


if __name__ == "__main__":
    sys.exit(main())
