/* Many destinations in one pool: who is next, who waits, who is handed back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "services/email-sender/delivery/destinations.h"

#define T0 INT64_C(1000000)
#define WALL_US (INT64_C(1772366400) * 1000000) /* 2026-03-01T12:00:00Z */

static const char *slow_names[] = {"slow.example"};
static struct delivery_rule rules[] = {
    {.name = "slow", .connections = 2, .domains = slow_names, .domain_count = 1},
    {.name = "gmail", .per_minute = 60, .burst = 1},
    {.name = "default"}};
static const struct delivery delivery = {.rules = rules, .rule_count = 3};
static struct send_destinations destinations;

static void put(const char *domain, const char *id)
{
	struct send_job *job = calloc(1, sizeof(*job));

	snprintf(job->id, sizeof(job->id), "%s", id);
	job->domain = domain;
	job->destination = send_destinations_find(&destinations, domain, T0);
	send_destinations_push(&destinations, job);
}

/* The next one's id; "" for none. */
static const char *pick(int64_t at_ms, struct send_job **ret)
{
	static char id[65];
	int64_t until_ms;
	struct send_job *job = send_destinations_pick(&destinations, NULL, at_ms, &until_ms);

	*ret = job;
	snprintf(id, sizeof(id), "%s", job ? job->id : "");
	return id;
}

static void end(struct send_job *job, enum destination_feedback feedback, int64_t at_ms)
{
	bool is_relay;

	send_destinations_end(&destinations, job->destination, feedback, false, at_ms, &is_relay);
	free(job);
}

static void destinations_take_turns(void **state)
{
	static const char *const order[] = {"a1", "b1", "c1", "a2", "b2", "a3", "a4", ""};
	struct send_job *job;

	(void)state;
	put("a.example", "a1");
	put("a.example", "a2");
	put("a.example", "a3");
	put("b.example", "b1");
	put("b.example", "b2");
	put("a.example", "a4");
	put("c.example", "c1");
	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
		assert_string_equal(pick(T0, &job), order[i]);
		if (job)
			end(job, FEEDBACK_OK, T0);
	}
}

static void who_waits_is_in_nobodys_way(void **state)
{
	struct send_job *slow[2], *job;
	int64_t until_ms;

	(void)state;
	for (int i = 0; i < 6; i++)
		put("slow.example", "s");
	put("x.example", "x1");
	put("x.example", "x2");
	assert_string_equal(pick(T0, &slow[0]), "s");
	assert_string_equal(pick(T0, &job), "x1");
	end(job, FEEDBACK_OK, T0);
	assert_string_equal(pick(T0, &slow[1]), "s");
	assert_string_equal(pick(T0, &job), "x2");
	end(job, FEEDBACK_SLOW_DOWN, T0); /* its own matter */
	assert_string_equal(pick(T0, &job), "");
	assert_null(send_destinations_pick(&destinations, NULL, T0, &until_ms));
	assert_true(until_ms == NEVER_MS); /* until one of the two ends */
	put("x.example", "x3");
	assert_null(send_destinations_pick(&destinations, NULL, T0, &until_ms));
	assert_int_equal(until_ms, T0 + DESTINATION_PAUSE_MS);
	end(slow[0], FEEDBACK_OK, T0);
	assert_string_equal(pick(T0, &job), "s");
	end(job, FEEDBACK_OK, T0);
	end(slow[1], FEEDBACK_OK, T0);
}

/* A house shares its limits, another domain has its own. */
static void destinations_of_domains(void **state)
{
	(void)state;
	assert_ptr_equal(send_destinations_find(&destinations, "gmail.com", T0),
			 send_destinations_find(&destinations, "googlemail.com", T0));
	assert_ptr_not_equal(send_destinations_find(&destinations, "a.example", T0),
			     send_destinations_find(&destinations, "b.example", T0));
	assert_string_equal(send_destinations_find(&destinations, "yahoo.co.uk", T0)->name,
			    "yahoo.co.uk");
	assert_ptr_equal(send_destinations_known(&destinations, "gmail.com"),
			 send_destinations_find(&destinations, "gmail.com", T0));
	assert_null(send_destinations_known(&destinations, "nobody.example"));
}

static struct send_deferral defer(const char *domain)
{
	return send_destinations_defer(
	    &destinations, send_destinations_find(&destinations, domain, T0), T0, WALL_US);
}

static void what_waits_for_long_is_handed_back(void **state)
{
	struct send_destination *gmail = send_destinations_find(&destinations, "gmail.com", T0);
	struct send_queue rest = {.last = &rest.first};
	struct send_job *job;
	struct send_deferral deferral;

	(void)state;
	/* One a second: a quarter of a minute's worth waits here, the rest gets turns of its
	 * own. */
	for (int i = 0; i < 15; i++) {
		assert_null(defer("gmail.com").rule);
		put("gmail.com", "g");
	}
	put("gmail.com", "g");
	for (int i = 0; i < 5; i++) {
		deferral = defer("gmail.com");
		assert_string_equal(deferral.rule, "rate");
		assert_int_equal(deferral.wait_ms, (16 + i) * 1000);
	}
	/* A day that is full: until midnight, and then by tomorrow's number. */
	send_destinations_take(&destinations, gmail, NULL, 0, &rest);
	while ((job = send_queue_pop(&rest)))
		free(job);
	gmail->reserved_until_ms = 0;
	rules[1].warm_up = (struct warm_up){
	    .is_on = true, .start_day = 20513, .first_day = 10, .factor_permille = 2000};
	gmail->not_before_ms = T0 + 12 * HOUR_MS;
	gmail->not_before_why = "warm_up";
	for (int i = 0; i < 3; i++) {
		deferral = defer("gmail.com");
		assert_string_equal(deferral.rule, "warm_up");
		assert_int_equal(deferral.wait_ms, 12 * HOUR_MS + i * DAY_MS / 20);
	}
	rules[1].warm_up.is_on = false;
}

static void what_the_relay_says_holds_for_all(void **state)
{
	struct send_destination *destination =
	    send_destinations_find(&destinations, "a.example", T0);
	struct send_job *job;
	bool is_relay;

	(void)state;
	put("a.example", "a");
	put("b.example", "b");
	pick(T0, &job);
	assert_int_equal(send_destinations_end(&destinations, destination, FEEDBACK_BLOCKED, true,
					       T0, &is_relay),
			 1);
	assert_true(is_relay);
	free(job);
	assert_string_equal(pick(T0, &job), "");
	assert_string_equal(defer("c.example").rule, "blocked");
	assert_int_equal(defer("d.example").wait_ms, DESTINATION_BLOCK_MS);
	assert_string_equal(pick(T0 + DESTINATION_BLOCK_MS, &job), "b");
	put("c.example", "c");
	/* Refused for its recipient, but spoken to: the relay is well again. */
	assert_int_equal(send_destinations_end(&destinations, job->destination,
					       FEEDBACK_BLOCK_SUSPECTED, false,
					       T0 + DESTINATION_BLOCK_MS, &is_relay),
			 -1);
	free(job);
	assert_null(defer("c.example").rule);
}

static void recalled(void **state)
{
	struct send_queue found = {.last = &found.first};
	struct send_job *job;

	(void)state;
	put("a.example", "x");
	put("a.example", "y");
	put("b.example", "x");
	send_destinations_take(&destinations, NULL, "x", 0, &found);
	for (int i = 0; i < 2; i++) {
		job = send_queue_pop(&found);
		assert_string_equal(job->id, "x");
		free(job);
	}
	assert_null(found.first);
	assert_int_equal(destinations.job_count, 1);
	assert_string_equal(pick(T0, &job), "y");
	end(job, FEEDBACK_OK, T0);
	assert_string_equal(pick(T0, &job), "");
}

/* Put back first, behind nobody. */
static void put_back(void **state)
{
	struct send_job *job;
	bool is_relay;

	(void)state;
	put("a.example", "1");
	put("a.example", "2");
	assert_string_equal(pick(T0, &job), "1");
	send_destinations_end(&destinations, job->destination, FEEDBACK_NONE, false, T0, &is_relay);
	send_destinations_put_back(&destinations, job);
	for (int i = 1; i <= 2; i++) {
		pick(T0, &job);
		assert_int_equal(atoi(job->id), i);
		end(job, FEEDBACK_OK, T0);
	}
	/* Alone in its queue. */
	put("a.example", "3");
	pick(T0, &job);
	send_destinations_end(&destinations, job->destination, FEEDBACK_NONE, false, T0, &is_relay);
	send_destinations_put_back(&destinations, job);
	put("a.example", "4");
	for (int i = 3; i <= 4; i++) {
		pick(T0, &job);
		assert_int_equal(atoi(job->id), i);
		end(job, FEEDBACK_OK, T0);
	}
}

/* Everybody's domain once: what has nothing to say is forgotten, what has is not. */
static void memory_is_bounded(void **state)
{
	struct send_job *job;
	char name[40];

	(void)state;
	put("blocked.example", "b");
	pick(T0, &job);
	end(job, FEEDBACK_BLOCKED, T0);
	put("waits.example", "w");
	for (int i = 0; i < 20000; i++) {
		snprintf(name, sizeof(name), "d%d.example", i);
		send_destinations_find(&destinations, name, T0);
		assert_in_range(destinations.count, 1, 4097);
	}
	assert_non_null(send_destinations_known(&destinations, "blocked.example"));
	assert_non_null(send_destinations_known(&destinations, "waits.example"));
	assert_string_equal(pick(T0, &job), "w");
	end(job, FEEDBACK_OK, T0);
}

static int open_destinations(void **state)
{
	(void)state;
	send_destinations_open(&destinations, &delivery, 8, false);
	return 0;
}

static int close_destinations(void **state)
{
	struct send_queue rest = {.last = &rest.first};
	struct send_job *job;

	(void)state;
	send_destinations_take(&destinations, NULL, NULL, 0, &rest);
	while ((job = send_queue_pop(&rest)))
		free(job);
	assert_int_equal(destinations.job_count, 0);
	send_destinations_close(&destinations);
	assert_int_equal(destinations.count, 0);
	return 0;
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_destinations, close_destinations)
	const struct CMUnitTest tests[] = {
	    TEST(destinations_take_turns),
	    TEST(who_waits_is_in_nobodys_way),
	    TEST(destinations_of_domains),
	    TEST(what_waits_for_long_is_handed_back),
	    TEST(what_the_relay_says_holds_for_all),
	    TEST(recalled),
	    TEST(put_back),
	    TEST(memory_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
