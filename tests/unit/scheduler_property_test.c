/*
 * scheduler_property_test.c - thousands of random policies and histories, each
 * checked against brute force.
 *
 *	scheduler_property_test [CASES [FIRST_SEED]]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "scheduler_oracle.h"

static unsigned cases = 20000;
static uint64_t first_seed = 1;
static struct zones *zones;
static struct driver one, other;
static struct world world;
static struct books books;
static struct { unsigned grants, deferred, ahead, displaced, repeats, quiet; } seen;

#define WRONG(...)                                                                                 \
	do {                                                                                       \
		if (!books.why[0])                                                                 \
			snprintf(books.why, sizeof(books.why), __VA_ARGS__);                       \
	} while (0)

static struct asked *find_asked(const char *id)
{
	for (unsigned i = 0; i < EVENTS_MAX; i++)
		if (books.asked[i].request && !strcmp(books.asked[i].request->id, id))
			return &books.asked[i];
	return NULL;
}

static void check_grant(struct asked *a, int64_t now_ms)
{
	struct entry e = entry_of(a->request, now_ms, (unsigned)(a - books.asked));
	const char *id = a->request->id, *end = ending(&books, a, now_ms);

	if (end)
		WRONG("%s was granted, but must end: %s", id, end);
	if (now_ms < due_of(&books, a))
		WRONG("%s was granted before it was due", id);
	if (is_held_up(&books, a))
		WRONG("%s was granted with an open case", id);
	if (!caps_have_room(&books, &e, now_ms))
		WRONG("%s was granted over a cap", id);
	if (night_left_ms(&books, &e, now_ms))
		WRONG("%s was granted at night", id);
	for (unsigned i = 0; i < EVENTS_MAX && !a->request->exempt; i++) {
		struct asked *higher = &books.asked[i];
		struct entry its = {.at_ms = 0};
		int64_t at_ms;

		if (higher->fate != WAITING || higher->request->priority <= a->request->priority)
			continue;
		at_ms = need_ms(&books, higher, now_ms);
		its = entry_of(higher->request, 0, 0);
		/* One that is free now waits for a still higher one itself. */
		if (at_ms == NEVER_MS || first_ms(&books, &its, now_ms) <= now_ms)
			continue;
		if (puts_off(&books, e, now_ms, higher, at_ms))
			WRONG("%s took the allowance of %s", id, higher->request->id);
	}
	books.entries[books.count++] = e;
	a->fate = GRANTED;
	a->granted_ms = now_ms;
	a->terminals++;
	seen.grants++;
}

static void check_look_ahead(const struct asked *a, int64_t now_ms, const Nurture__V1__Reason *why)
{
	struct entry e = entry_of(a->request, now_ms, 0), its;
	struct asked *higher = find_asked(why->won_by);
	int64_t at_ms, until_ms;

	seen.ahead++;
	if (!higher || higher->fate != WAITING ||
	    higher->request->priority <= a->request->priority) {
		WRONG("%s looks ahead to nobody", a->request->id);
		return;
	}
	if (channel_bit(a->request->channel) == 1 << CHANNEL_EXTERNAL)
		return; /* asked between two decisions */
	at_ms = need_ms(&books, higher, now_ms);
	if (at_ms == NEVER_MS || !puts_off(&books, e, now_ms, higher, at_ms)) {
		WRONG("%s looks ahead to %s, which needs nothing", a->request->id, why->won_by);
		return;
	}
	its = entry_of(higher->request, at_ms, 0);
	books.entries[books.count++] = its;
	until_ms = first_ms(&books, &e, at_ms);
	books.count--;
	if (until_ms != (why->eligible_at_ms ? why->eligible_at_ms : NEVER_MS))
		WRONG("%s looks ahead to another instant", a->request->id);
}

/* One that was put off, or ended for want of room: until when exactly? */
static void check_reason(const struct asked *a, int64_t now_ms, const Nurture__V1__Reason *why)
{
	struct entry e = entry_of(a->request, now_ms, 0);
	int64_t until_ms = why->eligible_at_ms ? why->eligible_at_ms : NEVER_MS;

	if (strcmp(why->rule, "open_case") == 0) {
		if (!is_held_up(&books, a))
			WRONG("%s is held by no case", a->request->id);
		return;
	}
	if (strcmp(why->rule, "look_ahead") == 0) {
		check_look_ahead(a, now_ms, why);
		return;
	}
	seen.quiet += !strcmp(why->rule, "quiet_hours");
	if (first_ms(&books, &e, now_ms) != until_ms)
		WRONG("%s: expected until %lld, found %lld", a->request->id,
		      (long long)first_ms(&books, &e, now_ms), (long long)until_ms);
	if (until_ms <= now_ms)
		WRONG("%s was free", a->request->id);
	if (why->won_by[0] && strcmp(why->rule, "quiet_hours") == 0)
		WRONG("%s: nobody wins against the night", a->request->id);
}

static void check_outcome(const Nurture__V1__Outcome *outcome, int64_t now_ms)
{
	struct asked *a = find_asked(outcome->request);
	const char *end;

	if (!a || a->fate != WAITING) {
		WRONG("%s: %s, but it is not waiting", outcome->request, outcome->status);
		return;
	}
	end = ending(&books, a, now_ms);
	if (strcmp(outcome->status, "deferred") == 0) {
		if (end)
			WRONG("%s was deferred, but must end: %s", outcome->request, end);
		check_reason(a, now_ms, outcome->reason);
		a->last_eligible_ms = outcome->reason->eligible_at_ms;
		seen.deferred++;
		return;
	}
	if (strcmp(outcome->status, "task_created") == 0 || !strcmp(outcome->status, "permitted")) {
		check_grant(a, now_ms);
		return;
	}
	if (strcmp(outcome->status, "displaced") == 0 && now_ms < a->request->expires_ms) {
		check_reason(a, now_ms, outcome->reason);
		seen.displaced++;
		if (outcome->reason->eligible_at_ms &&
		    outcome->reason->eligible_at_ms < a->request->expires_ms)
			WRONG("%s was displaced too early", outcome->request);
	} else if (strcmp(outcome->status, "refused") == 0) {
		if (outcome->reason->window_s || !strcmp(outcome->reason->rule, "quiet_hours"))
			check_reason(a, now_ms, outcome->reason);
	} else if (strcmp(outcome->status, "cancelled") != 0 &&
		   !(end && (!strcmp(end, outcome->status) || !strcmp(end, "expired")))) {
		/* The night may outlast it. */
		if (!outcome->reason || strcmp(outcome->reason->rule, "quiet_hours") != 0)
			WRONG("%s: %s, expected %s", outcome->request, outcome->status,
			      end ? end : "something else");
	}
	a->fate = ENDED;
	a->terminals++;
}

static void check_outputs(struct driver *d, size_t from)
{
	for (; from < d->output_count; from++) {
		const struct output *o = &d->outputs[from];

		if (o->outcome)
			check_outcome(o->outcome, o->at_ms);
		else if (o->dispatch &&
			 o->dispatch->body_case == NURTURE__V1__DISPATCH_RECORD__BODY_DISPATCH)
			check_grant(find_asked(o->dispatch->dispatch->request->id), o->at_ms);
	}
}

static void put(struct driver *d, struct event *e)
{
	Nurture__V1__Cancel cancel = NURTURE__V1__CANCEL__INIT;
	Nurture__V1__Release release = NURTURE__V1__RELEASE__INIT;
	struct event *meant = e;
	int r = 0;

	switch (e->kind) {
	case REQUEST:
		r = driver_request(d, e->at_ms, &e->request);
		break;
	case REPEAT:
		for (unsigned i = 0; i < EVENTS_MAX; i++)
			if (world.events[i].kind == REQUEST && !strcmp(world.events[i].id, e->id))
				meant = &world.events[i];
		r = meant == e ? 0 : driver_request(d, e->at_ms, &meant->request);
		break;
	case CONTACT:
		r = driver_contact(d, e->at_ms, &e->contact);
		break;
	case CANCEL:
		cancel.request = e->id;
		r = driver_cancel(d, e->at_ms, &cancel);
		break;
	case ELSEWHERE:
		r = driver_elsewhere(d, e->at_ms, &e->elsewhere);
		break;
	case RELEASE:
		release.request = e->id;
		r = driver_release(d, e->at_ms, &release);
		break;
	}
	if (r < 0)
		WRONG("%.200s", d->err.text);
}

/* The oracle hears of the record when the arbiter does: its timers have fired, it has not. */
static void note(const struct event *e)
{
	if (e->kind == REQUEST)
		books.asked[e->number] = (struct asked){.fate = WAITING, .request = &e->request,
							.message_class = class_of(e->request.message_class)};
	if (e->kind == CONTACT)
		books.contact = &e->contact;
	if (e->kind == ELSEWHERE)
		books.entries[books.count++] =
			(struct entry){e->elsewhere.time_ms, class_of(e->elsewhere.message_class),
				       1 << CHANNEL_EXTERNAL, "", "", false, false, EVENTS_MAX};
	if (e->kind == RELEASE)
		for (unsigned i = 0; i < books.count; i++)
			if (books.entries[i].number == e->number &&
			    books.entries[i].channel == 1 << CHANNEL_EXTERNAL)
				books.entries[i].gone = true;
}

/* A repeat right behind it, or of something that is long over. */
static void check_repeat(struct driver *d, struct event *e)
{
	size_t told = d->output_count;

	if (e->kind == CANCEL || (e->kind == REPEAT && !find_asked(e->id)))
		return;
	put(d, e);
	seen.repeats++;
	if (d->changed || d->output_count != told)
		WRONG("a repeat of %s (kind %d) changed something", e->id, (int)e->kind);
}

static void play_checked(struct driver *d)
{
	static const Nurture__V1__Contact nobody = NURTURE__V1__CONTACT__INIT;
	size_t told = 0;

	driver_restart(d);
	memset(&books, 0, sizeof(books));
	books.world = &world;
	books.contact = &nobody;
	for (unsigned i = 0; i < world.event_count && !books.why[0]; i++) {
		struct event *e = &world.events[i];

		driver_run(d, e->at_ms - 1);
		check_outputs(d, told);
		told = d->output_count;
		note(e);
		if (e->kind != REPEAT)
			put(d, e);
		check_outputs(d, told);
		told = d->output_count;
		if (e->kind == REPEAT || (i + first_seed) % 3 == 0)
			check_repeat(d, e);
	}
	driver_run(d, NEVER_MS - 1);
	check_outputs(d, told);
	for (unsigned i = 0; i < EVENTS_MAX; i++)
		if (books.asked[i].request && books.asked[i].terminals != 1)
			WRONG("%s has %u terminal outcomes", books.asked[i].request->id,
			      books.asked[i].terminals);
}

static bool may_swap(const struct event *a, const struct event *b)
{
	return a->at_ms == b->at_ms && a->kind == REQUEST && b->kind == REQUEST &&
	       a->request.channel[1] != 'x' && b->request.channel[1] != 'x';
}

static void play_permuted(struct driver *d)
{
	unsigned order[EVENTS_MAX];

	driver_restart(d);
	for (unsigned i = 0; i < world.event_count; i++)
		order[i] = i;
	for (unsigned k = 0; k < 4 * world.event_count; k++) {
		unsigned i = roll(&world, world.event_count - 1), kept = order[i];

		if (!may_swap(&world.events[order[i]], &world.events[order[i + 1]]))
			continue;
		order[i] = order[i + 1];
		order[i + 1] = kept;
	}
	for (unsigned i = 0; i < world.event_count; i++)
		put(d, &world.events[order[i]]);
	driver_run(d, NEVER_MS - 1);
}

static void check_same(const struct driver *a, const struct driver *b)
{
	if (a->output_count != b->output_count)
		WRONG("another order of arrival: %zu outputs and %zu", a->output_count,
		      b->output_count);
	for (size_t i = 0; i < a->output_count && !books.why[0]; i++)
		if (a->outputs[i].at_ms != b->outputs[i].at_ms ||
		    !slice_equal(a->outputs[i].bytes, b->outputs[i].bytes))
			WRONG("another order of arrival: output %zu differs", i);
}

static void random_histories(void **state)
{
	(void)state;
	driver_open(&one, &world.policy);
	driver_open(&other, &world.policy);
	for (unsigned i = 0; i < cases; i++) {
		make_world(&world, first_seed + i, zones);
		play_checked(&one);
		if (!books.why[0]) {
			play_permuted(&other);
			check_same(&one, &other);
		}
		if (books.why[0])
			fail_msg("seed %llu: %s", (unsigned long long)(first_seed + i), books.why);
	}
	driver_close(&one);
	driver_close(&other);
	print_message("%u cases: %u grants, %u deferrals (%u by night), %u looked ahead, "
		      "%u displaced, %u repeats\n", cases, seen.grants, seen.deferred, seen.quiet,
		      seen.ahead, seen.displaced, seen.repeats);
	assert_true(cases < 1000 || (seen.grants > cases && seen.deferred > cases / 2 &&
				     seen.ahead > cases / 50 && seen.displaced > cases / 50));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(random_histories)};
	int r;

	if (argc > 1)
		cases = (unsigned)strtoul(argv[1], NULL, 10);
	if (argc > 2)
		first_seed = strtoull(argv[2], NULL, 10);
	zones = fixture_zones();
	r = cmocka_run_group_tests(tests, NULL, NULL);
	zones_free(zones);
	return r;
}
