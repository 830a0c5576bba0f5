/* desk_counts_test.c - what the desk counts of tasks that had their end. */
#include <string.h>

#include "common/base/buf.h"
#include "common/io/process/metrics.h"
#include "desk_world.h"
#include "services/desk/counts.h"

static const char policy_text[] =
    "shop: {name: S, time_zone: Europe/London, sender: \"S <s@s.example>\"}\n"
    "classes: {transactional: {}, care: {}}\n"
    "caps: off\n"
    "quiet_hours: off\n"
    "just_bought: off\n"
    "programmes:\n"
    "  call: {owner: house, on: complaint.opened, task: phone-call, class: care, expires: 20d}\n"
    "  basket: {owner: house, on: order.placed, task: basket, class: care, expires: 5d}\n"
    "desk:\n"
    "  hours: {days: [monday], from: \"09:00\", to: \"17:00\"}\n"
    "  actions: {phone-call: {results: [reached, no_answer]}, basket: {within: 8h}}\n";

static void end(struct dsk_counts *counts, const char *action, const char *status,
		const char *result)
{
	Nurture__V1__End end = NURTURE__V1__END__INIT;
	struct buf bytes = BUF_MAX(4096);

	end.at_ms = 1772366400000;
	end.id = "8f14e45fceea167a5a36dedd4bea2543";
	end.customer = "ann";
	end.request = "r1";
	end.programme = "call";
	end.owner = "house";
	end.action = (char *)(uintptr_t)action;
	end.status = (char *)(uintptr_t)status;
	end.result = (char *)(uintptr_t)result;
	end_encode(&end, &bytes);
	assert_false(buf_failed(&bytes));
	dsk_counts_end(counts, buf_slice(&bytes));
	buf_free(&bytes);
}

static bool counts_are(const char *line)
{
	struct buf text = BUF_MAX(1 << 20);
	bool found;

	metrics_text(&text);
	found = strstr(text.bytes, line) != NULL;
	buf_free(&text);
	return found;
}

/* What another program says stays what it is, and somebody sees it. */
static void unlisted_results_are_counted(void **state)
{
	struct zones *zones = fixture_zones();
	struct dsk_counts counts = {0};
	struct policy *policy;
	struct err err;

	(void)state;
	if (policy_load(slice_text(policy_text), "policy.yaml", zones, NULL, &policy, &err) < 0)
		fail_msg("%s", err.text);
	dsk_counts_open(&counts, policy->desk);
	end(&counts, "phone-call", END_DONE, "reached");
	end(&counts, "phone-call", END_DONE, "");
	end(&counts, "phone-call", END_CANCELLED, "");
	end(&counts, "basket", END_DONE, "room 12");
	assert_true(counts_are("nurture_task_results_unlisted_total 0\n"));
	end(&counts, "phone-call", END_FAILED, "no answer");
	end(&counts, "phone-call", END_DONE, "Reached");
	assert_true(counts_are("nurture_task_results_unlisted_total 2\n"));
	assert_true(counts_are("nurture_task_ends_total{status=\"done\"} 4\n"));
	dsk_counts_close(&counts);
	policy_free(policy);
	zones_free(zones);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(unlisted_results_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
