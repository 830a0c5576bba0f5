/* policy_tags_test.c - the list of tags, and what suggests one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "common/policy/tags.h"
#include "policy_fixture.h"

#define HEAD                                                                                       \
	"shop: {name: S, time_zone: Europe/London, sender: \"S <s@s.example>\"}\n"                 \
	"classes: {transactional: {}, care: {}}\ncaps: off\nquiet_hours: off\njust_bought: off\n"

static void test_folded(void **state)
{
	static const char *const cases[][2] = {
	    {"", " "},
	    {"Zu SPÄT!", " zu spat "},
	    {"spa\xcc\x88t", " spat "},
	    {"naïve\tŁódź, Ærø", " naive lodz aro "},
	    {"ΚΑΛΗΜΕΡΑ Чайник", " καλημερα чайник "},
	    {"don't", " don t "},
	    {"日本語 ok", " 日本語 ok "},
	    {"\xff\xc3", " "},
	    {"a\xe2\x80\x94z", " a z "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out = BUF_MAX(200);

		tags_fold(slice_text(cases[i][0]), &out);
		assert_string_equal(out.bytes, cases[i][1]);
		buf_free(&out);
	}
}

static struct policy *load(const char *text, struct zones *zones, struct err *err)
{
	struct policy *policy = NULL;

	return policy_load(slice_text(text), "p.yaml", zones, NULL, &policy, err) < 0 ? NULL
										      : policy;
}

static void test_suggested(void **state)
{
	static const struct {
		const char *text, *names;
	} cases[] = {
	    {"the Kettles", ""},
	    {"the Kettle.", "Product "},
	    {"BUILD, quality", "Product "},
	    {"zu spat, the kettle", "Product Deployment "},
	    {"late", ""},
	};
	struct zones *zones = fixture_zones();
	struct err err;
	struct policy *policy = load(HEAD "tags:\n  Product: {phrases: [kettle, build quality]}\n"
					  "  Deployment: {phrases: [spät]}\n  Other: {}\n",
				     zones, &err);

	(void)state;
	if (!policy)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *found[TAGS_SUGGESTED_MAX];
		size_t count = tags_suggest(policy, slice_text(cases[i].text), found);
		char names[100] = "";

		for (size_t j = 0; j < count; j++)
			strcat(strcat(names, found[j]), " ");
		assert_string_equal(names, cases[i].names);
	}
	assert_true(tags_has(policy, "Other"));
	assert_false(tags_has(policy, "other"));
	policy_free(policy);
	zones_free(zones);
}

static void test_refused(void **state)
{
	static const struct {
		const char *tags, *why;
	} cases[] = {
	    {"tags: [a]\n", "expected a mapping"},
	    {"tags:\n  A: {phrase: [x]}\n", "unknown key"},
	    {"tags:\n  A: {phrases: []}\n", "an empty list"},
	    {"tags:\n  A: {phrases: x}\n", "expected a list"},
	    {"tags:\n  A: {phrases: [\"!?\"]}\n", "a phrase without a letter"},
	    {"tags:\n  A: {}\n  A: {}\n", "twice"},
	};
	struct zones *zones = fixture_zones();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[1000];
		struct err err;

		snprintf(text, sizeof(text), "%s%s", HEAD, cases[i].tags);
		assert_null(load(text, zones, &err));
		if (!strstr(err.text, cases[i].why))
			fail_msg("%s: %s", cases[i].tags, err.text);
		assert_int_equal(err.kind, ERR_CONFIG);
	}
	zones_free(zones);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_folded),
	    cmocka_unit_test(test_suggested),
	    cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
