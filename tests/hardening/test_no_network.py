"""No outbound request, ever: the whole way works where every socket is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from joinedup.workflow.starting import start

NO_SOCKETS = """
import socket, sys
def refused(*_, **__):
    raise SystemExit("a socket was asked for")
socket.socket.connect = refused
socket.socket.connect_ex = refused
socket.create_connection = refused
socket.getaddrinfo = refused
sys.argv = ["joinedup", "run", *sys.argv[1:]]
from joinedup.cli import main
main()
"""


def test_the_main_job_needs_no_network(tmp_path: Path) -> None:
    start(tmp_path / "study")
    arguments = [str(tmp_path / "study"), "--out", str(tmp_path / "out")]
    done = subprocess.run([sys.executable, "-c", NO_SOCKETS, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "out" / "report.html").is_file()
