/*
 * io_topic_ends_test.c - a topic that ends before it did is another one.
 *
 * What the brokers answer is made up; tests/e2e/topics_change.py asks real ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/io/kafka/topic_ends.h"

static struct topic_ends *two_topics(void)
{
	static const char *const topics[] = {"n.outcomes", "n.contacts"};

	return topic_ends_open(topics, 2, 3, "n.contacts");
}

static void ends_grow(void **state)
{
	static const int64_t ends_of_it[] = {0, 0, 5, -1, 5, 900};
	struct topic_ends *ends = two_topics();
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(ends_of_it) / sizeof(ends_of_it[0]); i++)
		assert_int_equal(topic_ends_note(ends, 0, 1, ends_of_it[i], &err), 0);
	/* Of the others nothing follows. */
	for (int i = 0; i < 9; i++) {
		assert_int_equal(topic_ends_note(ends, 0, 2, 3, &err), 0);
		assert_int_equal(topic_ends_note(ends, 1, 1, 3, &err), 0);
	}
	topic_ends_close(ends);
}

/* A leader that has just taken over may not know of the newest records yet. */
static void once_is_nothing(void **state)
{
	struct topic_ends *ends = two_topics();
	struct err err;

	(void)state;
	for (int i = 0; i < 9; i++) {
		assert_int_equal(topic_ends_note(ends, 0, 0, 100, &err), 0);
		assert_int_equal(topic_ends_note(ends, 0, 0, 99, &err), 0);
		assert_int_equal(topic_ends_note(ends, 0, 0, 99, &err), 0);
	}
	topic_ends_close(ends);
}

static void who_ended_later(struct topic_ends *ends, size_t topic, struct err *err)
{
	assert_int_equal(topic_ends_note(ends, topic, 2, 100, err), 0);
	assert_int_equal(topic_ends_note(ends, topic, 2, 0, err), 0);
	assert_int_equal(topic_ends_note(ends, topic, 2, 7, err), 0);
	assert_int_equal(topic_ends_note(ends, topic, 2, -1, err), 0); /* no answer is no news */
	assert_int_equal(topic_ends_note(ends, topic, 2, 99, err), -1);
	assert_non_null(strstr(err->text, "partition 2: it had records up to offset 100 and now"));
	assert_non_null(strstr(err->text, "made anew"));
}

static void earlier_is_another_topic(void **state)
{
	struct topic_ends *ends = two_topics();
	struct err err;

	(void)state;
	who_ended_later(ends, 0, &err);
	assert_int_equal(err.kind, ERR_ENVIRONMENT);
	assert_non_null(strstr(err.text, "topic n.outcomes"));
	/* What a service knows is not gone on without. */
	who_ended_later(ends, 1, &err);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.text, "topic n.contacts"));
	assert_non_null(strstr(err.text, "nurturectl accept"));
	topic_ends_close(ends);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ends_grow),
	    cmocka_unit_test(once_is_nothing),
	    cmocka_unit_test(earlier_is_another_topic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
