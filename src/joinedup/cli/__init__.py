"""The command line. Nothing heavy is imported before a command needs it: `--help` answers at once."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable

import click

from joinedup.cli import exchange, ledger, planning, release, study, suggestions, texts
from joinedup.cli.terminal import INTERRUPTED, OUR_FAULT, UNSOUND, USAGE, say, show_problems
from joinedup.study.problems import StudyError, UsageError
from joinedup.version import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="joinedup")
def cli() -> None:
    """Evaluate a programme of many sites and agencies; every sentence of the report leads back to its evidence."""


for command in (
    *study.COMMANDS,
    *ledger.COMMANDS,
    *planning.COMMANDS,
    *release.COMMANDS,
    *exchange.COMMANDS,
    *texts.COMMANDS,
    *suggestions.COMMANDS,
):
    cli.add_command(command)


def main() -> None:
    """Entry point: exit codes of the design; a traceback only where the fault is ours."""
    # Matrices here are small: a second thread costs more than it brings, and one gives the same bytes everywhere.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(100_000)  # a run makes many objects and hardly a cycle: a tenth of its time went into looking
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(_guarded(lambda: cli.main(standalone_mode=False)))


def _guarded(action: Callable[[], object]) -> int:
    try:
        action()
    except StudyError as error:
        show_problems(error.problems)
        return UNSOUND
    except UsageError as error:
        say(str(error))
        return USAGE
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        say("Interrupted. Nothing was changed.")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:
        import traceback

        traceback.print_exc()
        say("This is our fault, not yours: please report it with the lines above (they hold no data of your study).")
        return OUR_FAULT
    return 0
