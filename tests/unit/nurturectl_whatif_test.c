/*
 * Two policies on the same orders: rows folded from outcomes, the comparison's
 * numbers, and that what a customer or a shop wrote stays text on every page.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#include "common/base/civil.h"
#include "golden.h"
#include "nurturectl_outcomes.h"
#include "policy_fixture.h"
#include "services/nurturectl/whatif/whatif_page.h"

enum { PAGE_BYTES = 4 << 20 };
#define WEEK_S 604800
#define WON(by)                                                                                    \
	{.customer = "ann",                                                                        \
	 .request = "r3",                                                                          \
	 .id = "4",                                                                                \
	 .programme = "sale",                                                                      \
	 .message_class = "promotion",                                                             \
	 .status = "deferred",                                                                     \
	 .after_ms = 3 * DAY_MS,                                                                   \
	 .rule = "week",                                                                           \
	 .count = 2,                                                                               \
	 .limit = 2,                                                                               \
	 .window_s = WEEK_S,                                                                       \
	 .won_by = by}

/* tips goes first, twice; the sale of ann never goes. */
static const struct line first[] = {
    LINE("ann", "r1", "1", "tips", "care", "sent", 0),
    LINE("ann", "r2", "3", "tips", "care", "sent", 2 * DAY_MS),
    WON("r1"),
    HELD("ann", "r3", "5", "sale", "promotion", 5 * DAY_MS, "week", 2, 2, WEEK_S),
    LINE("ann", "r3", "6", "sale", "promotion", "displaced", 6 * DAY_MS),
    LINE("bob</script><b>", "r5", "8", "tips", "care", "sent", 0),
    LINE("cid", "r6", "9", "<i>", "care", "permitted", 0),
    LINE("cid", "r6", "91", "<i>", "care", "released", DAY_MS),
};
/* Here it goes after a day, and bob gets one more. */
static const struct line second[] = {
    LINE("ann", "r1", "1", "tips", "care", "sent", 0),
    LINE("ann", "r2", "3", "tips", "care", "sent", 2 * DAY_MS),
    WON("r2"),
    LINE("ann", "r3", "6", "sale", "promotion", "sent", 4 * DAY_MS),
    LINE("bob</script><b>", "r5", "8", "tips", "care", "sent", 0),
    LINE("bob</script><b>", "r7", "81", "tips", "care", "sent", 40 * DAY_MS),
};

struct fixture {
	struct zones *zones;
	struct policy policies[WHATIF_SIDES];
	struct order_event events[4];
	struct orders orders;
	struct outcome_table tables[WHATIF_SIDES];
	struct whatif_input input;
	struct whatif whatif;
};

static void open_fixture(struct fixture *f, struct outcome_table a, struct outcome_table b)
{
	static const char *const customers[] = {"ann", "bob</script><b>", "cid", "dot"};
	struct err err;

	f->zones = fixture_zones();
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		f->policies[side] = *list_policy();
		f->policies[side].shop_zone = zones_find(f->zones, slice_text("UTC"));
		f->policies[side].file = side ? "dir/b&b.yaml" : "a.yaml";
	}
	for (size_t i = 0; i < COUNT_OF(customers); i++)
		f->events[i] = (struct order_event){.customer = slice_text(customers[i]),
						    .time_ms = BEGIN,
						    .order = "1",
						    .amount = "12.50"};
	f->orders = (struct orders){.events = f->events,
				    .count = COUNT_OF(customers),
				    .customers = COUNT_OF(customers),
				    .placed = COUNT_OF(customers),
				    .is_by_customer = true,
				    .first_ms = BEGIN,
				    .last_ms = BEGIN,
				    .last_placed_ms = BEGIN};
	f->tables[0] = a;
	f->tables[1] = b;
	f->input = (struct whatif_input){.orders = &f->orders,
					 .lives = &f->orders,
					 .until_ms = BEGIN + 60 * DAY_MS,
					 .orders_file = "o.csv"};
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		f->input.sides[side] = (struct whatif_side_input){.policy = &f->policies[side],
								  .table = &f->tables[side]};
	assert_int_equal(whatif_count(&f->input, &f->whatif, &err), 0);
}

static void close_fixture(struct fixture *f)
{
	whatif_free(&f->whatif);
	outcome_table_free(&f->tables[0]);
	outcome_table_free(&f->tables[1]);
	zones_free(f->zones);
}

static void open_both(struct fixture *f)
{
	open_fixture(f, table_of(first, COUNT_OF(first)), table_of(second, COUNT_OF(second)));
}

static void rows(void **state)
{
	struct outcome_table table = table_of(first, COUNT_OF(first));
	const struct outcome_row *sale;

	(void)state;
	assert_int_equal(table.row_count, 5);
	assert_int_equal(table.customer_count, 3);
	assert_string_equal(table.customers[0].id, "ann");
	sale = &table.rows[2];
	assert_int_equal(sale->deferrals, 2);
	assert_int_equal(sale->status, STATUS_DISPLACED);
	assert_int_equal(outcome_row_waited_ms(sale), 3 * DAY_MS);
	assert_string_equal(table.rules.texts[sale->first_rule], "week");
	assert_string_equal(table.programmes.texts[sale->winner], "tips");
	assert_int_equal(table.pair_count, 1);
	assert_int_equal(table.pairs[0].requests, 1);
	assert_int_equal(table.pairs[0].displaced, 1);
	/* A permit that was given back is no message, and no second end. */
	assert_int_equal(table.rows[4].status, STATUS_RELEASED);
	assert_int_equal(table.rows[4].ends, 1);
	assert_false(outcome_row_is_heard(&table.rows[4]));
	outcome_table_free(&table);
}

/* As threads do it: parts that saw the names in another order. */
static void appended_is_as_if_whole(void **state)
{
	struct outcome_table all = {0}, whole = table_of(first, COUNT_OF(first));
	struct outcome_table parts[] = {table_of(first, 5),
					table_of(first + 5, COUNT_OF(first) - 5)};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		outcome_table_append(&all, &parts[i]);
	assert_int_equal(all.row_count, whole.row_count);
	for (size_t i = 0; i < all.row_count; i++) {
		const struct outcome_row *x = &all.rows[i], *y = &whole.rows[i];

		assert_true(x->request == y->request && x->last_ms == y->last_ms &&
			    x->rules == y->rules && x->winner == y->winner);
		assert_string_equal(all.programmes.texts[x->programme],
				    whole.programmes.texts[y->programme]);
		assert_string_equal(all.classes[x->programme], whole.classes[y->programme]);
	}
	assert_non_null(outcome_table_find(&all, "cid"));
	assert_null(outcome_table_find(&all, "dot"));
	assert_int_equal(all.pairs[0].requests, 1);
	outcome_table_free(&all);
	outcome_table_free(&whole);
}

static void numbers(void **state)
{
	struct fixture f;
	const struct whatif *w = &f.whatif;

	(void)state;
	open_both(&f);
	assert_string_equal(w->sides[1].name, "b&b.yaml");
	assert_int_equal(w->sides[0].mails, 3);
	assert_int_equal(w->sides[1].mails, 5);
	assert_int_equal(w->sides[0].heard, 2);
	assert_int_equal(w->sides[1].most_30d, 3);
	assert_string_equal(w->sides[1].who_30d, "ann");
	assert_int_equal(w->sides[0].busy[0], 2); /* cid and dot */
	assert_int_equal(w->sides[1].busy[3], 1);
	assert_int_equal(w->programme_count, 3);
	assert_string_equal(w->programmes[0].name, "tips");
	assert_int_equal(w->programmes[0].sides[1].said, 4);
	assert_string_equal(w->programmes[1].name, "sale");
	assert_int_equal(w->programmes[1].sides[0].by_status[STATUS_DISPLACED], 1);
	assert_int_equal(w->programmes[1].sides[1].wait_quantiles_ms[1], DAY_MS);
	assert_int_equal(w->rule_count, 1);
	assert_int_equal(w->rules[0].sides[0].ended, 1);
	assert_int_equal(w->rules[0].sides[1].later, 1);
	assert_int_equal(w->matrix[0][0 * 3 + 1].displaced, 1); /* tips before sale */
	assert_int_equal(w->matrix[1][0 * 3 + 1].requests, 1);
	assert_int_equal(w->more, 2);
	assert_int_equal(w->fewer, 0);
	assert_int_equal(w->same, 2);
	assert_int_equal(w->changes[WHATIF_CHANGES / 2 + 1], 2);
	assert_string_equal(w->people[0].id, "ann");
	assert_int_equal(w->people[0].distance, 1);
	assert_string_equal(w->worst[1][WHATIF_MOST_SENDS]->id, "ann");
	assert_null(w->worst[1][WHATIF_MOST_DISPLACED]);
	close_fixture(&f);
}

static void pages(void **state)
{
	struct buf page = BUF_MAX(PAGE_BYTES), text = BUF_MAX(PAGE_BYTES);
	struct fixture f;
	cJSON *json;

	(void)state;
	open_both(&f);
	whatif_html(&f.whatif, &page);
	golden("what-if.html", &page);
	assert_false(buf_failed(&page));
	assert_non_null(strstr(page.bytes, "Under b&amp;b.yaml people would hear 5 messages "
					   "instead of 3 under a.yaml: 67 % more."));
	assert_non_null(strstr(page.bytes, "2 of 4 customers would hear more messages, nobody "
					   "fewer</h2>"));
	assert_null(strstr(page.bytes, "bob</script>"));
	assert_non_null(strstr(page.bytes, "&quot;bob&lt;/script&gt;&lt;b&gt;&quot;,"));
	assert_null(strstr(page.bytes, "<i>"));
	assert_null(strstr(page.bytes, "b&b.yaml"));
	assert_null(strstr(page.bytes, "src="));
	assert_null(strstr(page.bytes, "href="));
	assert_null(strstr(page.bytes, "url("));
	assert_null(strstr(page.bytes, "nan"));
	whatif_text(&f.whatif, &text);
	assert_non_null(strstr(text.bytes, "The most that anyone hears in any 30 days rises from 2 "
					   "to 3."));
	buf_reset(&text);
	whatif_json(&f.whatif, &text);
	json = cJSON_ParseWithOpts(text.bytes, NULL, false);
	assert_non_null(json);
	assert_int_equal(
	    cJSON_GetArrayItem(cJSON_GetObjectItem(json, "most_different"), 1)->child != NULL, 1);
	assert_string_equal(
	    cJSON_GetObjectItem(cJSON_GetArrayItem(cJSON_GetObjectItem(json, "most_different"), 1),
				"customer")
		->valuestring,
	    "bob</script><b>");
	cJSON_Delete(json);
	buf_free(&page);
	buf_free(&text);
	close_fixture(&f);
}

static void nothing_changes(void **state)
{
	struct buf page = BUF_MAX(PAGE_BYTES);
	struct fixture f;

	(void)state;
	open_fixture(&f, table_of(first, COUNT_OF(first)), table_of(first, COUNT_OF(first)));
	assert_int_equal(f.whatif.same, 4);
	whatif_html(&f.whatif, &page);
	assert_non_null(strstr(page.bytes, "Nobody would notice: under b&amp;b.yaml everybody "
					   "hears what they hear under a.yaml"));
	close_fixture(&f);
	open_fixture(&f, (struct outcome_table){0}, (struct outcome_table){0});
	buf_reset(&page);
	whatif_html(&f.whatif, &page);
	whatif_json(&f.whatif, &page);
	whatif_text(&f.whatif, &page);
	assert_null(strstr(page.bytes, "nan"));
	assert_null(strstr(page.bytes, "inf"));
	buf_free(&page);
	close_fixture(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows),
	    cmocka_unit_test(appended_is_as_if_whole),
	    cmocka_unit_test(numbers),
	    cmocka_unit_test(pages),
	    cmocka_unit_test(nothing_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
