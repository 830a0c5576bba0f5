/* Log lines as they arrive on stderr; and the flag that signals set. */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/io/process/clock.h"
#include "common/io/process/log.h"
#include "common/io/process/stop.h"

static char lines[16384];
static int saved_stderr = -1, pipe_fds[2];

static void capture(void)
{
	saved_stderr = dup(STDERR_FILENO);
	assert_int_equal(pipe(pipe_fds), 0);
	dup2(pipe_fds[1], STDERR_FILENO);
}

static void captured(void)
{
	ssize_t len;

	dup2(saved_stderr, STDERR_FILENO);
	close(saved_stderr);
	close(pipe_fds[1]);
	len = read(pipe_fds[0], lines, sizeof(lines) - 1);
	lines[len > 0 ? len : 0] = '\0';
	close(pipe_fds[0]);
}

static void test_line(void **state)
{
	(void)state;
	unsetenv("LOG_LEVEL");
	log_open("scheduler");
	capture();
	errno = EBADF;
	log_event(LOG_LEVEL_INFO, "assigned", "partition", log_number(3), "of", "a b", NULL);
	assert_int_equal(errno, EBADF);
	captured();
	/* 2026-03-01T12:00:00.123Z */
	assert_int_equal(lines[10], 'T');
	assert_int_equal(lines[19], '.');
	assert_string_equal(lines + 23, "Z level=info svc=scheduler event=assigned partition=3 "
					"of=\"a b\"\n");
}

static void test_values_are_escaped(void **state)
{
	(void)state;
	log_open("s");
	capture();
	log_event(LOG_LEVEL_ERROR, "e", "a", "", "b", "x=y", "c", "say \"hi\"\\", "d", "1\n2\x1b",
		  "e", "caf\xc3\xa9", "f", "\xff ", NULL);
	captured();
	assert_non_null(strstr(lines, " a=\"\" b=\"x=y\" c=\"say \\\"hi\\\"\\\\\" d=\"1\\n2\\x1b\" "
				      "e=caf\xc3\xa9 f=\"\\xff \"\n"));
}

static void test_json(void **state)
{
	static char long_value[5000];

	(void)state;
	setenv("LOG_FORMAT", "json", 1);
	log_open("scheduler");
	capture();
	log_event(LOG_LEVEL_WARN, "assigned", "partition", log_number(3), "of", "a \"b\"\n\x01\\",
		  "u", "caf\xc3\xa9", "x", "\xff", NULL);
	captured();
	assert_memory_equal(lines, "{\"@timestamp\":\"20", 17);
	assert_string_equal(
	    strstr(lines, "Z\","),
	    "Z\",\"log.level\":\"warn\",\"ecs.version\":\"8.11.0\",\"service.name\":\"scheduler\","
	    "\"event.action\":\"assigned\",\"message\":\"assigned\",\"nurture.partition\":\"3\","
	    "\"nurture.of\":\"a \\\"b\\\"\\u000a\\u0001\\\\\",\"nurture.u\":\"caf\xc3\xa9\","
	    "\"nurture.x\":\"\\ufffd\"}\n");
	memset(long_value, 'x', sizeof(long_value) - 1);
	capture();
	log_event(LOG_LEVEL_WARN, "e", "a", long_value, "b", "2", NULL);
	captured();
	assert_non_null(strstr(lines, "\"message\":\"e\",\"nurture.cut\":\"true\"}\n"));
	unsetenv("LOG_FORMAT");
	log_open("s");
}

static void test_levels(void **state)
{
	(void)state;
	setenv("LOG_LEVEL", "warn", 1);
	log_open("s");
	capture();
	log_event(LOG_LEVEL_INFO, "no", NULL);
	log_event(LOG_LEVEL_DEBUG, "no", NULL);
	log_event(LOG_LEVEL_WARN, "yes", NULL);
	log_event(LOG_LEVEL_ERROR, "yes", NULL);
	log_record("kept", "by", "ann", NULL);
	captured();
	assert_null(strstr(lines, "event=no"));
	assert_non_null(strstr(lines, "level=info svc=s event=kept by=ann\n"));
	assert_non_null(strstr(lines, "level=warn svc=s event=yes\n"));
	assert_non_null(strstr(lines, "level=error svc=s event=yes\n"));
	unsetenv("LOG_LEVEL");
	log_open("s");
}

/* A line stays one write: a pair without room is left out whole, and that is said. */
static void test_long_values_are_left_out(void **state)
{
	char value[5000];

	(void)state;
	memset(value, '"', sizeof(value));
	value[sizeof(value) - 1] = '\0';
	capture();
	log_event(LOG_LEVEL_INFO, "e", "before", "1", "long", value, "after", "2", NULL);
	captured();
	assert_non_null(strstr(lines, " event=e before=1 cut=true\n"));
	value[4000] = '\0';
	memset(value, 'x', 4000);
	capture();
	log_event(LOG_LEVEL_INFO, "e", "fits", value, "not", value, NULL);
	captured();
	assert_true(strlen(lines) > 4000 && strlen(lines) <= 4096);
	assert_string_equal(lines + strlen(lines) - 12, "xx cut=true\n");
}

static void test_numbers_last_for_four_more(void **state)
{
	const char *texts[5];

	(void)state;
	for (int i = 0; i < 5; i++)
		texts[i] = log_number(i - 2);
	assert_string_equal(texts[0], "-2");
	assert_string_equal(texts[4], "2");
	assert_string_equal(log_number(INT64_MIN), "-9223372036854775808");
}

static void test_stop(void **state)
{
	struct pollfd wait = {.events = POLLIN};

	(void)state;
	assert_int_equal(stop_fd(), -1);
	stop_on_signals();
	wait.fd = stop_fd();
	assert_false(stop_requested());
	assert_int_equal(poll(&wait, 1, 0), 0);
	raise(SIGPIPE); /* nothing happens */
	assert_false(stop_requested());
	raise(SIGTERM);
	assert_true(stop_requested());
	assert_int_equal(poll(&wait, 1, 0), 1);
	raise(SIGINT);
	assert_int_equal(poll(&wait, 1, 0), 1);
}

static void test_clock(void **state)
{
	int64_t before_ms = clock_monotonic_ms();

	(void)state;
	assert_true(clock_wall_ms() > INT64_C(1700000000000));
	assert_true(clock_monotonic_ms() >= before_ms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_line),
	    cmocka_unit_test(test_values_are_escaped),
	    cmocka_unit_test(test_json),
	    cmocka_unit_test(test_levels),
	    cmocka_unit_test(test_long_values_are_left_out),
	    cmocka_unit_test(test_numbers_last_for_four_more),
	    cmocka_unit_test(test_stop),
	    cmocka_unit_test(test_clock),
	};

	return cmocka_run_group_tests_name("io_log_stop_clock", tests, NULL, NULL);
}
