/* Comparing outcomes: the same, or what differs, in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/civil.h"
#include "nurturectl_outcomes.h"
#include "services/nurturectl/audit/compare.h"

static const struct line base[] = {
    HELD("ann", "r1", "1", "tips", "care", 0, "week", 2, 2, 604800),
    LINE("ann", "r1", "2", "tips", "care", "sent", DAY_MS),
    LINE("bob", "r2", "3", "sale", "promotion", "sent", 0),
};

static struct comparison compare(const struct line *a, size_t a_count, const struct line *b,
				 size_t b_count, bool in_doubt_is_sent, struct buf *out)
{
	const struct compare_options options = {
	    .name_a = "A", .name_b = "B", .in_doubt_is_sent = in_doubt_is_sent, .shown_max = 10};
	struct outcomes list_a = list_of(a, a_count), list_b = list_of(b, b_count);
	struct comparison result;

	compare_outcomes(&list_a, &list_b, &options, &result, out);
	outcomes_free(&list_a);
	outcomes_free(&list_b);
	return result;
}

static void assert_result(struct comparison result, size_t only_a, size_t only_b, size_t differ)
{
	assert_int_equal(result.only_a, only_a);
	assert_int_equal(result.only_b, only_b);
	assert_int_equal(result.differ, differ);
}

static void the_same_in_any_order(void **state)
{
	const struct line turned[] = {base[2], base[0], base[1]};
	struct buf out = BUF_MAX(65536);

	(void)state;
	assert_result(compare(base, 3, turned, 3, false, &out), 0, 0, 0);
	assert_result(compare(base, 0, base, 0, false, &out), 0, 0, 0);
	assert_int_equal(out.len, 0);
	buf_free(&out);
}

/* A simulation cannot know which code of a pool it will be; a code that is signed it does. */
static void any_code_of_a_pool(void **state)
{
	struct outcomes lists[2] = {list_of(base, 3), list_of(base, 3)};
	const struct compare_options options = {.name_a = "A", .name_b = "B", .shown_max = 10};
	struct buf out = BUF_MAX(65536);
	struct comparison result;

	(void)state;
	lists[0].items[1]->coupon = (char *)"(code)";
	lists[1].items[1]->coupon = (char *)"LASTS-00001";
	compare_outcomes(&lists[0], &lists[1], &options, &result, &out);
	assert_result(result, 0, 0, 0);
	lists[0].items[1]->coupon = (char *)"LASTS-00002";
	lists[1].items[1]->coupon = (char *)"LASTS-00001";
	compare_outcomes(&lists[0], &lists[1], &options, &result, &out);
	assert_result(result, 0, 0, 1);
	lists[0].items[1]->coupon = (char *)"(code)";
	lists[1].items[1]->coupon = (char *)"";
	compare_outcomes(&lists[0], &lists[1], &options, &result, &out);
	assert_result(result, 0, 0, 1);
	for (int i = 0; i < 2; i++)
		outcomes_free(&lists[i]);
	buf_free(&out);
}

static void missing_on_either_side(void **state)
{
	struct buf out = BUF_MAX(65536);

	(void)state;
	assert_result(compare(base, 3, base, 2, false, &out), 1, 0, 0);
	assert_string_equal(out.bytes, "only in A: customer bob, 2024-10-04T00:00:00Z, outcome 3: "
				       "sale sent\n");
	buf_reset(&out);
	assert_result(compare(base, 1, base, 3, false, &out), 0, 2, 0);
	assert_non_null(strstr(out.bytes, "only in B: customer ann, 2024-10-05T00:00:00Z"));
	assert_non_null(strstr(out.bytes, "only in B: customer bob"));
	buf_free(&out);
}

static void fields_that_differ(void **state)
{
	struct line other[] = {base[0], base[1], base[2]};
	struct buf out = BUF_MAX(65536);

	(void)state;
	other[0].count = 1;
	other[1].after_ms += 1;
	other[1].rule = "retry";
	assert_result(compare(base, 3, other, 3, false, &out), 0, 0, 2);
	assert_string_equal(
	    out.bytes,
	    "differs: customer ann, 2024-10-04T00:00:00Z, outcome 1 (tips)\n"
	    "    reason.count is 2 in A, 1 in B\n"
	    "differs: customer ann, 2024-10-05T00:00:00Z, outcome 2 (tips)\n"
	    "    at is \"2024-10-05T00:00:00Z\" in A, \"2024-10-05T00:00:00.001Z\" in B\n"
	    "    reason is nothing in A, "
	    "{\"eligible_at\":\"2024-10-06T00:00:00.001Z\",\"rule\":\"retry\"} in B\n");
	buf_free(&out);
}

static void in_doubt(void **state)
{
	struct line other[] = {base[0], base[1], base[2]};
	struct buf out = BUF_MAX(65536);
	struct comparison result;

	(void)state;
	other[1].status = "in_doubt";
	other[1].rule = "retry";
	assert_result(compare(base, 3, other, 3, false, &out), 0, 0, 1);
	result = compare(base, 3, other, 3, true, &out);
	assert_result(result, 0, 0, 0);
	assert_int_equal(result.in_doubt_a, 0);
	assert_int_equal(result.in_doubt_b, 1);
	buf_free(&out);
}

static void twice_in_one_file(void **state)
{
	const struct line doubled[] = {base[0], base[0], base[1], base[2]};
	struct buf out = BUF_MAX(65536);

	(void)state;
	assert_result(compare(doubled, 4, base, 3, false, &out), 1, 0, 0);
	buf_free(&out);
}

static void only_the_first_are_told(void **state)
{
	struct line lines[30];
	char ids[30][8];
	struct buf out = BUF_MAX(65536);
	size_t told = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		snprintf(ids[i], sizeof(ids[i]), "%02zu", i);
		lines[i] = base[1];
		lines[i].id = ids[i];
	}
	assert_result(compare(lines, COUNT_OF(lines), base, 0, false, &out), 30, 0, 0);
	for (const char *at = out.bytes; (at = strchr(at, '\n')); at++)
		told++;
	assert_int_equal(told, 10);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_same_in_any_order),
	    cmocka_unit_test(any_code_of_a_pool),
	    cmocka_unit_test(missing_on_either_side),
	    cmocka_unit_test(fields_that_differ),
	    cmocka_unit_test(in_doubt),
	    cmocka_unit_test(twice_in_one_file),
	    cmocka_unit_test(only_the_first_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
