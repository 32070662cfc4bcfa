"""Spark, for rows that one machine can't hold: the optional extra joinedup[spark]; Java has to be there."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from joinedup.study.problems import UsageError

LOCAL = "spark"
PREFIX = "spark://"
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # an overflow is an error, never a wrapped number
    "spark.ui.enabled": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}


def is_spark(engine: Any) -> bool:
    """Whether `engine` names Spark: "spark" (on this machine), or the address of a cluster, spark://host:port."""
    return isinstance(engine, str) and (engine == LOCAL or engine.startswith(PREFIX))


def connect(engine: str = LOCAL) -> Any:
    """An Ibis connection to Spark on this machine ("spark") or on a standalone cluster ("spark://host:port").

    A session that this process has already is taken as it is. Raises UsageError where the extra or Java is missing.
    """
    try:
        import ibis

        session = import_module("pyspark.sql").SparkSession
    except ImportError as missing:
        raise UsageError('Spark is an extra: install it with pip install "joinedup[spark]".') from missing
    builder = session.builder.appName("joinedup").master("local[*]" if engine == LOCAL else engine)
    for key, value in _SETTINGS.items():
        builder = builder.config(key, value)
    try:
        return ibis.pyspark.connect(builder.getOrCreate())
    except Exception as error:
        if type(error).__module__.startswith(("pyspark", "py4j")):
            raise UsageError(
                f"Spark does not start ({type(error).__name__}): is Java installed, and does {engine} answer?"
            ) from error
        raise
