-- load-events.duckdb.sql - events.jsonl of this directory as tables, for DuckDB.  After load.duckdb.sql.
-- events.jsonl: what stands on nurture.events in JSON, one event a line, plain or as CloudEvents.
CREATE OR REPLACE TEMP TABLE event_lines AS
SELECT DISTINCT CASE WHEN line ->> '$.specversion' IS NULL THEN line
                ELSE json_merge_patch(line, coalesce(line -> '$.data', '{}')) END AS line
FROM (SELECT CAST(json AS JSON) AS line FROM read_ndjson_objects('events.jsonl'));

CREATE OR REPLACE TABLE events AS
SELECT line ->> '$.id' AS id,
       line ->> '$.type' AS type,
       coalesce(line ->> '$.customer.id', line ->> '$.subject') AS customer,
       coalesce(line ->> '$.order.id', line ->> '$.feedback.order', '') AS order_id,
       coalesce(line ->> '$.message.id', '') AS send,
       coalesce(line ->> '$.message.kind', '') AS kind,
       coalesce(line ->> '$.feedback.request', '') AS request,
       CAST(line ->> '$.feedback.score' AS INTEGER) AS score,
       CAST(floor(epoch(CAST(line ->> '$.time' AS TIMESTAMPTZ))) AS BIGINT) AS at_s
FROM event_lines;

-- What each order was about: its categories, each once.
CREATE OR REPLACE TABLE order_categories AS
SELECT DISTINCT line ->> '$.order.id' AS order_id, item ->> '$.category' AS category
FROM (SELECT line, unnest(CAST(line -> '$.order.items' AS JSON[])) AS item
      FROM event_lines WHERE line ->> '$.type' = 'order.placed')
WHERE coalesce(item ->> '$.category', '') <> '';
