-- mails-by-week.sql - how many mails go out in a week, and to how many people?
-- A mail that carries several requests is one mail: its merged parts are told beside it.
SELECT week,
       sum(CASE WHEN merged_into = '' THEN 1 ELSE 0 END) AS mails,
       count(DISTINCT customer) AS people,
       count(*) AS messages
FROM outcomes
WHERE status = 'sent' AND channel = 'email'
GROUP BY week
ORDER BY week;
