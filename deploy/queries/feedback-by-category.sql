-- feedback-by-category.sql - what do people say of what they bought?  After load-events.*.sql.
-- An order counts once in each of its categories; of several answers the newest counts.
WITH asked AS (
    SELECT DISTINCT order_id FROM outcomes
    WHERE status = 'sent' AND rung = 'rating' AND order_id <> ''
),

answers AS (
    SELECT order_id, score,
           row_number() OVER (PARTITION BY order_id ORDER BY at_s DESC, id DESC) AS newest
    FROM events
    WHERE type = 'feedback.received' AND score IS NOT NULL AND order_id <> ''
)

SELECT order_categories.category,
       count(asked.order_id) AS asked,
       count(answers.score) AS answered,
       avg(CAST(answers.score AS DOUBLE PRECISION)) AS mean_score,
       sum(CASE WHEN answers.score <= 2 THEN 1 ELSE 0 END) AS low
FROM order_categories
LEFT JOIN asked ON asked.order_id = order_categories.order_id
LEFT JOIN answers ON answers.order_id = order_categories.order_id AND answers.newest = 1
WHERE asked.order_id IS NOT NULL OR answers.order_id IS NOT NULL
GROUP BY order_categories.category
ORDER BY order_categories.category;
