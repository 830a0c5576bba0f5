/* Click tokens: they open to what they were made of, nothing else opens, and none leads astray. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/token/click_token.h"
#include "common/token/unsubscribe_token.h"

#define KEY slice_text("0123456789abcdef")
#define OTHER_KEY slice_text("fedcba9876543210")
#define MESSAGE "5d41402abc4b2a76b9719d911017c592"

static const struct token_keys keys = {.now = {(const uint8_t *)"0123456789abcdef", 16}};

static struct click click_of(const char *customer, const char *link, const char *url)
{
	struct click click = {.message = MESSAGE};

	snprintf(click.customer, sizeof(click.customer), "%s", customer);
	snprintf(click.link, sizeof(click.link), "%s", link);
	snprintf(click.url, sizeof(click.url), "%s", url);
	return click;
}

static void opens_to_what_it_was_made_of(void **state)
{
	char customer[CLICK_CUSTOMER_MAX_BYTES + 1], link[CLICK_LINK_MAX_BYTES + 1];
	char url[CLICK_URL_MAX_BYTES + 1] = "https://", token[CLICK_TOKEN_BYTES];
	struct click made[4], found;
	struct err err;

	(void)state;
	memset(customer, 'c', sizeof(customer) - 1);
	memset(link, 'l', sizeof(link) - 1);
	memset(url + 8, 'u', sizeof(url) - 9);
	customer[sizeof(customer) - 1] = link[sizeof(link) - 1] = url[sizeof(url) - 1] = '\0';
	made[0] = click_of("ann", "tents", "https://shop.example/tents?a=1&b=%20#top");
	made[1] = click_of("M\xc3\xbcller/7?&", "", "http://shop.example");
	made[2] = click_of(customer, link, url);
	made[3] = click_of("a", "zwei Zelte", "https://[::1]:8443/");
	for (size_t i = 0; i < 4; i++) {
		size_t len = click_token_make(KEY, &made[i], token);

		assert_int_equal(len, strlen(token));
		assert_in_range(len, 1, CLICK_TOKEN_BYTES - 1);
		assert_int_equal(click_token_open(&keys, slice_text(token), &found, &err), 0);
		assert_string_equal(found.message, MESSAGE);
		assert_string_equal(found.customer, made[i].customer);
		assert_string_equal(found.link, made[i].link);
		assert_string_equal(found.url, made[i].url);
	}
}

/* A link in somebody's inbox must open for ever, and with a key that was taken over. */
static void stays_the_same_for_ever(void **state)
{
	struct click click = click_of("c00017", "tents", "https://shop.example/t"), found;
	const struct token_keys both = {.now = OTHER_KEY, .before = {KEY}, .before_count = 1};
	char token[CLICK_TOKEN_BYTES];
	struct err err;

	(void)state;
	click_token_make(KEY, &click, token);
	assert_string_equal(token, "v1.XUFAKrxLKna5cZ2REBfFkgZjMDAwMTcFdGVudHNodHRwczovL3Nob3AuZXh"
				   "hbXBsZS90.N1MoUCwtYfOcyfN4-aKaSg");
	assert_int_equal(click_token_open(&both, slice_text(token), &found, &err), 0);
}

static void any_other_byte_closes_it(void **state)
{
	struct click click = click_of("ann", "tents", "https://shop.example/tents"), found;
	char token[CLICK_TOKEN_BYTES], other[CLICK_TOKEN_BYTES];
	struct err err;
	size_t len;

	(void)state;
	len = click_token_make(KEY, &click, token);
	for (size_t i = 0; i < len; i++) {
		memcpy(other, token, len + 1);
		other[i] = other[i] == 'A' ? 'B' : 'A';
		assert_int_equal(click_token_open(&keys, slice_text(other), &found, &err), -1);
		assert_string_equal(found.url, "");
		assert_int_equal(click_token_open(&keys, slice_of(token, i), &found, &err), -1);
	}
	click_token_make(OTHER_KEY, &click, token);
	assert_int_equal(click_token_open(&keys, slice_text(token), &found, &err), -1);
	assert_int_equal(unsubscribe_token_make(KEY, slice_text("ann"), slice_text("care"),
						slice_text(""), token, &err),
			 0);
	assert_int_equal(click_token_open(&keys, slice_text(token), &found, &err), -1);
}

static void only_addresses_are_signed(void **state)
{
	static const char *const bad[] = {"",
					  "https://",
					  "https:///path",
					  "https://?a",
					  "http://#a",
					  "javascript:alert(1)",
					  "//evil.example",
					  "/own",
					  "ftp://shop.example/",
					  "HTTPS://shop.example",
					  "https://shop.example/\r\nSet-Cookie: a=b",
					  "https://shop.example/a b",
					  "https://shop.example/\x7f",
					  "https://b\xc3\xbc\x63her.example/"};
	struct click click = click_of("ann", "tents", "https://shop.example/");
	char token[CLICK_TOKEN_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct click one = click_of("ann", "tents", bad[i]);

		assert_int_equal(click_token_make(KEY, &one, token), 0);
	}
	assert_int_equal(click_token_make(slice_text("short"), &click, token), 0);
	snprintf(click.message, sizeof(click.message), "not-hex");
	assert_int_equal(click_token_make(KEY, &click, token), 0);
	click = click_of("", "tents", "https://shop.example/");
	assert_int_equal(click_token_make(KEY, &click, token), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(opens_to_what_it_was_made_of),
	    cmocka_unit_test(stays_the_same_for_ever),
	    cmocka_unit_test(any_other_byte_closes_it),
	    cmocka_unit_test(only_addresses_are_signed),
	};

	return cmocka_run_group_tests_name("click tokens", tests, NULL, NULL);
}
