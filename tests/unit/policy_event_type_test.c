/* The table of event types, and the page that lists the same types for people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/policy/event_type.h"

/* Types are the only words of the page that look like "order.placed" in the lines asked for. */
static void note_types(const char *line, unsigned counts[EVENT_TYPE_COUNT])
{
	while ((line = strchr(line, '`'))) {
		char word[64];
		size_t len = strcspn(++line, "`");
		enum event_type type;

		if (len == 0 || len >= sizeof(word) || !memchr(line, '.', len))
			continue;
		snprintf(word, sizeof(word), "%.*s", (int)len, line);
		type = event_type_of(word);
		if (type == EVENT_OTHER)
			fail_msg("%s is not in the table of event types", word);
		counts[type]++;
		line += len;
	}
}

static void all_are_named(const unsigned counts[EVENT_TYPE_COUNT], const char *page)
{
	for (unsigned type = 0; type < EVENT_TYPE_COUNT; type++)
		if (counts[type] != 1)
			fail_msg("%s names %s %u times, expected once", page,
				 event_type_texts[type], counts[type]);
}

static void readme_says_what_each_means(void **state)
{
	FILE *file = fopen("proto/README.md", "r");
	unsigned counts[EVENT_TYPE_COUNT] = {0};
	static char line[65536];
	bool is_table = false;

	(void)state;
	assert_non_null(file); /* tests run at the top of the tree */
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, "### ", 4) == 0)
			is_table = strstr(line, "Types that mean something") != NULL;
		if (!is_table || strncmp(line, "| `", 3) != 0)
			continue;
		line[strcspn(line + 1, "|") + 1] = '\0'; /* the first column alone */
		note_types(line, counts);
	}
	fclose(file);
	all_are_named(counts, "proto/README.md");
}

static void a_type_is_found_by_its_text(void **state)
{
	(void)state;
	for (unsigned type = 0; type < EVENT_TYPE_COUNT; type++) {
		assert_int_equal(event_type_of(event_type_texts[type]), type);
		assert_true(event_type_is(event_type_texts[type], (enum event_type)type));
	}
	assert_int_equal(event_type_of("order.Placed"), EVENT_OTHER);
	assert_int_equal(event_type_of("order.place"), EVENT_OTHER);
	assert_int_equal(event_type_of(""), EVENT_OTHER);
	assert_int_equal(event_type_needs(EVENT_OTHER), EVENT_NEEDS_NOTHING);
	assert_int_equal(event_type_needs(EVENT_ORDER_LATE), EVENT_NEEDS_ORDER);
}

static void a_slip_of_the_pen_is_told_from_a_type_of_ones_own(void **state)
{
	(void)state;
	assert_string_equal(event_type_slip("order.plced"), "order.placed");
	assert_string_equal(event_type_slip("order.palced"), "order.placed");
	assert_string_equal(event_type_slip("customer.updatet"), "customer.updated");
	assert_null(event_type_slip("order.placed"));
	assert_null(event_type_slip("order.packed"));
	assert_null(event_type_slip("order.picked_up"));
	assert_null(event_type_slip(""));
}

static void what_opens_a_case_says_so(void **state)
{
	(void)state;
	for (unsigned type = 0; type < EVENT_TYPE_COUNT; type++) {
		const char *text = event_type_texts[type];

		assert_int_equal(event_type_opens_case(text),
				 (strstr(text, ".opened") && type != EVENT_MESSAGE_OPENED) ||
				     type == EVENT_ORDER_LATE);
	}
	assert_false(event_type_opens_case("warranty.opened")); /* a shop's own */
	assert_false(event_type_follows_parcel(event_type_text(EVENT_ORDER_PLACED)));
	assert_false(event_type_follows_parcel("parcel.delivered"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_type_is_found_by_its_text),
	    cmocka_unit_test(a_slip_of_the_pen_is_told_from_a_type_of_ones_own),
	    cmocka_unit_test(what_opens_a_case_says_so),
	    cmocka_unit_test(readme_says_what_each_means),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
