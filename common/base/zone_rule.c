/* zone_rule.c - the POSIX TZ rule in a TZif footer: reading and applying it.  RFC 8536 3.3. */
#include "zone_internal.h"

#include "text.h"

enum { OFFSET_HOURS_MAX = 24, RULE_HOURS_MAX = 167 };

static char front(struct slice rest)
{
	return rest.len ? (char)rest.bytes[0] : '\0';
}

static void skip(struct slice *rest, size_t count)
{
	*rest = slice_of(rest->bytes + count, rest->len - count);
}

static bool take_char(struct slice *rest, char c)
{
	if (front(*rest) != c)
		return false;
	skip(rest, 1);
	return true;
}

/* One to three digits within min and max. */
static bool take_number(struct slice *rest, int min, int max, int *ret)
{
	int value = 0, digits = 0;

	for (; digits < 3 && front(*rest) >= '0' && front(*rest) <= '9'; digits++) {
		value = value * 10 + (front(*rest) - '0');
		skip(rest, 1);
	}
	if (!digits || value < min || value > max)
		return false;
	*ret = value;
	return true;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "CET" or "<+0330>": only its end matters. */
static bool take_name(struct slice *rest)
{
	bool quoted = take_char(rest, '<');
	size_t len = 0;

	for (; len < rest->len; len++) {
		char c = (char)rest->bytes[len];

		if (!is_letter(c) && !(quoted && (c == '+' || c == '-' || (c >= '0' && c <= '9'))))
			break;
	}
	if (len < 3)
		return false;
	skip(rest, len);
	return !quoted || take_char(rest, '>');
}

/* "[+-]hh[:mm[:ss]]" in seconds. */
static bool take_time_s(struct slice *rest, int hours_max, int32_t *ret)
{
	bool negative = take_char(rest, '-');
	int hours, minutes = 0, seconds = 0;

	if (!negative)
		take_char(rest, '+');
	if (!take_number(rest, 0, hours_max, &hours))
		return false;
	if (take_char(rest, ':')) {
		if (!take_number(rest, 0, 59, &minutes))
			return false;
		if (take_char(rest, ':') && !take_number(rest, 0, 59, &seconds))
			return false;
	}
	*ret = (negative ? -1 : 1) * (hours * HOUR_S + minutes * 60 + seconds);
	return true;
}

/* POSIX counts offsets to the west; we, like everybody else, to the east. */
static bool take_offset_s(struct slice *rest, int32_t *ret)
{
	int32_t west_s;

	if (!take_time_s(rest, OFFSET_HOURS_MAX, &west_s))
		return false;
	*ret = -west_s;
	return true;
}

static bool take_day(struct slice *rest, struct rule_day *ret)
{
	ret->time_s = 2 * HOUR_S;
	if (take_char(rest, 'M')) {
		ret->kind = RULE_WEEK_OF_MONTH;
		if (!take_number(rest, 1, 12, &ret->month) || !take_char(rest, '.') ||
		    !take_number(rest, 1, 5, &ret->week) || !take_char(rest, '.') ||
		    !take_number(rest, 0, 6, &ret->day))
			return false;
	} else if (take_char(rest, 'J')) {
		ret->kind = RULE_JULIAN;
		if (!take_number(rest, 1, 365, &ret->day))
			return false;
	} else {
		ret->kind = RULE_DAY_OF_YEAR;
		if (!take_number(rest, 0, 365, &ret->day))
			return false;
	}
	return !take_char(rest, '/') || take_time_s(rest, RULE_HOURS_MAX, &ret->time_s);
}

static bool take_dst(struct slice *rest, struct zone_rule *rule)
{
	/* What POSIX leaves open and everybody does: the rule of the United States. */
	struct slice usual = slice_text(",M3.2.0,M11.1.0");

	if (!take_name(rest))
		return false;
	rule->has_dst = true;
	rule->dst_s = rule->standard_s + HOUR_S;
	if (rest->len && front(*rest) != ',' && !take_offset_s(rest, &rule->dst_s))
		return false;
	if (!rest->len)
		rest = &usual;
	return take_char(rest, ',') && take_day(rest, &rule->start) && take_char(rest, ',') &&
	       take_day(rest, &rule->end);
}

int zone_rule_parse(struct slice text, struct zone_rule *ret, struct err *err)
{
	struct zone_rule rule = {.has_dst = false};
	struct slice rest = text;
	char shown[TEXT_SHOWN_BYTES];

	if (!take_name(&rest) || !take_offset_s(&rest, &rule.standard_s) ||
	    (rest.len && !take_dst(&rest, &rule)) || rest.len)
		return err_set(err,
			       "expected a rule such as CET-1CEST,M3.5.0,M10.5.0/3, found \"%s\"",
			       text_shown(text, shown));
	*ret = rule;
	return 0;
}

/* The years may be some beyond the calendar's: here the first and the last have neighbours. */
static int64_t week_of_month_days(const struct rule_day *day, int year)
{
	int64_t first = civil_days((struct civil_date){year, day->month, 1});
	int64_t next =
	    civil_days((struct civil_date){year + day->month / 12, day->month % 12 + 1, 1});
	int weekday = (int)(((first + 4) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
	int64_t days = first + (day->day - weekday + 7) % 7 + 7 * (day->week - 1);

	return days < next ? days : days - 7;
}

/* The year's moment on the clock that shows offset_s before it. */
static int64_t rule_day_at_s(const struct rule_day *day, int year, int32_t offset_s)
{
	int64_t new_year = civil_days((struct civil_date){year, 1, 1});
	int64_t next_year = civil_days((struct civil_date){year + 1, 1, 1});
	int64_t days = 0;

	switch (day->kind) {
	case RULE_WEEK_OF_MONTH:
		days = week_of_month_days(day, year);
		break;
	case RULE_JULIAN:
		days = new_year + day->day - 1 + (day->day >= 60 && next_year - new_year == 366);
		break;
	case RULE_DAY_OF_YEAR:
		days = new_year + day->day;
		break;
	}
	return days * DAY_S + day->time_s - offset_s;
}

/*
 * The changes of five years, sorted by time; equal times keep their order, by
 * which summer time for the whole year (it ends when the next begins) and for
 * none of it come out right.  Two years either side, because a time of day
 * may carry a change a week beyond its year.
 */
enum { AROUND_YEARS = 2, AROUND_CHANGES = 2 * (2 * AROUND_YEARS + 1) };

static void changes_around(const struct zone_rule *rule, int year,
			   struct transition changes[AROUND_CHANGES])
{
	for (int i = 0; i < AROUND_CHANGES; i++) {
		bool starts = i % 2 == 0;
		struct transition change = {
		    rule_day_at_s(starts ? &rule->start : &rule->end, year - AROUND_YEARS + i / 2,
				  starts ? rule->standard_s : rule->dst_s),
		    starts ? rule->dst_s : rule->standard_s,
		};
		int at = i;

		for (; at > 0 && changes[at - 1].at_s > change.at_s; at--)
			changes[at] = changes[at - 1];
		changes[at] = change;
	}
}

struct span zone_rule_span(const struct zone_rule *rule, int64_t time_s)
{
	struct transition changes[AROUND_CHANGES];
	int year = civil_from_days(time_s / DAY_S - (time_s % DAY_S < 0)).year;
	int next = 1;

	if (!rule->has_dst)
		return (struct span){INT64_MIN, INT64_MAX, rule->standard_s};
	changes_around(rule, year, changes);
	while (next < AROUND_CHANGES - 1 && changes[next].at_s <= time_s)
		next++;
	return (struct span){changes[next - 1].at_s, changes[next].at_s,
			     changes[next - 1].offset_s};
}
