-- lift.sql - what is each programme, and each of its variants, worth?  After load.*.sql, in DuckDB or SQLite.
--
-- Per programme, variant and measure: the mean per person in the days after, of those who were told (or would have
-- been, had nothing gone before it) and of those who were left alone; the difference, and its 95 % interval (Welch),
-- for one look; and the wider one that holds however often one looks, narrowest at so many people as are planned.
-- docs/measuring.md says why it counts so.
WITH asked AS (SELECT 30 AS days, 2000 AS planned),

-- Each request: when it was weighed for the first time, and on which side chance put it.
requests AS (
    SELECT programme, customer, request,
           min(at_s) AS begin_s,
           max(CASE WHEN status = 'holdout' THEN 1 ELSE 0 END) AS is_held,
           max(CASE WHEN status = 'holdout' AND detail = '*' THEN 1 ELSE 0 END) AS is_held_of_all,
           max(CASE WHEN status IN ('sent', 'in_doubt', 'task_created') THEN 1 ELSE 0 END) AS is_heard,
           max(variant) AS variant,
           max(probability) AS probability
    FROM outcomes
    GROUP BY programme, customer, request
    -- What ended before chance was asked (no consent, no address, ...) is on neither side.
    HAVING max(CASE WHEN status IN ('holdout', 'deferred', 'sent', 'in_doubt', 'rejected', 'displaced',
                                    'task_created') THEN 1 ELSE 0 END) = 1
),

-- A person counts once, from the first time on; whoever was on both sides (the policy changed) on none.
people AS (
    SELECT programme, customer, min(begin_s) AS begin_s, max(is_held) AS is_held, max(is_heard) AS is_heard,
           max(variant) AS variant, max(coalesce(1.0 / probability, 1.0)) AS weight
    FROM requests
    GROUP BY programme, customer
    HAVING max(is_held_of_all) = 0 AND min(is_held) = max(is_held)
       AND min(CASE WHEN is_held = 1 THEN '' ELSE variant END) = max(variant)
    UNION ALL
    -- All programmes together, against those whom `holdout` of the whole policy leaves alone.
    SELECT '(all)', customer, min(begin_s), max(is_held_of_all), max(is_heard), '', 1.0
    FROM requests
    GROUP BY customer
    HAVING min(is_held_of_all) = max(is_held_of_all)
       AND (SELECT max(is_held_of_all) FROM requests) = 1
),

-- Only those whose days are over, as far as the orders go.
seen AS (
    SELECT people.programme, people.customer, people.is_held, people.is_heard, people.variant, people.weight,
           count(orders.at_s) AS orders, coalesce(sum(orders.amount), 0.0) AS revenue
    FROM people CROSS JOIN asked
    LEFT JOIN orders ON orders.customer = people.customer AND orders.at_s > people.begin_s
                    AND orders.at_s <= people.begin_s + asked.days * 86400
    WHERE people.begin_s + asked.days * 86400 <= (SELECT max(at_s) FROM orders)
    GROUP BY people.programme, people.customer, people.is_held, people.is_heard, people.variant, people.weight
),

measured AS (
    SELECT programme, variant, is_held, is_heard, weight, 'orders' AS measure, CAST(orders AS DOUBLE PRECISION) AS y
    FROM seen
    UNION ALL
    SELECT programme, variant, is_held, is_heard, weight, 'revenue', CAST(revenue AS DOUBLE PRECISION)
    FROM seen
),

means AS (
    SELECT programme, variant, is_held, measure, count(*) AS n, sum(is_heard) AS heard,
           sum(weight) AS weights, sum(weight * y) / sum(weight) AS mean
    FROM measured
    GROUP BY programme, variant, is_held, measure
),

-- variance: of the mean, with weights as they are; with equal ones it is s^2 / n.
arms AS (
    SELECT m.programme, m.variant, m.is_held, m.measure, m.n, m.heard, m.mean,
           CASE WHEN m.n > 1 THEN
               sum(p.weight * p.weight * (p.y - m.mean) * (p.y - m.mean)) / (m.weights * m.weights) * m.n / (m.n - 1)
           END AS variance
    FROM means m
    JOIN measured p ON p.programme = m.programme AND p.variant = m.variant AND p.is_held = m.is_held
                   AND p.measure = m.measure
    GROUP BY m.programme, m.variant, m.is_held, m.measure, m.n, m.heard, m.mean, m.weights
),

-- Each variant against those left alone, and against the first of the variants.
pairs AS (
    SELECT t.programme, t.variant, 'held out' AS against, t.measure, t.n AS people, t.heard,
           h.n AS people_against, t.mean, h.mean AS mean_against, t.mean - h.mean AS lift,
           t.variance + h.variance AS variance,
           (t.variance + h.variance) * (t.variance + h.variance)
               / nullif(t.variance * t.variance / (t.n - 1) + h.variance * h.variance / (h.n - 1), 0) AS freedom
    FROM arms t
    LEFT JOIN arms h ON h.programme = t.programme AND h.measure = t.measure AND h.is_held = 1
    WHERE t.is_held = 0
    UNION ALL
    SELECT t.programme, t.variant, f.variant, t.measure, t.n, t.heard, f.n, t.mean, f.mean, t.mean - f.mean,
           t.variance + f.variance,
           (t.variance + f.variance) * (t.variance + f.variance)
               / nullif(t.variance * t.variance / (t.n - 1) + f.variance * f.variance / (f.n - 1), 0)
    FROM arms t
    JOIN arms f ON f.programme = t.programme AND f.measure = t.measure AND f.is_held = 0 AND f.variant < t.variant
               AND f.variant = (SELECT min(a.variant) FROM arms a WHERE a.programme = t.programme AND a.is_held = 0)
    WHERE t.is_held = 0
),

-- A confidence sequence (Waudby-Smith and others 2021): 7.936154466 is -2 ln 0.05 + ln(1 - 2 ln 0.05).
looks AS (
    SELECT pairs.*, 7.936154466 * (people + people_against) / planned AS k
    FROM pairs CROSS JOIN asked
)

-- 1.959964 is the normal quantile; the rest makes it Student's for that many degrees of freedom (to 0.003 from 5 on).
SELECT programme, variant, against, measure, people, heard, people_against,
       mean, mean_against, lift,
       lift - sqrt(variance) * (1.959964 + 2.372271 / freedom + 2.822499 / (freedom * freedom)
                                             + 2.5557 / (freedom * freedom * freedom)) AS low,
       lift + sqrt(variance) * (1.959964 + 2.372271 / freedom + 2.822499 / (freedom * freedom)
                                             + 2.5557 / (freedom * freedom * freedom)) AS high,
       lift - sqrt(variance * 2 * (k + 1) / k * ln(sqrt(k + 1) / 0.05)) AS always_low,
       lift + sqrt(variance * 2 * (k + 1) / k * ln(sqrt(k + 1) / 0.05)) AS always_high
FROM looks
ORDER BY programme, measure, variant, against;
