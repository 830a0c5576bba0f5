-- load.duckdb.sql - outcomes.jsonl and orders.csv of this directory as tables, for DuckDB.
-- orders.csv: a header, then customer, time (RFC 3339, or a date: midnight UTC), amount; one line per order.
-- Rename in the SELECT what your file calls otherwise.  docs/data.md says what the columns are.
CREATE OR REPLACE TEMP TABLE lines AS
SELECT DISTINCT *
FROM read_json('outcomes.jsonl', format = 'newline_delimited', columns = {
       id: 'VARCHAR', customer: 'VARCHAR', request: 'VARCHAR', programme: 'VARCHAR', status: 'VARCHAR',
       "class": 'VARCHAR', channel: 'VARCHAR', category: 'VARCHAR', merged_into: 'VARCHAR',
       variant: 'VARCHAR', probability: 'VARCHAR',
       reason: 'STRUCT(rule VARCHAR, detail VARCHAR, won_by VARCHAR)',
       rules: 'STRUCT(rule VARCHAR, "count" BIGINT, "limit" BIGINT, window_s BIGINT)[]',
       "order": 'VARCHAR', send: 'VARCHAR', coupon: 'VARCHAR', rung: 'VARCHAR', reminder: 'INTEGER',
       template: 'VARCHAR', locale: 'VARCHAR', owner: 'VARCHAR', "at": 'VARCHAR'});

CREATE OR REPLACE TABLE outcomes AS
SELECT id, customer, request, programme, status,
       coalesce("class", '') AS class,
       coalesce(channel, '') AS channel,
       coalesce(category, '') AS category,
       coalesce(merged_into, '') AS merged_into,
       coalesce(variant, '') AS variant,
       CAST(probability AS DOUBLE) AS probability,
       coalesce(reason.rule, '') AS rule,
       coalesce(reason.detail, '') AS detail,
       coalesce(reason.won_by, '') AS won_by,
       coalesce("order", '') AS order_id,
       coalesce(send, '') AS send,
       coalesce(coupon, '') AS coupon,
       coalesce(rung, '') AS rung,
       coalesce(reminder, 0) AS reminder,
       coalesce(template, '') AS template,
       coalesce(locale, '') AS locale,
       coalesce(owner, '') AS owner,
       CAST(floor(epoch(CAST("at" AS TIMESTAMPTZ))) AS BIGINT) AS at_s,
       strftime(date_trunc('week', CAST(substr("at", 1, 10) AS DATE)), '%Y-%m-%d') AS week
FROM lines;

CREATE OR REPLACE TABLE rules AS
SELECT id, asked.rule AS rule, asked."count" AS used, asked."limit" AS allowed, asked.window_s AS window_s
FROM (SELECT id, unnest(rules) AS asked FROM lines);

CREATE OR REPLACE TABLE orders AS
SELECT customer,
       CAST(floor(epoch(CAST(CASE WHEN length("time") = 10 THEN "time" || 'T00:00:00Z' ELSE "time" END AS TIMESTAMPTZ))) AS BIGINT) AS at_s,
       CAST(amount AS DOUBLE) AS amount
FROM read_csv('orders.csv', header = true, all_varchar = true);
