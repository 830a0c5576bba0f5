/* times.c - see times.h. */
#include "times.h"

int64_t dsk_due_ms(const Nurture__V1__DeskTask *task, const struct dsk_rules *rules)
{
	if (!rules->action->within_ms)
		return 0;
	return working_add(&rules->team.hours, task->from_ms, rules->action->within_ms);
}

int64_t dsk_due_or_expires_ms(const struct desk *desk, const Nurture__V1__DeskTask *task)
{
	const struct dsk_rules rules = {desk_action(desk, task->action),
					desk_team(desk, task->owner)};
	int64_t within_ms = dsk_due_ms(task, &rules);

	if (within_ms)
		return within_ms;
	return task->expires_ms ? task->expires_ms : NEVER_MS;
}

static int64_t reminder_ms(const struct dsk_rules *rules, int64_t due_ms, unsigned reminder)
{
	return working_back(&rules->team.hours, due_ms, rules->action->remind_ms[reminder]);
}

static int64_t next_reminder_ms(const Nurture__V1__DeskTask *task, const struct dsk_rules *rules)
{
	int64_t due_ms = dsk_due_ms(task, rules);

	if (!due_ms || due_ms == NEVER_MS)
		return NEVER_MS;
	for (unsigned i = task->reminders; i < rules->action->remind_count; i++) {
		int64_t at_ms = reminder_ms(rules, due_ms, i);

		if (at_ms > task->from_ms)
			return at_ms;
	}
	return NEVER_MS;
}

unsigned dsk_reminders_by(const Nurture__V1__DeskTask *task, const struct dsk_rules *rules,
			  int64_t now_ms)
{
	int64_t due_ms = dsk_due_ms(task, rules);
	unsigned count = 0;

	while (due_ms && count < rules->action->remind_count &&
	       reminder_ms(rules, due_ms, count) <= now_ms)
		count++;
	return count;
}

static int64_t next_escalation_ms(const Nurture__V1__DeskTask *task, const struct dsk_rules *rules)
{
	const struct desk_action *action = rules->action;
	const struct working_hours *hours = &rules->team.hours;
	int64_t missed_ms = dsk_due_ms(task, rules);

	if (task->escalations >= action->escalate_count)
		return NEVER_MS;
	if (!task->taken && action->answer_ms)
		missed_ms = working_add(hours, task->from_ms, action->answer_ms);
	if (!missed_ms || missed_ms == NEVER_MS)
		return NEVER_MS;
	return working_add(hours, missed_ms, action->escalate[task->escalations].after_ms);
}

/* The first working instant from at_ms and now_ms on. */
static int64_t telling_ms(const struct dsk_rules *rules, int64_t at_ms, int64_t now_ms)
{
	if (at_ms == NEVER_MS)
		return NEVER_MS;
	return working_add(&rules->team.hours, at_ms > now_ms ? at_ms : now_ms, 0);
}

struct dsk_next dsk_next(const Nurture__V1__DeskTask *task, const struct dsk_rules *rules,
			 int64_t now_ms)
{
	int64_t reminder, escalation;
	struct dsk_next next;

	if (task->snoozed_ms) {
		next = (struct dsk_next){DSK_WAKES, telling_ms(rules, task->snoozed_ms, now_ms)};
	} else {
		reminder = telling_ms(rules, next_reminder_ms(task, rules), now_ms);
		escalation = telling_ms(rules, next_escalation_ms(task, rules), now_ms);
		next = reminder <= escalation ? (struct dsk_next){DSK_REMINDS, reminder}
					      : (struct dsk_next){DSK_ESCALATES, escalation};
	}
	return next;
}
