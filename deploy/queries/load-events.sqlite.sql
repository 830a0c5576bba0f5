-- load-events.sqlite.sql - events.jsonl of this directory as tables, for SQLite.  After load.sqlite.sql.
-- events.jsonl: what stands on nurture.events in JSON, one event a line, plain or as CloudEvents.
DROP TABLE IF EXISTS event_lines;
CREATE TABLE event_lines (line TEXT);
.mode ascii
.separator "\t" "\n"
.import events.jsonl event_lines
UPDATE event_lines SET line = json_patch(line, coalesce(json_extract(line, '$.data'), '{}'))
WHERE json_extract(line, '$.specversion') IS NOT NULL;

DROP TABLE IF EXISTS events;
CREATE TABLE events AS
SELECT json_extract(line, '$.id') AS id,
       json_extract(line, '$.type') AS type,
       coalesce(json_extract(line, '$.customer.id'), json_extract(line, '$.subject')) AS customer,
       coalesce(json_extract(line, '$.order.id'), json_extract(line, '$.feedback.order'), '') AS order_id,
       coalesce(json_extract(line, '$.message.id'), '') AS send,
       coalesce(json_extract(line, '$.message.kind'), '') AS kind,
       coalesce(json_extract(line, '$.feedback.request'), '') AS request,
       json_extract(line, '$.feedback.score') AS score,
       CAST(strftime('%s', json_extract(line, '$.time')) AS INTEGER) AS at_s
FROM (SELECT DISTINCT line FROM event_lines);
CREATE INDEX events_of_send ON events (send);

-- What each order was about: its categories, each once.
DROP TABLE IF EXISTS order_categories;
CREATE TABLE order_categories AS
SELECT DISTINCT json_extract(line, '$.order.id') AS order_id, json_extract(item.value, '$.category') AS category
FROM event_lines, json_each(line, '$.order.items') AS item
WHERE json_extract(line, '$.type') = 'order.placed' AND coalesce(json_extract(item.value, '$.category'), '') <> '';
.headers on
.mode column
