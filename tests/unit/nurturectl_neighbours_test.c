/* People behind one inbox are simulated once, together, and told each at their own turn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "common/io/config/config.h"
#include "common/mail/inbox.h"
#include "policy_fixture.h"
#include "services/nurturectl/sim/sim_groups.h"
#include "services/nurturectl/sim/simulate.h"

enum { PEOPLE = 60, NOTED = 500 };

static struct zones *zones;
static struct policy *policy;

static int set_up(void **state)
{
	static const char file[] = "deploy/policy/shop.yaml";
	char *text;
	size_t len;
	struct err err;

	(void)state;
	zones = fixture_zones();
	fixture_zone(zones, "Europe/London", "GMT0BST,M3.5.0/1,M10.5.0");
	if (file_read(file, 1 << 20, &text, &len, &err) < 0 ||
	    policy_load(slice_of(text, len), file, zones, NULL, &policy, &err) < 0)
		fail_msg("%s", err.text);
	free(text);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	policy_free(policy);
	zones_free(zones);
	return 0;
}

/* Each orders once, an hour after the one before; which inbox: as that of whom. */
static struct orders orders_of(unsigned people, unsigned inboxes)
{
	char path[] = "/tmp/nurture-orders-XXXXXX", at[RFC3339_BYTES];
	struct orders_options from = {
	    .file = path, .delivered_after_ms = 3 * DAY_MS, .currency = "GBP"};
	struct orders orders = {0};
	struct err err;
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");

	fputs("customer,time,order,amount,email\n", file);
	for (unsigned n = 0; n < people; n++)
		fprintf(file, "c%u,%s,%u,40.00,%s%u@mail.example\n", n * 7 % people,
			rfc3339_text(INT64_C(1767261600000) + n * HOUR_MS, at), n,
			n % 2 ? "Box" : "box", n % inboxes);
	fclose(file);
	from.zone = policy->shop_zone;
	if (orders_read(&from, &orders, &err) < 0)
		fail_msg("%s", err.text);
	unlink(path);
	return orders;
}

static struct sim_result simulated(struct orders *orders, unsigned threads)
{
	struct sim_options options = {.policy = policy,
				      .wants_lines = true,
				      .threads = threads,
				      .until_ms = orders->last_ms + 60 * DAY_MS};
	struct sim_result result;
	struct err err;

	if (simulate(orders, &options, &result, &err) < 0)
		fail_msg("%s", err.text);
	buf_char(&result.outcomes, '\0');
	return result;
}

static unsigned lines_with(const struct sim_result *result, const char *word)
{
	unsigned count = 0;

	for (const char *at = result->outcomes.bytes; (at = strstr(at, word)); at++)
		count++;
	return count;
}

/* Two a week is what an inbox hears, whoever is behind it. */
static void caps_are_those_of_the_inbox(void **state)
{
	struct orders together = orders_of(PEOPLE, 1), apart = orders_of(PEOPLE, PEOPLE);
	struct sim_result one = simulated(&together, 1), each = simulated(&apart, 1);

	(void)state;
	assert_int_equal(lines_with(&each, "\"rule\":\"inbox:"), 0);
	assert_true(lines_with(&one, "\"rule\":\"inbox:week\"") > PEOPLE);
	assert_true(one.mail_count <= 2 * 10);
	assert_true(each.mail_count >= PEOPLE);
	assert_int_equal(one.table.customer_count, PEOPLE);
	for (unsigned n = 1; n < one.table.customer_count; n++)
		assert_true(strcmp(one.table.customers[n - 1].id, one.table.customers[n].id) < 0);
	orders_free(&together);
	orders_free(&apart);
	sim_result_free(&one);
	sim_result_free(&each);
}

static void threads_change_nothing(void **state)
{
	struct orders orders = orders_of(PEOPLE, 7);
	struct sim_result one = simulated(&orders, 1), four = simulated(&orders, 4);

	(void)state;
	assert_string_equal(one.outcomes.bytes, four.outcomes.bytes);
	assert_int_equal(one.mail_count, four.mail_count);
	orders_free(&orders);
	sim_result_free(&one);
	sim_result_free(&four);
}

struct counted {
	struct sim_world world;
	size_t lives, calls;
};

static int count_lives(void *thread, const struct sim_neighbour *customers, size_t count,
		       struct sim_life *lives, struct sim_life *also, struct err *err)
{
	struct counted *counted = thread;

	(void)also;
	counted->lives += count;
	counted->calls++;
	for (size_t i = 0; i < count; i++)
		sim_life_take(&lives[i], customers[i].events, customers[i].count, NULL);
	return sim_world_run(&counted->world, lives, count, NEVER_MS - 1, err);
}

static void each_of_them_lives_once(void **state)
{
	struct orders orders = orders_of(PEOPLE, 3);
	struct counted counted = {.lives = 0};
	struct sim_groups groups;
	size_t outcomes = 0;
	struct err err;

	(void)state;
	orders_by_customer(&orders);
	sim_world_prepare(&counted.world, policy, &orders, false);
	sim_groups_open(&groups, &orders, count_lives, false);
	assert_int_equal(groups.neighbours.count, PEOPLE);
	for (size_t i = 0; i < groups.neighbours.count; i++) {
		const struct sim_neighbour *one = groups.neighbours.by_events[i];
		const struct sim_member *member;

		assert_int_equal(sim_groups_member(&groups, one, &counted, &member, &err), 0);
		outcomes += member->account.outcome_count;
		sim_groups_told(&groups, one);
	}
	assert_int_equal(counted.lives, PEOPLE);
	assert_int_equal(counted.calls, 3);
	assert_true(outcomes > PEOPLE);
	sim_groups_free(&groups);
	sim_world_free(&counted.world);
	orders_free(&orders);
}

/* What is said in a mail is about its inbox, though the file does not say that the customer had it. */
static void a_word_makes_neighbours(void **state)
{
	static const char *const messages[] = {"{\"email\":\"X@mail.example\"}",
					       "{\"inbox\":\"%s\"}"};
	char path[] = "/tmp/nurture-events-XXXXXX", key[INBOX_KEY_BYTES];
	int fd = mkstemp(path);

	(void)state;
	close(fd);
	assert_true(inbox_key(slice_text("x@mail.example"), key));
	for (size_t i = 0; i < 2; i++) {
		const struct orders_options from = {
		    .events = path, .currency = "GBP", .delivered_after_ms = -1};
		FILE *file = fopen(path, "w");
		struct sim_neighbours found;
		struct orders orders = {0};
		struct err err;

		fputs("{\"id\":\"1\",\"type\":\"message.unsubscribed\","
		      "\"time\":\"2026-01-01T10:00:00Z\",\"customer\":{\"id\":\"ann\"},"
		      "\"message\":",
		      file);
		fprintf(file, messages[i], key);
		fputs("}\n{\"id\":\"2\",\"type\":\"customer.updated\","
		      "\"time\":\"2026-01-02T10:00:00Z\","
		      "\"customer\":{\"id\":\"bob\",\"email\":\"x@mail.example\"}}\n",
		      file);
		fclose(file);
		if (orders_read(&from, &orders, &err) < 0)
			fail_msg("%s", err.text);
		orders_by_customer(&orders);
		sim_neighbours_find(&orders, &found);
		assert_int_equal(found.count, 2);
		assert_int_equal(found.group_count, 1);
		sim_neighbours_free(&found);
		orders_free(&orders);
	}
	unlink(path);
}

/* Noted at random, also anew and earlier: taken by time, then by rank, each once. */
static void an_agenda_is_in_order(void **state)
{
	static struct sim_noted noted[NOTED];
	static int64_t earliest_ms[NOTED];
	struct sim_agenda agenda = {0};
	struct sim_noted *taken;
	int64_t last_ms = -1;
	size_t count = 0, last_rank = 0;

	(void)state;
	srandom(1);
	for (size_t i = 0; i < NOTED; i++)
		noted[i] = (struct sim_noted){NEVER_MS, i};
	for (size_t i = 0; i < NOTED; i++)
		earliest_ms[i] = NEVER_MS;
	for (size_t n = 0; n < 5 * (size_t)NOTED; n++) {
		size_t i = (size_t)random() % NOTED;
		int64_t at_ms = random() % 50;

		sim_agenda_note(&agenda, &noted[i], at_ms);
		earliest_ms[i] = at_ms < earliest_ms[i] ? at_ms : earliest_ms[i];
	}
	for (size_t i = 0; i < NOTED; i++)
		count += earliest_ms[i] < NEVER_MS;
	for (int64_t now_ms = 0; now_ms < 50; now_ms++)
		while ((taken = sim_agenda_take(&agenda, now_ms))) {
			assert_int_equal(earliest_ms[taken->rank], now_ms);
			assert_true(now_ms > last_ms || taken->rank > last_rank);
			last_ms = now_ms;
			last_rank = taken->rank;
			count--;
		}
	assert_int_equal(count, 0);
	assert_true(sim_agenda_next(&agenda) == NEVER_MS);
	sim_agenda_free(&agenda);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(caps_are_those_of_the_inbox),
	    cmocka_unit_test(threads_change_nothing),
	    cmocka_unit_test(each_of_them_lives_once),
	    cmocka_unit_test(a_word_makes_neighbours),
	    cmocka_unit_test(an_agenda_is_in_order),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
