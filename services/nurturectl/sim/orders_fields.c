/* orders_fields.c - see orders_fields.h. */
#include "orders_fields.h"

#include <stdio.h>
#include <strings.h>

#include "common/base/text.h"
#include "services/nurturectl/exports/time_text.h"

int field_complain(struct orders_reader *reader, enum column column, struct slice found,
		   const char *expected, struct err *err)
{
	const char *header = reader->layout ? reader->layout->headers[column] : NULL;
	bool is_named = header && *header && strcmp(header, orders_column_names[column]) != 0;

	return err_set(err, "%s:%d: %s: expected %s, found \"%.*s\"%s%.60s%s",
		       reader->options->file, reader->csv.line, orders_column_names[column],
		       expected, found.len > 80 ? 80 : (int)found.len, (const char *)found.bytes,
		       is_named ? " in the column \"" : "", is_named ? header : "",
		       is_named ? "\"" : "");
}

int field_complain_cure(struct orders_reader *reader, enum column column, struct slice found,
			const char *expected, const char *cure, struct err *err)
{
	size_t len;

	field_complain(reader, column, found, expected, err);
	len = strlen(err->text);
	snprintf(err->text + len, sizeof(err->text) - len, "; %s", cure);
	return -1;
}

struct slice field_of_line(const struct orders_reader *reader, size_t line, enum column column)
{
	return layout_field(reader->layout, column, reader->lines[line], &reader->orders->arena);
}

struct slice field(const struct orders_reader *reader, enum column column)
{
	struct slice text = slice_of("", 0);

	for (size_t i = 0; i < reader->line_count && text.len == 0; i++)
		text = field_of_line(reader, i, column);
	return text;
}

char *field_text(const struct orders_reader *reader, enum column column)
{
	struct slice value = field(reader, column);

	return arena_copy(&reader->orders->arena, value.bytes, value.len);
}

struct slice field_raw(const struct orders_reader *reader, enum column column)
{
	struct slice text = slice_of("", 0);

	for (size_t i = 0; i < reader->line_count && text.len == 0; i++)
		text = layout_raw(reader->layout, column, reader->lines[i], &reader->orders->arena);
	return text;
}

bool field_exists(const struct orders_reader *reader, enum column column)
{
	return layout_has(reader->layout, column);
}

static int64_t instant(const struct zone *zone, struct civil_date date, int64_t of_day_ms)
{
	return zone ? zone_instant(zone, date, of_day_ms) : civil_days(date) * DAY_MS + of_day_ms;
}

int field_time(struct orders_reader *reader, enum column column, int64_t *ret_ms, struct err *err)
{
	struct slice text = field(reader, column);
	const char *formats = reader->time_format;
	struct time_text time;
	char expected[120];
	struct err ignored;

	if (!formats && rfc3339_parse(text, ret_ms, &ignored) == 0)
		return 0;
	if (formats ? !time_text_by(formats, text, &time) : !time_text_iso(text, &time)) {
		snprintf(expected, sizeof(expected), formats ? "a time as in %s" : "%s",
			 formats ? formats : "a date or RFC 3339 time");
		return field_complain_cure(reader, column, text, expected,
					   "--time-format says how times are written, such as "
					   "'%d/%m/%Y %H:%M'",
					   err);
	}
	reader->orders->assumed.midnight |= !time.has_time;
	*ret_ms = time.has_offset ? civil_days(time.date) * DAY_MS + time.of_day_ms - time.offset_ms
				  : instant(reader->options->zone, time.date, time.of_day_ms);
	return 0;
}

bool field_date(const struct orders_reader *reader, struct slice text, struct civil_date *ret)
{
	struct time_text time;

	if (!time_text_iso(text, &time) &&
	    !(reader->time_format && time_text_by(reader->time_format, text, &time)))
		return false;
	*ret = time.date;
	return true;
}

int field_amount(struct orders_reader *reader, enum column column, struct slice text,
		 struct amount *ret, int64_t *ret_e4, struct err *err)
{
	const char *expected = amount_read(text, reader->decimal, ret);
	struct err ignored;

	if (!expected && text_money_e4(slice_text(ret->text), ret_e4, &ignored) < 0)
		expected = "an amount such as 12.50";
	if (expected)
		return field_complain(reader, column, text, expected, err);
	if (ret->is_negative)
		*ret_e4 = -*ret_e4;
	return 0;
}

int field_yes(struct orders_reader *reader, enum column column, struct slice text, bool *ret,
	      struct err *err)
{
	static const char *const words[] = {"no", "yes", "false", "true", "0",   "1",
					    "n",  "y",   "f",     "t",    "off", "on"};

	text = slice_trim(text, " ");
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == text.len &&
		    strncasecmp(words[i], (const char *)text.bytes, text.len) == 0) {
			*ret = i % 2;
			return 0;
		}
	return field_complain(reader, column, text, "yes or no", err);
}
