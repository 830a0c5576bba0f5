/* csv.c - see csv.h. */
#include "csv.h"

struct csv csv_of(struct slice text)
{
	static const uint8_t mark[] = {0xef, 0xbb, 0xbf};

	if (text.len >= sizeof(mark) && memcmp(text.bytes, mark, sizeof(mark)) == 0)
		text = slice_of(text.bytes + sizeof(mark), text.len - sizeof(mark));
	return (struct csv){.rest = text, .next_line = 1, .mark = ','};
}

/* "sep=;" and a line end: the bytes of it, 0 when there is none. */
static size_t says_mark(struct slice text)
{
	if (text.len < 6 || memcmp(text.bytes, "sep=", 4) != 0)
		return 0;
	if (text.bytes[5] == '\n')
		return 6;
	return text.len >= 7 && text.bytes[5] == '\r' && text.bytes[6] == '\n' ? 7 : 0;
}

/* How often the character stands in the first line, outside of quotes. */
static size_t marks_of(struct slice text, char mark)
{
	bool is_quoted = false;
	size_t count = 0;

	for (size_t i = 0; i < text.len && (is_quoted || text.bytes[i] != '\n'); i++) {
		is_quoted ^= text.bytes[i] == '"';
		count += !is_quoted && text.bytes[i] == (uint8_t)mark;
	}
	return count;
}

static char mark_of(struct slice text)
{
	static const char marks[] = ",;\t|";
	char ret = ',';
	size_t most = 0;

	for (const char *mark = marks; *mark; mark++) {
		size_t count = marks_of(text, *mark);

		if (count > most) {
			ret = *mark;
			most = count;
		}
	}
	return ret;
}

struct csv csv_of_export(struct slice text)
{
	struct csv csv = csv_of(text);
	size_t said = says_mark(csv.rest);

	if (said) {
		csv.mark = (char)csv.rest.bytes[4];
		csv.rest = slice_of(csv.rest.bytes + said, csv.rest.len - said);
		csv.next_line++;
		return csv;
	}
	csv.mark = mark_of(csv.rest);
	return csv;
}

static void advance(struct csv *csv, size_t count)
{
	csv->rest = slice_of(csv->rest.bytes + count, csv->rest.len - count);
}

static struct slice plain_field(struct csv *csv)
{
	size_t len = 0;

	while (len < csv->rest.len && csv->rest.bytes[len] != (uint8_t)csv->mark &&
	       csv->rest.bytes[len] != '\n')
		len++;
	struct slice field = slice_of(csv->rest.bytes, len);

	advance(csv, len);
	if (field.len && field.bytes[field.len - 1] == '\r')
		field.len--;
	return field;
}

/* Where the quoted field that begins here ends: the index of its closing quote, 0 when there is
 * none. */
static size_t closing_quote(const struct csv *csv)
{
	for (size_t at = 1; at < csv->rest.len; at++) {
		if (csv->rest.bytes[at] != '"')
			continue;
		if (at + 1 >= csv->rest.len || csv->rest.bytes[at + 1] != '"')
			return at;
		at++;
	}
	return 0;
}

static int quoted_field(struct csv *csv, struct arena *arena, struct slice *ret, struct err *err)
{
	size_t end = closing_quote(csv), len = 0;
	char *text;

	if (end == 0)
		return err_set(err, "line %d: a quote is not closed", csv->line);
	text = arena_alloc(arena, end);
	for (size_t at = 1; at < end; at++) {
		at += csv->rest.bytes[at] == '"';
		csv->next_line += csv->rest.bytes[at] == '\n';
		text[len++] = (char)csv->rest.bytes[at];
	}
	advance(csv, end + 1);
	if (csv->rest.len && csv->rest.bytes[0] == '\r')
		advance(csv, 1);
	if (csv->rest.len && csv->rest.bytes[0] != (uint8_t)csv->mark && csv->rest.bytes[0] != '\n')
		return err_set(err, "line %d: text behind a closing quote", csv->line);
	*ret = slice_of(text, len);
	return 0;
}

size_t csv_row_bytes(const struct csv *csv)
{
	const uint8_t *bytes = csv->rest.bytes;
	size_t at = 0, len = csv->rest.len;
	bool begins = true; /* a field, and so perhaps a quoted one */

	for (; at < len && bytes[at] != '\n'; at++) {
		bool is_quoted = begins && bytes[at] == '"';

		begins = bytes[at] == (uint8_t)csv->mark;
		if (!is_quoted)
			continue;
		/* In a quoted field two quotes are one, and the last one may be half of two. */
		for (at++; at + 1 < len && (bytes[at] != '"' || bytes[at + 1] == '"'); at++)
			at += bytes[at] == '"';
	}
	return at < len ? at + 1 : 0;
}

int csv_next(struct csv *csv, struct arena *arena, struct slice ret[CSV_FIELDS_MAX],
	     size_t *ret_count, struct err *err)
{
	size_t count = 0;

	if (csv->rest.len == 0)
		return 0;
	csv->line = csv->next_line++;
	for (;;) {
		if (count == CSV_FIELDS_MAX)
			return err_set(err, "line %d: more than %d fields", csv->line,
				       CSV_FIELDS_MAX);
		if (csv->rest.len && csv->rest.bytes[0] == '"') {
			if (quoted_field(csv, arena, &ret[count], err) < 0)
				return -1;
			count++;
		} else {
			ret[count++] = plain_field(csv);
		}
		if (csv->rest.len == 0 || csv->rest.bytes[0] == '\n')
			break;
		advance(csv, 1);
	}
	if (csv->rest.len)
		advance(csv, 1);
	*ret_count = count;
	return 1;
}
