/* layout.c - see layout.h. */
#include "layout.h"

#include <stdio.h>
#include <strings.h>

const char *const orders_column_names[COLUMN_COUNT] = {
#define X(name, text) text,
    ORDER_COLUMNS(X)
#undef X
};

/* What a mapping is read against. */
struct header {
	const struct slice *fields;
	size_t count;
};

static int column_of(struct slice name)
{
	for (int c = 0; c < COLUMN_COUNT; c++)
		if (slice_equal(name, slice_text(orders_column_names[c])))
			return c;
	return -1;
}

static int place_of(const struct header *header, struct slice name)
{
	for (size_t i = 0; i < header->count; i++)
		if (slice_equal(slice_trim(header->fields[i], " \t"), name))
			return (int)i;
	return -1;
}

static bool add_place(struct layout_column *column, const int *together, unsigned count)
{
	int *places;

	if (column->place_count == LAYOUT_PLACES)
		return false;
	places = column->places[column->place_count];
	for (unsigned i = 0; i < LAYOUT_TOGETHER; i++)
		places[i] = i < count ? together[i] : -1;
	column->place_count++;
	return true;
}

void layout_by_name(const struct slice *fields, size_t count, struct layout *ret)
{
	const struct header header = {fields, count};

	*ret = (struct layout){.field_count = count};
	for (int c = 0; c < COLUMN_COUNT; c++) {
		int place = place_of(&header, slice_text(orders_column_names[c]));

		if (place >= 0)
			add_place(&ret->columns[c], &place, 1);
	}
}

/* Cuts off what stands before the mark, or all of it. */
static struct slice next_part(struct slice *text, char mark)
{
	const uint8_t *end = memchr(text->bytes, mark, text->len);
	size_t len = end ? (size_t)(end - text->bytes) : text->len;
	struct slice part = slice_of(text->bytes, len);

	len += end != NULL;
	*text = slice_of(text->bytes + len, text->len - len);
	return part;
}

/* "First+Last", or a column that is called so. 0: the header lacks one of them. */
static unsigned find_together(const struct header *header, struct slice names,
			      int ret[LAYOUT_TOGETHER])
{
	unsigned count = 0;

	ret[0] = place_of(header, names);
	if (ret[0] >= 0)
		return 1;
	while (names.len) {
		int place = place_of(header, next_part(&names, '+'));

		if (place < 0 || count == LAYOUT_TOGETHER)
			return 0;
		ret[count++] = place;
	}
	return count;
}

static int find_places(struct layout_column *column, const struct header *header,
		       struct slice names, bool is_preset, struct err *err)
{
	int together[LAYOUT_TOGETHER];
	struct slice rest = names;
	unsigned count = find_together(header, names, together);

	if (count) {
		add_place(column, together, count);
		return 0;
	}
	while (rest.len) {
		struct slice name = next_part(&rest, '|');

		count = find_together(header, name, together);
		if (count == 0 && !is_preset)
			return err_config(err, "there is no column \"%.*s\"", SLICE_ARGS(name));
		if (count && !add_place(column, together, count))
			return err_config(err, "\"%.*s\": expected at most %d columns",
					  SLICE_ARGS(names), LAYOUT_PLACES);
	}
	return 0;
}

static bool has_mark(struct slice text, char mark)
{
	return memchr(text.bytes, mark, text.len) != NULL;
}

/* "completed>order,refunded>refund": the words, in the order in which they stand. */
static int add_words(struct layout_column *column, struct slice text, struct arena *arena,
		     struct err *err)
{
	struct layout_word **last = &column->words;

	while (text.len) {
		struct slice part = next_part(&text, ','), word = next_part(&part, '>');
		struct layout_word *kept = arena_zalloc(arena, sizeof(*kept));

		if (has_mark(part, '>'))
			return err_config(err, "--columns: \"%.*s>%.*s\": expected one >",
					  SLICE_ARGS(word), SLICE_ARGS(part));
		kept->word = slice_of(arena_copy(arena, word.bytes, word.len), word.len);
		kept->meaning = slice_of(arena_copy(arena, part.bytes, part.len), part.len);
		*last = kept;
		last = &kept->next;
	}
	return 0;
}

/* The next NAME=COLUMN of a mapping with all its words, which have commas between them too. */
static struct slice next_entry(struct slice *mapping)
{
	struct slice entry = next_part(mapping, ',');

	while (mapping->len) {
		struct slice rest = *mapping, part = next_part(&rest, ',');

		if (has_mark(part, '=') || !has_mark(part, '>') || !has_mark(entry, '>'))
			break;
		entry.len = (size_t)(part.bytes + part.len - entry.bytes);
		*mapping = rest;
	}
	return entry;
}

static int fail_entry(struct slice entry, struct err *err)
{
	char names[400];
	size_t len = 0;

	for (int c = 0; c < COLUMN_COUNT; c++)
		len += (size_t)snprintf(names + len, sizeof(names) - len, "%s%s", c ? ", " : "",
					orders_column_names[c]);
	return err_config(err, "--columns: \"%.*s\" is not NAME=COLUMN with one of the names %s",
			  entry.len > 60 ? 60 : (int)entry.len, (const char *)entry.bytes, names);
}

/* Where the words of "Status:completed>order" begin: behind the last colon before the first >. */
static struct slice take_words(struct slice *columns)
{
	const uint8_t *arrow = memchr(columns->bytes, '>', columns->len);
	size_t at = arrow ? (size_t)(arrow - columns->bytes) : 0;
	struct slice all = *columns;

	while (at > 0 && all.bytes[at] != ':')
		at--;
	if (at == 0)
		return slice_of("", 0);
	*columns = slice_of(all.bytes, at);
	return slice_of(all.bytes + at + 1, all.len - at - 1);
}

int layout_add(struct layout *layout, const char *mapping, bool is_preset,
	       const struct slice *fields, struct arena *arena, struct err *err)
{
	const struct header header = {fields, layout->field_count};
	struct slice rest = slice_text(mapping);

	while (rest.len) {
		struct slice entry = next_entry(&rest), columns = entry,
			     name = next_part(&columns, '='), words = take_words(&columns);
		struct layout_column column = {0};
		int which = column_of(name);

		if (which < 0 || columns.len == 0)
			return fail_entry(entry, err);
		if (find_places(&column, &header, columns, is_preset, err) < 0 ||
		    add_words(&column, words, arena, err) < 0)
			return -1;
		layout->columns[which] = column;
	}
	return 0;
}

static struct slice join(const int places[LAYOUT_TOGETHER], const struct slice *fields,
			 struct arena *arena)
{
	struct slice text = slice_trim(fields[places[0]], " \t");

	for (int i = 1; i < LAYOUT_TOGETHER && places[i] >= 0; i++) {
		struct slice more = slice_trim(fields[places[i]], " \t");
		char *both;

		if (more.len == 0)
			continue;
		both = arena_printf(arena, "%.*s%s%.*s", SLICE_ARGS(text), text.len ? " " : "",
				    SLICE_ARGS(more));
		text = slice_text(both);
	}
	return text;
}

struct slice layout_raw(const struct layout *layout, enum column which, const struct slice *fields,
			struct arena *arena)
{
	const struct layout_column *column = &layout->columns[which];

	for (unsigned i = 0; i < column->place_count; i++) {
		const int *places = column->places[i];
		struct slice text = fields[places[0]];

		if (places[1] >= 0)
			text = join(places, fields, arena);
		if (text.len)
			return text;
	}
	return slice_of("", 0);
}

struct slice layout_field(const struct layout *layout, enum column column,
			  const struct slice *fields, struct arena *arena)
{
	struct slice text = layout_raw(layout, column, fields, arena);

	for (const struct layout_word *w = layout->columns[column].words; w; w = w->next)
		if (w->word.len == text.len && strncasecmp((const char *)w->word.bytes,
							   (const char *)text.bytes, text.len) == 0)
			return w->meaning;
	return text;
}
