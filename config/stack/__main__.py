"""The command line of the stack; `run` hands over to it inside the virtual environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from config.stack.checks import run_checks
from config.stack.commands import run_command
from config.stack.errors import StackError
from config.stack.options import read_options
from config.stack.serve import serve
from config.stack.worker import run_worker


def main(arguments: Sequence[str]) -> int:
    """Run `serve`, `worker`, `manage ...` or `check`, and return the exit status."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("serve", [])
    try:
        if command == "serve":
            return serve(read_options(os.environ))
        if command == "manage":
            return run_command(read_options(os.environ), rest)
        if command == "worker":
            return run_worker(read_options(os.environ))
        if command == "check":
            return run_checks()
    except StackError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"error: unknown command {command!r}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
