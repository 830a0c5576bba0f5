/* Tests of services/email-sender/delivery/intent_window.h: how far intents run ahead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "services/email-sender/delivery/intent_window.h"

enum { CONNECTIONS = 8 };

/* A window is filled and committed; the connections have not ended with so many when it is. */
static size_t after_commit(struct intent_window *window, size_t unfinished)
{
	intent_window_handed_over(window, CONNECTIONS, intent_window_size(window, CONNECTIONS));
	intent_window_learn(window, CONNECTIONS, unfinished);
	return intent_window_size(window, CONNECTIONS);
}

static void begins_with_a_few(void **state)
{
	struct intent_window window = {0};

	(void)state;
	assert_int_equal(intent_window_size(&window, CONNECTIONS), 64);
}

/* A fast server: the connections stand still during each commit. */
static void grows_to_its_bound(void **state)
{
	struct intent_window window = {0};

	(void)state;
	assert_int_equal(after_commit(&window, 0), 128);
	assert_int_equal(after_commit(&window, 0), 256);
	assert_int_equal(after_commit(&window, 0), 512);
	assert_int_equal(after_commit(&window, 0), 512);
}

/* The connections were busy and little is left: it is as it should be. */
static void stays(void **state)
{
	struct intent_window window = {.ahead = 16};

	(void)state;
	assert_int_equal(after_commit(&window, 1), 128);
	assert_int_equal(after_commit(&window, 32), 128);
}

/* A server that has become slow has much in doubt for nothing. */
static void shrinks_to_a_few(void **state)
{
	struct intent_window window = {.ahead = 32};

	(void)state;
	assert_int_equal(after_commit(&window, 200), 128);
	assert_int_equal(after_commit(&window, 127), 64);
	assert_int_equal(after_commit(&window, 64), 64);
}

/* Few mails say nothing about how long a commit takes. */
static void a_quiet_hour_teaches_nothing(void **state)
{
	struct intent_window window = {0};

	(void)state;
	intent_window_handed_over(&window, CONNECTIONS, 47);
	intent_window_learn(&window, CONNECTIONS, 0);
	assert_int_equal(intent_window_size(&window, CONNECTIONS), 64);
	after_commit(&window, 0);
	intent_window_learn(&window, CONNECTIONS, 0); /* the same hand-over teaches once */
	assert_int_equal(intent_window_size(&window, CONNECTIONS), 128);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(begins_with_a_few),
	    cmocka_unit_test(grows_to_its_bound),
	    cmocka_unit_test(stays),
	    cmocka_unit_test(shrinks_to_a_few),
	    cmocka_unit_test(a_quiet_hour_teaches_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
