/* token_webhook_test.c - signatures of Standard Webhooks, by the example that its own libraries test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/token/webhook.h"

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

static const char *sign(const char *const *secrets, size_t count, struct arena *arena)
{
	struct webhook_key keys[WEBHOOK_KEYS_MAX];
	struct err err;

	for (size_t i = 0; i < count; i++)
		assert_int_equal(webhook_key_read(slice_text(secrets[i]), &keys[i], &err), 0);
	return webhook_signatures(keys, count, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
				  slice_text("{\"test\": 2432232314}"), arena);
}

static void the_example_of_the_specification(void **state)
{
	struct arena arena = {0};

	(void)state;
	assert_string_equal(sign((const char *[]){SECRET}, 1, &arena), SIGNATURE);
	arena_free(&arena);
}

static void two_secrets_sign_side_by_side(void **state)
{
	struct arena arena = {0};
	const char *both =
	    sign((const char *[]){"whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", SECRET}, 2, &arena);

	(void)state;
	assert_memory_equal(both, "v1,", 3);
	assert_string_equal(strchr(both, ' ') + 1, SIGNATURE);
	arena_free(&arena);
}

static void what_is_no_secret(void **state)
{
	static const char *const wrong[] = {
	    "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
	    "whsec_c2hvcnQ=", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2!aLaSw"};
	struct webhook_key key;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(webhook_key_read(slice_text(wrong[i]), &key, &err), -1);
		assert_string_equal(err.text, "expected whsec_ and 24 to 64 bytes in base64");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_example_of_the_specification),
	    cmocka_unit_test(two_secrets_sign_side_by_side),
	    cmocka_unit_test(what_is_no_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
