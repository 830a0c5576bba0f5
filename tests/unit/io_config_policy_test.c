/* The policy file of a service, from the file system to the tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

#define SHOP                                                                                       \
	"shop: {name: Harbour, time_zone: Europe/London, sender: \"H <a@b.example>\", "            \
	"postal_address: \"1 Quay\", currency: GBP}\n"                                             \
	"classes: {care: {}}\njust_bought: off\ncaps: off\nquiet_hours: off\n"                     \
	"segments: {big: {expected_value: {within: 90d, at_least: 100}}}\n"

/* As nurturectl fit writes it. */
static const char model[] =
    "{\"learnt\":{\"customers\":2357,\"repeat_customers\":946,\"from\":\"1997-01-01T00:00:00Z\","
    "\"until\":\"1997-10-01T00:00:00Z\",\"currency\":\"GBP\"}\n"
    ",\"kind\":\"bg-nbd\"\n"
    ",\"orders\":{\"r\":0.2426,\"alpha_days\":3.08945e+01,\"a\":0.7929,\"b\":2.4258}\n"
    ",\"value\":{\"p\":6.249,\"q\":3.745,\"v\":15.448}\n"
    ",\"rfm\":{\"days\":[101,199,220,243],\"orders\":[1,1,2,3],\"spent\":[\"14.9600\",\"27.9400\","
    "\"46.9300\",\"93.9600\"]}}\n";

static void write_model(const char *file, const char *text)
{
	FILE *out = fopen(file, "w");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

/* The policy under path, which names the file beside it. */
static int load_with(const char *file, const char *text, char hash[17], struct err *err)
{
	struct common_config config = config_of_file();
	static const struct policy *kept[4]; /* for as long as the process lives */
	static unsigned count;
	const struct policy *policy;

	write_model(file, text);
	if (config_policy(&config, NULL, &kept[count], err) < 0)
		return -1;
	policy = kept[count++];
	assert_true(policy->model->kind == FORECAST_BG_NBD && policy->model->has_value);
	assert_true(policy->model->alpha > 30.894 && policy->model->alpha < 30.895);
	assert_int_equal(policy->model->rfm.days[3], 243);
	assert_int_equal(policy->model->rfm.spent_e4[0], 149600);
	strcpy(hash, policy->hash);
	return 0;
}

/* It stands beside the policy, and the hash on every outcome is of both. */
static void test_model_beside(void **state)
{
	char file[96], text[1024], hash[17], other[17];
	struct err err;

	(void)state;
	write_policy(SHOP);
	snprintf(text, sizeof(text), SHOP "model: %s.json\n", strrchr(path, '/') + 1);
	snprintf(file, sizeof(file), "%s.json", path);
	write_model(path, text);
	if (load_with(file, model, hash, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(load_with(file, model, other, &err), 0);
	assert_string_equal(hash, other);
	snprintf(text, sizeof(text), "%s\n", model); /* one blank line more */
	assert_int_equal(load_with(file, text, other, &err), 0);
	assert_string_not_equal(hash, other);
	snprintf(text, sizeof(text), "%s", model);
	memcpy(strstr(text, "0.7929"), "0,7929", 6);
	assert_int_equal(load_with(file, text, other, &err), -1);
	assert_int_equal(err_exit_code(&err), 100);
	assert_memory_equal(err.text, file, strlen(file));
	unlink(file);
	assert_int_equal(config_policy(&(struct common_config){.policy_file = path,
							       .zoneinfo = "/usr/share/zoneinfo"},
				       NULL, &(const struct policy *){NULL}, &err),
			 -1);
	assert_int_equal(err_exit_code(&err), 100);
	assert_non_null(strstr(err.text, "No such file"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(test_good, remove_policy),
	    cmocka_unit_test_teardown(test_bad, remove_policy),
	    cmocka_unit_test_teardown(test_model_beside, remove_policy),
	};

	return cmocka_run_group_tests_name("io_config_policy", tests, NULL, NULL);
}
