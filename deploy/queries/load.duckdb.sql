-- load.duckdb.sql - outcomes.jsonl and orders.csv of this directory as tables, for DuckDB.
-- orders.csv: a header, then customer, time (RFC 3339, or a date: midnight UTC), amount; one line per order.
-- Rename in the SELECT what your file calls otherwise.
CREATE OR REPLACE TABLE outcomes AS
SELECT customer, request, programme, status,
       coalesce(variant, '') AS variant,
       CAST(probability AS DOUBLE) AS probability,
       coalesce(reason.detail, '') AS detail,
       coalesce("order", '') AS order_id,
       coalesce(send, '') AS send,
       coalesce(coupon, '') AS coupon,
       coalesce(rung, '') AS rung,
       coalesce(reminder, 0) AS reminder,
       coalesce(template, '') AS template,
       coalesce(locale, '') AS locale,
       coalesce(owner, '') AS owner,
       CAST(floor(epoch(CAST("at" AS TIMESTAMPTZ))) AS BIGINT) AS at_s
FROM read_json('outcomes.jsonl', format = 'newline_delimited', columns = {
       customer: 'VARCHAR', request: 'VARCHAR', programme: 'VARCHAR', status: 'VARCHAR',
       variant: 'VARCHAR', probability: 'VARCHAR', reason: 'STRUCT(detail VARCHAR)',
       "order": 'VARCHAR', send: 'VARCHAR', coupon: 'VARCHAR', rung: 'VARCHAR', reminder: 'INTEGER',
       template: 'VARCHAR', locale: 'VARCHAR', owner: 'VARCHAR', "at": 'VARCHAR'});

CREATE OR REPLACE TABLE orders AS
SELECT customer,
       CAST(floor(epoch(CAST(CASE WHEN length("time") = 10 THEN "time" || 'T00:00:00Z' ELSE "time" END AS TIMESTAMPTZ))) AS BIGINT) AS at_s,
       CAST(amount AS DOUBLE) AS amount
FROM read_csv('orders.csv', header = true, all_varchar = true);
