-- clickhouse.sql - nurture.outcomes into ClickHouse, by its Kafka engine.
--
-- outcomes_queue reads the topic (only what was committed: the engine's client does so by itself),
-- outcomes_reader moves each block into outcomes.  The engine delivers at least once, and a repeat
-- has the same id: ReplacingMergeTree keeps one; read with FINAL where that matters.  Unknown
-- members are skipped, so a later version of outcomes does not stop it.  Decimals stay strings.
CREATE TABLE outcomes
(
    at DateTime64(3, 'UTC'),
    id String,
    request String,
    customer String,
    programme LowCardinality(String),
    class LowCardinality(String),
    channel LowCardinality(String),
    category LowCardinality(String),
    status LowCardinality(String),
    triggered_at DateTime64(3, 'UTC'),
    reason Tuple(rule String, detail String, won_by String, count Nullable(Int64), limit Nullable(Int64),
                 window_s Nullable(Int64), eligible_at Nullable(DateTime64(3, 'UTC'))),
    rules Array(Tuple(rule String, count Int64, limit Int64, window_s Int64)),
    considered Array(Tuple(request String, programme String, priority Int32, value String, held_by String)),
    merged_into String,
    variant LowCardinality(String),
    probability String,
    policy LowCardinality(String),
    `order` String,
    owner LowCardinality(String),
    send String,
    coupon String,
    template LowCardinality(String),
    locale LowCardinality(String),
    rung LowCardinality(String),
    reminder UInt32,
    version UInt32
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(at)
ORDER BY (customer, request, id);

CREATE TABLE outcomes_queue AS outcomes
ENGINE = Kafka
SETTINGS kafka_broker_list = 'localhost:9092',
         kafka_topic_list = 'nurture.outcomes',
         kafka_group_name = 'clickhouse-outcomes',
         kafka_format = 'JSONEachRow',
         input_format_skip_unknown_fields = 1,
         date_time_input_format = 'best_effort';

CREATE MATERIALIZED VIEW outcomes_reader TO outcomes AS SELECT * FROM outcomes_queue;
