/* compare.c - see compare.h. */
#include "compare.h"

#include <stdlib.h>

#include "common/base/civil.h"
#include "common/codec/json.h"
#include "services/scheduler/step.h"

enum { LINE_MAX_BYTES = 16 << 20 };

/* One of the two is NULL when the outcome is in the other list alone. */
struct difference {
	const Nurture__V1__Outcome *a, *b;
};

struct differences {
	struct difference *items;
	size_t count, room;
};

static int compare_ids(const void *a, const void *b)
{
	const Nurture__V1__Outcome *x = *(Nurture__V1__Outcome *const *)a;
	const Nurture__V1__Outcome *y = *(Nurture__V1__Outcome *const *)b;
	int order = strcmp(x->customer, y->customer);

	return order ? order : strcmp(x->id, y->id);
}

static void sort_by_id(struct outcomes *outcomes)
{
	if (outcomes->count)
		qsort(outcomes->items, outcomes->count, sizeof(*outcomes->items), compare_ids);
}

static const Nurture__V1__Outcome *either(const struct difference *difference)
{
	return difference->a ? difference->a : difference->b;
}

static int compare_places(const void *a, const void *b)
{
	const Nurture__V1__Outcome *x = either(a), *y = either(b);

	return outcome_compare(&x, &y);
}

static void add(struct differences *list, const Nurture__V1__Outcome *a,
		const Nurture__V1__Outcome *b)
{
	if (list->count == list->room) {
		list->room = list->room ? list->room * 2 : 64;
		list->items = realloc(list->items, list->room * sizeof(*list->items));
		if (!list->items)
			abort();
	}
	list->items[list->count++] = (struct difference){a, b};
}

/* The reason of a doubt is the doubt; it goes with it. */
static size_t take_in_doubt_as_sent(struct outcomes *outcomes)
{
	size_t count = 0;

	for (size_t i = 0; i < outcomes->count; i++) {
		if (outcome_status(outcomes->items[i]) != STATUS_IN_DOUBT)
			continue;
		outcomes->items[i]->status = (char *)(uintptr_t)status_text(STATUS_SENT);
		outcomes->items[i]->reason = NULL;
		count++;
	}
	return count;
}

/* Members of two objects with sorted keys, side by side; those that differ are said. */
static void tell_members(struct slice a, struct slice b, const char *prefix,
			 const struct compare_options *options, struct buf *out)
{
	struct arena arena = {0};
	struct json_reader ra = json_reader_of(a), rb = json_reader_of(b);
	struct err ignored;
	int more_a = json_reader_next(&ra, &arena, &ignored);
	int more_b = json_reader_next(&rb, &arena, &ignored);

	while (more_a > 0 || more_b > 0) {
		struct slice none = slice_text("nothing"), key;
		int order;

		if (more_a > 0 && more_b > 0) {
			size_t len = ra.key.len < rb.key.len ? ra.key.len : rb.key.len;

			order = memcmp(ra.key.bytes, rb.key.bytes, len);
			order = order ? order : (int)ra.key.len - (int)rb.key.len;
		} else {
			order = more_a > 0 ? -1 : 1;
		}
		key = order <= 0 ? ra.key : rb.key;
		if (order == 0 && json_first_byte(ra.value) == '{' &&
		    json_first_byte(rb.value) == '{')
			tell_members(ra.value, rb.value, "reason.", options, out);
		else if (order != 0 || !slice_equal(ra.value, rb.value))
			buf_printf(out, "    %s%.*s is %.*s in %s, %.*s in %s\n", prefix,
				   SLICE_ARGS(key), SLICE_ARGS(order <= 0 ? ra.value : none),
				   options->name_a, SLICE_ARGS(order >= 0 ? rb.value : none),
				   options->name_b);
		if (order <= 0)
			more_a = json_reader_next(&ra, &arena, &ignored);
		if (order >= 0)
			more_b = json_reader_next(&rb, &arena, &ignored);
	}
	arena_free(&arena);
}

static void encode(const Nurture__V1__Outcome *outcome, struct buf *line)
{
	buf_reset(line);
	outcome_encode(outcome, OUTCOME_JSON, line);
}

static void tell(const struct difference *difference, const struct compare_options *options,
		 struct buf *lines, struct buf *out)
{
	const Nurture__V1__Outcome *outcome = either(difference);
	char at[RFC3339_BYTES];

	rfc3339_text((int64_t)outcome->at_ms, at);
	if (difference->a && difference->b) {
		buf_printf(out, "differs: customer %s, %s, outcome %s (%s)\n", outcome->customer,
			   at, outcome->id, outcome->programme);
		encode(difference->a, &lines[0]);
		encode(difference->b, &lines[1]);
		tell_members(buf_slice(&lines[0]), buf_slice(&lines[1]), "", options, out);
		return;
	}
	buf_printf(out, "only in %s: customer %s, %s, outcome %s: %s %s\n",
		   difference->a ? options->name_a : options->name_b, outcome->customer, at,
		   outcome->id, outcome->programme, outcome->status);
}

/*
 * Which code of a pool a request draws depends on who drew before, so a simulation cannot say it.
 */
static void take_any_code(Nurture__V1__Outcome *any, const Nurture__V1__Outcome *drawn)
{
	if (strcmp(any->coupon, SCHED_ANY_CODE) == 0 && *drawn->coupon)
		any->coupon = drawn->coupon;
}

static void match(const struct outcomes *a, const struct outcomes *b, struct buf *lines,
		  struct comparison *ret, struct differences *list)
{
	size_t i = 0, k = 0;

	while (i < a->count || k < b->count) {
		int order = i == a->count   ? 1
			    : k == b->count ? -1
					    : compare_ids(&a->items[i], &b->items[k]);

		if (order < 0) {
			ret->only_a++;
			add(list, a->items[i++], NULL);
		} else if (order > 0) {
			ret->only_b++;
			add(list, NULL, b->items[k++]);
		} else {
			take_any_code(a->items[i], b->items[k]);
			take_any_code(b->items[k], a->items[i]);
			encode(a->items[i], &lines[0]);
			encode(b->items[k], &lines[1]);
			if (!slice_equal(buf_slice(&lines[0]), buf_slice(&lines[1]))) {
				ret->differ++;
				add(list, a->items[i], b->items[k]);
			}
			i++, k++;
		}
	}
}

void compare_outcomes(struct outcomes *a, struct outcomes *b, const struct compare_options *options,
		      struct comparison *ret, struct buf *out)
{
	struct buf lines[2] = {BUF_MAX(LINE_MAX_BYTES), BUF_MAX(LINE_MAX_BYTES)};
	struct differences list = {0};

	*ret = (struct comparison){.count_a = a->count, .count_b = b->count};
	if (options->in_doubt_is_sent) {
		ret->in_doubt_a = take_in_doubt_as_sent(a);
		ret->in_doubt_b = take_in_doubt_as_sent(b);
	}
	sort_by_id(a);
	sort_by_id(b);
	match(a, b, lines, ret, &list);
	if (list.count)
		qsort(list.items, list.count, sizeof(*list.items), compare_places);
	for (size_t i = 0; i < list.count && i < options->shown_max; i++)
		tell(&list.items[i], options, lines, out);
	free(list.items);
	buf_free(&lines[0]);
	buf_free(&lines[1]);
}
