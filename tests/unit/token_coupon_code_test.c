/* token_coupon_code_test.c - codes: made, read, misread and forged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/token/coupon_code.h"

static const char key[] = "0123456789abcdef";
static const struct coupon back = {
    .name = "back10", .kind = COUPON_SIGNED, .prefix = "BACK", .length = 10};

static enum coupon_verdict check(const struct coupon *source, const char *request, const char *code)
{
	return coupon_code_check(slice_text(key), source, slice_text(request), slice_text(code));
}

/* Computed by hand: python3 hmac, base 32 of the first bits, and the check in GF(32). */
static void known_code(void **state)
{
	char code[COUPON_CODE_BYTES];

	(void)state;
	coupon_code_make(slice_text(key), &back, slice_text("r1"), code);
	assert_string_equal(code, "BACK-Y440ZS7GMG");
	assert_int_equal(check(&back, "r1", code), COUPON_GOOD);
	assert_int_equal(check(&back, "r2", code), COUPON_FORGED);
}

static void what_people_type(void **state)
{
	char code[COUPON_CODE_BYTES];
	bool seen = false;

	(void)state;
	for (int i = 0; i < 100; i++) {
		char request[16], *at;

		snprintf(request, sizeof(request), "r%d", i);
		coupon_code_make(slice_text(key), &back, slice_text(request), code);
		for (at = code; *at; at++) {
			if (at > code + 4 && *at == '0')
				*at = 'o';
			else if (at > code + 4 && *at == '1')
				*at = i % 2 ? 'l' : 'I';
			else if (*at >= 'A' && *at <= 'Z')
				*at += 'a' - 'A';
			seen = seen || *at == 'l';
		}
		assert_int_equal(check(&back, request, code), COUPON_GOOD);
	}
	assert_true(seen);
}

/* The check character finds every single wrong one and every two that are exchanged. */
static void slips_are_found(void **state)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	char code[COUPON_CODE_BYTES], wrong[COUPON_CODE_BYTES];

	(void)state;
	coupon_code_make(slice_text(key), &back, slice_text("r7"), code);
	for (size_t i = 5; code[i]; i++) {
		for (const char *c = alphabet; *c; c++) {
			strcpy(wrong, code);
			wrong[i] = *c;
			assert_int_equal(check(&back, "r7", wrong),
					 *c == code[i] ? COUPON_GOOD : COUPON_MISREAD);
		}
		for (size_t j = i + 1; code[j]; j++) {
			strcpy(wrong, code);
			wrong[i] = code[j];
			wrong[j] = code[i];
			assert_int_equal(check(&back, "r7", wrong),
					 code[i] == code[j] ? COUPON_GOOD : COUPON_MISREAD);
		}
	}
}

static void other_shapes(void **state)
{
	static const char *const rows[] = {"",
					   "BACK",
					   "BACK-",
					   "BACK10-0000000000",
					   "BACK-000000000",
					   "BACK-00000000000",
					   "BACK-000000000U",
					   "BACK_0000000000"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(check(&back, "r1", rows[i]), COUPON_MISREAD);
}

static void every_length(void **state)
{
	char code[COUPON_CODE_BYTES];

	(void)state;
	for (unsigned length = COUPON_LENGTH_LEAST; length <= COUPON_LENGTH_MOST; length++) {
		struct coupon source = back;

		source.length = length;
		coupon_code_make(slice_text(key), &source, slice_text("r1"), code);
		assert_int_equal(strlen(code), 5 + length);
		assert_int_equal(check(&source, "r1", code), COUPON_GOOD);
		source.name = "other";
		assert_int_equal(check(&source, "r1", code), COUPON_FORGED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_code),      cmocka_unit_test(what_people_type),
	    cmocka_unit_test(slips_are_found), cmocka_unit_test(other_shapes),
	    cmocka_unit_test(every_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
