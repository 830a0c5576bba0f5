/*
 * io_http_doors_test.c - how many connections an address may have, and a
 * listener of its own for health and metrics.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/io/http/peer.h"
#include "http_client.h"

#define HALF "POST /echo HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\na"
#define WHOLE "POST /keep HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n"

enum { PER_ADDRESS = 8, HALVES = PER_ADDRESS / 2, SHUT_MS = 2000 };

static struct http_request *kept[PER_ADDRESS];
static _Atomic int kept_count;

static void echo(void *context, struct http_request *request)
{
	(void)context;
	http_answer(request, 200, "text/plain", NULL, http_body(request));
}

static void keep(void *context, struct http_request *request)
{
	(void)context;
	http_defer(request);
	kept[kept_count++] = request;
}

static const struct http_route routes[] = {
    {"POST", "/echo", 1000, echo, NULL}, {"POST", "/keep", 100, keep, NULL}, {0}};

static struct http_server *open_server(const char *admin)
{
	struct http_options options = {.listen = "127.0.0.1:0",
				       .admin_listen = admin,
				       .routes = routes,
				       .connections_per_address = PER_ADDRESS};
	struct http_server *server = NULL;
	struct err err;

	if (http_open(&server, &options, &err) < 0)
		fail_msg("%s", err.text);
	return server;
}

/* From 127.0.0.HOST to a port of this machine. */
static int dial_from(unsigned host, unsigned short port)
{
	struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	from.sin_addr.s_addr = htonl(0x7f000000 + host);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons(port);
	assert_int_equal(bind(fd, (struct sockaddr *)&from, sizeof(from)), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static bool is_closed(int fd, int wait_ms)
{
	char answer[4096];

	return listen_for(fd, answer, sizeof(answer), wait_ms);
}

static void expect_answer(int fd, const char *wanted)
{
	char answer[8192];

	listen_for(fd, answer, sizeof(answer), 500);
	if (!strstr(answer, wanted))
		fail_msg("expected %s, found %s", wanted, answer);
}

static void wait_for_kept(int count)
{
	for (int i = 0; i < 500 && kept_count < count; i++)
		usleep(10000);
	assert_int_equal(kept_count, count);
}

/* The one that has waited longest goes; who is elsewhere does not notice. */
static void half_requests(void **state)
{
	struct http_server *server = open_server(NULL);
	int fds[HALVES + 1], other = dial_from(2, http_port(server));

	(void)state;
	say(other, HALF);
	for (int i = 0; i < HALVES; i++) {
		fds[i] = dial_from(1, http_port(server));
		say(fds[i], HALF);
		usleep(5000);
	}
	assert_false(is_closed(fds[0], QUIET_MS));
	fds[HALVES] = dial_from(1, http_port(server));
	assert_true(is_closed(fds[0], SHUT_MS));
	for (int i = 1; i < HALVES; i++) {
		say(fds[i], "bc");
		expect_answer(fds[i], "abc");
	}
	say(other, "bc");
	expect_answer(other, "abc");
	for (int i = 0; i <= HALVES; i++)
		close(fds[i]);
	close(other);
	http_close(&server);
}

/* Requests that are worked on are no half ones, but connections all the same. */
static void all_connections(void **state)
{
	struct http_server *server = open_server(NULL);
	int fds[PER_ADDRESS], more, other;

	(void)state;
	kept_count = 0;
	for (int i = 0; i < PER_ADDRESS; i++) {
		fds[i] = dial_from(1, http_port(server));
		say(fds[i], WHOLE);
		wait_for_kept(i + 1);
	}
	more = dial_from(1, http_port(server));
	say(more, HALF "bc");
	assert_true(is_closed(more, SHUT_MS));
	close(more);
	other = dial_from(2, http_port(server));
	say(other, HALF "bc");
	expect_answer(other, "abc");
	for (int i = 0; i < PER_ADDRESS; i++) {
		http_answer(kept[i], 200, "text/plain", NULL, slice_text("kept"));
		expect_answer(fds[i], "kept");
		close(fds[i]);
	}
	usleep(100000); /* closed here is not closed there yet */
	more = dial_from(1, http_port(server));
	say(more, HALF "bc");
	expect_answer(more, "abc");
	close(more);
	close(other);
	http_close(&server);
}

static void ask(unsigned short port, const char *path, const char *wanted)
{
	char request[200];
	int fd = dial_from(1, port);

	snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\n" H "\r\n", path);
	say(fd, request);
	expect_answer(fd, wanted);
	close(fd);
}

static void admin_apart(void **state)
{
	static const char *const paths[] = {"/livez", "/readyz", "/metrics"};
	struct http_server *server = open_server("127.0.0.1:0");
	int fd;

	(void)state;
	assert_int_not_equal(http_admin_port(server), 0);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		ask(http_port(server), paths[i], "HTTP/1.1 404 ");
		ask(http_admin_port(server), paths[i], "HTTP/1.1 200 ");
	}
	ask(http_admin_port(server), "/echo", "HTTP/1.1 404 ");
	fd = dial_from(1, http_port(server));
	say(fd, HALF "bc");
	expect_answer(fd, "abc");
	close(fd);
	http_close(&server);
	server = open_server("");
	assert_int_equal(http_admin_port(server), 0);
	ask(http_port(server), "/livez", "HTTP/1.1 200 ");
	http_close(&server);
}

static bool tells(void *context, char *reason, size_t size)
{
	const char *why = context;

	if (why[0])
		snprintf(reason, size, "%s", why);
	return !why[0];
}

/* The gauge of /metrics says what /readyz says, whenever it is asked. */
static void readiness_is_measured(void **state)
{
	char why[40] = "";
	struct http_options options = {
	    .listen = "127.0.0.1:0", .routes = routes, .context = why, .ready = tells};
	struct http_server *server = NULL;
	struct err err;

	(void)state;
	assert_int_equal(http_open(&server, &options, &err), 0);
	ask(http_port(server), "/readyz", "HTTP/1.1 200 ");
	ask(http_port(server), "/metrics", "# TYPE nurture_ready gauge\nnurture_ready 1\n");
	strcpy(why, "Redis does not answer");
	ask(http_port(server), "/readyz", "Redis does not answer\n");
	ask(http_port(server), "/readyz", "HTTP/1.1 503 ");
	ask(http_port(server), "/metrics", "# TYPE nurture_ready gauge\nnurture_ready 0\n");
	why[0] = '\0';
	ask(http_port(server), "/metrics", "nurture_ready 1\n");
	http_close(&server);
}

static void admin_refused(void **state)
{
	struct http_options options = {.listen = "127.0.0.1:0", .admin_listen = "nowhere"};
	struct http_server *server = NULL;
	struct err err;

	(void)state;
	assert_int_equal(http_open(&server, &options, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.text, "NURTURE_ADMIN_LISTEN: listen address 'nowhere'"));
}

static struct peer peer_at(int family, const char *text)
{
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	struct sockaddr_in v4 = {.sin_family = AF_INET};

	assert_int_equal(
	    inet_pton(family, text,
		      family == AF_INET ? (void *)&v4.sin_addr : (void *)&v6.sin6_addr),
	    1);
	return peer_of(family == AF_INET ? (void *)&v4 : (void *)&v6);
}

static void one_address(void **state)
{
	struct peer v4 = peer_at(AF_INET, "192.0.2.1"), v6 = peer_at(AF_INET6, "2001:db8:1:2::3");
	struct peer same = peer_at(AF_INET6, "::ffff:192.0.2.1"), none = peer_of(NULL);
	struct peer next = peer_at(AF_INET, "192.0.2.2");
	struct peer neighbour = peer_at(AF_INET6, "2001:db8:1:2:ffff::1");
	struct peer other = peer_at(AF_INET6, "2001:db8:1:3::3");

	(void)state;
	assert_true(peer_equal(&v4, &same));
	assert_false(peer_equal(&v4, &next));
	assert_true(peer_equal(&v6, &neighbour));
	assert_false(peer_equal(&v6, &other));
	assert_false(peer_equal(&v4, &v6));
	assert_false(peer_equal(&v4, &none));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(half_requests),         cmocka_unit_test(all_connections),
	    cmocka_unit_test(readiness_is_measured), cmocka_unit_test(admin_apart),
	    cmocka_unit_test(admin_refused),         cmocka_unit_test(one_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
