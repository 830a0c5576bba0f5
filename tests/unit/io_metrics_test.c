/* io_metrics_test.c - the Prometheus text of what was counted. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/io/process/metrics.h"

enum { THREADS = 4, TIMES = 100000 };

static void test_text(void **state)
{
	static const char begin[] = "# HELP nurture_a_total Mails,\\nby \\\\ status.\n"
				    "# TYPE nurture_a_total counter\n"
				    "nurture_a_total{status=\"sent\"} 2\n"
				    "nurture_a_total{status=\"a\\\"b\\\\c\\nd\"} 1\n"
				    "# HELP nurture_b Waiting.\n"
				    "# TYPE nurture_b gauge\n"
				    "nurture_b -3\n"
				    "# HELP nurture_c_seconds How long.\n"
				    "# TYPE nurture_c_seconds histogram\n"
				    "nurture_c_seconds_bucket{le=\"0.001\"} 2\n"
				    "nurture_c_seconds_bucket{le=\"0.002\"} 2\n";
	struct metric *sent, *refused, *waiting, *seconds;
	struct buf text = BUF_MAX(65536);

	(void)state;
	sent = metric_counter("nurture_a_total", "status=\"sent\"", "Mails,\nby \\ status.");
	waiting = metric_gauge("nurture_b", "", "Waiting.");
	/* Registered apart, yet printed together. */
	refused = metric_counter("nurture_a_total", metric_label("status", "a\"b\\c\nd"), "Mails.");
	seconds = metric_histogram("nurture_c_seconds", "", "How long.");
	metric_add(sent, 2);
	metric_add(refused, 1);
	metric_set(waiting, 17);
	metric_add(waiting, -20);
	metric_observe_ms(seconds, 0);
	metric_observe_ms(seconds, 1);
	metric_observe_ms(seconds, 1500);
	metric_observe_ms(seconds, 999999);
	metrics_text(&text);
	assert_false(buf_failed(&text));
	assert_true(text.len > strlen(begin) && memcmp(text.bytes, begin, strlen(begin)) == 0);
	assert_non_null(strstr(text.bytes, "_bucket{le=\"1\"} 2\n"));
	assert_non_null(strstr(text.bytes, "_bucket{le=\"2\"} 3\n"));
	assert_non_null(strstr(text.bytes, "_bucket{le=\"60\"} 3\n"));
	assert_non_null(strstr(text.bytes, "_bucket{le=\"+Inf\"} 4\n"));
	assert_non_null(strstr(text.bytes, "nurture_c_seconds_sum 1001.500\n"));
	assert_non_null(strstr(text.bytes, "nurture_c_seconds_count 4\n"));
	buf_free(&text);
}

static void test_histogram_with_labels(void **state)
{
	struct metric *metric = metric_histogram("nurture_d_seconds", "step=\"x\"", "Steps.");
	struct buf text = BUF_MAX(65536);

	(void)state;
	metric_observe_ms(metric, 3);
	metrics_text(&text);
	assert_non_null(
	    strstr(text.bytes, "nurture_d_seconds_bucket{step=\"x\",le=\"0.005\"} 1\n"));
	assert_non_null(strstr(text.bytes, "nurture_d_seconds_sum{step=\"x\"} 0.003\n"));
	buf_free(&text);
}

static void test_same_again(void **state)
{
	(void)state;
	assert_ptr_equal(metric_counter("nurture_e_total", "", "E."),
			 metric_counter("nurture_e_total", "", "E."));
	assert_ptr_not_equal(metric_counter("nurture_e_total", "", "E."),
			     metric_counter("nurture_e_total", "a=\"1\"", "E."));
}

/* A name of which nothing is known at present is not there at all. */
static void test_absent(void **state)
{
	struct metric *first = metric_gauge("nurture_g", "a=\"1\"", "G.");
	struct metric *second = metric_gauge("nurture_g", "a=\"2\"", "G.");
	struct buf text = BUF_MAX(65536);

	(void)state;
	metric_set(first, METRIC_ABSENT);
	metric_set(second, METRIC_ABSENT);
	metrics_text(&text);
	assert_null(strstr(text.bytes, "nurture_g"));
	buf_free(&text);
	metric_set(second, 7);
	metrics_text(&text);
	assert_non_null(strstr(text.bytes, "# TYPE nurture_g gauge\nnurture_g{a=\"2\"} 7\n"));
	assert_null(strstr(text.bytes, "nurture_g{a=\"1\"}"));
	buf_free(&text);
}

static void *count(void *metric)
{
	for (int i = 0; i < TIMES; i++)
		metric_add(metric, 1);
	return NULL;
}

static void test_many_threads(void **state)
{
	struct metric *metric = metric_counter("nurture_f_total", "", "F.");
	struct buf text = BUF_MAX(65536);
	pthread_t threads[THREADS];

	(void)state;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, count, metric), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	metrics_text(&text);
	assert_non_null(strstr(text.bytes, "nurture_f_total 400000\n"));
	buf_free(&text);
}

/* A topic may have thousands of partitions, and each has metrics of its own. */
static void test_many(void **state)
{
	enum { MANY = 5000 };
	struct metric *first = NULL, *last = NULL;
	struct buf text = BUF_MAX(1024 * 1024);
	char number[16];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		snprintf(number, sizeof(number), "%d", i);
		last = metric_gauge_with("nurture_h", metric_label("partition", number), "H.");
		first = first ? first : last;
	}
	assert_ptr_equal(metric_gauge_with("nurture_h", metric_label("partition", "0"), "H."),
			 first);
	metric_set(last, 17);
	metrics_text(&text);
	assert_false(buf_failed(&text));
	assert_non_null(strstr(text.bytes, "nurture_h{partition=\"4999\"} 17\n"));
	assert_non_null(strstr(text.bytes, "nurture_h{partition=\"0\"} 0\n"));
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text),         cmocka_unit_test(test_histogram_with_labels),
	    cmocka_unit_test(test_same_again),   cmocka_unit_test(test_absent),
	    cmocka_unit_test(test_many_threads), cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
