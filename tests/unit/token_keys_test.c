/* token_keys_test.c - the newest key signs, and links of all of them stay true. */
#include "common/token/token_keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/token/return_token.h"
#include "common/token/unsubscribe_token.h"

#define NEW "the newest key, 24 bytes"
#define OLD "the one before it, longer"
#define OLDEST "sixteen bytes ok"

static void read_ok(const char *now, const char *before, struct token_keys *ret)
{
	struct err err;

	if (token_keys_read(now, before, ret, &err) < 0)
		fail_msg("%s", err.text);
}

static void lines_are_keys(void **state)
{
	struct token_keys keys;
	struct slice key;

	(void)state;
	read_ok(NEW "\r\n\n  " OLD "  \n", OLDEST "\n", &keys);
	assert_int_equal(keys.before_count, 2);
	assert_true(token_keys_at(&keys, 0, &key) && slice_is(key, NEW));
	assert_true(token_keys_at(&keys, 1, &key) && slice_is(key, OLD));
	assert_true(token_keys_at(&keys, 2, &key) && slice_is(key, OLDEST));
	assert_false(token_keys_at(&keys, 3, &key));
	read_ok(" a key with a blank, and = and , in it ", "", &keys);
	assert_true(slice_is(keys.now, "a key with a blank, and = and , in it"));
	read_ok("", "", &keys);
	assert_int_equal(keys.now.len, 0);
}

static void refuses(const char *now, const char *before, const char *why)
{
	struct token_keys keys;
	struct err err;

	assert_int_equal(token_keys_read(now, before, &keys, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.text, why);
}

static void refused(void **state)
{
	char many[17 * 18 + 1] = "";

	(void)state;
	for (int i = 0; i < 17; i++)
		strcat(many, OLDEST "\n");
	refuses("short", "",
		"NURTURE_TOKEN_KEY, line 1: expected a key of 16 to 4096 bytes, "
		"found 5");
	refuses(NEW "\nfifteen bytes..", "",
		"NURTURE_TOKEN_KEY, line 2: expected a key of 16 to 4096 bytes, found 15");
	refuses(NEW, "short",
		"NURTURE_TOKEN_KEY_BEFORE, line 1: expected a key of 16 to 4096 "
		"bytes, found 5");
	refuses("", NEW,
		"NURTURE_TOKEN_KEY: expected a key, found only those of "
		"NURTURE_TOKEN_KEY_BEFORE");
	refuses(many, "", "NURTURE_TOKEN_KEY, line 17: expected at most 16 keys");
}

/* What any key has signed, by the setting that it stood in then. */
static bool is_true(const struct token_keys *keys, const char *signer)
{
	char link[UNSUBSCRIBE_TOKEN_BYTES], choose[UNSUBSCRIBE_TOKEN_BYTES],
	    token[RETURN_TOKEN_BYTES];
	struct slice key = slice_text(signer), who = slice_text("ann");
	struct return_token owner;
	struct unsubscribe found;
	struct err err;
	int opened;

	assert_int_equal(
	    unsubscribe_token_make(key, who, slice_text("care"), slice_text(""), link, &err), 0);
	assert_int_equal(
	    preferences_token_make(key, who, slice_text("care"), slice_text(""), choose, &err), 0);
	assert_int_equal(return_token_make(key, slice_text("0123456789abcdef0123456789abcdef"), who,
					   token, &err),
			 0);
	opened = (unsubscribe_token_open(keys, slice_text(link), &found, &err) == 0) +
		 (preferences_token_open(keys, slice_text(choose), &found, &err) == 0) +
		 return_token_open(keys, slice_text(token), &owner);
	assert_true(opened == 0 || opened == 3);
	return opened == 3;
}

static void links_outlive_their_key(void **state)
{
	struct token_keys keys;

	(void)state;
	read_ok(OLDEST, "", &keys);
	assert_true(is_true(&keys, OLDEST));
	assert_false(is_true(&keys, OLD));
	read_ok(NEW "\n" OLD "\n" OLDEST, "", &keys);
	assert_true(is_true(&keys, NEW) && is_true(&keys, OLD) && is_true(&keys, OLDEST));
	read_ok(NEW, OLD "\n" OLDEST, &keys);
	assert_true(is_true(&keys, NEW) && is_true(&keys, OLD) && is_true(&keys, OLDEST));
	read_ok(NEW "\n" OLD, "", &keys);
	assert_false(is_true(&keys, OLDEST)); /* taken out */
}

static void a_fingerprint_tells_keys_apart(void **state)
{
	char one[TOKEN_KEY_FINGERPRINT_BYTES], other[TOKEN_KEY_FINGERPRINT_BYTES];

	(void)state;
	token_key_fingerprint(slice_text(OLDEST), one);
	/* printf 'nurture key fingerprint v1\0' | openssl dgst -sha256 -hmac "$OLDEST" */
	assert_string_equal(one, "4b25cc14a0c1fcd5");
	token_key_fingerprint(slice_text(NEW), other);
	assert_string_not_equal(one, other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_are_keys),
	    cmocka_unit_test(refused),
	    cmocka_unit_test(links_outlive_their_key),
	    cmocka_unit_test(a_fingerprint_tells_keys_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
