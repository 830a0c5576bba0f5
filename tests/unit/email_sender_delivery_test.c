/* The file of limits by domain: what it means, and what is wrong with it, by line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/io/config/config.h"
#include "services/email-sender/delivery/delivery.h"

static struct arena arena;

static const struct delivery *read_text(const char *text)
{
	const struct delivery *delivery;
	struct err err;

	if (delivery_read(slice_text(text), "d.yaml", false, &arena, &delivery, &err) < 0)
		fail_msg("%s", err.text);
	return delivery;
}

static const char *rule_of(const struct delivery *delivery, const char *domain)
{
	return delivery_rule_of(delivery, domain)->name;
}

static void the_file_that_is_shipped(void **state)
{
	const struct delivery *delivery;
	const struct delivery_rule *rule;
	char *text;
	size_t len;
	struct err err;

	(void)state;
	assert_int_equal(file_read("deploy/delivery.yaml", 65536, &text, &len, &err), 0);
	if (delivery_read(slice_of(text, len), "d", false, &arena, &delivery, &err) < 0)
		fail_msg("%s", err.text);
	free(text);
	assert_int_equal(delivery->mails_per_connection, 100);
	assert_int_equal(delivery->idle_ms, 30000);
	assert_int_equal(delivery->local_share_permille, 250);
	rule = delivery_rule_of(delivery, "googlemail.com");
	assert_string_equal(rule->name, "gmail");
	assert_int_equal(rule->connections, 5);
	assert_int_equal(rule->per_minute, 300);
	assert_int_equal(rule->burst, 5);
	assert_int_equal(warm_up_limit(&rule->warm_up, rule->warm_up.start_day + 1), 750);
	assert_string_equal(rule_of(delivery, "hotmail.co.uk"), "microsoft");
	assert_string_equal(rule_of(delivery, "web.de"), "mail-and-media");
	assert_string_equal(rule_of(delivery, "t-online.de"), "t-online.de");
	assert_int_equal(delivery_rule_of(delivery, "shop.example")->connections, 4);
	assert_false(delivery_has_rate(delivery_rule_of(delivery, "shop.example")));
}

static void which_rule_is_whose(void **state)
{
	const struct delivery *delivery = read_text("domains:\n"
						    "  yahoo: {connections: 1}\n"
						    "  Yahoo.FR: {connections: 2}\n"
						    "  gmail: {domains: [gmail.com]}\n"
						    "  b\xc3\xbc"
						    "cher.example: {connections: 3}\n");
	static const char *const cases[][2] = {
	    {"yahoo.com", "yahoo"},
	    {"yahoo.co.jp", "yahoo"},
	    {"aol.com", "yahoo"},
	    {"yahoo.fr", "Yahoo.FR"},
	    {"gmail.com", "gmail"},
	    {"googlemail.com", "default"}, /* its list says so */
	    {"xn--bcher-kva.example", "b\xc3\xbc"
				      "cher.example"},
	    {"yahoo.example.com", "default"},
	    {"notyahoo.com", "default"},
	    {"yahoo.com.evil.net", "default"},
	    {"", "default"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(rule_of(delivery, cases[i][0]), cases[i][1]);
}

static void without_a_file(void **state)
{
	(void)state;
	assert_int_equal(delivery_rule_of(delivery_default(false), "x.example")->connections, 0);
	assert_int_equal(delivery_rule_of(delivery_default(true), "x.example")->connections, 4);
	assert_false(delivery_has_rate(delivery_rule_of(delivery_default(true), "x.example")));
}

static void what_is_wrong(void **state)
{
	static const char *const cases[][2] = {
	    {"", "d.yaml:1: "},
	    {"idle: 30s\n", "domains is missing"},
	    {"domain: {}\n", "d.yaml:1: unknown key \"domain\"; did you mean"},
	    {"domains: []\n", "d.yaml:1: domains: expected a mapping"},
	    {"domains:\n  shop: {connections: 1}\n",
	     "d.yaml:2: domains: expected a domain, gmail,"},
	    {"domains:\n  a.example:\n    connection: 1\n",
	     "d.yaml:3: domains.a.example: unknown key \"connection\""},
	    {"domains:\n  a.example: {connections: 0}\n",
	     "d.yaml:2: domains.a.example.connections: "},
	    {"domains:\n  a.example: {per_minute: many}\n", "domains.a.example.per_minute: "},
	    {"domains:\n  a.example: {burst: 3}\n", "without per_minute it limits nothing"},
	    {"domains:\n  a b.example: {connections: 1}\n",
	     "expected a domain such as shop.example"},
	    {"domains:\n  a.example: {domains: [b.example]}\n", "is a domain itself"},
	    {"domains:\n  mine: {domains: []}\n", "an empty list"},
	    {"domains:\n  mine: {domains: [{a: b}]}\n", "expected a domain such as shop.example"},
	    {"domains:\n  mine: {domains: [a.example]}\n  A.example: {connections: 1}\n",
	     "d.yaml:3: domains.A.example: \"a.example\" is there twice"},
	    {"domains:\n  default: {domains: [a.example]}\n", "default is for all other domains"},
	    {"domains:\n  a.example: {warm_up: {start: 2026-13-01, first_day: 1, factor: 2.0}}\n",
	     "expected a day such as 2026-11-01, found \"2026-13-01\""},
	    {"domains:\n  a.example: {warm_up: {start: 2026-11-01, first_day: 1, factor: 0.5}}\n",
	     "a warm-up never gets less"},
	    {"domains:\n  a.example: {warm_up: {start: 2026-11-01, factor: 2.0}}\n",
	     "first_day is missing"},
	    {"local_share: 0%\ndomains: {}\n", "local_share: expected more than 0%"},
	    {"idle: 0s\ndomains: {}\n", "d.yaml:1: idle: "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct delivery *delivery = NULL;
		struct err err = {0};

		assert_int_equal(delivery_read(slice_text(cases[i][0]), "d.yaml", false, &arena,
					       &delivery, &err),
				 -1);
		assert_int_equal(err.kind, ERR_CONFIG);
		if (!strstr(err.text, cases[i][1]))
			fail_msg("%s: found %s", cases[i][1], err.text);
		assert_null(delivery);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_file_that_is_shipped),
	    cmocka_unit_test(which_rule_is_whose),
	    cmocka_unit_test(without_a_file),
	    cmocka_unit_test(what_is_wrong),
	};
	int r = cmocka_run_group_tests(tests, NULL, NULL);

	arena_free(&arena);
	return r;
}
