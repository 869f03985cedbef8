"""The same rules asked of Spark, on a cluster of its own worker processes; run by its environment."""

import json
import sys
import time
from pathlib import Path

import polars as pl
from pyspark.sql import SparkSession

from bench._rules_city import AS_OF, PARAMETERS, rules
from workflows.rules.elsewhere import Dialect, Laid, counts_on, descriptions_in

CLUSTER = "local-cluster[2,1,1536]"


def main(file: Path, count: int, seed: int) -> None:
    asked = rules(count, seed)
    laid = Laid("people", pl.read_parquet_schema(file), descriptions_in(asked, PARAMETERS, AS_OF))
    session = SparkSession.builder.master(CLUSTER).config("spark.ui.enabled", value=False).getOrCreate()
    try:
        session.read.parquet(str(file)).createOrReplaceTempView(laid.name)
        began = time.perf_counter()
        counts = counts_on(lambda sql: session.sql(sql).first(), Dialect.SPARK, laid, asked, PARAMETERS, AS_OF)
        seconds = time.perf_counter() - began
    finally:
        session.stop()
    print(json.dumps({"seconds": seconds, "counts": [list(each.values()) for each in counts]}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
