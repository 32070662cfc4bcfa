"""The cells of Spark, as a standalone cluster of separate processes, equal DuckDB's to 1e-12; what is missing is said.

The test makes its own environment outside the checkout (the extra joinedup[spark], about 750 MB) and keeps it for the
next run; it skips, with the reason, without uv, Java or the package.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from joinedup.impact import cell_table, did
from joinedup.study.problems import UsageError

COVARIATES = ["age", "girl"]
CHILD = """
import sys
from joinedup.impact import cell_table
source, address, out = sys.argv[1:]
cells = cell_table(source, "site", "year", "y", "treated", ["age", "girl"], engine=address)
cells.frame.to_parquet(out)
print(cells.left_out, cells.digest)
"""


def _environment(root: Path) -> Path:
    """The Python of an environment with the extra; skips where it can't be had."""
    uv = shutil.which("uv")
    if uv is None or shutil.which("java") is None or sys.platform == "win32":
        pytest.skip("SKIPPED: Spark needs uv, Java and a system with spark-class as a shell script")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    lock = hashlib.sha256((root / "uv.lock").read_bytes() + str(root).encode()).hexdigest()[:12]
    folder = cache / "joinedup-tests" / f"spark-{lock}"
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(folder)}
    environment.pop("VIRTUAL_ENV", None)
    words = [uv, "sync", "--locked", "--no-dev", "--extra", "spark", "--quiet"]
    done = subprocess.run(words, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"SKIPPED: the extra joinedup[spark] can't be installed here: {done.stderr[-300:]}")
    return folder / "bin" / "python"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the Spark master did not start")


@pytest.fixture(scope="module")
def cluster(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """An environment's Python and the address of one master with two workers, each a process of its own."""
    python = _environment(root)
    home = subprocess.check_output([python, "-c", "import pyspark; print(pyspark.__path__[0])"], text=True).strip()
    work = tmp_path_factory.mktemp("spark")
    settings = {**os.environ, "SPARK_HOME": home, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOG_DIR": str(work)}
    port = _free_port()
    address = f"spark://127.0.0.1:{port}"
    local = ["--host", "127.0.0.1", "--webui-port", "0"]
    started: list[subprocess.Popen[bytes]] = []

    def start(*words: str) -> subprocess.Popen[bytes]:
        with (work / f"log-{len(started)}").open("wb") as log:
            whole = [f"{home}/bin/spark-class", *words]
            started.append(subprocess.Popen(whole, env=settings, cwd=work, stdout=log, stderr=log))
        return started[-1]

    try:
        _await(port, start("org.apache.spark.deploy.master.Master", *local, "--port", str(port)))
        for number in range(2):
            parts = ["--cores", "1", "--memory", "1g", "--work-dir", str(work / f"worker-{number}"), address]
            start("org.apache.spark.deploy.worker.Worker", *local, *parts)
        yield python, address
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(timeout=30)


def _children() -> pd.DataFrame:
    """SIMULATED: 40,000 children of 24 sites and 6 years; whole numbers, floats, truth values, and gaps."""
    random = np.random.default_rng(11)
    n = 40_000
    rows = pd.DataFrame({"site": random.integers(0, 24, n), "year": random.integers(2015, 2021, n)})
    rows["treated"] = ((rows["site"] < 8) & (rows["year"] >= 2018)).astype(int)
    rows["age"], rows["girl"] = random.integers(5, 16, n), random.uniform(size=n) < 0.5
    rows["y"] = 1e3 * random.normal(size=n) + rows["site"] - 3 * rows["age"] + 0.5 * rows["treated"]
    return rows.assign(y=rows["y"].where(random.uniform(size=n) > 0.01))


def test_a_cluster_gives_the_cells_of_one_machine(cluster: tuple[Path, str], tmp_path: Path) -> None:
    python, address = cluster
    source = tmp_path / "rows"
    source.mkdir()
    rows = _children()
    for number in range(4):
        rows.iloc[number::4].to_parquet(source / f"part-{number}.parquet", index=False)
    out = tmp_path / "cells.parquet"
    settings = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": str(python)}
    done = subprocess.run(
        [python, "-c", CHILD, source, address, out],
        env=settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    here = cell_table(source, "site", "year", "y", "treated", COVARIATES)
    left_out, digest = done.stdout.split()[-2:]
    assert int(left_out) == here.left_out > 0
    there = pd.read_parquet(out)
    assert list(there) == list(here.frame) and len(there) == len(here.frame) == 24 * 6
    for name in here.frame:
        own, other = here.frame[name].to_numpy(), there[name].to_numpy()
        if np.issubdtype(own.dtype, np.integer):
            assert (own == other).all(), name
        else:
            assert np.abs(own - other).max() <= 1e-12 * np.abs(own).max(), name
    assert digest == here.digest
    assert did(here, "y", "site", "year", "treated", COVARIATES).n_children == len(rows) - here.left_out


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    path = tmp_path / "rows.parquet"
    _children().head(10).to_parquet(path)
    with pytest.raises(UsageError, match=r"joinedup\[spark\]"):
        cell_table(path, "site", "year", "y", "treated", engine="spark")


def test_an_engine_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no engine 'dask'"):
        cell_table(tmp_path, "site", "year", "y", "treated", engine="dask")
