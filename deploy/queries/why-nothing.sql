-- why-nothing.sql - why did this person get nothing?  Every message that was meant and did not go, the newest first.
-- Put the customer into the first line.  The rule is that of the last word; won_by is what went first instead.
WITH asked AS (SELECT 'c-0007' AS customer),

words AS (
    SELECT outcomes.*,
           row_number() OVER (PARTITION BY request
                              ORDER BY CASE WHEN status = 'deferred' THEN 0 ELSE 1 END DESC, at_s DESC, outcomes.id) AS newest
    FROM outcomes JOIN asked ON asked.customer = outcomes.customer
)

SELECT words.programme, words.status, words.rule, words.detail,
       coalesce(winner.programme, '') AS won_by, words.at_s, words.request
FROM words
LEFT JOIN (SELECT request, max(programme) AS programme FROM outcomes GROUP BY request) AS winner
       ON winner.request = words.won_by
WHERE words.newest = 1 AND words.status NOT IN ('sent', 'task_created', 'permitted')
ORDER BY words.at_s DESC, words.request;
