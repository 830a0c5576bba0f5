/* merges_read.c - the merges of a file of events; see merges.h. */
#include <stdlib.h>
#include <string.h>

#include "common/message/event.h"
#include "common/policy/event_type.h"
#include "merges.h"
#include "text_rows.h"

struct found {
	struct merge *items;
	size_t count, room;
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

static void note(struct found *found, const Nurture__V1__Event *event, struct arena *arena)
{
	if (found->count == found->room) {
		size_t room = found->room ? 2 * found->room : 64;
		struct merge *items = realloc(found->items, room * sizeof(*items));

		if (!items)
			abort();
		found->items = items;
		found->room = room;
	}
	found->items[found->count++] =
	    (struct merge){arena_text(arena, event->customer->id),
			   arena_text(arena, event->merge->into), event->time_ms};
}

/* Few lines are read: those that have the word. */
static void read_line(struct found *found, struct slice json, struct arena *line,
		      struct arena *arena)
{
	const char *word = event_type_text(EVENT_CUSTOMER_MERGED);
	Nurture__V1__Event *event;
	struct err ignored;

	if (json.len == 0 || !memmem(json.bytes, json.len, word, strlen(word)))
		return;
	arena_reset(line);
	if (event_decode(json, line, &event, &ignored) == 0 && event->customer && event->merge &&
	    event_type_is(event->type, EVENT_CUSTOMER_MERGED) &&
	    strcmp(event->customer->id, event->merge->into) != 0)
		note(found, event, arena);
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
static void keep_newest(struct found *found)
{
	size_t kept = 0;

	qsort(found->items, found->count, sizeof(*found->items), compare);
	for (size_t i = 0; i < found->count; i++)
		if (kept == 0 || strcmp(found->items[i].from, found->items[kept - 1].from) != 0)
			found->items[kept++] = found->items[i];
	found->count = kept;
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
	if (r == 0 && found.count > 0) {
		keep_newest(&found);
		kept = arena_zalloc(arena, sizeof(*kept));
		kept->count = found.count;
		kept->items = memcpy(arena_alloc(arena, found.count * sizeof(*kept->items)),
				     found.items, found.count * sizeof(*kept->items));
		*ret = kept;
	}
	free(found.items);
	return r;
}
