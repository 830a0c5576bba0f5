/* The policy file of a service, from the file system to the tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/io/config/config.h"
#include "common/policy/policy.h"

static char path[64];

static int write_policy(const char *text)
{
	int fd;

	strcpy(path, "/tmp/nurture-policy-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	return close(fd);
}

static int remove_policy(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

static struct common_config config_of_file(void)
{
	return (struct common_config){.policy_file = path, .zoneinfo = "/usr/share/zoneinfo"};
}

static void test_good(void **state)
{
	struct common_config config = config_of_file();
	static const struct policy *policy; /* for as long as the process lives */
	struct err err;

	(void)state;
	write_policy("shop: {name: Harbour, time_zone: Europe/London, sender: \"H <a@b.example>\", "
		     "postal_address: \"1 Quay\"}\n"
		     "classes: {promotion: {}}\njust_bought: {default: 90d}\n"
		     "caps:\n  - {name: week, limit: 2, per: 7d}\n"
		     "quiet_hours: {from: \"21:00\", to: \"08:00\"}\n");
	if (config_policy(&config, NULL, &policy, &err) < 0)
		fail_msg("%s", err.text);
	assert_string_equal(policy->shop.name, "Harbour");
	assert_int_equal(zone_offset_s(policy->shop_zone, 1783000000000), 3600);
}

static void test_bad(void **state)
{
	struct common_config config = config_of_file();
	const struct policy *policy = NULL;
	struct err err;

	(void)state;
	write_policy("shop: {name: Harbour, time_zone: Europe/Lundon}\n");
	assert_int_equal(config_policy(&config, NULL, &policy, &err), -1);
	assert_null(policy);
	assert_int_equal(err_exit_code(&err), 100);
	assert_memory_equal(err.text, path, strlen(path));
	config.zoneinfo = "/nonexistent";
	assert_int_equal(config_policy(&config, NULL, &policy, &err), -1);
	assert_memory_equal(err.text, "NURTURE_ZONEINFO: /nonexistent", 30);
	config.policy_file = "/nonexistent/shop.yaml";
	assert_int_equal(config_policy(&config, NULL, &policy, &err), -1);
	assert_string_equal(err.text,
			    "NURTURE_POLICY: /nonexistent/shop.yaml: No such file or directory");
	assert_int_equal(err_exit_code(&err), 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(test_good, remove_policy),
	    cmocka_unit_test_teardown(test_bad, remove_policy),
	};

	return cmocka_run_group_tests_name("io_config_policy", tests, NULL, NULL);
}
