/* Whose clicks are counted: what the policy wants, against what the person said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/policy/person.h"

enum said { NOTHING, NO, YES };

static bool counts(enum clicks clicks, enum said own, enum said all)
{
	const struct policy policy = {.clicks = clicks};
	Nurture__V1__ConsentState states[2], *list[2];
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;
	const enum said said[2] = {own, all};
	static char *const names[2] = {(char *)CONSENT_CLICKS, (char *)"all"};

	contact.consent = list;
	for (size_t i = 0; i < 2; i++) {
		if (said[i] == NOTHING)
			continue;
		nurture__v1__consent_state__init(&states[i]);
		states[i].message_class = names[i];
		states[i].given = said[i] == YES;
		list[contact.n_consent++] = &states[i];
	}
	return person_counts_clicks(&policy, &contact);
}

static void by_what_was_said(void **state)
{
	static const struct {
		enum said own, all;
		bool counted, with_consent;
	} cases[] = {
	    {NOTHING, NOTHING, true, false}, {NOTHING, YES, true, false},
	    {NOTHING, NO, false, false},     {NO, NOTHING, false, false},
	    {NO, YES, false, false},         {NO, NO, false, false},
	    {YES, NOTHING, true, true},      {YES, YES, true, true},
	    {YES, NO, true, true}, /* the segmenter has weighed that the yes came later */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		enum said own = cases[i].own, all = cases[i].all;

		assert_false(counts(CLICKS_OFF, own, all));
		assert_int_equal(counts(CLICKS_COUNTED, own, all), cases[i].counted);
		assert_int_equal(counts(CLICKS_WITH_CONSENT, own, all), cases[i].with_consent);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(by_what_was_said)};

	return cmocka_run_group_tests_name("whose clicks are counted", tests, NULL, NULL);
}
