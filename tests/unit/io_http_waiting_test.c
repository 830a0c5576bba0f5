/* io_http_waiting_test.c - one answer, by whoever brings what was missing last. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/io/http/http_waiting.h"

static struct {
	unsigned answers, deferred;
	bool is_stored;
} seen;

/* In place of http_answer.c's. */
void http_defer(struct http_request *request)
{
	(void)request;
	seen.deferred++;
}

static void answer(struct http_waiting *waiting, bool is_stored)
{
	(void)waiting;
	seen.answers++;
	seen.is_stored = is_stored;
}

static void begin(struct http_waiting *waiting)
{
	memset(&seen, 0, sizeof(seen));
	http_waiting_begin(waiting, NULL, answer);
	assert_int_equal(seen.deferred, 1);
}

static void last_one_answers(void **state)
{
	struct http_waiting waiting;

	(void)state;
	begin(&waiting);
	http_waiting_add(&waiting);
	http_waiting_add(&waiting);
	http_waiting_told(&waiting, true);
	http_waiting_told(&waiting, true); /* the sender, before the second record is there */
	assert_int_equal(seen.answers, 0);
	http_waiting_told(&waiting, true);
	assert_int_equal(seen.answers, 1);
	assert_true(seen.is_stored);
}

/* An acknowledgement may come before the next record is sent. */
static void not_before_all_is_sent(void **state)
{
	struct http_waiting waiting;

	(void)state;
	begin(&waiting);
	for (int i = 0; i < 3; i++) {
		http_waiting_add(&waiting);
		http_waiting_told(&waiting, i != 1);
		assert_int_equal(seen.answers, 0);
	}
	http_waiting_told(&waiting, true);
	assert_int_equal(seen.answers, 1);
	assert_false(seen.is_stored);
}

static void nothing_to_send(void **state)
{
	struct http_waiting waiting;

	(void)state;
	begin(&waiting);
	http_waiting_told(&waiting, true);
	assert_int_equal(seen.answers, 1);
	assert_true(seen.is_stored);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(last_one_answers),
	    cmocka_unit_test(not_before_all_is_sent),
	    cmocka_unit_test(nothing_to_send),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
