-- revenue-after-mail.sql - how much is bought within so many days after a mail, by programme?
-- Each order counts once, for the newest mail before it.  That is no proof that the mail did it: lift.sql compares.
WITH asked AS (SELECT 7 AS days),

mails AS (
    SELECT programme, customer, request, at_s
    FROM outcomes
    WHERE status = 'sent' AND channel = 'email' AND merged_into = ''
),

numbered AS (
    SELECT customer, at_s, amount, row_number() OVER (ORDER BY customer, at_s, amount) AS number
    FROM orders
),

touched AS (
    SELECT numbered.amount, mails.programme,
           row_number() OVER (PARTITION BY numbered.number ORDER BY mails.at_s DESC, mails.request) AS newest
    FROM numbered CROSS JOIN asked
    JOIN mails ON mails.customer = numbered.customer AND mails.at_s < numbered.at_s
              AND mails.at_s >= numbered.at_s - asked.days * 86400
),

sums AS (
    SELECT programme, count(*) AS orders, sum(amount) AS revenue
    FROM touched
    WHERE newest = 1
    GROUP BY programme
)

SELECT sent.programme, sent.mails,
       coalesce(sums.orders, 0) AS orders,
       coalesce(sums.revenue, 0.0) AS revenue,
       coalesce(sums.revenue, 0.0) / sent.mails AS revenue_per_mail
FROM (SELECT programme, count(*) AS mails FROM mails GROUP BY programme) AS sent
LEFT JOIN sums ON sums.programme = sent.programme
ORDER BY sent.programme;
