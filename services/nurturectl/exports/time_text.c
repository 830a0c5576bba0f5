/* time_text.c - see time_text.h. */
#include "time_text.h"

#include <strings.h>

enum { YEARS_OF_1900 = 69, NOON_HOURS = 12 };

/* What the letters of a format have said so far. */
struct reading {
	struct slice rest;
	struct time_text time;
	int hour, minute, second, fraction_ms;
	bool is_afternoon, has_half, has_hour;
};

static void pass(struct slice *rest, size_t count)
{
	*rest = slice_of(rest->bytes + count, rest->len - count);
}

static bool is_digit(struct slice rest)
{
	return rest.len && rest.bytes[0] >= '0' && rest.bytes[0] <= '9';
}

static bool take_number(struct slice *rest, int least_digits, int most_digits, int max, int *ret)
{
	int value = 0, digits = 0;

	for (; digits < most_digits && is_digit(*rest); digits++, pass(rest, 1))
		value = value * 10 + (rest->bytes[0] - '0');
	if (digits < least_digits || value > max)
		return false;
	*ret = value;
	return true;
}

static bool take_char(struct slice *rest, char c)
{
	if (rest->len == 0 || rest->bytes[0] != (uint8_t)c)
		return false;
	pass(rest, 1);
	return true;
}

/* Also the no-break spaces that CLDR puts between a time and its AM. */
static size_t blank_bytes(struct slice rest)
{
	if (rest.len && (rest.bytes[0] == ' ' || rest.bytes[0] == '\t'))
		return 1;
	if (rest.len >= 2 && memcmp(rest.bytes, "\u00a0", 2) == 0)
		return 2;
	return rest.len >= 3 && memcmp(rest.bytes, "\u202f", 3) == 0 ? 3 : 0;
}

static bool take_blanks(struct slice *rest)
{
	bool any = false;

	for (size_t n; (n = blank_bytes(*rest)) > 0; any = true)
		pass(rest, n);
	return any;
}

static bool take_word(struct slice *rest, const char *word)
{
	size_t len = strlen(word);

	if (rest->len < len || strncasecmp((const char *)rest->bytes, word, len) != 0)
		return false;
	pass(rest, len);
	return true;
}

static bool take_fraction(struct slice *rest, int *ret_ms)
{
	int unit = 100;

	*ret_ms = 0;
	if (!is_digit(*rest))
		return false;
	for (; is_digit(*rest); pass(rest, 1), unit /= 10)
		*ret_ms += (rest->bytes[0] - '0') * unit;
	return true;
}

static bool take_offset(struct slice *rest, struct time_text *time)
{
	int sign = 1, hours, minutes = 0;

	time->has_offset = true;
	time->offset_ms = 0;
	if (take_word(rest, "Z") || take_word(rest, "UTC") || take_word(rest, "GMT"))
		return true;
	if (take_char(rest, '-'))
		sign = -1;
	else if (!take_char(rest, '+'))
		return false;
	if (!take_number(rest, 2, 2, 23, &hours))
		return false;
	take_char(rest, ':');
	if (rest->len && !take_number(rest, 2, 2, 59, &minutes))
		return false;
	time->offset_ms = sign * (hours * HOUR_MS + minutes * MINUTE_MS);
	return true;
}

/* English, as exports have them whatever the shop's language. */
static const char *const months[] = {"January",   "February", "March",    "April",
				     "May",       "June",     "July",     "August",
				     "September", "October",  "November", "December"};

static bool take_month(struct slice *rest, int *ret)
{
	enum { SHORT_BYTES = 3 };

	for (int i = 0; i < 12; i++) {
		char brief[SHORT_BYTES + 1] = {0};

		memcpy(brief, months[i], SHORT_BYTES);
		*ret = i + 1;
		if (take_word(rest, months[i]))
			return true;
		if (take_word(rest, brief)) {
			take_char(rest, '.');
			return true;
		}
	}
	return false;
}

static bool take_half(struct reading *reading)
{
	reading->has_half = true;
	take_blanks(&reading->rest);
	reading->is_afternoon = take_word(&reading->rest, "PM");
	return reading->is_afternoon || take_word(&reading->rest, "AM");
}

static bool take_short_year(struct slice *rest, int *ret)
{
	if (!take_number(rest, 2, 2, 99, ret))
		return false;
	*ret += *ret < YEARS_OF_1900 ? 2000 : 1900;
	return true;
}

static bool take_day_letter(struct reading *reading, char letter)
{
	struct civil_date *date = &reading->time.date;
	struct slice *rest = &reading->rest;

	switch (letter) {
	case 'Y':
		return take_number(rest, 4, 4, 9999, &date->year);
	case 'y':
		return take_short_year(rest, &date->year);
	case 'm':
		return take_number(rest, 1, 2, 12, &date->month);
	case 'e':
		take_blanks(rest);
		return take_number(rest, 1, 2, 31, &date->day);
	case 'd':
		return take_number(rest, 1, 2, 31, &date->day);
	case 'b':
	case 'B':
		return take_month(rest, &date->month);
	default:
		return false;
	}
}

static bool take_letter(struct reading *reading, char letter)
{
	struct slice *rest = &reading->rest;

	switch (letter) {
	case 'H':
		reading->has_hour = true;
		return take_number(rest, 1, 2, 23, &reading->hour);
	case 'I':
		reading->has_hour = true;
		return take_number(rest, 1, 2, NOON_HOURS, &reading->hour);
	case 'M':
		return take_number(rest, 1, 2, 59, &reading->minute);
	case 'S':
		return take_number(rest, 1, 2, 59, &reading->second);
	case 'f':
		return take_fraction(rest, &reading->fraction_ms);
	case 'p':
		return take_half(reading);
	case 'z':
		return take_offset(rest, &reading->time);
	case '%':
		return take_char(rest, '%');
	default:
		return take_day_letter(reading, letter);
	}
}

static bool take_format(struct reading *reading, struct slice format)
{
	while (format.len) {
		bool taken;

		if (format.bytes[0] == '%' && format.len > 1) {
			taken = take_letter(reading, (char)format.bytes[1]);
			pass(&format, 2);
		} else if (format.bytes[0] == ' ') {
			taken = take_blanks(&reading->rest) ||
				(format.len > 2 && memcmp(format.bytes, " %p", 3) == 0);
			pass(&format, 1);
		} else {
			taken = take_char(&reading->rest, (char)format.bytes[0]);
			pass(&format, 1);
		}
		if (!taken)
			return false;
	}
	return reading->rest.len == 0;
}

static bool finish(struct reading *reading, struct time_text *ret)
{
	int hour = reading->hour;

	if (reading->has_half) {
		if (hour < 1 || hour > NOON_HOURS)
			return false;
		hour = hour % NOON_HOURS + (reading->is_afternoon ? NOON_HOURS : 0);
	}
	if (!civil_is_valid(reading->time.date))
		return false;
	*ret = reading->time;
	ret->has_time = reading->has_hour;
	ret->of_day_ms = hour * HOUR_MS + reading->minute * MINUTE_MS +
			 reading->second * SECOND_MS + reading->fraction_ms;
	return true;
}

/* "10:00[:00[.000]] [+0100]" */
static bool take_clock(struct reading *reading)
{
	struct slice *rest = &reading->rest;

	if (!take_letter(reading, 'H') || !take_char(rest, ':') || !take_letter(reading, 'M'))
		return false;
	if (take_char(rest, ':') && !take_letter(reading, 'S'))
		return false;
	if ((take_char(rest, '.') || take_char(rest, ',')) && !take_letter(reading, 'f'))
		return false;
	take_blanks(rest);
	return rest->len == 0 || take_letter(reading, 'z');
}

bool time_text_iso(struct slice text, struct time_text *ret)
{
	enum { DATE_BYTES = 10 };
	struct reading reading = {.rest = slice_of(text.bytes, DATE_BYTES)};
	struct slice *rest = &reading.rest;

	if (text.len < DATE_BYTES || text.bytes[7] != '-' ||
	    !take_format(&reading, slice_text("%Y-%m-%d")))
		return false; /* "2024-1-1" is no ISO 8601 */
	*rest = slice_of(text.bytes + DATE_BYTES, text.len - DATE_BYTES);
	if (rest->len == 0)
		return finish(&reading, ret);
	if (!take_char(rest, 'T') && !take_char(rest, 't') && !take_blanks(rest))
		return false;
	return take_clock(&reading) && rest->len == 0 && finish(&reading, ret);
}

/* The next of the formats with | between them. */
static struct slice next_format(const char **formats)
{
	size_t len = strcspn(*formats, "|");
	struct slice format = slice_of(*formats, len);

	*formats += len + ((*formats)[len] == '|');
	return format;
}

bool time_text_by(const char *formats, struct slice text, struct time_text *ret)
{
	while (*formats) {
		struct reading reading = {.rest = text};

		if (take_format(&reading, next_format(&formats)) && finish(&reading, ret))
			return true;
	}
	return false;
}

static bool format_has(struct slice format, const char *letters)
{
	for (size_t i = 0; i + 1 < format.len; i++) {
		if (format.bytes[i] != '%')
			continue;
		if (strchr(letters, format.bytes[++i]))
			return true;
	}
	return false;
}

static int check_one(struct slice format, struct err *err)
{
	for (size_t i = 0; i < format.len; i++) {
		if (format.bytes[i] != '%')
			continue;
		if (++i == format.len || !strchr("YymdebBHIMSfpz%", format.bytes[i]))
			return err_config(err,
					  "\"%.*s\": expected of %% the letters Y y m d e b B H I "
					  "M S f p z and %%%%",
					  SLICE_ARGS(format));
	}
	if (!format_has(format, "Yy") || !format_has(format, "mbB") || !format_has(format, "de"))
		return err_config(
		    err, "\"%.*s\": expected a year, a month and a day, such as %%d.%%m.%%Y",
		    SLICE_ARGS(format));
	if (format_has(format, "I") && !format_has(format, "p"))
		return err_config(err, "\"%.*s\": %%I needs %%p", SLICE_ARGS(format));
	return 0;
}

int time_text_check(const char *formats, struct err *err)
{
	do {
		if (check_one(next_format(&formats), err) < 0)
			return -1;
	} while (*formats);
	return 0;
}
