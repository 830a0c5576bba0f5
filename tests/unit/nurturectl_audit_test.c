/* The auditor: a broken window is found and told, an honest file is silent, ends
 * are counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "nurturectl_outcomes.h"
#include "services/nurturectl/audit/audit.h"

enum { FINDINGS_BYTES = 1 << 20 };

static struct audit audit(const struct line *lines, size_t count, struct buf *findings)
{
	struct outcomes list = list_of(lines, count);
	struct audit result;

	audit_run(list_policy(), &list, NULL, 0, &result, findings);
	/* Borrowed from the list. */
	result.who_7d = result.who_30d = NULL;
	outcomes_free(&list);
	return result;
}

/* So many sends of `programme`, each step_ms behind the last, by one customer. */
static struct audit audit_row(const char *programme, const char *class_name, const char *status,
			      int count, int64_t step_ms)
{
	struct buf findings = BUF_MAX(FINDINGS_BYTES);
	struct line lines[32];
	char ids[32][16];
	struct audit result;

	for (int i = 0; i < count; i++) {
		snprintf(ids[i], sizeof(ids[i]), "r%02d", i);
		lines[i] = (struct line)LINE("ann", ids[i], ids[i], programme, class_name, status,
					     step_ms * i);
	}
	result = audit(lines, (size_t)count, &findings);
	assert_int_equal(result.broken > 0, findings.len > 0);
	buf_free(&findings);
	return result;
}

static void windows(void **state)
{
	static const struct {
		const char *what, *programme, *message_class, *status;
		int count;
		int64_t step_ms;
		size_t broken;
	} rows[] = {
	    {"two in a week", "tips", "care", "sent", 2, DAY_MS, 0},
	    {"three in a week", "tips", "care", "sent", 3, DAY_MS, 1},
	    {"the first is just one window old", "tips", "care", "sent", 3, 7 * DAY_MS / 2, 0},
	    {"a millisecond less", "tips", "care", "sent", 3, 7 * DAY_MS / 2 - 1, 1},
	    {"a gap that is kept", "tips", "care", "sent", 2, 20 * HOUR_MS, 0},
	    {"a gap that is not", "tips", "care", "sent", 2, 20 * HOUR_MS - 1, 1},
	    {"what is in doubt counts", "tips", "care", "in_doubt", 3, DAY_MS, 1},
	    {"permits count", "tips", "care", "permitted", 3, DAY_MS, 1},
	    {"what never went out does not", "tips", "care", "displaced", 9, HOUR_MS, 0},
	    {"deferrals do not", "tips", "care", "deferred", 9, HOUR_MS, 0},
	    {"a class without a cap", "bill", "receipt", "sent", 5, HOUR_MS, 0},
	    {"but for the ceiling", "bill", "receipt", "sent", 6, HOUR_MS, 1},
	    {"exempt ones are bound by the ceiling only", "recall", "promotion", "sent", 5, 1, 0},
	    {"which they break", "recall", "promotion", "sent", 7, 1, 2},
	    /* All caps bind a class that nobody knows: the gap twice, the week and the month. */
	    {"an unknown class is no excuse", "x", "gone", "sent", 2, 21 * HOUR_MS, 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct audit result = audit_row(rows[i].programme, rows[i].message_class,
						rows[i].status, rows[i].count, rows[i].step_ms);

		if (result.broken != rows[i].broken)
			fail_msg("%s: %zu broken, expected %zu", rows[i].what, result.broken,
				 rows[i].broken);
		assert_int_equal(audit_is_clean(&result), rows[i].broken == 0);
	}
}

/* Exempt sends take room, and at the same instant they come last. */
static void exempt_sends(void **state)
{
	static const struct line before[] = {
	    LINE("ann", "r1", "1", "recall", "promotion", "sent", 0),
	    LINE("ann", "r2", "2", "tips", "care", "sent", HOUR_MS),
	};
	static const struct line same[] = {
	    LINE("ann", "r1", "1", "recall", "promotion", "sent", 0),
	    LINE("ann", "r2", "2", "tips", "care", "sent", 0),
	};
	/* The month does not count exempt ones. */
	static const struct line month[] = {
	    LINE("ann", "r1", "1", "recall", "promotion", "sent", 0),
	    LINE("ann", "r2", "2", "sale", "promotion", "sent", 8 * DAY_MS),
	};
	struct buf findings = BUF_MAX(FINDINGS_BYTES);

	(void)state;
	assert_int_equal(audit(before, 2, &findings).broken, 1);
	assert_int_equal(audit(same, 2, &findings).broken, 0);
	assert_int_equal(audit(month, 2, &findings).broken, 0);
	buf_free(&findings);
}

static void channels(void **state)
{
	static const struct line lines[] = {
	    {.customer = "ann",
	     .request = "r1",
	     .id = "1",
	     .programme = "tips",
	     .message_class = "care",
	     .channel = "task",
	     .status = "task_created",
	     .after_ms = 0},
	    {.customer = "ann",
	     .request = "r2",
	     .id = "2",
	     .programme = "tips",
	     .message_class = "care",
	     .channel = "task",
	     .status = "task_created",
	     .after_ms = 1},
	    {.customer = "ann",
	     .request = "r3",
	     .id = "3",
	     .programme = "tips",
	     .message_class = "care",
	     .channel = "external",
	     .status = "permitted",
	     .after_ms = 2},
	    {.customer = "bob",
	     .request = "r4",
	     .id = "4",
	     .programme = "tips",
	     .message_class = "care",
	     .channel = "email",
	     .status = "sent",
	     .after_ms = 3},
	};
	struct buf findings = BUF_MAX(FINDINGS_BYTES);
	struct audit result = audit(lines, COUNT_OF(lines), &findings);

	(void)state;
	assert_true(audit_is_clean(&result));
	assert_int_equal(result.most_7d, 1); /* a task is no message */
	buf_free(&findings);
}

static void findings_name_all(void **state)
{
	static const struct line lines[] = {
	    LINE("ann", "r1", "1", "tips", "care", "sent", 0),
	    LINE("ann", "r2", "2", "tips", "care", "sent", DAY_MS),
	    LINE("ann", "r3", "3", "sale", "promotion", "in_doubt", 2 * DAY_MS),
	};
	struct buf findings = BUF_MAX(FINDINGS_BYTES);
	struct audit result = audit(lines, COUNT_OF(lines), &findings);

	(void)state;
	assert_int_equal(result.broken, 1);
	assert_string_equal(findings.bytes,
			    "BROKEN  customer ann, cap week (at most 2 in 7 days):\n"
			    "    2024-10-04T00:00:00Z  tips  care  sent  request r1\n"
			    "    2024-10-05T00:00:00Z  tips  care  sent  request r2\n"
			    "    2024-10-06T00:00:00Z  sale  promotion  in_doubt  request r3\n");
	buf_free(&findings);
}

#define PART(what, its_id, from, became, after, into)                                              \
	{.customer = "ann",                                                                        \
	 .request = what,                                                                          \
	 .id = its_id,                                                                             \
	 .programme = from,                                                                        \
	 .message_class = "care",                                                                  \
	 .status = became,                                                                         \
	 .after_ms = after,                                                                        \
	 .merged_into = into}
#define PERMIT(what, its_id, became, after)                                                        \
	{.customer = "ann",                                                                        \
	 .request = what,                                                                          \
	 .id = its_id,                                                                             \
	 .programme = "tool",                                                                      \
	 .message_class = "care",                                                                  \
	 .channel = "external",                                                                    \
	 .status = became,                                                                         \
	 .after_ms = after}

struct row {
	const char *what;
	struct line lines[8];
	size_t broken, adrift, unpermitted;
};

static void check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct buf findings = BUF_MAX(FINDINGS_BYTES);
		size_t lines = 0;
		struct audit result;

		while (lines < 8 && rows[i].lines[lines].customer)
			lines++;
		result = audit(rows[i].lines, lines, &findings);
		if (result.broken != rows[i].broken || result.adrift != rows[i].adrift ||
		    result.unpermitted != rows[i].unpermitted)
			fail_msg("%s: %zu broken, %zu adrift, %zu unpermitted:\n%s", rows[i].what,
				 result.broken, result.adrift, result.unpermitted,
				 findings.bytes ? findings.bytes : "");
		assert_int_equal(audit_is_clean(&result),
				 rows[i].broken + rows[i].adrift + rows[i].unpermitted == 0);
		buf_free(&findings);
	}
}

/* They count once with their mail, but for rules about their programme. */
static void parts(void **state)
{
	static const struct row rows[] = {
	    {"a mail of four counts once",
	     {LINE("ann", "m", "1", "tips", "care", "sent", 0),
	      PART("r1", "2", "thanks", "sent", 0, "m"), PART("r2", "3", "thanks", "sent", 0, "m"),
	      LINE("ann", "n", "4", "tips", "care", "sent", DAY_MS)},
	     0,
	     0,
	     0},
	    {"a rule about a programme counts parts",
	     {LINE("ann", "m", "1", "tips", "care", "sent", 0),
	      PART("r1", "2", "hints", "sent", 0, "m"),
	      LINE("ann", "n", "3", "tips", "care", "sent", DAY_MS - 1),
	      PART("r2", "4", "hints", "sent", DAY_MS - 1, "n")},
	     1,
	     0,
	     0},
	    {"and lets them go a day later",
	     {LINE("ann", "m", "1", "tips", "care", "sent", 0),
	      PART("r1", "2", "hints", "sent", 0, "m"),
	      LINE("ann", "n", "3", "tips", "care", "sent", DAY_MS),
	      PART("r2", "4", "hints", "sent", DAY_MS, "n")},
	     0,
	     0,
	     0},
	    {"a mail that there is not", {PART("r1", "1", "tips", "sent", 0, "m")}, 0, 1, 0},
	    {"a mail of another time",
	     {LINE("ann", "m", "1", "tips", "care", "sent", 0),
	      PART("r1", "2", "tips", "sent", 1, "m")},
	     0,
	     1,
	     0},
	    {"a mail that did not go",
	     {LINE("ann", "m", "1", "tips", "care", "expired", 0),
	      PART("r1", "2", "tips", "sent", 0, "m")},
	     0,
	     1,
	     0},
	    {"a mail that is a part itself: a chain hides sends",
	     {LINE("ann", "m", "1", "tips", "care", "sent", 0),
	      PART("r1", "2", "tips", "sent", 0, "m"), PART("r2", "3", "tips", "sent", 0, "r1")},
	     0,
	     1,
	     0},
	    {"each other's: nobody sent it",
	     {PART("r1", "2", "tips", "sent", 0, "r2"), PART("r2", "3", "tips", "sent", 0, "r1")},
	     0,
	     2,
	     0},
	    {"in doubt since an earlier attempt",
	     {LINE("ann", "m", "1", "tips", "care", "sent", HOUR_MS),
	      PART("r1", "2", "tips", "in_doubt", 0, "m")},
	     0,
	     0,
	     0},
	    {"refused with its mail",
	     {LINE("ann", "m", "1", "tips", "care", "rejected", 0),
	      PART("r1", "2", "tips", "rejected", 0, "m")},
	     0,
	     0,
	     0},
	};

	(void)state;
	check_rows(rows, COUNT_OF(rows));
}

/* A permit counts until it is given back; and only permits are. */
static void permits(void **state)
{
	static const struct row rows[] = {
	    {"given back: room again",
	     {PERMIT("p", "1", "permitted", 0), PERMIT("p", "2", "released", HOUR_MS),
	      LINE("ann", "m", "3", "tips", "care", "sent", HOUR_MS)},
	     0,
	     0,
	     0},
	    {"a millisecond too early",
	     {PERMIT("p", "1", "permitted", 0), PERMIT("p", "2", "released", HOUR_MS),
	      LINE("ann", "m", "3", "tips", "care", "sent", HOUR_MS - 1)},
	     1,
	     0,
	     0},
	    {"another one's release frees nothing",
	     {PERMIT("p", "1", "permitted", 0), PERMIT("q", "2", "released", 1),
	      LINE("ann", "m", "3", "tips", "care", "sent", HOUR_MS)},
	     1,
	     0,
	     0},
	    {"refused, and released",
	     {PERMIT("p", "1", "refused", 0), PERMIT("p", "2", "released", 1)},
	     0,
	     0,
	     1},
	    {"released before",
	     {PERMIT("p", "1", "permitted", 1), PERMIT("p", "2", "released", 0)},
	     0,
	     0,
	     1},
	    {"released twice",
	     {PERMIT("p", "1", "permitted", 0), PERMIT("p", "2", "released", 1),
	      PERMIT("p", "3", "released", 2)},
	     0,
	     0,
	     1},
	    {"a mail is not given back",
	     {LINE("ann", "p", "1", "tips", "care", "sent", 0), PERMIT("p", "2", "released", 1)},
	     0,
	     0,
	     1},
	    {"its permit is forgotten long since", {PERMIT("p", "2", "released", 1)}, 0, 0, 0},
	};

	(void)state;
	check_rows(rows, COUNT_OF(rows));
}

static void ends(void **state)
{
	static const struct line lines[] = {
	    HELD("ann", "waits", "1", "tips", "care", 0, "week", 2, 2, 604800),
	    HELD("ann", "waits", "2", "tips", "care", 5, "week", 2, 2, 604800),
	    HELD("ann", "ends", "3", "tips", "care", 0, "week", 2, 2, 604800),
	    LINE("ann", "ends", "4", "tips", "care", "expired", 9),
	    LINE("bob", "twice", "5", "tips", "care", "expired", 9),
	    LINE("bob", "twice", "6", "tips", "care", "cancelled", 10),
	    HELD("cid", "again", "7", "tips", "care", 10, "week", 2, 2, 604800),
	    HELD("cid", "again", "7", "tips", "care", 10, "week", 2, 2, 604800),
	    LINE("cid", "again", "8", "tips", "care", "holdout", 11),
	};
	struct buf findings = BUF_MAX(FINDINGS_BYTES);
	struct audit result = audit(lines, COUNT_OF(lines), &findings);

	(void)state;
	assert_int_equal(result.outcomes, 9);
	assert_int_equal(result.customers, 3);
	assert_int_equal(result.requests, 4);
	assert_int_equal(result.waiting, 1);
	assert_int_equal(result.ended_twice, 1);
	assert_int_equal(result.repeated, 1);
	assert_int_equal(result.broken, 0);
	assert_int_equal(result.by_status[STATUS_DEFERRED], 5);
	assert_int_equal(result.other_policy, 0);
	assert_false(audit_is_clean(&result));
	assert_non_null(strstr(findings.bytes, "ENDED TWICE  customer bob, request twice (tips)"));
	assert_non_null(strstr(findings.bytes, "REPEATED  customer cid: outcome 7"));
	buf_free(&findings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parts),    cmocka_unit_test(permits),
	    cmocka_unit_test(windows),  cmocka_unit_test(exempt_sends),
	    cmocka_unit_test(channels), cmocka_unit_test(findings_name_all),
	    cmocka_unit_test(ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
