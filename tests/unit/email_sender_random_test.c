/*
 * Random lives of one customer's mails: dispatches and repeats, alone and with
 * parts, every kind of result, late and wrong results, contact changes, crashes, time.  Whatever
 * happens, every request ends with exactly one terminal outcome, no window of
 * the cap is exceeded by what may have been delivered, and no intent is
 * forgotten.
 */
#include "email_sender_world.h"

enum { SENDS_MAX = 12, HISTORIES = 4000 };

struct send_seen {
	char id[16];
	bool is_open, is_ended, is_marketing, is_used;
	bool is_merged;   /* used in another one's mail: counted once */
	bool has_parts;   /* one of them may lead its mail in the end */
	unsigned attempt; /* newest effect */
	int64_t at_ms;
};

static struct world w;
static struct send_seen seen[SENDS_MAX];
static unsigned seed;

static unsigned pick(unsigned count)
{
	return (unsigned)rand_r(&seed) % count;
}

static struct send_seen *find(const char *id)
{
	for (int i = 0; i < SENDS_MAX; i++)
		if (strcmp(seen[i].id, id) == 0)
			return &seen[i];
	fail_msg("an unknown send: %s", id);
	return NULL;
}

static void note_outcome(const struct step_output *output)
{
	Nurture__V1__Outcome *outcome;
	struct send_seen *send;
	struct err err;

	assert_int_equal(outcome_decode(output->value, &w.arena, &outcome, &err), 0);
	send = find(outcome->request + strlen("request-"));
	assert_false(send->is_ended);
	if (strcmp(outcome->status, "deferred") == 0) {
		assert_true(outcome->reason->eligible_at_ms > w.now_ms);
		return;
	}
	send->is_ended = true;
	send->is_used =
	    strcmp(outcome->status, "sent") == 0 || strcmp(outcome->status, "in_doubt") == 0;
	send->is_merged = outcome->merged_into[0] != '\0';
	send->at_ms = (int64_t)outcome->at_ms;
}

static void note_outputs(void)
{
	for (const struct step_output *o = w.step.outputs; o; o = o->next) {
		Nurture__V1__DeliveryEffect *effect;
		struct err err;

		if (o->topic == SEND_OUTCOMES)
			note_outcome(o);
		if (o->topic != STEP_EFFECT)
			continue;
		assert_int_equal(send_effect_decode(o->value, &w.arena, &effect, &err), 0);
		if (effect->recall)
			continue;
		assert_true(find(effect->id)->has_parts || !find(effect->id)->is_ended);
		assert_true(effect->attempt == find(effect->id)->attempt + 1);
		find(effect->id)->attempt = effect->attempt;
	}
	if (w.state_len > sizeof(w.state) / 2)
		fail_msg("the state grows: %zu bytes", w.state_len);
	arena_reset(&w.arena);
}

/* Sends that were not heard of are its parts. */
static size_t find_parts(struct ask *parts, const char *class_name, bool is_marketing)
{
	size_t count = 0;

	for (int i = 4; i < SENDS_MAX && count < 3; i++) {
		if (seen[i].is_open || pick(3))
			continue;
		seen[i].is_open = true;
		seen[i].is_marketing = is_marketing;
		snprintf(seen[i].id, sizeof(seen[i].id), "s%d", i);
		parts[count++] =
		    (struct ask){.id = seen[i].id,
				 .class_name = class_name,
				 .programme = "tips",
				 .expires_ms = w.now_ms - T0 + (int64_t)pick(12) * DAY_MS};
	}
	return count;
}

static void dispatch(int i)
{
	static const char *const classes[] = {"promotion", "care", "transactional", "unheard-of"};
	unsigned class = i == 3 ? 3 : pick(3);
	struct ask parts[3];
	size_t part_count = 0;

	if (!seen[i].is_open) {
		seen[i].is_open = true;
		seen[i].is_marketing = class < 2;
		snprintf(seen[i].id, sizeof(seen[i].id), "s%d", i);
		if (pick(2))
			part_count = find_parts(parts, classes[class], class < 2);
		seen[i].has_parts = part_count > 0;
	} else if (seen[i].attempt == 0 && !seen[i].has_parts) {
		return; /* a part's id is no send's */
	} else {
		class = seen[i].is_marketing ? 0 : 2;
	}
	world_dispatch(&w, (struct ask){.id = seen[i].id,
					.class_name = classes[class],
					.parts = parts,
					.part_count = part_count,
					.expires_ms = w.now_ms - T0 + (int64_t)pick(12) * DAY_MS});
	note_outputs();
}

static void result(enum send_verdict verdict)
{
	struct send_seen *send = &seen[pick(SENDS_MAX)];

	if (!send->is_open)
		return;
	world_result(&w, send->id, send->attempt - (pick(10) == 0), verdict,
		     verdict == SEND_REFUSED ? 550 : 0, "text");
	note_outputs();
}

static void contact(void)
{
	static const char *const consents[] = {NULL, "promotion", "-promotion", "all"};

	world_contact(&w, pick(5) ? "ann@customers.example" : "", consents[pick(4)], pick(10) == 0,
		      pick(10) ? "" : "bounced");
	note_outputs();
}

static void timer(void)
{
	if (w.due_ms == STEP_DUE_NEW_OWNER || w.due_ms == NEVER_MS || w.due_ms > w.now_ms)
		return;
	world_timer(&w);
	note_outputs();
}

static void crash(void)
{
	w.owner++;
	if (w.due_ms != STEP_DUE_NEW_OWNER)
		return;
	world_timer(&w);
	note_outputs();
}

static void anything(void)
{
	switch (pick(8)) {
	case 0:
	case 1:
		dispatch((int)pick(SENDS_MAX));
		break;
	case 2:
	case 3:
	case 4:
		result((enum send_verdict)pick(5));
		break;
	case 5:
		if (pick(4) == 0)
			contact();
		break;
	case 6:
		if (pick(6) == 0)
			crash();
		break;
	default:
		w.now_ms += (int64_t)pick(40) * HOUR_MS / (1 + pick(40));
		break;
	}
	timer();
}

/* Lets everything come to its end: results for what is in flight, time for what waits. */
static void finish(void)
{
	for (int round = 0; round < 1000 && w.state_len; round++) {
		for (int i = 0; i < SENDS_MAX; i++) {
			if (!seen[i].is_open || (seen[i].is_ended && !seen[i].has_parts))
				continue;
			world_result(&w, seen[i].id, seen[i].attempt, SEND_SENT, 250, "");
			note_outputs();
		}
		assert_true(w.due_ms != STEP_DUE_NEW_OWNER);
		if (w.due_ms > w.now_ms)
			w.now_ms = w.due_ms;
		world_timer(&w);
		note_outputs();
	}
	assert_int_equal(w.state_len, 0);
}

static void check_caps(void)
{
	for (int i = 0; i < SENDS_MAX; i++) {
		int count = 0;

		if (!seen[i].is_marketing || !seen[i].is_used || seen[i].is_merged)
			continue;
		for (int k = 0; k < SENDS_MAX; k++)
			count += seen[k].is_marketing && seen[k].is_used && !seen[k].is_merged &&
				 seen[k].at_ms > seen[i].at_ms - w.caps[0].window_ms &&
				 seen[k].at_ms <= seen[i].at_ms;
		assert_in_range(count, 1, w.caps[0].limit);
	}
}

static void one_life(unsigned number)
{
	seed = number;
	memset(seen, 0, sizeof(seen));
	world_open(&w);
	w.due_ms = NEVER_MS;
	w.policy.retry.attempts = 1 + pick(4);
	w.caps[0].limit = 1 + pick(3);
	if (pick(2))
		w.policy.quiet_hours = (struct quiet_hours){.from_min = 21 * 60, .to_min = 8 * 60};
	for (int i = 0; i < 120; i++)
		anything();
	finish();
	for (int i = 0; i < SENDS_MAX; i++)
		assert_int_equal(seen[i].is_open, seen[i].is_ended);
	check_caps();
	world_close(&w);
}

static void random_lives(void **state)
{
	(void)state;
	for (unsigned i = 1; i <= HISTORIES; i++)
		one_life(i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(random_lives)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
