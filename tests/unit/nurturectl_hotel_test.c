/* The forgotten guest: what the policy of the hotel does with his bookings, through all
 * services. */
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
#include "policy_fixture.h"
#include "services/nurturectl/sim/simulate.h"

static struct zones *zones;
static struct policy *policy;

static int set_up(void **state)
{
	static const char file[] = "deploy/policy/hotel.yaml";
	char *text;
	size_t len;
	struct err err;

	(void)state;
	zones = fixture_zones();
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

static struct sim_result play(const char *csv)
{
	char path[] = "/tmp/nurture-hotel-XXXXXX";
	struct orders_options from = {
	    .file = path, .delivered_after_ms = -1, .currency = "EUR", .zone = policy->shop_zone};
	struct orders orders = {0};
	struct sim_options options = {.policy = policy, .wants_lines = true};
	struct sim_result result = {0};
	struct err err;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, csv, strlen(csv)), strlen(csv));
	close(fd);
	if (orders_read(&from, &orders, &err) < 0)
		fail_msg("%s", err.text);
	unlink(path);
	options.until_ms = orders.last_ms + 300 * DAY_MS;
	if (simulate(&orders, &options, &result, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(result.dead_count, 0);
	orders_free(&orders);
	return result;
}

/* The instants at which a basket became somebody's task, one after the other. */
static void assert_baskets(const struct sim_result *result, const char *expected)
{
	static const char programme[] = "\"programme\":\"basket\"";
	struct buf found = BUF_MAX(4096);
	const char *line = result->outcomes.bytes;

	buf_text(&found, "");
	for (const char *end; line && (end = strchr(line, '\n')); line = end + 1) {
		struct slice text = slice_of(line, (size_t)(end - line));

		if (memmem(text.bytes, text.len, programme, sizeof(programme) - 1) &&
		    memmem(text.bytes, text.len, "task_created", 12))
			buf_printf(&found, "%.20s ", line + strlen("{\"at\":\""));
	}
	assert_string_equal(found.len ? found.bytes : "", expected);
	buf_free(&found);
}

#define HEAD "customer,time,order,kind,starts_at,ends_at,category\n"
#define EARLIER "ann,2025-05-01T10:00:00Z,0,order,2025-06-01T14:00:00Z,2025-06-05T08:00:00Z,spa\n"
#define BOOKED "ann,2026-01-05T10:00:00Z,1,order,2026-07-10T14:00:00Z,2026-07-12T08:00:00Z,summer\n"

static void the_basket_is_made_when_he_comes(void **state)
{
	struct sim_result result = play(HEAD EARLIER BOOKED);

	(void)state;
	/* Nine o'clock in Vienna, on the day before. Of the first stay there was none. */
	assert_baskets(&result, "2026-07-09T07:00:00Z ");
	assert_int_equal(result.cancelled_task_count, 0);
	sim_result_free(&result);
}

static void it_follows_when_he_moves(void **state)
{
	struct sim_result result =
	    play(HEAD EARLIER BOOKED
		 "ann,2026-03-01T10:00:00Z,1,updated,2026-08-10T14:00:00Z,2026-08-12T08:00:00Z,\n"
		 "ann,2026-08-09T12:00:00Z,1,updated,2026-08-20T14:00:00Z,2026-08-22T08:00:00Z,\n");

	(void)state;
	assert_baskets(&result, "2026-08-09T07:00:00Z 2026-08-19T07:00:00Z ");
	assert_int_equal(result.cancelled_task_count, 1); /* that of the ninth */
	sim_result_free(&result);
}

static void it_ends_when_he_cancels(void **state)
{
	struct sim_result early =
	    play(HEAD EARLIER BOOKED "ann,2026-03-01T10:00:00Z,1,cancelled,,,\n");
	struct sim_result late =
	    play(HEAD EARLIER BOOKED "ann,2026-07-09T12:00:00Z,1,cancelled,,,\n");

	(void)state;
	assert_baskets(&early, "");
	assert_int_equal(early.cancelled_task_count, 0);
	assert_baskets(&late, "2026-07-09T07:00:00Z ");
	assert_int_equal(late.cancelled_task_count, 1);
	sim_result_free(&early);
	sim_result_free(&late);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_basket_is_made_when_he_comes),
	    cmocka_unit_test(it_follows_when_he_moves),
	    cmocka_unit_test(it_ends_when_he_cancels),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
