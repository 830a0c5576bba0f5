-- orders-by-segment.sql - who buys?  Orders by how many the person had placed by then, and how soon they follow.
-- Move the borders to those of your policy's segments.
WITH numbered AS (
    SELECT customer, at_s, amount,
           row_number() OVER (PARTITION BY customer ORDER BY at_s, amount) AS number,
           lag(at_s) OVER (PARTITION BY customer ORDER BY at_s, amount) AS before_s
    FROM orders
)

SELECT CASE WHEN number = 1 THEN '1 first' WHEN number = 2 THEN '2 second'
            WHEN number < 8 THEN '3 returning' ELSE '4 regular' END AS segment,
       count(DISTINCT customer) AS people,
       count(*) AS orders,
       sum(amount) AS revenue,
       avg((at_s - before_s) / 86400.0) AS mean_days_since
FROM numbered
GROUP BY segment
ORDER BY segment;
