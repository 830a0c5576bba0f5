-- complaints.sql - which programme do people turn away from?  After load-events.*.sql.
-- An event names the mail by message.id, which is `send`; parts of a mail share it, so a mail counts once, as its lead.
WITH mails AS (
    SELECT programme, send FROM outcomes
    WHERE status = 'sent' AND channel = 'email' AND merged_into = ''
),

told AS (
    SELECT DISTINCT send, CASE WHEN type = 'message.bounced' THEN type || '.' || kind ELSE type END AS what
    FROM events
    WHERE send <> '' AND type IN ('message.unsubscribed', 'message.complained', 'message.bounced')
)

SELECT mails.programme,
       count(DISTINCT mails.send) AS mails,
       sum(CASE WHEN told.what = 'message.unsubscribed' THEN 1 ELSE 0 END) AS unsubscribed,
       sum(CASE WHEN told.what = 'message.complained' THEN 1 ELSE 0 END) AS complained,
       sum(CASE WHEN told.what = 'message.bounced.hard' THEN 1 ELSE 0 END) AS bounced,
       1000.0 * count(DISTINCT CASE WHEN told.what IN ('message.unsubscribed', 'message.complained') THEN mails.send END)
           / count(DISTINCT mails.send) AS lost_per_thousand
FROM mails
LEFT JOIN told ON told.send = mails.send
GROUP BY mails.programme
ORDER BY lost_per_thousand DESC, mails.programme;
