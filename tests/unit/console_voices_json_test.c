/* Answers to programs: as many items as fit, and where the next answer begins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "services/console/pages/voices_json.h"

enum { ITEMS = 5, TEXT_BYTES = 100 };

static struct view_items items_of(const char *text, struct view_item *room,
				  Nurture__V1__FeedbackItem *item)
{
	nurture__v1__feedback_item__init(item);
	item->id = (char *)(uintptr_t) "0123456789abcdef0123456789abcdef";
	item->text = (char *)(uintptr_t)text;
	item->at_ms = 1;
	for (int i = 0; i < ITEMS; i++)
		room[i] = (struct view_item){
		    .place = 100 - i, .person = "ann", .name = "Ann", .item = item};
	return (struct view_items){.items = room, .count = ITEMS};
}

static unsigned count_of(const struct buf *out, const char *what)
{
	unsigned count = 0;

	for (const char *at = out->bytes; (at = strstr(at, what)); at++)
		count++;
	return count;
}

/* Whatever the room, an answer is whole, and who goes on from it meets each item once. */
static void as_many_as_fit(void **state)
{
	char text[TEXT_BYTES + 1];
	Nurture__V1__FeedbackItem item;
	struct view_item room[ITEMS];
	unsigned most = 0;

	(void)state;
	memset(text, '\n', TEXT_BYTES);
	text[TEXT_BYTES] = '\0';
	for (size_t max = 600; max < 2400; max++) {
		struct view_items items = items_of(text, room, &item);
		struct buf out = BUF_MAX(max);
		char before[40];
		unsigned count;

		con_voices_json(&items, false, &out);
		assert_false(buf_failed(&out));
		assert_memory_equal(out.bytes + out.len - 4, "}]}\n", 4);
		count = count_of(&out, "\"id\":");
		assert_in_range(count, most ? most : 1, ITEMS);
		most = count;
		snprintf(before, sizeof(before), "{\"before\":\"%d\",", 101 - (int)count);
		assert_int_equal(strncmp(out.bytes, before, strlen(before)) == 0, count < ITEMS);
		buf_free(&out);
	}
	assert_int_equal(most, ITEMS);
}

static void none_and_the_best(void **state)
{
	Nurture__V1__FeedbackItem item;
	struct view_item room[ITEMS];
	struct view_items items = items_of("x", room, &item);
	struct buf out = BUF_MAX(4096);

	(void)state;
	items.has_more = true;
	con_voices_json(&items, true, &out);
	assert_null(strstr(out.bytes, "before"));
	buf_reset(&out);
	con_voices_json(&items, false, &out);
	assert_non_null(strstr(out.bytes, "{\"before\":\"96\","));
	items.count = 0;
	buf_reset(&out);
	con_voices_json(&items, false, &out);
	assert_string_equal(out.bytes, "{\"items\":[]}\n");
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(as_many_as_fit),
	    cmocka_unit_test(none_and_the_best),
	};

	return cmocka_run_group_tests_name("what customers said, for programs", tests, NULL, NULL);
}
