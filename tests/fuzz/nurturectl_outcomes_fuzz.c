/*
 * A file of outcomes, right or wrong, through all that reads one: what was
 * taken is the same as itself, and can be audited, reported and told.
 */
#include <stdlib.h>

#include "common/base/civil.h"
#include "services/nurturectl/audit/audit.h"
#include "services/nurturectl/outcomes/outcome_table.h"
#include "services/nurturectl/audit/compare.h"
#include "services/nurturectl/report/report.h"
#include "services/nurturectl/explain/why.h"

enum { OUT_BYTES = 1 << 22 };

static struct message_class classes[] = {{.name = "care"}, {.name = "promotion"}};
static struct cap caps[] = {
    {"week", false, 1, 7 * DAY_MS, ALL_CLASSES, 1u << CHANNEL_EMAIL, "", "", true},
    {"tips", false, 0, 400 * DAY_MS, 1, 7, "tips", "tents", false}};
static const struct policy policy = {
    .hash = "0123456789abcdef",
    .classes = classes,
    .class_count = 2,
    .caps = caps,
    .cap_count = 2,
    .ceiling = {"ceiling", false, 2, DAY_MS, ALL_CLASSES, 7, "", "", true}};

static void compare_with_itself(struct outcomes *list, const char *text, size_t size,
				struct buf *out)
{
	const struct compare_options options = {.name_a = "A", .name_b = "B", .shown_max = 10};
	struct outcomes again = {0};
	struct comparison result;
	struct err err;

	if (outcomes_add_lines(&again, "B", slice_of(text, size), &err) < 0)
		abort();
	outcomes_sort(&again);
	compare_outcomes(list, &again, &options, &result, out);
	if (result.only_a || result.only_b || result.differ)
		abort();
	outcomes_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* What the audit counts as requests, the report's table counts as rows. */
static void audit_and_report(const struct outcomes *list, struct buf *out)
{
	const struct orders orders = {.last_ms = 1};
	struct outcome_table table;
	const struct report_input input = {.policy = &policy,
					   .orders = &orders,
					   .lives = &orders,
					   .with = &table,
					   .without = &table,
					   .until_ms = DAY_MS};
	struct report report;
	struct audit audit;
	struct err err;

	audit_run(&policy, list, NULL, 0, &audit, out);
	outcome_table_of_outcomes(list, &table);
	if (report_count(&input, &report, &err) < 0 || audit.requests != report.requests)
		abort();
	report_free(&report);
	outcome_table_free(&table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct why_options why = {.policy = &policy, .at_ms = NEVER_MS};
	struct buf out = BUF_MAX(OUT_BYTES);
	struct outcomes list = {0};
	struct err err;

	if (outcomes_add_lines(&list, "A", slice_of(data, size), &err) == 0) {
		outcomes_sort(&list);
		audit_and_report(&list, &out);
		why_tell(&list, &why, &out);
		compare_with_itself(&list, (const char *)data, size, &out);
	}
	outcomes_free(&list);
	buf_free(&out);
	return 0;
}
