/* What of one customer's contact binds others behind the same inbox. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/policy/holder.h"

static struct arena arena;

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* Does bob hear of promotion, when that is all that ann's contact says of it? */
static bool is_bob_free(bool given, int64_t said_ms, int64_t erased_ms)
{
	Nurture__V1__ConsentState word = NURTURE__V1__CONSENT_STATE__INIT, *words[] = {&word};
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;
	Nurture__V1__Holder *holder;

	word.message_class = (char *)"promotion";
	word.given = given;
	word.said_ms = said_ms;
	contact.consent = words;
	contact.n_consent = 1;
	contact.erased_ms = erased_ms;
	holder = holder_of(&contact, "ann", &arena);
	return !holders_withdraw(&holder, 1, "bob", "promotion");
}

static void a_no_binds_and_an_erasure_says_none(void **state)
{
	(void)state;
	assert_false(is_bob_free(false, 10, 0));
	assert_false(is_bob_free(false, 0, 0)); /* of a version that kept no time */
	assert_true(is_bob_free(true, 10, 0));
	/* ann was forgotten, and came back: she has consented to nothing, and told nobody so */
	assert_true(is_bob_free(false, 10, 10));
	assert_false(is_bob_free(false, 11, 10));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_no_binds_and_an_erasure_says_none),
	};

	return cmocka_run_group_tests(tests, NULL, tear_down);
}
