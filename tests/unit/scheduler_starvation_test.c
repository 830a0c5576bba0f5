/*
 * scheduler_starvation_test.c - how long anyone can be kept waiting (docs/arbiter.md, section 5).
 *
 *	scheduler_starvation_test [CASES [FIRST_SEED]]
 *
 * Crowds of requests under random rules, nearly none of which expires.  Nobody
 * waits beyond the bound; and one that is higher than all others is granted at
 * the very instant at which it would have been granted alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "scheduler_world.h"

enum { CROWD = 60 };

struct one {
	Nurture__V1__Request request;
	char id[ID_BYTES];
	int64_t at_ms, over_ms; /* asked; granted or ended */
	bool elsewhere;
};

static unsigned cases = 250;
static uint64_t first_seed = 1;
static struct zones *zones;
static struct world world;
static struct driver driver;
static struct one crowd[CROWD];
static double tightest;
static unsigned waited;

static void make_one(struct one *one, unsigned number, int64_t at_ms)
{
	Nurture__V1__Request *r = &one->request;

	*one = (struct one){.at_ms = at_ms, .over_ms = NEVER_MS, .elsewhere = chance(&world, 5)};
	nurture__v1__request__init(r);
	snprintf(one->id, sizeof(one->id), "r%03u", (number * 37 + 11) % 1000);
	r->id = one->id;
	r->programme = (char *)world_programmes[roll(&world, 2)];
	r->message_class = (char *)world_classes[roll(&world, CLASS_COUNT)];
	r->channel = chance(&world, 90) ? "email" : chance(&world, 50) ? "external" : "task";
	r->category = (char *)world_categories[roll(&world, 3)];
	r->priority = (int32_t)roll(&world, 3) * 10;
	r->value_e4 = roll(&world, 2);
	r->due_ms = at_ms + (chance(&world, 50) ? (int64_t)roll(&world, 60) * GRID_MS : 0);
	r->expires_ms =
	    r->due_ms + (chance(&world, 90) ? 400 * DAY_MS : (1 + roll(&world, 200)) * GRID_MS);
	r->exempt = chance(&world, 5);
}

static void make_crowd(uint64_t seed)
{
	int64_t at_ms = WORLD_BEGIN_MS;

	world.random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	make_policy(&world, zones);
	world.policy.holdout_permille = 0;
	world.policy.ceiling.limit = 3;
	for (unsigned i = 0; i < CROWD; i++) {
		at_ms += chance(&world, 60) ? 0 : (int64_t)roll(&world, 20) * GRID_MS;
		make_one(&crowd[i], i, at_ms);
	}
}

static void greet(void)
{
	static Nurture__V1__ConsentState yes = NURTURE__V1__CONSENT_STATE__INIT;
	static Nurture__V1__ConsentState *consent[] = {&yes};
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;

	yes.message_class = "all";
	yes.given = true;
	contact.email = "x@y.example";
	contact.consent = consent;
	contact.n_consent = 1;
	assert_int_equal(driver_contact(&driver, WORLD_BEGIN_MS, &contact), 0);
}

static void say(struct one *one)
{
	Nurture__V1__SentElsewhere sent = NURTURE__V1__SENT_ELSEWHERE__INIT;

	sent.id = one->id;
	sent.message_class = one->request.message_class;
	assert_int_equal(one->elsewhere ? driver_elsewhere(&driver, one->at_ms, &sent)
					: driver_request(&driver, one->at_ms, &one->request),
			 0);
}

/* When each was over; everybody but `only` is left out when that is not NULL. */
static void play(struct one *only)
{
	driver_restart(&driver);
	greet();
	for (unsigned i = 0; i < CROWD; i++)
		if (!only || only == &crowd[i])
			say(&crowd[i]);
	driver_run(&driver, NEVER_MS - 1);
	for (size_t i = 0; i < driver.output_count; i++) {
		const struct output *output = &driver.outputs[i];
		const char *id = output->dispatch  ? output->dispatch->dispatch->request->id
				 : output->outcome ? output->outcome->request
						   : "";

		for (unsigned j = 0; j < CROWD; j++)
			if (strcmp(crowd[j].id, id) == 0 &&
			    !(output->outcome && !strcmp(output->outcome->status, "deferred")))
				crowd[j].over_ms = output->at_ms;
	}
}

static unsigned class_index(const struct one *one)
{
	unsigned i = 0;

	while (strcmp(world_classes[i], one->request.message_class) != 0)
		i++;
	return i;
}

static bool binds(const struct cap *cap, const struct one *one)
{
	unsigned channel = one->request.channel[0] == 't' ? CHANNEL_TASK : CHANNEL_EMAIL;

	return (cap->classes >> class_index(one) & 1) && (cap->channels >> channel & 1) &&
	       (!cap->programme[0] || !strcmp(cap->programme, one->request.programme)) &&
	       (!cap->category[0] || !strcmp(cap->category, one->request.category));
}

/* 2G + Q */
static int64_t stretch_ms(const struct one *one)
{
	const struct policy *p = &world.policy;
	int64_t longest_ms = 0;
	int quiet_min = (p->quiet_hours.to_min - p->quiet_hours.from_min + 1440) % 1440;

	if (one->request.channel[0] != 't')
		longest_ms = p->ceiling.window_ms;
	for (unsigned i = 0; i < p->cap_count && !one->request.exempt; i++)
		if (binds(&p->caps[i], one) && p->caps[i].window_ms > longest_ms)
			longest_ms = p->caps[i].window_ms;
	if (p->quiet_hours.off || !p->classes[class_index(one)].quiet_hours)
		quiet_min = 0;
	return 2 * longest_ms + quiet_min * MINUTE_MS;
}

static bool is_lower(const struct one *a, const struct one *b)
{
	if (a->request.priority != b->request.priority)
		return a->request.priority < b->request.priority;
	return a->request.value_e4 < b->request.value_e4;
}

static bool counts_for(const struct one *other, const struct one *one, int64_t from_ms)
{
	if (other == one || other->at_ms > one->over_ms ||
	    (!other->elsewhere && other->over_ms < from_ms))
		return false;
	return other->elsewhere || other->request.exempt || other->request.channel[1] == 'x' ||
	       !is_lower(other, one);
}

static void check_bound(const struct one *one, uint64_t seed)
{
	int64_t from_ms = one->request.due_ms > one->at_ms ? one->request.due_ms : one->at_ms;
	int64_t wait_ms = one->over_ms - from_ms, bound_ms;
	unsigned k = 0;

	if (one->elsewhere || one->request.channel[1] == 'x')
		return;
	if (one->over_ms == NEVER_MS)
		fail_msg("seed %llu: %s is never over", (unsigned long long)seed, one->id);
	for (unsigned i = 0; i < CROWD; i++)
		k += counts_for(&crowd[i], one, from_ms);
	bound_ms = (int64_t)(k + 1) * stretch_ms(one);
	if (wait_ms > bound_ms)
		fail_msg("seed %llu: %s waited %g h, the bound is %g h (%u others)",
			 (unsigned long long)seed, one->id, (double)wait_ms / HOUR_MS,
			 (double)bound_ms / HOUR_MS, k);
	waited += wait_ms > 0;
	if (bound_ms > 0 && (double)wait_ms / (double)bound_ms > tightest)
		tightest = (double)wait_ms / (double)bound_ms;
}

static void nobody_waits_beyond_the_bound(void **state)
{
	(void)state;
	for (unsigned i = 0; i < cases; i++) {
		make_crowd(first_seed + i);
		play(NULL);
		for (unsigned j = 0; j < CROWD; j++)
			check_bound(&crowd[j], first_seed + i);
	}
	print_message("%u crowds of %d: %u waited, the longest %.0f %% of its bound\n", cases,
		      CROWD, waited, 100 * tightest);
	assert_true(cases < 250 || (waited > 10 * cases && tightest > 0.25));
}

/* It comes first, so whatever is granted while it waits has been weighed against it. */
static void the_highest_is_never_made_to_wait(void **state)
{
	unsigned later = 0;

	(void)state;
	for (unsigned i = 0; i < cases; i++) {
		struct one *highest = &crowd[0];
		int64_t over_ms;

		make_crowd(first_seed + i);
		for (unsigned j = 0; j < CROWD; j++) {
			crowd[j].request.exempt = false;
			crowd[j].elsewhere = false;
		}
		highest->request.channel = "email";
		highest->request.priority = 90;
		highest->request.due_ms += 100 * GRID_MS;
		highest->request.expires_ms += 100 * GRID_MS;
		play(highest);
		over_ms = highest->over_ms;
		play(NULL);
		if (highest->over_ms != over_ms)
			fail_msg("seed %llu: %g h later in the crowd",
				 (unsigned long long)(first_seed + i),
				 (double)(highest->over_ms - over_ms) / HOUR_MS);
		later += over_ms > highest->request.due_ms;
	}
	assert_true(cases < 250 || later > cases / 10);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nobody_waits_beyond_the_bound),
	    cmocka_unit_test(the_highest_is_never_made_to_wait),
	};
	int r;

	if (argc > 1)
		cases = (unsigned)strtoul(argv[1], NULL, 10);
	if (argc > 2)
		first_seed = strtoull(argv[2], NULL, 10);
	zones = fixture_zones();
	driver_open(&driver, &world.policy);
	r = cmocka_run_group_tests(tests, NULL, NULL);
	driver_close(&driver);
	zones_free(zones);
	return r;
}
