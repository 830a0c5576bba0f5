/*
 * desk_property_test.c - random histories of tasks, against a slow reference.
 *
 * The reference knows no working_add(): it goes from minute to minute, counts those in which people
 * work, and says what is told in each.  Both must tell the same lines.  Of these lines is checked
 * besides, without the reference: each task has one end, nothing but an end is told out of hours,
 * and escalations come in their order.
 *
 * usage: desk_property_test [HISTORIES [SEED]]
 */
#include "desk_world.h"

#include <stdlib.h>

#include "common/policy/desk.h"
#include "services/desk/book.h"

enum { TASKS = 4, MINUTES = 21 * DAY_MIN };

/* A minute's choice of the history: nothing mostly. */
enum act { ACT_NOTHING, ACT_OPEN, ACT_CLAIM, ACT_SNOOZE, ACT_FAIL, ACT_DONE, ACT_CANCEL };

struct model {
	bool open, ended, taken, asleep;
	int64_t from_min, expires_min, wake_min;
	int64_t worked; /* minutes of work since from_min */
	unsigned told_reminders, told_escalations, failures;
	const struct desk_action *action;
	const char *owner, *name;
	char id[16];
};

struct history {
	uint64_t random;
	struct desk_world world;
	struct model tasks[TASKS];
	struct model *opened[TASKS]; /* in the order in which they were */
	unsigned opened_count;
	struct buf expected;
	unsigned events;
};

static unsigned draw(struct history *h, unsigned below)
{
	h->random = h->random * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (unsigned)(h->random >> 33) % below;
}

static int64_t begin_ms(void)
{
	return desk_time("2026-03-16T00:00:00Z"); /* the clock changes within the second week */
}

static void expect(struct history *h, int64_t minute, const char *text)
{
	char at[RFC3339_BYTES];

	buf_printf(&h->expected, "%.16s %s\n", rfc3339_text(begin_ms() + minute * MINUTE_MS, at),
		   text);
}

static bool is_work(const struct history *h, int64_t minute)
{
	const struct zone *zone = h->world.policy->shop_zone;
	int64_t ms_of_day;
	struct civil_date date = zone_date(zone, begin_ms() + minute * MINUTE_MS, &ms_of_day);
	int64_t weekday = (civil_days(date) + 3) % WEEK_DAYS; /* 0: Monday */

	return weekday < 5 && ms_of_day >= 9 * HOUR_MS && ms_of_day < 17 * HOUR_MS;
}

static void finish(struct history *h, struct model *m, int64_t minute, const char *how)
{
	char text[100];

	snprintf(text, sizeof(text), "%s %s", m->id, how);
	expect(h, minute, text);
	m->open = false;
	m->ended = true;
}

static void begin_again(struct model *m, int64_t from_min)
{
	m->from_min = m->wake_min = from_min;
	m->asleep = true;
	m->worked = 0;
	m->told_reminders = 0;
}

/* The minute after so much work; what the reference knows of working_add(). */
static int64_t later(const struct history *h, int64_t minute, int64_t work_ms)
{
	for (int64_t left = work_ms / MINUTE_MS; left; minute++)
		left -= is_work(h, minute);
	return minute;
}

static void act_open(struct history *h, struct model *m, int64_t minute)
{
	static const char *const actions[] = {"basket", "phone-call", "flowers"};
	int64_t expires_min = 60 * (1 + draw(h, 12 * 24));

	if (m->open || m->ended)
		return;
	m->name = actions[draw(h, 3)];
	m->action = desk_action(h->world.policy->desk, m->name);
	m->owner = strcmp(m->name, "flowers") == 0 ? "garden" : "house";
	m->open = true;
	h->opened[h->opened_count++] = m;
	m->from_min = minute;
	m->expires_min = minute + expires_min;
	desk_world_open_task(&h->world, m->id, m->name, expires_min * MINUTE_MS);
}

static void say(struct history *h, const struct model *m, const char *type, const char *more)
{
	char event[16];

	snprintf(event, sizeof(event), "e%u", h->events++);
	desk_world_say(&h->world, event, type, m->id, more);
	if (draw(h, 4) == 0) /* and once more */
		desk_world_say(&h->world, event, type, m->id, more);
}

static void act_fail(struct history *h, struct model *m, int64_t minute)
{
	bool last = ++m->failures >= m->action->attempts, wrong = draw(h, 8) == 0;

	say(h, m, "task.failed",
	    wrong ? ",\"result\":\"wrong number\"" : ",\"result\":\"no_answer\"");
	if (!last && !(wrong && m->action->again_count)) {
		m->taken = false;
		begin_again(m, later(h, minute, m->action->again_ms));
		return;
	}
	finish(h, m, minute, wrong ? "failed result=wrong number" : "failed result=no_answer");
	if (*m->action->otherwise) {
		char text[100];

		snprintf(text, sizeof(text), "event %s of %s", m->action->otherwise, m->id);
		expect(h, minute, text);
	}
}

static void act_snooze(struct history *h, struct model *m, int64_t minute)
{
	int64_t until_min = minute + 1 + draw(h, 3 * DAY_MIN);
	char at[RFC3339_BYTES], more[100];

	snprintf(more, sizeof(more), ",\"until\":\"%s\"",
		 rfc3339_text(begin_ms() + until_min * MINUTE_MS, at));
	say(h, m, "task.snoozed", more);
	m->taken = true;
	begin_again(m, until_min);
}

static void act(struct history *h, struct model *m, enum act act, int64_t minute)
{
	if (act == ACT_OPEN)
		act_open(h, m, minute);
	if (!m->open)
		return;
	if (act == ACT_CLAIM) {
		say(h, m, "task.claimed", ",\"by\":\"eve\"");
		m->taken = true;
	} else if (act == ACT_SNOOZE) {
		act_snooze(h, m, minute);
	} else if (act == ACT_FAIL) {
		act_fail(h, m, minute);
	} else if (act == ACT_DONE) {
		say(h, m, "task.done", "");
		finish(h, m, minute, "done");
	} else if (act == ACT_CANCEL) {
		desk_world_cancel_task(&h->world, m->id);
		finish(h, m, minute, "cancelled reason=order.cancelled");
	}
}

static void expect_escalations(struct history *h, struct model *m, int64_t minute)
{
	const struct desk_action *action = m->action;
	int64_t missed_ms = !m->taken && action->answer_ms ? action->answer_ms : action->within_ms;

	while (m->told_escalations < action->escalate_count && missed_ms &&
	       m->worked * MINUTE_MS >=
		   missed_ms + action->escalate[m->told_escalations].after_ms) {
		const char *to = action->escalate[m->told_escalations++].to;
		char text[100];

		snprintf(text, sizeof(text), "%s escalation to=%s step=%u", m->id,
			 strcmp(to, "lead") == 0 ? "boss" : to, m->told_escalations);
		expect(h, minute, text);
	}
}

static void expect_reminder(struct history *h, struct model *m, int64_t minute)
{
	unsigned had_time = m->told_reminders;
	char text[100];

	while (had_time < m->action->remind_count &&
	       m->worked * MINUTE_MS >= m->action->within_ms - m->action->remind_ms[had_time])
		had_time++;
	if (had_time == m->told_reminders)
		return;
	m->told_reminders = had_time;
	snprintf(text, sizeof(text), "%s reminder to=%s", m->id, m->owner);
	expect(h, minute, text);
}

/* What time alone brings in this minute, which nobody has spoken in. */
static void pass(struct history *h, struct model *m, int64_t minute)
{
	char text[100];

	if (!m->open)
		return;
	if (minute >= m->expires_min) {
		finish(h, m, minute, "expired");
		snprintf(text, sizeof(text), "%s expired to=%s", m->id, m->owner);
		expect(h, minute, text);
		return;
	}
	if (is_work(h, minute) && m->asleep && minute >= m->wake_min) {
		m->asleep = false;
		snprintf(text, sizeof(text), "%s reminder to=%s", m->id, m->owner);
		expect(h, minute, text);
	}
	if (is_work(h, minute) && !m->asleep) {
		expect_reminder(h, m, minute);
		expect_escalations(h, m, minute);
	}
	if (minute >= m->from_min && is_work(h, minute))
		m->worked++;
}

/* From nine to five in London, where it is summer from 29 March on. */
static bool told_in_hours(const char *line)
{
	bool summer = strncmp(line, "2026-03-29", 10) >= 0;

	return strncmp(line + 11, summer ? "08:00" : "09:00", 5) >= 0 &&
	       strncmp(line + 11, summer ? "16:00" : "17:00", 5) < 0;
}

/* What must be true of the lines whatever the reference thinks. */
static void check_lines(const struct history *h, const char *told)
{
	unsigned ends[TASKS] = {0}, steps[TASKS] = {0};
	char line[300];

	for (const char *at = told; *at; at += strcspn(at, "\n") + 1) {
		unsigned task = 0, step = 0;
		char *word;

		snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\n"), at);
		if (strstr(line, " event "))
			continue;
		assert_int_equal(sscanf(line + 17, "t%u", &task), 1);
		word = strchr(line + 17, ' ');
		if (strstr(word, "to=") && !strstr(word, "expired"))
			assert_true(told_in_hours(line));
		if (strstr(word, "step=")) {
			assert_int_equal(sscanf(strstr(word, "step="), "step=%u", &step), 1);
			assert_int_equal(step, ++steps[task]);
		}
		ends[task] += !strstr(word, "to=");
		if (!strstr(word, "expired to="))
			assert_true(ends[task] == 0 || !strstr(word, "to="));
	}
	for (unsigned i = 0; i < TASKS; i++)
		assert_int_equal(ends[i], h->tasks[i].ended);
}

static void run_history(uint64_t seed)
{
	struct history h = {.random = seed * 2 + 1, .expected = BUF_MAX(1024 * 1024)};

	desk_world_open(&h.world);
	for (unsigned i = 0; i < TASKS; i++)
		snprintf(h.tasks[i].id, sizeof(h.tasks[i].id), "t%u", i);
	for (int64_t minute = 0; minute < MINUTES; minute++) {
		unsigned task = draw(&h, TASKS), which = draw(&h, 700);

		desk_world_run(&h.world, begin_ms() + minute * MINUTE_MS - 1);
		h.world.now_ms = begin_ms() + minute * MINUTE_MS;
		/* Of what comes in one minute the words are heard first, then the time. */
		act(&h, &h.tasks[task], which <= ACT_CANCEL ? (enum act)which : ACT_NOTHING,
		    minute);
		desk_world_run(&h.world, begin_ms() + minute * MINUTE_MS);
		for (unsigned i = 0; i < h.opened_count; i++)
			pass(&h, h.opened[i], minute);
	}
	buf_add(&h.world.told, "", 1);
	buf_add(&h.expected, "", 1);
	if (strcmp(h.world.told.bytes, h.expected.bytes) != 0)
		fail_msg("seed %llu:\n%s\nthe reference:\n%s", (unsigned long long)seed,
			 h.world.told.bytes, h.expected.bytes);
	check_lines(&h, h.world.told.bytes);
	buf_free(&h.expected);
	desk_world_close(&h.world);
}

static unsigned histories = 40;
static uint64_t first_seed = 1;

static void all_histories_are_told_as_the_reference_tells_them(void **state)
{
	(void)state;
	for (uint64_t seed = first_seed; seed < first_seed + histories; seed++)
		run_history(seed);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_histories_are_told_as_the_reference_tells_them),
	};

	if (argc > 1)
		histories = (unsigned)strtoul(argv[1], NULL, 10);
	if (argc > 2)
		first_seed = strtoull(argv[2], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
