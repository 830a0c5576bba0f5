-- cap-use.sql - how much of each cap is used?  Of every mail that went: how full it found the cap.
-- last_one counts the mails that took the last place; a cap that few mails fill bothers nobody.  A smallest gap has
-- one place, which every mail takes: cap-cost.sql says what that does.
SELECT rules.rule, rules.allowed, rules.window_s,
       count(*) AS mails,
       avg(1.0 * rules.used + 1) AS mean_used,
       sum(CASE WHEN rules.used + 1 >= rules.allowed THEN 1 ELSE 0 END) AS last_one
FROM outcomes
JOIN rules ON rules.id = outcomes.id
WHERE outcomes.status = 'sent' AND outcomes.merged_into = '' AND rules.window_s > 0
GROUP BY rules.rule, rules.allowed, rules.window_s
ORDER BY rules.rule, rules.allowed, rules.window_s;
