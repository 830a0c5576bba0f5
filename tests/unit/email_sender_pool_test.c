/*
 * The pool of connections: every mail that was put comes back exactly once, in
 * good times, without a server, when recalled and when the service stops.
 */
#include "pool_world.h"
#include "redis_fake.h"

static void all_come_back_once(void **state)
{
	struct sink sink;
	struct send_pool *pool;
	int counts[5] = {0};

	(void)state;
	sink_start(&sink);
	pool = open_pool(sink.url, 3, 0);
	for (int i = 0; i < 500; i++)
		put(pool, i, "ann@customers.example");
	assert_int_equal(send_pool_in_flight(pool), 500);
	assert_int_equal(take(pool, counts, 5000, NULL), 500);
	assert_int_equal(counts[SEND_SENT], 500);
	assert_int_equal(sink.mails, 500);
	/* A worker that the machine starts late may find nothing left to do. */
	assert_in_range(sink.connections, 1, 3);
	assert_int_equal(send_pool_wait(pool, 1, 0), 0);
	send_pool_close(&pool);
	assert_null(pool);
	sink_stop(&sink);
	assert_int_equal(sink.quits, sink.connections);
}

static void no_server(void **state)
{
	struct send_pool *pool = open_pool("smtp://127.0.0.1:1", 2, 0);
	int counts[5] = {0};
	char text[300];

	(void)state;
	for (int i = 0; i < 10; i++)
		put(pool, i, "ann@customers.example");
	assert_int_equal(take(pool, counts, 5000, text), 10);
	assert_int_equal(counts[SEND_LATER], 10);
	assert_non_null(strstr(text, "cannot connect"));
	send_pool_close(&pool);
}

static void what_cannot_be_composed(void **state)
{
	struct send_pool *pool = open_pool("smtp://127.0.0.1:1", 1, 0);
	int counts[5] = {0};
	char text[300];
	struct err err;

	(void)state;
	put(pool, 1, "ann@x.example>\r\nRCPT TO:<evil@y.example");
	assert_int_equal(take(pool, counts, 5000, text), 1);
	assert_int_equal(counts[SEND_REFUSED], 1);
	assert_string_equal(text, "the customer's address is none that mail can be sent to");
	assert_int_equal(send_pool_put(pool, 0, slice_text("c"), slice_text("junk"), &err), -1);
	assert_int_equal(send_pool_in_flight(pool), 0);
	send_pool_close(&pool);
}

static void recalled_before_it_begins(void **state)
{
	struct sink sink;
	struct send_pool *pool;
	int counts[5] = {0};

	(void)state;
	sink_start(&sink);
	sink.silent_at_mail = true; /* the one connection is held up by the first */
	pool = open_pool(sink.url, 1, 0);
	for (int i = 0; i < 4; i++)
		put(pool, i, "ann@customers.example");
	usleep(100000);
	put(pool, 2, NULL);
	put(pool, 0, NULL); /* too late */
	put(pool, 99, NULL);
	assert_int_equal(take(pool, counts, 100, NULL), 1);
	assert_int_equal(counts[SEND_NOT_SENT], 1);
	send_pool_stop(pool, 0);
	assert_int_equal(take(pool, counts, 0, NULL), 3);
	assert_int_equal(counts[SEND_NOT_SENT], 4); /* the first: no dot was written */
	send_pool_close(&pool);
	sink_stop(&sink);
}

static void a_stop_gives_back_what_has_not_begun(void **state)
{
	struct sink sink;
	struct send_pool *pool;
	int counts[5] = {0};
	int64_t begun_ms;

	(void)state;
	sink_start(&sink);
	sink.silent_at_dot = true;
	pool = open_pool(sink.url, 2, 0);
	for (int i = 0; i < 10; i++)
		put(pool, i, "ann@customers.example");
	while (sink.mails < 2)
		usleep(1000);
	begun_ms = clock_monotonic_ms();
	send_pool_stop(pool, 200);
	assert_in_range(clock_monotonic_ms() - begun_ms, 190, 3000);
	put(pool, 10, "ann@customers.example"); /* too late, and yet it comes back */
	assert_int_equal(take(pool, counts, 0, NULL), 11);
	assert_int_equal(counts[SEND_IN_DOUBT], 2);
	assert_int_equal(counts[SEND_NOT_SENT], 9);
	assert_int_equal(send_pool_in_flight(pool), 0);
	send_pool_close(&pool);
	sink_stop(&sink);
}

static void idle_connections_say_goodbye(void **state)
{
	struct sink sink;
	struct send_pool *pool;
	int counts[5] = {0};

	(void)state;
	sink_start(&sink);
	pool = open_pool(sink.url, 1, 100);
	put(pool, 1, "ann@customers.example");
	take(pool, counts, 2000, NULL);
	usleep(400000);
	assert_int_equal(sink.quits, 1);
	assert_int_equal(sink.open, 0);
	put(pool, 2, "ann@customers.example");
	take(pool, counts, 2000, NULL);
	assert_int_equal(counts[SEND_SENT], 2);
	assert_int_equal(sink.connections, 2);
	send_pool_close(&pool);
	sink_stop(&sink);
}

static struct attempt_notes *open_notes(const char *url)
{
	struct attempt_notes *ret;
	struct err err;

	if (attempt_notes_open(&ret, url, "", "email-sender", &err) < 0)
		fail_msg("%s", err.text);
	return ret;
}

static void nothing_is_said_without_a_journal(void **state)
{
	struct sink sink;
	struct send_pool *pool;
	int counts[5] = {0};
	char text[300];

	(void)state;
	sink_start(&sink);
	notes = open_notes("redis://127.0.0.1:1");
	pool = open_pool(sink.url, 2, 0);
	for (int i = 0; i < 10; i++)
		put(pool, i, "ann@customers.example");
	assert_int_equal(take(pool, counts, 5000, text), 10);
	assert_int_equal(counts[SEND_NOT_SENT], 10);
	assert_string_equal(text, "the journal of attempts does not answer");
	assert_int_equal(sink.connections, 0);
	send_pool_close(&pool);
	attempt_notes_close(&notes);
	sink_stop(&sink);
}

/* Where the dialogue has begun, the mail stays here all the same. */
static void no_mail_leaves_when_the_journal_is_lost(void **state)
{
	struct sink sink;
	struct redis_fake fake;
	struct send_pool *pool;
	int counts[5] = {0};

	(void)state;
	sink_start(&sink);
	fake_start(&fake, 2);
	notes = open_notes(fake.url);
	pool = open_pool(sink.url, 1, 0);
	put(pool, 1, "ann@customers.example");
	assert_int_equal(take(pool, counts, 5000, NULL), 1);
	while (fake.scripts < 2) /* its begin, and then its result */
		usleep(1000);
	for (int i = 2; i < 5; i++)
		put(pool, i, "ann@customers.example");
	assert_int_equal(take(pool, counts, 5000, NULL), 3);
	assert_int_equal(counts[SEND_SENT], 1);
	assert_int_equal(counts[SEND_NOT_SENT], 3);
	assert_int_equal(sink.mails, 1);
	assert_int_equal(sink.connections, 1);
	send_pool_close(&pool);
	attempt_notes_close(&notes);
	fake_stop(&fake);
	sink_stop(&sink);
}

/* A result goes into the journal with the begin behind it: two mails, three commands. */
static void a_result_waits_for_the_next_begin(void **state)
{
	struct sink sink;
	struct redis_fake fake;
	struct send_pool *pool;
	int counts[5] = {0};

	(void)state;
	sink_start(&sink);
	fake_start(&fake, 1000);
	notes = open_notes(fake.url);
	pool = open_pool(sink.url, 1, 0);
	for (int i = 0; i < 100; i++)
		put(pool, i * 7, "ann@customers.example");
	assert_int_equal(take(pool, counts, 5000, NULL), 100);
	assert_int_equal(counts[SEND_SENT], 100);
	send_pool_close(&pool);
	assert_in_range(fake.scripts, 101, 150);
	attempt_notes_close(&notes);
	fake_stop(&fake);
	sink_stop(&sink);
}

static void bad_options(void **state)
{
	struct send_pool_options options = {
	    .smtp = {.url = "ftp://x"},
	    .composer = {.policy = &policy,
			 .templates = templates,
			 .token_key = slice_text("0123456789abcdef")}};
	struct send_pool *pool = NULL;
	struct err err;

	(void)state;
	assert_int_equal(send_pool_open(&pool, &options, &err), -1);
	assert_string_equal(err.text, "SMTP_URL: expected smtp:// or smtps://, found ftp://");
	options.smtp.url = "smtp://localhost";
	options.connections = 257;
	assert_int_equal(send_pool_open(&pool, &options, &err), -1);
	assert_string_equal(err.text, "SMTP_CONNECTIONS: expected 1 to 256");
	options.connections = 1;
	options.composer.token_key = slice_text("short");
	assert_int_equal(send_pool_open(&pool, &options, &err), -1);
	assert_string_equal(err.text, "NURTURE_TOKEN_KEY: expected at least 16 bytes");
	assert_null(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_come_back_once),
	    cmocka_unit_test(no_server),
	    cmocka_unit_test(what_cannot_be_composed),
	    cmocka_unit_test(recalled_before_it_begins),
	    cmocka_unit_test(a_stop_gives_back_what_has_not_begun),
	    cmocka_unit_test(idle_connections_say_goodbye),
	    cmocka_unit_test(nothing_is_said_without_a_journal),
	    cmocka_unit_test(no_mail_leaves_when_the_journal_is_lost),
	    cmocka_unit_test(a_result_waits_for_the_next_begin),
	    cmocka_unit_test(bad_options),
	};
	struct err err;
	int r;

	if (template_set_open("deploy/templates", &templates, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	r = cmocka_run_group_tests(tests, NULL, NULL);
	template_set_free(templates);
	arena_free(&arena);
	return r;
}
