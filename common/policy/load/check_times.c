/*
 * check_times.c - messages that expire before they may go out.  See check.h.
 *
 * This looks at local days as the clock shows them, minute by minute; it does
 * not refuse what only a change of the clock could let out.
 */
#include "check.h"

#include <stdio.h>

#include "common/base/text.h"
#include "common/policy/quiet.h"
#include "common/policy/window.h"

enum { CHANGE_MIN = 2 * HOUR_MIN, NEVER_MIN = -1 };
/* Weekdays and dates come together in all ways within 28 years. */
enum { FIRST_DAY = 19723, DAYS = 28 * 366, TOO_MANY_DAYS = 400 };

/* The minutes at which a sender's mail may go out, on days that are not quiet. */
struct day {
	bool keeps_quiet;
	bool open[DAY_MIN];
	int first, last; /* of the open minutes; NEVER_MIN: there is none */
};

static bool is_in(const struct send_window *window, int minute)
{
	return !window->to_min || (minute >= window->from_min && minute < window->to_min);
}

struct send_window sender_window(const struct policy *policy, const struct sender *sender)
{
	if (sender->programme && sender->programme->send_at == SEND_AT_TIME)
		return sender->programme->send_window;
	if (sender->programme && sender->programme->send_at == SEND_AT_BEST)
		return best_window(policy, -1);
	return (struct send_window){0, 0};
}

static void day_of(const struct policy *policy, const struct sender *sender, struct day *ret)
{
	struct send_window window = sender_window(policy, sender);

	*ret = (struct day){.first = NEVER_MIN, .last = NEVER_MIN};
	ret->keeps_quiet = policy->classes[sender->message_class].quiet_hours;
	for (int minute = 0; minute < DAY_MIN; minute++) {
		ret->open[minute] =
		    is_in(&window, minute) &&
		    !(ret->keeps_quiet && quiet_at(&policy->quiet_hours, minute * MINUTE_MS));
		if (!ret->open[minute])
			continue;
		if (ret->first == NEVER_MIN)
			ret->first = minute;
		ret->last = minute;
	}
}

/* Returns the time from a minute of the day to the next open one, which must exist. */
static int wait_min(const struct day *day, int minute)
{
	int wait = 0;

	while (!day->open[(minute + wait) % DAY_MIN])
		wait++;
	return wait;
}

static bool sends_mail(const struct sender *sender)
{
	return sender->channels & 1U << CHANNEL_EMAIL;
}

static const struct node *node_or(const struct node *node, const char *key)
{
	const struct node *child = node_get(node, key);

	return child ? child : node;
}

static const char *time_text(int minute, char buf[16])
{
	snprintf(buf, 16, "%02d:%02d", minute / 60 % 24, minute % 60);
	return buf;
}

/* Returns the minute of the local day at which a date's message is due. */
static int due_minute(const struct programme *programme)
{
	return (int)((programme->trigger.at_min + programme->wait_ms / MINUTE_MS) % DAY_MIN);
}

static int check_due(const struct sender *sender, const struct day *day, struct err *err)
{
	const struct programme *programme = sender->programme;
	char due[16], open[16], expires[32];
	int minute, wait;

	if (!programme || !trigger_has_time(&programme->trigger))
		return 0;
	minute = due_minute(programme);
	wait = wait_min(day, minute);
	if ((wait - CHANGE_MIN) * MINUTE_MS < sender->expires_ms)
		return 0;
	return node_error(node_or(sender->node, "expires"), err,
			  "never sent: due at %s, it may go out at %s, but expires after %s; "
			  "expected another time or a longer one",
			  time_text(minute, due), time_text(minute + wait, open),
			  duration_text(sender->expires_ms, expires, sizeof(expires)));
}

static int check_window(const struct loader *l, const struct sender *sender, struct err *err)
{
	const struct quiet_hours *quiet = &l->policy->quiet_hours;
	bool is_best = sender->programme->send_at == SEND_AT_BEST;
	char from[16], to[16];

	return node_error(node_get(sender->node, "send_at"), err,
			  "all of %s is in the quiet hours from %s to %s; expected a time outside "
			  "of them",
			  is_best ? "the window at send_time.fallback" : "the window",
			  time_text(quiet->from_min, from), time_text(quiet->to_min, to));
}

/* Returns how many quiet days there are in a row, at most. */
static int longest_quiet(const struct policy *policy)
{
	int longest = 0, run = 0;

	for (int day = 0; policy->quiet_day_count && day < DAYS && run < TOO_MANY_DAYS; day++) {
		run = quiet_day_is(policy, civil_from_days(FIRST_DAY + day)) ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest;
}

int check_times(const struct loader *l, struct err *err)
{
	if (longest_quiet(l->policy) >= TOO_MANY_DAYS)
		return node_error(node_get(l->root, "quiet_days"), err,
				  "no day is left; expected a day that is not quiet");
	for (unsigned i = 0; i < sender_count(l->policy); i++) {
		struct sender sender = sender_at(l, i);
		struct day day;

		if (!sends_mail(&sender))
			continue;
		day_of(l->policy, &sender, &day);
		if (day.first == NEVER_MIN)
			return check_window(l, &sender, err);
		if (check_due(&sender, &day, err) < 0)
			return -1;
	}
	return 0;
}

/* Returns the longest wait on ordinary days, from the first closed minute after an open one. */
static int longest_wait(const struct day *day, int *ret_from)
{
	int longest = 0;

	for (int minute = 0; minute < DAY_MIN; minute++) {
		int before = (minute + DAY_MIN - 1) % DAY_MIN, wait;

		if (day->open[minute] || !day->open[before])
			continue;
		wait = wait_min(day, minute);
		if (wait <= longest)
			continue;
		longest = wait;
		*ret_from = minute;
	}
	return longest;
}

static void warn_of_wait(struct loader *l, const struct sender *sender, const struct day *day)
{
	char from[16], to[16], expires[32];
	int begin = 0, wait;

	if (sender->programme && trigger_has_time(&sender->programme->trigger)) {
		begin = due_minute(sender->programme);
		wait = wait_min(day, begin);
	} else {
		wait = longest_wait(day, &begin);
	}
	if (wait * MINUTE_MS < sender->expires_ms)
		return;
	duration_text(sender->expires_ms, expires, sizeof(expires));
	policy_warn(l, node_or(sender->node, "expires"),
		    "what is due at %s may go out at %s, but expires after %s: it is never sent",
		    time_text(begin, from), time_text(begin + wait, to), expires);
}

/* Warns of a wait from the last minute before the quiet days to the first after them. */
static void warn_of_days(struct loader *l, const struct sender *sender, const struct day *day,
			 int quiet_days)
{
	int64_t wait_ms = (DAY_MIN - 1 - day->last + day->first) * MINUTE_MS + quiet_days * DAY_MS;
	char expires[32], wait[32];

	if (!quiet_days || !day->keeps_quiet || wait_ms < sender->expires_ms)
		return;
	policy_warn(l, node_or(sender->node, "expires"),
		    "expires after %s, but with quiet days it may be %s before anything goes out: "
		    "some of it is never sent",
		    duration_text(sender->expires_ms, expires, sizeof(expires)),
		    duration_text(wait_ms, wait, sizeof(wait)));
}

void warn_of_times(struct loader *l)
{
	int quiet_days = longest_quiet(l->policy);

	for (unsigned i = 0; i < sender_count(l->policy); i++) {
		struct sender sender = sender_at(l, i);
		struct day day;

		if (!sends_mail(&sender))
			continue;
		day_of(l->policy, &sender, &day);
		warn_of_wait(l, &sender, &day);
		warn_of_days(l, &sender, &day, quiet_days);
	}
}
