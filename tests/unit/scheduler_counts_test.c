/* The arbiter's decisions as metrics: by programme and by rule, and never without bound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/io/process/metrics.h"
#include "services/scheduler/outcome_counts.h"

static void note(const char *programme, const char *status, const char *rule)
{
	outcome_counts_note(NULL, &(struct sched_note){programme, status, rule});
}

static bool says(const char *line)
{
	struct buf text = BUF_MAX(1 << 24);
	bool ret;

	metrics_text(&text);
	ret = strstr(text.bytes, line);
	buf_free(&text);
	return ret;
}

static void each_counts_once_by_programme_and_by_rule(void **state)
{
	(void)state;
	note("tips", "granted", "");
	note("tips", "granted", "");
	note("tips", "deferred", "week");
	note("win-back", "expired", "week");
	assert_true(
	    says("nurture_programme_outcomes_total{programme=\"tips\",status=\"granted\"} 2\n"));
	assert_true(
	    says("nurture_programme_outcomes_total{programme=\"tips\",status=\"deferred\"} 1\n"));
	assert_true(says("nurture_rule_outcomes_total{rule=\"week\",status=\"deferred\"} 1\n"));
	assert_true(says("nurture_rule_outcomes_total{rule=\"week\",status=\"expired\"} 1\n"));
	assert_false(says("rule=\"\""));
}

static void names_without_end_are_other(void **state)
{
	char name[32];

	(void)state;
	for (int i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "p%d", i);
		note(name, "expired", "");
	}
	assert_true(says("{programme=\"p1\",status=\"expired\"} 1\n"));
	assert_false(says("programme=\"p4999\""));
	assert_true(says("{programme=\"other\",status=\"expired\"} "));
	note("tips", "granted", "");
	assert_true(says("{programme=\"tips\",status=\"granted\"} 3\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_counts_once_by_programme_and_by_rule),
	    cmocka_unit_test(names_without_end_are_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
