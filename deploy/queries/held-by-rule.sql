-- held-by-rule.sql - which rule holds which programme back, how often, and what became of what was held?
-- "deferred" repeats as often as a request waits for another rule, so requests are counted once each.
WITH held AS (
    SELECT rule, programme, request, count(*) AS times
    FROM outcomes
    WHERE status = 'deferred'
    GROUP BY rule, programme, request
),

ends AS (
    SELECT request, max(status) AS status
    FROM outcomes
    WHERE status NOT IN ('deferred', 'released')
    GROUP BY request
)

SELECT held.rule, held.programme,
       count(*) AS requests,
       CAST(sum(held.times) AS BIGINT) AS times,
       sum(CASE WHEN ends.status IN ('sent', 'in_doubt', 'task_created', 'permitted') THEN 1 ELSE 0 END) AS heard_later,
       sum(CASE WHEN ends.status IN ('displaced', 'expired') THEN 1 ELSE 0 END) AS out_of_time,
       sum(CASE WHEN ends.status IS NULL THEN 1 ELSE 0 END) AS still_waiting
FROM held
LEFT JOIN ends ON ends.request = held.request
GROUP BY held.rule, held.programme
ORDER BY requests DESC, held.rule, held.programme;
