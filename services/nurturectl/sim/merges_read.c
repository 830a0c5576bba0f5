/* merges_read.c - the merges of a file of events; see merges.h. */
#include <stdlib.h>
#include <string.h>

#include "common/message/event.h"
#include "common/policy/event_type.h"
#include "merges.h"
#include "text_rows.h"

/* Merges, or erasures, which go nowhere. */
struct list {
	struct merge *items;
	size_t count, room;
};
struct found {
	struct list merges, erasures;
};

/* By id, the newest word about each first. */
static int compare(const void *a, const void *b)
{
	const struct merge *x = a, *y = b;
	int order = strcmp(x->from, y->from);

	if (order)
		return order;
	if (x->time_ms != y->time_ms)
		return x->time_ms > y->time_ms ? -1 : 1;
	return -strcmp(x->into, y->into);
}

static void note(struct list *list, struct merge item)
{
	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 64;
		struct merge *items = realloc(list->items, room * sizeof(*items));

		if (!items)
			abort();
		list->items = items;
		list->room = room;
	}
	list->items[list->count++] = item;
}

static void note_event(struct found *found, const Nurture__V1__Event *event, struct arena *arena)
{
	struct merge item = {.time_ms = event->time_ms, .erased_ms = INT64_MIN};

	if (!event->customer)
		return;
	if (event_type_is(event->type, EVENT_CUSTOMER_ERASED)) {
		item.from = arena_text(arena, event->customer->id);
		item.into = "";
		note(&found->erasures, item);
	} else if (event_type_is(event->type, EVENT_CUSTOMER_MERGED) && event->merge &&
		   strcmp(event->customer->id, event->merge->into) != 0) {
		item.from = arena_text(arena, event->customer->id);
		item.into = arena_text(arena, event->merge->into);
		note(&found->merges, item);
	}
}

static bool has_word(struct slice json, enum event_type type)
{
	const char *word = event_type_text(type);

	return memmem(json.bytes, json.len, word, strlen(word));
}

/* Few lines are read: those that have one of the words. */
static void read_line(struct found *found, struct slice json, struct arena *line,
		      struct arena *arena)
{
	Nurture__V1__Event *event;
	struct err ignored;

	if (json.len == 0 ||
	    (!has_word(json, EVENT_CUSTOMER_MERGED) && !has_word(json, EVENT_CUSTOMER_ERASED)))
		return;
	arena_reset(line);
	if (event_decode(json, line, &event, &ignored) == 0)
		note_event(found, event, arena);
}

static int read_lines(struct text_rows *rows, struct found *found, struct arena *arena,
		      struct err *err)
{
	struct slice text = slice_of("", 0);
	struct arena line = {0};
	int r = 1;

	while (r > 0 || (r == 0 && text.len)) {
		const uint8_t *end = text.len ? memchr(text.bytes, '\n', text.len) : NULL;
		size_t len = end ? (size_t)(end - text.bytes) + 1 : text.len;

		if (!end && r > 0) {
			r = text_rows_more(rows, &text, err);
			continue;
		}
		read_line(found, slice_trim(slice_of(text.bytes, len), " \t\r\n"), &line, arena);
		text_rows_skip(rows, len);
		text = slice_of(text.bytes + len, text.len - len);
	}
	arena_free(&line);
	return r < 0 ? -1 : 0;
}

/* The newest word about each id is the first of it. */
static void keep_newest(struct list *list)
{
	size_t kept = 0;

	qsort(list->items, list->count, sizeof(*list->items), compare);
	for (size_t i = 0; i < list->count; i++)
		if (kept == 0 || strcmp(list->items[i].from, list->items[kept - 1].from) != 0)
			list->items[kept++] = list->items[i];
	list->count = kept;
}

/* Both are by id; of one id's erasures the newest before the merge comes first of those before it. */
static void note_erasures(struct list *merges, struct list *erasures)
{
	size_t at = 0;

	if (erasures->count)
		qsort(erasures->items, erasures->count, sizeof(*erasures->items), compare);
	for (size_t i = 0; i < merges->count; i++) {
		struct merge *merge = &merges->items[i];

		for (int order = -1; at < erasures->count && order <= 0; at += order <= 0) {
			const struct merge *erasure = &erasures->items[at];

			order = strcmp(erasure->from, merge->from);
			if (order == 0 && erasure->time_ms < merge->time_ms &&
			    erasure->time_ms > merge->erased_ms)
				merge->erased_ms = erasure->time_ms;
		}
	}
}

int merges_read(const char *path, struct arena *arena, const struct merges **ret, struct err *err)
{
	struct found found = {0};
	struct merges *kept;
	struct text_rows rows;
	int r;

	*ret = NULL;
	if (text_rows_open(&rows, path, TEXT_UTF_8, err) < 0)
		return -1;
	r = read_lines(&rows, &found, arena, err);
	text_rows_close(&rows);
	if (r == 0 && found.merges.count > 0) {
		keep_newest(&found.merges);
		note_erasures(&found.merges, &found.erasures);
		kept = arena_zalloc(arena, sizeof(*kept));
		kept->count = found.merges.count;
		kept->items = memcpy(arena_alloc(arena, kept->count * sizeof(*kept->items)),
				     found.merges.items, kept->count * sizeof(*kept->items));
		*ret = kept;
	}
	free(found.merges.items);
	free(found.erasures.items);
	return r;
}
