/*
 * console_who_test.c - who may: staff, the proxy's word, cookies, links, covers, whose form it is.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "services/console/who/cover.h"
#include "services/console/who/links.h"
#include "services/console/who/proxy.h"
#include "services/console/who/session.h"
#include "services/console/who/sign_outs.h"

#define KEY slice_text("a key of 24 bytes, or so")
#define OTHER_KEY slice_text("another key, 24 bytes too")
#define KEYS (&(struct token_keys){.now = KEY})
#define NOW_MS INT64_C(1764590400000)

static const char staff_file[] = "# who  role  teams\n"
				 "\n"
				 "Maria@shop.example\tagent  guest-relations, house-manager\n"
				 "boss@shop.example admin\r\n"
				 "group:front-desk viewer guest-relations\n"
				 "group:press approver";

static struct con_staff staff_of(const char *text, struct arena *arena)
{
	struct con_staff staff;
	struct err err;

	if (con_staff_read(slice_text(text), "staff", arena, &staff, &err) < 0)
		fail_msg("%s", err.text);
	return staff;
}

static struct con_identity identify(const struct con_staff *staff, const char *address,
				    const char *groups)
{
	return con_staff_identify(staff, slice_text(address), slice_text(groups));
}

static void test_staff(void **state)
{
	struct arena arena = {0};
	struct con_staff staff = staff_of(staff_file, &arena);
	struct con_identity who = identify(&staff, "MARIA@Shop.Example", "");

	(void)state;
	assert_string_equal(who.address, "maria@shop.example");
	assert_int_equal(who.role, CON_AGENT);
	assert_int_equal(who.team_count, 2);
	assert_true(slice_is(who.teams[1], "house-manager"));
	/* The highest role and all teams, each once. */
	who = identify(&staff, "maria@shop.example", "front-desk,nobodies , press");
	assert_int_equal(who.role, CON_APPROVER);
	assert_int_equal(who.team_count, 2);
	who = identify(&staff, "temp@shop.example", "front-desk");
	assert_int_equal(who.role, CON_VIEWER);
	assert_int_equal(who.team_count, 1);
	/* A group's name is no address, nor the other way round, nor a part of a name. */
	assert_int_equal(identify(&staff, "x@shop.example", "boss@shop.example").role, CON_NOBODY);
	assert_int_equal(identify(&staff, "x@shop.example", "front-des,ront-desk").role,
			 CON_NOBODY);
	assert_int_equal(identify(&staff, "front-desk", "press").role, CON_NOBODY);
	assert_int_equal(identify(&staff, "boss@shop.example\n", "").role, CON_NOBODY);
	assert_true(con_staff_knows(&staff, slice_text("BOSS@shop.example")));
	assert_false(con_staff_knows(&staff, slice_text("front-desk")));
	assert_false(con_staff_knows(&staff, slice_text("boss@shop.example.evil")));
	arena_free(&arena);
}

static void test_staff_refusals(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
	    {"\nmaria agent\n", "staff:2: expected an address or group:NAME, found \"maria\""},
	    {"a@b.example root",
	     "staff:1: expected viewer, agent, marketer, approver or admin behind it, found "
	     "\"root\""},
	    {"a@b.example nobody",
	     "staff:1: expected viewer, agent, marketer, approver or admin behind it, found "
	     "\"nobody\""},
	    {"a@b.example viewer\nA@B.example admin", "staff:2: a@b.example stands there twice"},
	    {"\xff", "staff: not UTF-8"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena arena = {0};
		struct con_staff staff;
		struct err err;

		assert_int_equal(
		    con_staff_read(slice_text(cases[i].text), "staff", &arena, &staff, &err), -1);
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_string_equal(err.text, cases[i].why);
		arena_free(&arena);
	}
}

/* Each action, and the least role that may. */
static void test_roles(void **state)
{
	static const enum con_action changes[] = {CON_DO_CLAIM, CON_DO_NOTE, CON_DO_FEEDBACK,
						  CON_DO_PAUSE, CON_DO_DONE};

	(void)state;
	for (int action = 0; action < CON_ACTION_COUNT; action++) {
		assert_false(con_may(CON_NOBODY, (enum con_action)action));
		assert_true(con_may(CON_ADMIN, (enum con_action)action));
		assert_int_equal(con_action_of(con_action_text((enum con_action)action)), action);
	}
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		assert_false(con_may(CON_VIEWER, changes[i]));
		assert_true(con_may(CON_AGENT, changes[i]));
	}
	for (int role = CON_NOBODY; role < CON_ADMIN; role++) {
		assert_false(con_may((enum con_role)role, CON_DO_ERASE));
		assert_false(con_may((enum con_role)role, CON_DO_ERASE_YES));
		assert_false(con_may((enum con_role)role, CON_DO_MERGE));
		assert_false(con_may((enum con_role)role, CON_DO_MERGE_YES));
	}
	assert_int_equal(con_action_of("no-such"), CON_ACTION_COUNT);
	assert_false(con_may(CON_ADMIN, CON_ACTION_COUNT));
}

static struct peer peer_at(const char *address)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, address, &v4.sin_addr) == 1)
		return peer_of((const struct sockaddr *)&v4);
	assert_int_equal(inet_pton(AF_INET6, address, &v6.sin6_addr), 1);
	return peer_of((const struct sockaddr *)&v6);
}

static bool has(const char *networks, const char *address)
{
	struct peer peer = peer_at(address);
	struct con_networks read;
	struct err err;

	if (con_networks_read(networks, &read, &err) < 0)
		fail_msg("%s", err.text);
	return con_networks_has(&read, &peer);
}

static void test_networks(void **state)
{
	static const char *const wrong[] = {"shop.example", "10.0.0.0/33", "10.0.0.0/-1",
					    "10.0.0",       "fd00::1",     "fd00::/65",
					    "::/129",       "1.2.3.4/",    "1.2.3.4 5.6.7.8"};
	struct con_networks read;
	struct err err;

	(void)state;
	assert_true(has("127.0.0.1, 10.1.0.0/16", "10.1.255.3"));
	assert_true(has("127.0.0.1, 10.1.0.0/16", "127.0.0.1"));
	assert_false(has("127.0.0.1, 10.1.0.0/16", "127.0.0.2"));
	assert_false(has("127.0.0.1, 10.1.0.0/16", "10.2.0.1"));
	assert_true(has("10.1.128.0/17", "10.1.128.1"));
	assert_false(has("10.1.128.0/17", "10.1.127.255"));
	assert_true(has("0.0.0.0/0", "192.0.2.1"));
	assert_false(has("0.0.0.0/0", "2001:db8::1"));
	assert_true(has("2001:db8:1:2::/64", "2001:db8:1:2:3:4:5:6"));
	assert_false(has("2001:db8:1:2::/64", "2001:db8:1:3::1"));
	assert_true(has("::1", "::1"));
	assert_false(has("::1", "127.0.0.1"));
	assert_false(has("", "127.0.0.1"));
	/* An IPv4 client of an IPv6 socket. */
	assert_true(has("10.0.0.0/8", "::ffff:10.0.0.1"));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(con_networks_read(wrong[i], &read, &err), -1);
		assert_int_equal(err.kind, ERR_CONFIG);
	}
}

/* "Name: value" lines. */
static struct con_headers headers_of(const char *lines)
{
	struct con_headers headers = {0};

	while (*lines) {
		size_t len = strcspn(lines, "\n"), name = strcspn(lines, ":");

		con_headers_take(&headers, slice_of(lines, name),
				 slice_of(lines + name + 1, len - name - 1));
		lines += len + (lines[len] == '\n');
	}
	return headers;
}

static void test_proxy(void **state)
{
#define SECRET "X-Nurture-Proxy-Secret: a secret of 24 bytes, ok\n"
	static const struct {
		const char *address, *headers;
		enum con_proxy_word word;
	} cases[] = {
	    {"10.0.0.1", SECRET "X-Auth-Request-Email: a@b.example", CON_PROXY_TRUE},
	    {"10.0.0.1", SECRET "x-auth-request-email: a@b.example\nx-auth-request-groups: a,b",
	     CON_PROXY_TRUE},
	    {"10.0.0.1", SECRET, CON_PROXY_SILENT},
	    {"10.0.0.1", "", CON_PROXY_SILENT},
	    {"10.0.0.2", SECRET "X-Auth-Request-Email: a@b.example", CON_PROXY_ADDRESS},
	    {"10.0.0.1", "X-Auth-Request-Email: a@b.example", CON_PROXY_SECRET},
	    {"10.0.0.1",
	     "X-Nurture-Proxy-Secret: a secret of 24 bytes, o\nX-Auth-Request-Email: a@b.example",
	     CON_PROXY_SECRET},
	    {"10.0.0.1", "X-Nurture-Proxy-Secret: \nX-Auth-Request-Email: a@b.example",
	     CON_PROXY_SECRET},
	    {"10.0.0.1",
	     SECRET "X-Auth-Request-Email: boss@b.example\nX-Auth-Request-Email: a@b.example",
	     CON_PROXY_TWICE},
	    {"10.0.0.1",
	     SECRET "X-Auth-Request-Email: a@b.example\nX-Auth-Request-Groups: x\n"
		    "X-AUTH-REQUEST-GROUPS: admins",
	     CON_PROXY_TWICE},
	    {"10.0.0.1", SECRET SECRET "X-Auth-Request-Email: a@b.example", CON_PROXY_TWICE},
	    {"10.0.0.2", "X-Auth-Request-Groups: admins", CON_PROXY_ADDRESS},
	    {"10.0.0.1",
	     "X-Nurture-Proxy-Secret: the one of before, 24 by\nX-Auth-Request-Email: a@b.example",
	     CON_PROXY_TRUE},
	};
	struct con_proxy proxy = {.secrets = {.now = slice_text("a secret of 24 bytes, ok"),
					      .before = {slice_text("the one of before, 24 by")},
					      .before_count = 1}};
	struct err err;

	(void)state;
	assert_int_equal(con_networks_read("10.0.0.1", &proxy.networks, &err), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct con_headers headers = headers_of(cases[i].headers);
		struct peer peer = peer_at(cases[i].address);

		if (con_proxy_judge(&proxy, &peer, &headers) != cases[i].word)
			fail_msg("case %zu: %s", i,
				 con_proxy_text(con_proxy_judge(&proxy, &peer, &headers)));
	}
}

/* Without a proxy its headers are nobody's word, whatever secret they bring. */
static void test_no_proxy(void **state)
{
	struct con_headers headers =
	    headers_of("X-Auth-Request-Email: boss@shop.example\nX-Nurture-Proxy-Secret: ");
	struct con_proxy none = {.networks = {.count = 0}};
	struct peer peer = peer_at("127.0.0.1");
	struct err err;

	(void)state;
	assert_int_equal(con_proxy_judge(&none, &peer, &headers), CON_PROXY_SILENT);
	/* No secret at all lets nobody in either. */
	assert_int_equal(con_networks_read("127.0.0.1", &none.networks, &err), 0);
	assert_int_equal(con_proxy_judge(&none, &peer, &headers), CON_PROXY_SECRET);
}

static void test_same_origin(void **state)
{
	static const struct {
		const char *headers;
		bool is_ours;
	} cases[] = {
	    {"Host: c.example\nSec-Fetch-Site: same-origin", true},
	    {"Host: c.example\nSec-Fetch-Site: none", true},
	    {"Host: c.example\nSec-Fetch-Site: same-site\nOrigin: https://c.example", false},
	    {"Host: c.example\nSec-Fetch-Site: cross-site", false},
	    {"Host: c.example\nSec-Fetch-Site: \nOrigin: https://c.example", false},
	    {"Host: c.example\nSec-Fetch-Site: cross-site\nSec-Fetch-Site: same-origin", false},
	    {"Host: c.example:8085\nOrigin: https://C.example:8085", true},
	    {"Host: c.example\nOrigin: http://c.example", true},
	    {"Host: c.example\nOrigin: https://c.example.evil", false},
	    {"Host: c.example\nOrigin: https://evil/c.example", false},
	    {"Host: c.example\nOrigin: https://c.example:444", false},
	    {"Host: c.example\nOrigin: null", false},
	    {"Host: c.example\nOrigin: ftp://c.example", false},
	    {"Host: c.example", false},
	    {"Origin: https://", false},
	    {"Host: c.example\nHost: evil\nOrigin: https://c.example", false},
	    {"Host: c.example\nOrigin: https://c.example\nOrigin: https://evil", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct con_headers headers = headers_of(cases[i].headers);

		if (con_headers_same_origin(&headers) != cases[i].is_ours)
			fail_msg("%s", cases[i].headers);
	}
}

static struct con_session session_of(unsigned number)
{
	struct con_session session = {.ends_ms = NOW_MS + (int64_t)number};

	memcpy(session.id, &number, sizeof(number));
	return session;
}

static struct con_sign_outs *sign_outs(const char *path, int64_t now_ms)
{
	struct con_sign_outs *outs;
	struct err err;

	if (con_sign_outs_open(&outs, path, now_ms, &err) < 0)
		fail_msg("%s", err.text);
	return outs;
}

static bool is_same_place(struct con_sign_outs *outs, const struct con_place *place)
{
	struct con_place now = con_sign_outs_place(outs);

	return memcmp(&now, place, sizeof(now)) == 0;
}

/* A kill after any of them finds them all. */
static void test_sign_outs(void **state)
{
	const struct con_session first = session_of(1000), second = session_of(2000);
	char directory[] = "/tmp/sign-outs-XXXXXX", path[64], command[128];
	struct con_sign_outs *outs;
	struct con_place place;
	struct err err;

	(void)state;
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/outs", directory);
	outs = sign_outs(path, NOW_MS);
	place = con_sign_outs_place(outs);
	assert_false(con_sign_outs_has(outs, &first));
	for (int i = 0; i < 2; i++) {
		assert_int_equal(con_sign_outs_add(outs, &first, NOW_MS, &err), 0);
		assert_int_equal(con_sign_outs_add(outs, &second, NOW_MS, &err), 0);
	}
	con_sign_outs_close(&outs);
	/* A line that was cut off is none, and those after it are well. */
	snprintf(command, sizeof(command), "printf '12 ab' >>%s", path);
	assert_int_equal(system(command), 0);
	for (int i = 0; i < 2; i++) {
		outs = sign_outs(path, NOW_MS + 1500);
		assert_true(is_same_place(outs, &place));
		assert_true(con_sign_outs_has(outs, &second));
		/* It has ended by itself. */
		assert_false(con_sign_outs_has(outs, &first));
		con_sign_outs_close(&outs);
	}
	snprintf(command, sizeof(command), "rm -r %s", directory);
	assert_int_equal(system(command), 0);
}

/* Whatever happens to the file, no session that was signed out before is good again. */
static void test_sign_outs_that_are_lost(void **state)
{
	static const char *const hurts[] = {"rm %s",
					    "sed -i s/v1/v2/ %s",
					    "echo nonsense >%s",
					    "sed -i '$s/ .*/ xyz/' %s",
					    "sed -i 1G %s",
					    "cp %1$s %1$s.x; cat %1$s.x >>%1$s"};
	const struct con_session one = session_of(1000);
	char directory[] = "/tmp/sign-outs-XXXXXX", path[64], command[256];
	struct con_sign_outs *outs;
	struct con_place place;
	struct err err;

	(void)state;
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/outs", directory);
	for (size_t i = 0; i < sizeof(hurts) / sizeof(hurts[0]); i++) {
		outs = sign_outs(path, NOW_MS);
		place = con_sign_outs_place(outs);
		assert_int_equal(con_sign_outs_add(outs, &one, NOW_MS, &err), 0);
		con_sign_outs_close(&outs);
		snprintf(command, sizeof(command), hurts[i], path);
		assert_int_equal(system(command), 0);
		outs = sign_outs(path, NOW_MS);
		if (is_same_place(outs, &place))
			fail_msg("%s", hurts[i]);
		con_sign_outs_close(&outs);
	}
	/* Where nothing can be written it has ended all the same, and the next process begins anew. */
	outs = sign_outs(path, NOW_MS);
	place = con_sign_outs_place(outs);
	snprintf(command, sizeof(command), "rm -r %s", directory);
	assert_int_equal(system(command), 0);
	assert_int_equal(con_sign_outs_add(outs, &one, NOW_MS, &err), -1);
	assert_true(con_sign_outs_has(outs, &one));
	assert_true(is_same_place(outs, &place));
	/* And once it can be, they are all there. */
	assert_int_equal(mkdir(directory, 0700), 0);
	assert_int_equal(con_sign_outs_add(outs, &(struct con_session){.id = {9}}, NOW_MS, &err),
			 0);
	con_sign_outs_close(&outs);
	outs = sign_outs(path, NOW_MS);
	assert_true(is_same_place(outs, &place) && con_sign_outs_has(outs, &one));
	con_sign_outs_close(&outs);
	assert_int_equal(system(command), 0);
}

/* A file with as many as there may be, of sessions that would end from then on. */
static void fill(const char *path, int64_t first_ends_ms)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fprintf(file, "nurture console sign-outs v1 %032x\n", 1);
	for (int i = 0; i < CON_SIGN_OUTS_MAX; i++)
		fprintf(file, "%lld %032x\n", (long long)first_ends_ms + i, i + 2);
	assert_int_equal(fclose(file), 0);
}

/* Who signs out without end ends everybody's session in the end, and not the console. */
static void test_sign_outs_without_end(void **state)
{
	static const struct con_place first = {.bytes = {[CON_SESSION_ID_BYTES - 1] = 1}};
	const struct con_session one = session_of(CON_SIGN_OUTS_MAX);
	char path[] = "/tmp/sign-outs-XXXXXX";
	struct con_sign_outs *outs;
	struct err err;

	(void)state;
	close(mkstemp(path));
	/* Half of them would have ended by the time of one more. */
	fill(path, NOW_MS);
	outs = sign_outs(path, NOW_MS - 1);
	assert_int_equal(con_sign_outs_add(outs, &one, NOW_MS + CON_SIGN_OUTS_MAX / 2, &err), 0);
	assert_true(is_same_place(outs, &first) && con_sign_outs_has(outs, &one));
	con_sign_outs_close(&outs);
	fill(path, NOW_MS + 1);
	outs = sign_outs(path, NOW_MS);
	assert_true(is_same_place(outs, &first));
	assert_int_equal(con_sign_outs_add(outs, &one, NOW_MS, &err), 0);
	assert_false(is_same_place(outs, &first));
	con_sign_outs_close(&outs);
	unlink(path);
}

static void test_session(void **state)
{
	const struct token_keys rotated = {.now = OTHER_KEY, .before = {KEY}, .before_count = 1};
	const struct token_keys other = {.now = OTHER_KEY}, none = {.now = slice_text("")};
	const struct con_place here = {{1}}, elsewhere = {{2}};
	struct con_session session = {.id = {7}, .ends_ms = NOW_MS + CON_SESSION_LIFE_MS}, opened;
	char text[CON_SESSION_BYTES];
	struct slice cookie;

	(void)state;
	strcpy(session.address, "maria@shop.example");
	con_session_make(KEY, &here, &session, text);
	cookie = slice_text(text);
	assert_true(con_session_open(KEYS, &here, cookie, NOW_MS, &opened));
	assert_string_equal(opened.address, "maria@shop.example");
	assert_memory_equal(opened.id, session.id, sizeof(session.id));
	assert_int_equal(opened.ends_ms, session.ends_ms);
	assert_true(con_session_open(&rotated, &here, cookie, NOW_MS, &opened));
	assert_false(con_session_open(&other, &here, cookie, NOW_MS, &opened));
	assert_false(con_session_open(&none, &here, cookie, NOW_MS, &opened));
	assert_false(con_session_open(KEYS, &elsewhere, cookie, NOW_MS, &opened));
	assert_true(con_session_open(KEYS, &here, cookie, session.ends_ms - 1, &opened));
	assert_false(con_session_open(KEYS, &here, cookie, session.ends_ms, &opened));
	/* No byte of it can be another one. */
	for (size_t i = 0; text[i]; i++) {
		char was = text[i];

		text[i] = was == 'A' ? 'B' : 'A';
		assert_false(con_session_open(KEYS, &here, slice_text(text), NOW_MS, &opened));
		text[i] = was;
	}
	assert_false(con_session_open(KEYS, &here, slice_text(""), NOW_MS, &opened));
	assert_false(con_session_open(KEYS, &here, slice_text("v2.."), NOW_MS, &opened));
	memset(session.address, 'x', CON_WHO_MAX_BYTES);
	con_session_make(KEY, &here, &session, text);
	assert_true(con_session_open(KEYS, &here, slice_text(text), NOW_MS, &opened));
	assert_string_equal(opened.address, session.address);

	assert_true(con_cookie_find(slice_text("a=b; " CON_SESSION_COOKIE "=x.y ;c=d"),
				    CON_SESSION_COOKIE, &cookie));
	assert_true(slice_is(cookie, "x.y"));
	assert_false(con_cookie_find(slice_text(CON_SESSION_COOKIE "=x; " CON_SESSION_COOKIE "=y"),
				     CON_SESSION_COOKIE, &cookie));
	assert_false(
	    con_cookie_find(slice_text("x" CON_SESSION_COOKIE "=x"), CON_SESSION_COOKIE, &cookie));
	assert_false(con_cookie_find(slice_text(CON_SESSION_COOKIE), CON_SESSION_COOKIE, &cookie));
}

static void test_links(void **state)
{
	struct con_links *links = calloc(1, sizeof(*links));
	const struct slice link = slice_text("link"), browser = slice_text("browser");
	char address[CON_WHO_MAX_BYTES + 1], text[20];

	(void)state;
	assert_non_null(links);
	con_links_add(links, link, browser, "maria@shop.example", NOW_MS);
	assert_false(con_links_use(links, slice_text("lin"), browser, NOW_MS, address));
	assert_false(con_links_use(links, link, slice_text("another"), NOW_MS, address));
	assert_false(con_links_use(links, link, slice_text(""), NOW_MS, address));
	assert_true(con_links_use(links, link, browser, NOW_MS + CON_LINK_LIFE_MS - 1, address));
	assert_string_equal(address, "maria@shop.example");
	/* Once. */
	assert_false(con_links_use(links, link, browser, NOW_MS, address));
	con_links_add(links, link, browser, "maria@shop.example", NOW_MS);
	assert_false(con_links_use(links, link, browser, NOW_MS + CON_LINK_LIFE_MS, address));
	/* Whoever asks too often loses the oldest one, and nothing else. */
	for (int i = 0; i <= CON_LINKS_MAX; i++) {
		snprintf(text, sizeof(text), "%d", i);
		con_links_add(links, slice_text(text), browser, "x@shop.example", NOW_MS + 1 + i);
	}
	assert_false(con_links_use(links, slice_text("0"), browser, NOW_MS, address));
	assert_true(con_links_use(links, slice_text("1"), browser, NOW_MS, address));
	free(links);
}

static void test_cover(void **state)
{
	static const char *const ids[] = {"ann", "a", "kund:in/ü", "ann@x.example"};
	char cover[CON_COVER_BYTES], again[CON_COVER_BYTES], id[CON_ID_MAX_BYTES + 1];
	const struct token_keys rotated = {.now = OTHER_KEY, .before = {KEY}, .before_count = 1};
	char longest[CON_ID_MAX_BYTES + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		con_cover_make(KEY, "maria@shop.example", ids[i], cover);
		assert_null(strstr(cover, ids[i]));
		assert_int_equal(strspn(cover, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvw"
					       "xyz0123456789-_"),
				 strlen(cover));
		assert_true(con_cover_open(KEYS, "maria@shop.example", slice_text(cover), id));
		assert_string_equal(id, ids[i]);
		assert_true(con_cover_open(&rotated, "maria@shop.example", slice_text(cover), id));
		/* In another's hands it opens nothing. */
		assert_false(con_cover_open(KEYS, "boss@shop.example", slice_text(cover), id));
		assert_false(con_cover_open(KEYS, "mario@shop.example", slice_text(cover), id));
		con_cover_make(KEY, "maria@shop.example", ids[i], again);
		assert_string_equal(cover, again);
		con_cover_make(KEY, "boss@shop.example", ids[i], again);
		assert_string_not_equal(cover, again);
	}
	for (size_t i = 0; cover[i]; i++) {
		char was = cover[i];

		cover[i] = was == 'A' ? 'B' : 'A';
		assert_false(con_cover_open(KEYS, "maria@shop.example", slice_text(cover), id));
		cover[i] = was;
	}
	assert_false(con_cover_open(KEYS, "maria@shop.example", slice_text(""), id));
	memset(longest, 'x', CON_ID_MAX_BYTES);
	longest[CON_ID_MAX_BYTES] = '\0';
	con_cover_make(KEY, "maria@shop.example", longest, cover);
	assert_true(con_cover_open(KEYS, "maria@shop.example", slice_text(cover), id));
	assert_string_equal(id, longest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_staff),
	    cmocka_unit_test(test_staff_refusals),
	    cmocka_unit_test(test_roles),
	    cmocka_unit_test(test_networks),
	    cmocka_unit_test(test_proxy),
	    cmocka_unit_test(test_no_proxy),
	    cmocka_unit_test(test_same_origin),
	    cmocka_unit_test(test_session),
	    cmocka_unit_test(test_sign_outs),
	    cmocka_unit_test(test_sign_outs_that_are_lost),
	    cmocka_unit_test(test_sign_outs_without_end),
	    cmocka_unit_test(test_links),
	    cmocka_unit_test(test_cover),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
