/* review_solicitor_serve_test.c - the feedback page over real HTTP, into the client library's mock
 * cluster. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/buf.h"
#include "common/io/process/clock.h"
#include "common/message/event.h"
#include "common/token/click_token.h"
#include "common/token/unsubscribe_token.h"
#include "services/review-solicitor/asks.h"
#include "services/review-solicitor/pages/serve.h"
#include "services/review-solicitor/pages/site.h"
#include "services/review-solicitor/pages/preferences.h"
#include "services/review-solicitor/pages/token.h"
#include "one_request.h"

#define TOPIC "nurture.events"
#define KEY slice_text("sixteen bytes ok")

static struct web_site site;
static rd_kafka_t *mock_owner;
static rd_kafka_mock_cluster_t *mock;
static const struct policy policy = {
    .shop = {.name = "Harbour"},
    .feedback = {.public_link = "https://reviews.example/harbour"},
};

static struct sol_serve *open_serve(const char *brokers)
{
	struct sol_serve_options options = {.site = &site,
					    .brokers = brokers,
					    .events_topic = TOPIC,
					    .listen = "127.0.0.1:0",
					    .policy = &policy,
					    .token_keys = {.now = KEY}};
	struct sol_serve *serve;
	struct err err;

	if (sol_serve_open(&serve, &options, &err) < 0)
		fail_msg("%s", err.text);
	return serve;
}

static void expect(struct sol_serve *serve, const char *method, const char *path, const char *body,
		   const char *status, const char *part)
{
	char *answer = ask(sol_serve_port(serve), method, path, body);

	if (strncmp(answer, "HTTP/1.1 ", 9) != 0 || strncmp(answer + 9, status, 3) != 0 ||
	    !strstr(answer, part) || !strstr(answer, "Content-Security-Policy: default-src 'none'"))
		fail_msg("%s %s: expected %s and %s, found %s", method, path, status, part, answer);
	free(answer);
}

static char *path_of(const char *customer, const char *order, const char *query)
{
	struct sol_token token = {customer, order, "rating"};
	struct arena arena = {0};
	struct buf path = BUF_MAX(4096);

	buf_printf(&path, "/f/%s%s", sol_token_make(&token, KEY, &arena), query);
	arena_free(&arena);
	return path.bytes;
}

/* All of the customer's that is in the topic, as events; at most max. */
static size_t read_events(struct arena *arena, Nurture__V1__Event **ret, size_t max,
			  const char *customer)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(4);
	char why[200];
	rd_kafka_t *reader;
	int64_t until_ms = clock_monotonic_ms() + 1500;
	size_t count = 0;

	rd_kafka_conf_set(conf, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(mock), why,
			  sizeof(why));
	rd_kafka_conf_set(conf, "group.id", "test", why, sizeof(why));
	reader = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
	for (int32_t i = 0; i < 4; i++)
		rd_kafka_topic_partition_list_add(all, TOPIC, i)->offset = 0;
	rd_kafka_assign(reader, all);
	rd_kafka_topic_partition_list_destroy(all);
	while (clock_monotonic_ms() < until_ms && count < max) {
		rd_kafka_message_t *message = rd_kafka_consumer_poll(reader, 100);
		struct err err;

		if (message && !message->err) {
			if (event_decode(slice_of(message->payload, message->len), arena,
					 &ret[count], &err) < 0)
				fail_msg("%s", err.text);
			assert_true(slice_equal(slice_of(message->key, message->key_len),
						slice_text(ret[count]->customer->id)));
			count += strcmp(ret[count]->customer->id, customer) == 0;
		}
		if (message)
			rd_kafka_message_destroy(message);
	}
	rd_kafka_destroy(reader);
	return count;
}

static void test_page_and_form(void **state)
{
	struct sol_serve *serve = open_serve(rd_kafka_mock_cluster_bootstraps(mock));
	char *path = path_of("ann", "17", ""), *chosen = path_of("ann", "17", "?score=4");
	struct arena arena = {0};
	Nurture__V1__Event *events[8];
	char ask_id[ID_TEXT_BYTES];

	(void)state;
	expect(serve, "GET", path, "", "200", "Order 17");
	expect(serve, "GET", chosen, "", "200", "value=\"4\" required checked");
	expect(serve, "GET", "/f/v1.x.y", "", "404", "This link does not work");
	expect(serve, "POST", "/f/", "score=5", "404", "This link does not work");
	expect(serve, "POST", path, "comment=keep+%3Cme%3E", "400", "keep &lt;me&gt;</textarea>");
	expect(serve, "POST", path, "score=6", "400", "role=\"alert\"");
	/* The link is there for the unhappy too; two clicks are one event's id. */
	expect(serve, "POST", path, "score=1&comment=Broken%0D%0Ahandle", "200",
	       "href=\"https://reviews.example/harbour\"");
	expect(serve, "POST", path, "score=1&comment=Broken%0D%0Ahandle", "200", "Thank you");
	expect(serve, "POST", chosen, "score=5", "200", "href=\"https://reviews.example/harbour\"");
	sol_serve_close(&serve);
	assert_null(serve);

	assert_int_equal(read_events(&arena, events, 8, "ann"), 3);
	assert_string_equal(events[0]->id, events[1]->id);
	assert_string_not_equal(events[1]->id, events[2]->id);
	assert_string_equal(events[0]->type, "feedback.received");
	assert_string_equal(events[0]->feedback->order, "17");
	assert_string_equal(events[0]->feedback->rung, "rating");
	assert_string_equal(events[0]->feedback->comment, "Broken\nhandle");
	assert_int_equal(events[0]->feedback->score, 1);
	sol_ask_id(ask_id, "rating", "ann", "17");
	assert_string_equal(events[0]->feedback->request, ask_id);
	assert_int_equal(events[2]->feedback->score, 5);
	arena_free(&arena);
	free(path);
	free(chosen);
}

/* A mail program's click and the page's; who came back may leave again, so no two ids are equal. */
static void test_unsubscribe(void **state)
{
	struct sol_serve *serve = open_serve(rd_kafka_mock_cluster_bootstraps(mock));
	char path[3 + UNSUBSCRIBE_TOKEN_BYTES] = "/u/";
	struct arena arena = {0};
	Nurture__V1__Event *events[8];
	struct err err;

	(void)state;
	assert_int_equal(unsubscribe_token_make(KEY, slice_text("bob"), slice_text("<care>"),
						slice_text("email:0123"), path + 3, &err),
			 0);
	expect(serve, "GET", path, "", "200", "&lt;care&gt;");
	expect(serve, "POST", path, "List-Unsubscribe=One-Click", "200", "You are unsubscribed");
	expect(serve, "POST", path, "from=all", "200", "You are unsubscribed");
	path[strlen(path) - 1] ^= 1;
	expect(serve, "POST", path, "", "404", "This link does not work");
	sol_serve_close(&serve);
	assert_int_equal(read_events(&arena, events, 8, "bob"), 2);
	assert_string_equal(events[0]->type, "message.unsubscribed");
	assert_string_equal(events[0]->message->message_class, "<care>");
	assert_string_equal(events[0]->message->inbox, "email:0123");
	assert_string_equal(events[1]->message->message_class, "");
	assert_string_equal(events[1]->message->inbox, "email:0123");
	assert_string_not_equal(events[0]->id, events[1]->id);
	arena_free(&arena);
}

/* No state can be read here: then the page has one button, and only that button's form counts. */
static void test_own_page_unreadable(void **state)
{
	struct sol_serve *serve = open_serve(rd_kafka_mock_cluster_bootstraps(mock));
	char path[3 + UNSUBSCRIBE_TOKEN_BYTES] = "/p/", german[16 + UNSUBSCRIBE_TOKEN_BYTES];
	const struct sol_form_state form_state = {clock_wall_ms(), false, {.locale = ""}};
	struct arena arena = {0};
	const char *field = sol_form_state_sign(&policy, "cleo", KEY, &form_state, &arena);
	Nurture__V1__Event *events[8];
	struct err err;

	(void)state;
	assert_int_equal(preferences_token_make(KEY, slice_text("cleo"), slice_text("care"),
						slice_text(""), path + 3, &err),
			 0);
	snprintf(german, sizeof(german), "%s?lang=de", path);
	expect(serve, "GET", path, "", "200", "cannot be shown");
	expect(serve, "HEAD", path, "", "200", "Cache-Control: no-store");
	expect(serve, "GET", german, "", "200", "<html lang=\"de\">");
	expect(serve, "POST", path, "do=nothing", "400", "could not be read");
	expect(serve, "POST", path, arena_printf(&arena, "do=pause&shown=%s", field), "503",
	       "Retry-After: 5");
	expect(serve, "POST", german, arena_printf(&arena, "do=nothing&lang=de&shown=%s", field),
	       "200", "Gespeichert");
	path[strlen(path) - 1] ^= 1;
	expect(serve, "GET", path, "", "404", "This link does not work");
	sol_serve_close(&serve);
	assert_int_equal(read_events(&arena, events, 8, "cleo"), 1);
	assert_string_equal(events[0]->type, "message.unsubscribed");
	arena_free(&arena);
}

static void test_kafka_is_silent(void **state)
{
	struct sol_serve *serve = open_serve("127.0.0.1:1");
	char *path = path_of("ann", "17", ""), *answer;
	int64_t begun_ms = clock_monotonic_ms();

	(void)state;
	expect(serve, "GET", path, "", "200", "Order 17");
	expect(serve, "POST", path, "score=5", "503", "Retry-After: 5");
	assert_true(clock_monotonic_ms() - begun_ms < 8000);
	answer = ask(sol_serve_port(serve), "GET", "/readyz", "");
	assert_memory_equal(answer, "HTTP/1.1 503", 12);
	free(answer);
	sol_serve_close(&serve);
	free(path);
}

struct poster {
	pthread_t thread;
	unsigned short port;
	char *path, *answer;
};

static void *post(void *argument)
{
	struct poster *poster = argument;

	poster->answer = ask(poster->port, "POST", poster->path, "score=3");
	return NULL;
}

/* What is under way when the service stops is answered, one way or the other. */
static void test_close_under_way(void **state)
{
	struct sol_serve *serve = open_serve("127.0.0.1:1");
	struct poster posters[8];

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		posters[i].port = sol_serve_port(serve);
		posters[i].path = path_of("ann", "17", "");
		assert_int_equal(pthread_create(&posters[i].thread, NULL, post, &posters[i]), 0);
	}
	nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
	sol_serve_close(&serve);
	for (size_t i = 0; i < 8; i++) {
		pthread_join(posters[i].thread, NULL);
		assert_memory_equal(posters[i].answer, "HTTP/1.1 503", 12);
		free(posters[i].answer);
		free(posters[i].path);
	}
}

/* One link, and all links of one address; the page says that nothing was lost. */
static void test_too_often(void **state)
{
	struct sol_serve_options options = {.site = &site,
					    .brokers = rd_kafka_mock_cluster_bootstraps(mock),
					    .events_topic = TOPIC,
					    .listen = "127.0.0.1:0",
					    .policy = &policy,
					    .pages_per_address = 13,
					    .token_keys = {.now = KEY}};
	char *first = path_of("often", "1", ""), *second = path_of("often", "2", "");
	char leave[UNSUBSCRIBE_TOKEN_BYTES + 3] = "/u/";
	struct sol_serve *serve = NULL;
	struct err err;

	(void)state;
	assert_int_equal(unsubscribe_token_make(KEY, slice_text("often"), slice_text("care"),
						slice_text(""), leave + 3, &err),
			 0);
	assert_int_equal(sol_serve_open(&serve, &options, &err), 0);
	for (int i = 0; i < 10; i++)
		expect(serve, "POST", first, "score=5", "200", "has arrived");
	expect(serve, "POST", first, "score=5", "429", "Retry-After: 30");
	expect(serve, "POST", first, "score=4", "429", "What you sent before has arrived");
	expect(serve, "GET", first, "", "200", "How was your order?");
	for (int i = 0; i < 3; i++)
		expect(serve, "POST", second, "score=5", "200", "has arrived");
	expect(serve, "POST", second, "score=5", "429", "wait a minute");
	for (int i = 0; i < 10; i++) /* whatever the address has done */
		expect(serve, "POST", leave, "List-Unsubscribe=One-Click", "200", "unsubscribed");
	expect(serve, "POST", leave, "List-Unsubscribe=One-Click", "429", "wait a minute");
	sol_serve_close(&serve);
	free(first);
	free(second);
}

/* Without a Redis nobody can be asked whether it may be noted: people are led on, and that is all. */
static void test_counted_link(void **state)
{
	struct sol_serve *serve = open_serve(rd_kafka_mock_cluster_bootstraps(mock));
	const struct click click = {.message = "5d41402abc4b2a76b9719d911017c592",
				    .customer = "clara",
				    .link = "tents",
				    .url = "https://shop.example/tents?a=1#b"};
	struct arena arena = {0};
	Nurture__V1__Event *events[1];
	char path[sizeof(CLICK_PATH) + CLICK_TOKEN_BYTES] = CLICK_PATH, *answer;

	(void)state;
	click_token_make(KEY, &click, path + strlen(CLICK_PATH));
	answer = ask(sol_serve_port(serve), "GET", path, "");
	if (strncmp(answer, "HTTP/1.1 302", 12) != 0 ||
	    !strstr(answer, "\r\nLocation: https://shop.example/tents?a=1#b\r\n") ||
	    !strstr(answer, "\r\nReferrer-Policy: no-referrer\r\n") ||
	    !strstr(answer, "\r\nCache-Control: no-store\r\n"))
		fail_msg("expected a way on, found %s", answer);
	free(answer);
	expect(serve, "GET", CLICK_PATH "https://shop.example/", "", "404", "does not work");
	expect(serve, "GET", CLICK_PATH, "", "404", "does not work");
	sol_serve_close(&serve);
	assert_int_equal(read_events(&arena, events, 1, "clara"), 0);
	arena_free(&arena);
}

static void test_refused_options(void **state)
{
	struct sol_serve_options options = {.site = &site,
					    .brokers = "127.0.0.1:1",
					    .events_topic = TOPIC,
					    .listen = "127.0.0.1:0",
					    .policy = &policy,
					    .token_keys = {.now = slice_text("fifteen bytes..")}};
	struct sol_serve *serve = NULL;
	struct err err;

	(void)state;
	assert_int_equal(sol_serve_open(&serve, &options, &err), -1);
	assert_string_equal(err.text, "NURTURE_TOKEN_KEY: expected at least 16 bytes, found 15");
	options.token_keys.now = KEY;
	options.listen = "nowhere";
	assert_int_equal(sol_serve_open(&serve, &options, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_null(serve);
	sol_serve_close(&serve);
}

static int open_cluster(void **state)
{
	char why[200];
	struct err err;

	(void)state;
	if (sol_site_begin(&site, &err) < 0 || sol_site_end(&site, &err) < 0)
		fail_msg("%s", err.text);
	mock_owner = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), why, sizeof(why));
	mock = mock_owner ? rd_kafka_mock_cluster_new(mock_owner, 1) : NULL;
	return mock && rd_kafka_mock_topic_create(mock, TOPIC, 4, 1) == 0 ? 0 : -1;
}

static int close_cluster(void **state)
{
	(void)state;
	rd_kafka_mock_cluster_destroy(mock);
	rd_kafka_destroy(mock_owner);
	web_site_close(&site);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_page_and_form),       cmocka_unit_test(test_unsubscribe),
	    cmocka_unit_test(test_kafka_is_silent),     cmocka_unit_test(test_close_under_way),
	    cmocka_unit_test(test_too_often),           cmocka_unit_test(test_refused_options),
	    cmocka_unit_test(test_own_page_unreadable), cmocka_unit_test(test_counted_link),
	};

	return cmocka_run_group_tests(tests, open_cluster, close_cluster);
}
