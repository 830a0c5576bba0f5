/* base_url_test.c - URLs of servers, and what none of their errors may show. */
#include "common/base/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct expected {
	const char *text, *scheme, *user, *password, *host;
	int port;
	const char *path;
};

static void check(const struct expected *want)
{
	struct url url;
	struct err err;

	if (url_parse(slice_text(want->text), &url, &err) < 0)
		fail_msg("%s: %s", want->text, err.text);
	assert_string_equal(url.scheme, want->scheme);
	assert_int_equal(url.has_user, want->user != NULL);
	assert_string_equal(url.user, want->user ? want->user : "");
	assert_int_equal(url.has_password, want->password != NULL);
	assert_string_equal(url.password, want->password ? want->password : "");
	assert_string_equal(url.host, want->host);
	assert_int_equal(url.port, want->port);
	assert_true(slice_is(url.path, want->path));
}

static void read_apart(void **state)
{
	static const struct expected list[] = {
	    {"redis://localhost", "redis", NULL, NULL, "localhost", 0, ""},
	    {"redis://10.0.0.1:6380/3", "redis", NULL, NULL, "10.0.0.1", 6380, "3"},
	    {"redis://:secret@cache.example", "redis", "", "secret", "cache.example", 0, ""},
	    {"redis://me:@cache.example/", "redis", "me", "", "cache.example", 0, ""},
	    {"smtp://me@mail.example", "smtp", "me", NULL, "mail.example", 0, ""},
	    {"smtps://[2001:db8::1]:465", "smtps", NULL, NULL, "2001:db8::1", 465, ""},
	    /* RFC 3986 2.1: whatever is not plain stands as %XX. */
	    {"redis://m%65:p%40ss%3Aw%2fo%2Crd%25@h:1", "redis", "me", "p@ss:w/o,rd%", "h", 1, ""},
	    {"redis://me:a:b@h", "redis", "me", "a:b", "h", 0, ""},
	    {"redis://me:p+q@h", "redis", "me", "p+q", "h", 0, ""}, /* a plus is a plus here */
	    /* A raw '@' belongs to the login: its rest must not become the host. */
	    {"redis://me:p@ss@h:1/2", "redis", "me", "p@ss", "h", 1, "2"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		check(&list[i]);
}

static void query_is_behind_the_host(void **state)
{
	static const struct {
		const char *text, *host, *path, *query;
	} list[] = {
	    {"rediss://h:1/2?ca=/x&sni=a%20b", "h", "2", "ca=/x&sni=a%20b"},
	    {"rediss://h?ca=/x/y", "h", "", "ca=/x/y"},
	    {"rediss://me:a?b@h?c", "h", "", "c"}, /* the first is of the password */
	    {"rediss://h/?", "h", "", ""},
	};
	struct slice name, value;
	struct url url;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		assert_int_equal(url_parse(slice_text(list[i].text), &url, &err), 0);
		assert_string_equal(url.host, list[i].host);
		assert_true(slice_is(url.path, list[i].path));
		assert_true(slice_is(url.query, list[i].query));
	}
	url.query = slice_text("a=1&b&c==");
	assert_true(url_query_next(&url.query, &name, &value));
	assert_true(slice_is(name, "a") && slice_is(value, "1"));
	assert_true(url_query_next(&url.query, &name, &value));
	assert_true(slice_is(name, "b") && slice_is(value, ""));
	assert_true(url_query_next(&url.query, &name, &value));
	assert_true(slice_is(name, "c") && slice_is(value, "="));
	assert_false(url_query_next(&url.query, &name, &value));
}

#define CANARY "hunter2"

static void never_shown(void **state)
{
	static const char *const list[] = {
	    CANARY,
	    "redis:" CANARY,
	    "redis:/" CANARY,
	    CANARY "//h",
	    "redis://",
	    "redis://" CANARY "@",
	    "redis://me:" CANARY "@",
	    "redis://me:" CANARY "@:6379",
	    "redis://me:" CANARY "%@h",
	    "redis://me:" CANARY "%4@h",
	    "redis://me:" CANARY "%zz@h",
	    "redis://me:" CANARY "%00@h",
	    "redis://me:" CANARY "/more@h", /* a raw '/' ends the host and port */
	    "redis://me:" CANARY "?more@h:x",
	    "redis://me:more#" CANARY,
	    "redis://me:1@" CANARY " h",
	    "redis://me:1@h:" CANARY,
	    "redis://me:1@h:0",
	    "redis://me:1@h:65536",
	    "redis://me:1@h:",
	    "redis://me:1@[::1",
	    "redis://me:1@[" CANARY "]:1",
	    "redis://me:1@[::1]" CANARY,
	    "redis://me:1@" CANARY "\"",
	    "redis://me:1@" CANARY "\xff",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		struct url url;
		struct err err;

		if (url_parse(slice_text(list[i]), &url, &err) == 0)
			fail_msg("%s was taken", list[i]);
		assert_null(strstr(err.text, CANARY));
		assert_non_null(strstr(err.text, "expected"));
	}
}

static void bounds(void **state)
{
	char text[4000] = "redis://me:";
	size_t len = strlen(text);
	struct url url;
	struct err err;

	(void)state;
	memset(text + len, 'p', URL_PASSWORD_BYTES - 1);
	strcpy(text + len + URL_PASSWORD_BYTES - 1, "@h");
	assert_int_equal(url_parse(slice_text(text), &url, &err), 0);
	assert_int_equal(strlen(url.password), URL_PASSWORD_BYTES - 1);
	strcpy(text + len + URL_PASSWORD_BYTES - 1, "p@h");
	assert_int_equal(url_parse(slice_text(text), &url, &err), -1);
	strcpy(text, "redis://");
	memset(text + 8, 'h', URL_HOST_BYTES);
	text[8 + URL_HOST_BYTES] = '\0';
	assert_int_equal(url_parse(slice_text(text), &url, &err), -1);
	text[8 + URL_HOST_BYTES - 1] = '\0';
	assert_int_equal(url_parse(slice_text(text), &url, &err), 0);
	assert_int_equal(url_parse(slice_of("redis://h\0h", 11), &url, &err), -1);
	assert_int_equal(url_parse(slice_of(NULL, 0), &url, &err), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(read_apart),
	    cmocka_unit_test(query_is_behind_the_host),
	    cmocka_unit_test(never_shown),
	    cmocka_unit_test(bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
