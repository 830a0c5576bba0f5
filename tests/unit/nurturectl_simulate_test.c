/* What the policy for ultrabooks says about itself is what a simulation of it does. */
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
	static const char file[] = "deploy/policy/electronics.yaml";
	char *text;
	size_t len;
	struct err err;

	(void)state;
	zones = fixture_zones();
	fixture_zone(zones, "Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3");
	zones_add_country(zones, "DE", "Europe/Berlin");
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

/* The canonical lines of a file of orders, each delivered after three days. */
static struct sim_result outcomes_of(const char *csv)
{
	char path[] = "/tmp/nurture-orders-XXXXXX";
	struct orders_options from = {
	    .file = path, .delivered_after_ms = 3 * DAY_MS, .currency = "EUR"};
	struct orders orders = {0};
	struct sim_options options = {.policy = policy, .wants_lines = true};
	struct sim_result result = {0};
	struct err err;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, csv, strlen(csv)), strlen(csv));
	close(fd);
	from.zone = policy->shop_zone;
	if (orders_read(&from, &orders, &err) < 0)
		fail_msg("%s", err.text);
	options.until_ms = orders.last_ms + 60 * DAY_MS;
	if (simulate(&orders, &options, &result, &err) < 0)
		fail_msg("%s", err.text);
	buf_char(&result.outcomes, '\0');
	orders_free(&orders);
	unlink(path);
	return result;
}

/* How many mails of the programme were sent. */
static unsigned sent(const struct sim_result *result, const char *programme)
{
	char wanted[100];
	unsigned count = 0;

	/* The line's own, and not that of one who was considered with it. */
	snprintf(wanted, sizeof(wanted), "\"policy\":\"%s\",\"programme\":\"%s\"", policy->hash,
		 programme);
	for (const char *line = (const char *)result->outcomes.bytes; line && *line;) {
		const char *end = strchr(line, '\n'), *at = strstr(line, wanted),
			   *status = strstr(line, "\"status\":\"sent\"");

		count += end && at && at < end && status && status < end;
		line = end ? end + 1 : NULL;
	}
	return count;
}

static void who_has_accessories_hears_how_to_use_both(void **state)
{
	struct sim_result result = outcomes_of("customer,time,order,amount,category\n"
					       "ann,2026-03-02T10:00:00Z,1,40.00,accessories\n"
					       "ann,2026-04-06T10:00:00Z,2,1200.00,ultrabooks\n"
					       "bob,2026-04-06T10:00:00Z,3,1200.00,ultrabooks\n");
	struct sim_result alone = outcomes_of("customer,time,order,amount,category\n"
					      "bob,2026-04-06T10:00:00Z,3,1200.00,ultrabooks\n");

	(void)state;
	assert_int_equal(sent(&result, "together"), 1);
	assert_int_equal(sent(&result, "tips"), 2);
	/* bob has none, and is the only one who is offered some */
	assert_int_equal(sent(&alone, "together"), 0);
	assert_int_equal(sent(&alone, "tips"), 1);
	assert_int_equal(sent(&result, "accessories"), sent(&alone, "accessories"));
	assert_int_equal(sent(&alone, "accessories"), 1);
	sim_result_free(&result);
	sim_result_free(&alone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_has_accessories_hears_how_to_use_both),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
