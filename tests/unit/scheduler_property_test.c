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

#include "scheduler_judge.h"

static unsigned cases = 20000;
static uint64_t first_seed = 1;
static struct zones *zones;
static struct driver one, other;
static struct world world;

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
		for (unsigned i = 0; i < world.event_count; i++)
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
		books.asked[e->number] = (struct asked){
		    .fate = WAITING,
		    .request = &e->request,
		    .message_class = class_of(e->request.message_class),
		};
	if (e->kind == CONTACT) {
		for (unsigned i = 0; i < EVENTS_MAX; i++)
			books.asked[i].is_stale = true;
		if (e->contact.erased && !books.contact->erased)
			books.erased_ms = e->at_ms;
		books.contact = &e->contact;
	}
	for (unsigned i = 0; i < EVENTS_MAX && e->kind == RELEASE; i++)
		books.asked[i].is_stale = true;
	if (e->kind == ELSEWHERE)
		books.entries[books.count++] = (struct entry){e->elsewhere.time_ms,
							      class_of(e->elsewhere.message_class),
							      1 << CHANNEL_EXTERNAL,
							      "",
							      "",
							      false,
							      false,
							      EVENTS_MAX};
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

/* Everything else acts when it arrives, on what is there. */
static bool waits_for_the_timer(const struct event *e)
{
	return e->kind == ELSEWHERE || (e->kind == REQUEST && e->request.channel[1] != 'x');
}

static bool may_swap(const struct event *a, const struct event *b)
{
	return a->at_ms == b->at_ms && waits_for_the_timer(a) && waits_for_the_timer(b);
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
		      "%u displaced, %u repeats\n",
		      cases, seen.grants, seen.deferred, seen.quiet, seen.ahead, seen.displaced,
		      seen.repeats);
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
