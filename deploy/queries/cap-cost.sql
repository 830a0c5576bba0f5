-- cap-cost.sql - what does a cap cost?  Of what a rule held back: what went later, by how long, and what ran out of time.
-- A request counts for each rule that held it, so the rows of several rules do not add up.
WITH held AS (
    SELECT rule, request, min(at_s) AS since_s
    FROM outcomes
    WHERE status = 'deferred'
    GROUP BY rule, request
),

ends AS (
    SELECT request, max(status) AS status, max(at_s) AS at_s
    FROM outcomes
    WHERE status NOT IN ('deferred', 'released')
    GROUP BY request
)

SELECT held.rule,
       count(*) AS held,
       sum(CASE WHEN ends.status = 'sent' THEN 1 ELSE 0 END) AS sent_later,
       avg(CASE WHEN ends.status = 'sent' THEN (ends.at_s - held.since_s) / 86400.0 END) AS mean_days_later,
       sum(CASE WHEN ends.status IN ('displaced', 'expired') THEN 1 ELSE 0 END) AS out_of_time
FROM held
LEFT JOIN ends ON ends.request = held.request
GROUP BY held.rule
ORDER BY held DESC, held.rule;
