-- load.sqlite.sql - outcomes.jsonl and orders.csv of this directory as tables, for SQLite (3.38 or newer).
-- orders.csv: a header, then customer, time (RFC 3339, or a date: midnight UTC), amount; one line per order.
-- Rename in the SELECT what your file calls otherwise.  docs/data.md says what the columns are.
DROP TABLE IF EXISTS outcome_lines;
DROP TABLE IF EXISTS order_lines;
CREATE TABLE outcome_lines (line TEXT);
.mode ascii
.separator "\t" "\n"
.import outcomes.jsonl outcome_lines
.mode csv
.import orders.csv order_lines

DROP TABLE IF EXISTS outcomes;
CREATE TABLE outcomes AS
SELECT json_extract(line, '$.id') AS id,
       json_extract(line, '$.customer') AS customer,
       json_extract(line, '$.request') AS request,
       json_extract(line, '$.programme') AS programme,
       json_extract(line, '$.status') AS status,
       coalesce(json_extract(line, '$.class'), '') AS class,
       coalesce(json_extract(line, '$.channel'), '') AS channel,
       coalesce(json_extract(line, '$.category'), '') AS category,
       coalesce(json_extract(line, '$.merged_into'), '') AS merged_into,
       coalesce(json_extract(line, '$.variant'), '') AS variant,
       CAST(json_extract(line, '$.probability') AS REAL) AS probability,
       coalesce(json_extract(line, '$.reason.rule'), '') AS rule,
       coalesce(json_extract(line, '$.reason.detail'), '') AS detail,
       coalesce(json_extract(line, '$.reason.won_by'), '') AS won_by,
       coalesce(json_extract(line, '$.order'), '') AS order_id,
       coalesce(json_extract(line, '$.send'), '') AS send,
       coalesce(json_extract(line, '$.coupon'), '') AS coupon,
       coalesce(json_extract(line, '$.rung'), '') AS rung,
       coalesce(json_extract(line, '$.reminder'), 0) AS reminder,
       coalesce(json_extract(line, '$.template'), '') AS template,
       coalesce(json_extract(line, '$.locale'), '') AS locale,
       coalesce(json_extract(line, '$.owner'), '') AS owner,
       CAST(strftime('%s', json_extract(line, '$.at')) AS INTEGER) AS at_s,
       date(substr(json_extract(line, '$.at'), 1, 10), 'weekday 0', '-6 days') AS week
FROM (SELECT DISTINCT line FROM outcome_lines);
CREATE INDEX outcomes_of_customer ON outcomes (customer, at_s);
CREATE INDEX outcomes_of_request ON outcomes (request);

DROP TABLE IF EXISTS rules;
CREATE TABLE rules AS
SELECT json_extract(line, '$.id') AS id,
       json_extract(asked.value, '$.rule') AS rule,
       json_extract(asked.value, '$.count') AS used,
       json_extract(asked.value, '$.limit') AS allowed,
       json_extract(asked.value, '$.window_s') AS window_s
FROM (SELECT DISTINCT line FROM outcome_lines), json_each(line, '$.rules') AS asked;

DROP TABLE IF EXISTS orders;
CREATE TABLE orders AS
SELECT customer,
       CAST(strftime('%s', "time") AS INTEGER) AS at_s,
       CAST(amount AS REAL) AS amount
FROM order_lines;
CREATE INDEX orders_of_customer ON orders (customer, at_s);
.headers on
.mode column
