/*
 * Limits by domain in the real pool: a rate holds nobody else's connection,
 * a refusal of us stops the domain's other mails, connections have an end.
 */
#include "pool_world.h"
#include "services/email-sender/delivery/destination.h"
#include "smtp_script.h"

static const char *slow_domains[] = {"slow.example"};
static struct delivery_rule rules[] = {
    {.name = "slow", .per_minute = 1, .burst = 1, .domains = slow_domains, .domain_count = 1},
    {.name = "default"}};

static void limit(void)
{
	delivery = (struct delivery){.rules = rules,
				     .rule_count = 2,
				     .mails_per_connection = 7,
				     .local_share_permille = 250};
}

/* Takes what there is; of those deferred: how many, and the last one's rule and wait. */
static int take_all(struct send_pool *pool, int counts[5], char rule[20], int64_t *wait_ms)
{
	Nurture__V1__DeliveryResult *decoded;
	struct send_pool_result result;
	struct err err;
	int deferred = 0;

	while (send_pool_in_flight(pool)) {
		if (!send_pool_take(pool, &result)) {
			assert_int_equal(send_pool_wait(pool, 1, 5000), 1);
			continue;
		}
		assert_int_equal(send_result_decode(result.value, &arena, &decoded, &err), 0);
		counts[decoded->verdict]++;
		if (decoded->verdict != NURTURE__V1__DELIVERY_RESULT__VERDICT__NOT_SENT)
			continue;
		deferred++;
		snprintf(rule, 20, "%s", decoded->rule);
		*wait_ms = decoded->wait_ms > *wait_ms ? decoded->wait_ms : *wait_ms;
	}
	return deferred;
}

static void a_rate_holds_nobody_else(void **state)
{
	int counts[5] = {0};
	int64_t wait_ms = 0, begun_ms = clock_monotonic_ms();
	struct send_pool *pool;
	struct sink sink;
	char rule[20];

	(void)state;
	limit();
	sink_start(&sink);
	pool = open_pool(sink.url, 1, 0);
	for (int i = 0; i < 4; i++)
		put(pool, i, "ann@slow.example");
	for (int i = 4; i < 24; i++)
		put(pool, i, "ann@Other.example");
	assert_int_equal(take_all(pool, counts, rule, &wait_ms), 3);
	assert_string_equal(rule, "rate");
	assert_in_range(wait_ms, 150000, 181000); /* each its own minute */
	assert_int_equal(counts[SEND_SENT], 21);
	assert_true(clock_monotonic_ms() - begun_ms < 5000);
	assert_int_equal(sink.connections, 3); /* 7 mails over each */
	send_pool_close(&pool);
	sink_stop(&sink);
}

static void nothing_is_held_in_event_time(void **state)
{
	struct send_pool_options options = {
	    .composer = {.policy = &policy,
			 .templates = templates,
			 .token_key = slice_text("0123456789abcdef")},
	    .delivery = &delivery,
	    .is_event_time = true,
	    .connections = 2};
	int64_t wait_ms = 0;
	int counts[5] = {0};
	struct send_pool *pool;
	struct sink sink;
	struct err err;
	char rule[20];

	(void)state;
	limit();
	sink_start(&sink);
	options.smtp.url = sink.url;
	assert_int_equal(send_pool_open(&pool, &options, &err), 0);
	for (int i = 0; i < 50; i++)
		put(pool, i, "ann@slow.example");
	assert_int_equal(take_all(pool, counts, rule, &wait_ms), 0);
	assert_int_equal(counts[SEND_SENT], 50);
	send_pool_close(&pool);
	sink_stop(&sink);
}

static void refused_for_all(void **state)
{
	static const char *const script[] = {">220 x",
					     "<EHLO",
					     ">250 x",
					     "<MAIL",
					     ">250 ok",
					     "<RCPT",
					     ">250 ok",
					     "<DATA",
					     ">354 go",
					     ".",
					     ">550 5.7.26 unauthenticated",
					     "<RSET",
					     ">250 ok",
					     "<MAIL",
					     ">250 ok",
					     "<RCPT",
					     ">250 ok",
					     "<DATA",
					     ">354 go",
					     ".",
					     ">250 ok",
					     "<QUIT",
					     NULL};
	struct smtp_script server;
	int64_t wait_ms = 0;
	int counts[5] = {0};
	struct send_pool *pool;
	char rule[20];

	(void)state;
	limit();
	script_start(&server, script);
	pool = open_pool(server.url, 1, 0);
	for (int i = 0; i < 5; i++)
		put(pool, i, "ann@strict.example");
	put(pool, 5, "ann@other.example"); /* has nothing to do with it */
	assert_int_equal(take_all(pool, counts, rule, &wait_ms), 4);
	assert_string_equal(rule, "blocked");
	assert_in_range(wait_ms, DESTINATION_BLOCK_MS, DESTINATION_BLOCK_MS + 1000);
	assert_int_equal(counts[SEND_LATER], 1);
	assert_int_equal(counts[SEND_SENT], 1);
	/* And who comes now is not even let in. */
	put(pool, 6, "bea@strict.example");
	assert_int_equal(take_all(pool, counts, rule, &wait_ms), 1);
	send_pool_close(&pool);
	script_stop(&server);
	assert_string_equal(server.failure, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_rate_holds_nobody_else),
	    cmocka_unit_test(nothing_is_held_in_event_time),
	    cmocka_unit_test(refused_for_all),
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
