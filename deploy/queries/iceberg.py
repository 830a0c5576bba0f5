#!/usr/bin/env python3
"""The Parquet files of parquet.duckdb.sql as Iceberg tables, by PyIceberg.

usage: iceberg.py [DIRECTORY]      where outcomes.parquet and rules.parquet are; default: here

Writes nurture.outcomes, by month, and nurture.rules into the catalogue `nurture` of
~/.pyiceberg.yaml or PYICEBERG_CATALOG__NURTURE__URI, __WAREHOUSE and so on (REST, Glue, SQL):
https://py.iceberg.apache.org/configuration/. What stood there is replaced in one commit for each
table, so run it as often as you like: a reader sees the old rows or the new ones.
"""
import os
import sys

import pyarrow
import pyarrow.dataset
from pyiceberg.catalog import load_catalog
from pyiceberg.transforms import IdentityTransform


def read(path):
    """All files of it; the month of the folder is a column as well."""
    dataset = pyarrow.dataset.dataset(path, partitioning=pyarrow.dataset.partitioning(
        pyarrow.schema([("month", pyarrow.string())]), flavor="hive") if os.path.isdir(path) else None)
    return dataset.to_table()


def replace(catalog, name, rows, by=None):
    table = catalog.create_table_if_not_exists(name, schema=rows.schema)
    if by and not table.spec().fields:
        with table.update_spec() as spec:
            spec.add_field(by, IdentityTransform(), f"{by}_of")
    table.overwrite(rows)
    return table.scan().count()


def main():
    directory = sys.argv[1] if len(sys.argv) > 1 else "."
    catalog = load_catalog("nurture")
    catalog.create_namespace_if_not_exists("nurture")
    for name, path, by in (("outcomes", "outcomes.parquet", "month"), ("rules", "rules.parquet", None)):
        count = replace(catalog, f"nurture.{name}", read(os.path.join(directory, path)), by)
        print(f"nurture.{name}: {count} rows")


if __name__ == "__main__":
    main()
