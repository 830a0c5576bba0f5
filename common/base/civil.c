/* civil.c - see civil.h. */
#include "civil.h"

#include "text.h"

enum { YEAR_MIN = 1, YEAR_MAX = 9999 };

static const int64_t first_ms = INT64_C(-62135596800000); /* 0001-01-01T00:00:00Z */
static const int64_t last_ms = INT64_C(253402300799999);  /* 9999-12-31T23:59:59.999Z */

/*
 * Days as in Howard Hinnant's "chrono-compatible low-level date algorithms":
 * years begin in March, so that the leap day is the last of its year.
 */
int64_t civil_days(struct civil_date date)
{
	int64_t year = (int64_t)date.year - (date.month <= 2);
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year =
	    (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

struct civil_date civil_from_days(int64_t days)
{
	int64_t shifted = days + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
	int64_t day = shifted - era * 146097;
	int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int64_t day_of_year = day - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * day_of_year + 2) / 153; /* 0 is March */

	return (struct civil_date){
	    .year = (int)(year + era * 400 + (month >= 10)),
	    .month = (int)(month < 10 ? month + 3 : month - 9),
	    .day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
	};
}

static int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (leap && month == 2);
}

bool civil_is_valid(struct civil_date date)
{
	return date.year >= YEAR_MIN && date.year <= YEAR_MAX && date.month >= 1 &&
	       date.month <= 12 && date.day >= 1 &&
	       date.day <= days_in_month(date.year, date.month);
}

/* Every outcome has times: this is a hot path, and printf is not. */
static char *put_digits(char *at, int value, int count, char end)
{
	for (int i = count; i-- > 0; value /= 10)
		at[i] = (char)('0' + value % 10);
	at[count] = end;
	return at + count + 1;
}

const char *rfc3339_text(int64_t time_ms, char buf[RFC3339_BYTES])
{
	int64_t clamped = time_ms < first_ms ? first_ms : time_ms > last_ms ? last_ms : time_ms;
	int64_t days = clamped / DAY_MS - (clamped % DAY_MS < 0);
	struct civil_date date = civil_from_days(days);
	int ms = (int)(clamped - days * DAY_MS);
	char *at = buf;

	at = put_digits(at, date.year, 4, '-');
	at = put_digits(at, date.month, 2, '-');
	at = put_digits(at, date.day, 2, 'T');
	at = put_digits(at, ms / (int)HOUR_MS, 2, ':');
	at = put_digits(at, ms / (int)MINUTE_MS % 60, 2, ':');
	at = put_digits(at, ms / (int)SECOND_MS % 60, 2, ms % SECOND_MS ? '.' : 'Z');
	if (ms % SECOND_MS)
		at = put_digits(at, ms % (int)SECOND_MS, 3, 'Z');
	*at = '\0';
	return buf;
}

/* Takes exactly count digits off the front. */
static bool take_digits(struct slice *rest, unsigned count, int *ret)
{
	int value = 0;

	if (rest->len < count)
		return false;
	for (unsigned i = 0; i < count; i++) {
		if (rest->bytes[i] < '0' || rest->bytes[i] > '9')
			return false;
		value = value * 10 + (rest->bytes[i] - '0');
	}
	*rest = slice_of(rest->bytes + count, rest->len - count);
	*ret = value;
	return true;
}

/* Takes one byte off the front if it is one of allowed; 0 when it is not. */
static char take_char(struct slice *rest, const char *allowed)
{
	char c = rest->len ? (char)rest->bytes[0] : '\0';

	if (!c || !strchr(allowed, c))
		return '\0';
	*rest = slice_of(rest->bytes + 1, rest->len - 1);
	return c;
}

static bool take_date(struct slice *rest, struct civil_date *ret)
{
	return take_digits(rest, 4, &ret->year) && take_char(rest, "-") &&
	       take_digits(rest, 2, &ret->month) && take_char(rest, "-") &&
	       take_digits(rest, 2, &ret->day);
}

/* ".5" to ".123456789"; no fraction is 0. */
static bool take_fraction_ms(struct slice *rest, int64_t *ret)
{
	int64_t ms = 0;
	unsigned count = 0;
	int digit;

	if (take_char(rest, ".")) {
		for (; count < 9 && take_digits(rest, 1, &digit); count++)
			if (count < 3)
				ms = ms * 10 + digit;
		if (!count)
			return false;
		for (; count < 3; count++)
			ms *= 10;
	}
	*ret = ms;
	return true;
}

/* "Z" or "+01:00". */
static bool take_offset_ms(struct slice *rest, int64_t *ret)
{
	int hours = 0, minutes = 0;
	char sign = take_char(rest, "Zz+-");

	if (!sign)
		return false;
	if (sign == '+' || sign == '-') {
		if (!take_digits(rest, 2, &hours) || !take_char(rest, ":") ||
		    !take_digits(rest, 2, &minutes) || hours > 23 || minutes > 59)
			return false;
	}
	*ret = (sign == '-' ? -1 : 1) * (hours * HOUR_MS + minutes * MINUTE_MS);
	return true;
}

static bool take_time_ms(struct slice *rest, int64_t *ret_ms, bool *ret_leap)
{
	int hour, minute, second;
	int64_t fraction_ms;

	if (!take_digits(rest, 2, &hour) || !take_char(rest, ":") ||
	    !take_digits(rest, 2, &minute) || !take_char(rest, ":") ||
	    !take_digits(rest, 2, &second) || !take_fraction_ms(rest, &fraction_ms))
		return false;
	*ret_leap = second == 60;
	*ret_ms = hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + fraction_ms;
	return hour <= 23 && minute <= 59 && second <= 60;
}

/* A leap second is only ever the last of a UTC day; it becomes the second after it. */
static bool leap_second_fits(int64_t time_ms)
{
	return ((time_ms % DAY_MS + DAY_MS) % DAY_MS) / SECOND_MS == 0;
}

int rfc3339_parse(struct slice text, int64_t *ret_ms, struct err *err)
{
	struct slice rest = text;
	struct civil_date date;
	int64_t day_ms, offset_ms, time_ms;
	char shown[TEXT_SHOWN_BYTES];
	bool leap;

	if (!take_date(&rest, &date) || !take_char(&rest, "Tt ") ||
	    !take_time_ms(&rest, &day_ms, &leap) || !take_offset_ms(&rest, &offset_ms) || rest.len)
		return err_set(err, "expected a time like 2026-03-01T12:00:00Z, found \"%s\"",
			       text_shown(text, shown));
	if (!civil_is_valid(date))
		return err_set(err, "\"%s\": there is no such day", text_shown(text, shown));
	time_ms = civil_days(date) * DAY_MS + day_ms - offset_ms;
	if (time_ms < first_ms || time_ms > last_ms)
		return err_set(err, "\"%s\" is outside of the years 0001 to 9999 in UTC",
			       text_shown(text, shown));
	if (leap && !leap_second_fits(time_ms))
		return err_set(err, "\"%s\": there is no such second", text_shown(text, shown));
	*ret_ms = time_ms;
	return 0;
}

int civil_parse(struct slice text, struct civil_date *ret, struct err *err)
{
	struct slice rest = text;
	struct civil_date date;
	char shown[TEXT_SHOWN_BYTES];

	if (!take_date(&rest, &date) || rest.len)
		return err_set(err, "expected a date like 2026-03-01, found \"%s\"",
			       text_shown(text, shown));
	if (!civil_is_valid(date))
		return err_set(err, "\"%s\": there is no such day", text_shown(text, shown));
	*ret = date;
	return 0;
}

/* A birthday is personal: the messages, which may end in a log, do not repeat it. */
int birthday_parse(struct slice text, struct civil_date *ret, struct err *err)
{
	struct slice rest = text;
	struct civil_date date = {.year = 0}, day;
	bool has_year = text.len && text.bytes[0] != '-';

	if (has_year ? !take_date(&rest, &date)
		     : !take_char(&rest, "-") || !take_char(&rest, "-") ||
			   !take_digits(&rest, 2, &date.month) || !take_char(&rest, "-") ||
			   !take_digits(&rest, 2, &date.day))
		return err_set(err, "expected a birthday like 1980-02-29 or --02-29");
	if (rest.len)
		return err_set(err,
			       "expected a birthday like 1980-02-29 or --02-29, found %zu "
			       "bytes more",
			       rest.len);
	day = date;
	if (!has_year)
		day.year = 2000; /* a leap year: --02-29 is a birthday */
	if (!civil_is_valid(day))
		return err_set(err, "expected a birthday, found a day that does not exist");
	*ret = date;
	return 0;
}
