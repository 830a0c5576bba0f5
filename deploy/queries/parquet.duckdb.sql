-- parquet.duckdb.sql - the tables as Parquet files, by month.  After load.duckdb.sql, in DuckDB.
COPY (SELECT *, strftime(make_timestamp(at_s * 1000000), '%Y-%m') AS month FROM outcomes)
TO 'outcomes.parquet' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month), OVERWRITE_OR_IGNORE);
COPY rules TO 'rules.parquet' (FORMAT parquet, COMPRESSION zstd);
