"""Speed of group-time effects, synthetic control and synthetic DiD on SIMULATED panels, beside what users would take.

Answers are compared. A peer (diff-diff, moderndid, csdid, azcausal, pysyncon) is timed in the same run where it is
installed. Warm is the best of the runs, cold the first; what takes more than ten seconds runs once. Nothing here passes
or fails but a wrong answer.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import platform
import sys
import warnings
from typing import Any

import numpy as np
import pandas as pd
from _timing import installed, same, timed

from joinedup.impact import group_time, synthetic_control, synthetic_did


def staggered(units: int, periods: int) -> pd.DataFrame:
    """Half of the units never adopt, the others from one of four periods on; an effect of 0.5; seed 1."""
    random = np.random.default_rng(1)
    starts = np.where(random.random(units) < 0.5, np.inf, random.choice([8, 10, 12, 14], units))
    frame = pd.DataFrame(
        {
            "u": np.repeat(np.arange(units), periods),
            "t": np.tile(np.arange(periods), units),
            "a": starts.repeat(periods),
        }
    )
    return frame.assign(y=random.normal(size=len(frame)) + 0.5 * (frame["t"] >= frame["a"]))


def factors(units: int, periods: int, treated: int, start: int) -> pd.DataFrame:
    """Two factors and noise; the first `treated` units from `start` on have an effect of 1; seed 2."""
    random = np.random.default_rng(2)
    paths = random.normal(size=(units, 2)) @ random.normal(size=(2, periods)).cumsum(axis=1)
    outcome = random.normal(size=(units, 1)) * 3 + paths + 0.5 * random.normal(size=(units, periods))
    frame = pd.DataFrame({"u": np.repeat(np.arange(units), periods), "t": np.tile(np.arange(periods), units)})
    frame = frame.assign(ever=(frame["u"] < treated).astype(int), y=outcome.ravel())
    return frame.assign(d=frame["ever"] * (frame["t"] >= start), y=frame["y"] + frame["ever"] * (frame["t"] >= start))


def group_times(runs: int) -> None:
    for units, target in ((150, "-"), (5_000, "0.2 s")):
        panel = staggered(units, 20)
        draws = {"draws": 999, "seed": 1}
        what = f"group-time, {units:,} x 20, 999 draws, by time since adoption"
        ours = timed(
            what, lambda p=panel, d=draws: group_time(p, "y", "u", "t", "a", **d).aggregate("dynamic"), runs, target
        )
        finite = panel.assign(a=panel["a"].where(np.isfinite(panel["a"]), 0))
        if installed("diff_diff"):
            from diff_diff import CallawaySantAnna

            model = CallawaySantAnna(n_bootstrap=999, seed=1)
            columns = {"outcome": "y", "unit": "u", "time": "t", "first_treat": "a", "aggregate": "event_study"}
            theirs = timed("diff-diff: the same", lambda f=finite, m=model, c=columns: m.fit(f, **c), runs)
            for row in ours.table.itertuples():
                if row.relative >= 0:
                    same(row.att, theirs.event_study_effects[row.relative]["effect"], 1e-10)
        if installed("moderndid"):
            from moderndid import aggte, att_gt

            call = {"yname": "y", "tname": "t", "idname": "u", "gname": "a", "boot": True, "biters": 999}
            theirs = timed("moderndid: the same", lambda f=finite, c=call: aggte(att_gt(f, **c), type="dynamic"), runs)
            same(ours.overall, theirs.overall_att, 1e-10)
        if installed("csdid"):
            theirs = timed("csdid: the same", lambda f=finite: csdid(f), min(runs, 2))
            same(ours.overall, float(theirs["overall_att"]), 1e-10)


def csdid(frame: pd.DataFrame) -> Any:
    """The same by csdid, which prints what it does."""
    from csdid.att_gt import ATTgt

    with contextlib.redirect_stdout(io.StringIO()):
        model = ATTgt("y", "t", "u", "a", frame, control_group=["nevertreated"], biters=999)
        return model.fit(est_method="dr", bstrap=True).aggte("dynamic", bstrap=True).atte


def synthetic(runs: int) -> None:
    panel = factors(151, 20, 1, 12)
    fit = timed(
        "synthetic control and all 150 placebos, 151 x 20",
        lambda: (found := synthetic_control(panel, "y", "u", "t", "d"), found.placebos()),
        runs,
        "0.5 s",
    )
    print(
        f"{'':<4}{fit[1].perfect} of {fit[1].draws} placebos have a perfect fit before and are left out of the ratio's rank"
    )
    if installed("pysyncon"):
        theirs = timed(
            "pysyncon: one of these fits, equal weights of the periods", lambda: pysyncon(panel), min(runs, 2)
        )
        told = "12 periods before leave the weights of 150 donors open; ours are the smallest by a stated ridge"
        print(f"    effect {fit[0].estimate:.4f}, pysyncon's {theirs:.4f}: {told}")
    synthetic_dids(runs)


def pysyncon(panel: pd.DataFrame) -> float:
    """The effect on the first unit after the start, its donors weighted on all outcomes before it."""
    from pysyncon import Synth

    wide = panel.pivot(index="t", columns="u", values="y")
    before, model = wide.loc[:11], Synth()
    donors, own = before.drop(columns=0), before[0]
    model.fit(X0=donors, X1=own, Z0=donors, Z1=own, custom_V=np.ones(len(before)))
    return float((wide[0] - wide.drop(columns=0) @ model.W).loc[12:].mean())


def synthetic_dids(runs: int) -> None:
    many = factors(150, 20, 35, 12)
    for solver, target in (("exact", "0.5 s"), ("synthdid", "-")):
        ours = timed(
            f"synthetic DiD, 35 of 150 treated, 200 placebos, {solver}",
            lambda s=solver: (found := synthetic_did(many, "y", "u", "t", "d", solver=s), found.placebos(200)),
            runs,
            target,
        )
    if installed("diff_diff"):
        from diff_diff import SyntheticDiD

        model = SyntheticDiD(variance_method="placebo", n_bootstrap=200, seed=1)
        columns = {"outcome": "y", "treatment": "ever", "unit": "u", "time": "t", "post_periods": list(range(12, 20))}
        theirs = timed("diff-diff: the same", lambda: model.fit(many, **columns), runs)
        same(ours[0].estimate, theirs.att, 1e-6)
    if installed("azcausal"):
        theirs = timed("azcausal: the same", lambda: azcausal(many, 200), runs)
        same(ours[0].estimate, theirs, 1e-6)


def azcausal(panel: pd.DataFrame, draws: int) -> float:
    """The same by azcausal, with its placebo errors."""
    from azcausal.core.error import Placebo
    from azcausal.core.panel import CausalPanel
    from azcausal.estimators.panel.sdid import SDID
    from azcausal.util import to_panels

    model = SDID()
    result = model.fit(CausalPanel(to_panels(panel, "t", "u", ["y", "d"])).setup(outcome="y", intervention="d"))
    model.error(result, Placebo(n_samples=draws))
    return float(result.effect.value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="warm runs of each")
    runs = parser.parse_args().runs
    warnings.simplefilter("ignore")
    print(f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores, best of {runs} warm runs")
    group_times(runs)
    synthetic(runs)
    if sys.platform != "win32":
        import resource

        unit = 1024**2 if sys.platform == "darwin" else 1024
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit:.0f} MiB")


if __name__ == "__main__":
    main()
