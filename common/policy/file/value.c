/* value.c - see value.h. */
#include "value.h"

#include <stdio.h>
#include <string.h>

#include "common/base/country.h"
#include "common/base/text.h"

enum { NAME_MAX_BYTES = 64, LONG_MAX_DAYS = 36500 };

static int expected(const struct node *node, struct err *err, const char *what)
{
	if (node->kind == NODE_LIST)
		return node_error(node, err, "expected %s, found a list", what);
	if (node->kind == NODE_MAP)
		return node_error(node, err, "expected %s, found a mapping", what);
	return node_error(node, err, "expected %s, found %s", what, node_quoted(node->text).text);
}

int value_text(const struct node *node, const char **ret, struct err *err)
{
	if (node->kind != NODE_TEXT || node->text[0] == '\0')
		return expected(node, err, "a text");
	if (!text_is_id(slice_text(node->text)))
		return expected(node, err, "a text of at most 200 bytes");
	*ret = node->text;
	return 0;
}

static bool is_name(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789-_.";
	size_t len = strlen(text);

	return len > 0 && len <= NAME_MAX_BYTES && strspn(text, letters) == len && text[0] != '.' &&
	       text[0] != '-';
}

#define NAME_RULE "a name (up to 64 letters, digits, - _ .)"

int value_name(const struct node *node, const char **ret, struct err *err)
{
	if (node->kind != NODE_TEXT || !is_name(node->text))
		return expected(node, err, NAME_RULE);
	*ret = node->text;
	return 0;
}

int value_key_name(const struct node *node, struct err *err)
{
	if (is_name(node->key))
		return 0;
	return node_key_error(node, err, "expected " NAME_RULE ", found %s",
			      node_quoted(node->key).text);
}

static bool is_plain_word(const struct node *node, const char *word)
{
	return node->kind == NODE_TEXT && node->plain && strcmp(node->text, word) == 0;
}

int value_bool(const struct node *node, bool *ret, struct err *err)
{
	bool is_true = is_plain_word(node, "true");

	if (!is_true && !is_plain_word(node, "false"))
		return expected(node, err, "true or false (without quotes)");
	*ret = is_true;
	return 0;
}

bool value_is_off(const struct node *node)
{
	return is_plain_word(node, "off") || is_plain_word(node, "false");
}

int value_int(const struct node *node, int64_t min, int64_t max, int64_t *ret, struct err *err)
{
	struct err ignored;
	char what[100];

	if (node->kind == NODE_TEXT && node->plain &&
	    text_int64(slice_text(node->text), min, max, ret, &ignored) == 0)
		return 0;
	snprintf(what, sizeof(what), "a whole number from %lld to %lld (without quotes)",
		 (long long)min, (long long)max);
	return expected(node, err, what);
}

/* "7d", exactly, in the largest unit that fits. */
static void duration_write(char text[24], int64_t ms)
{
	static const struct {
		int64_t ms;
		const char *unit;
	} units[] = {{DAY_MS, "d"}, {HOUR_MS, "h"}, {MINUTE_MS, "m"}, {SECOND_MS, "s"}};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (ms && ms % units[i].ms == 0) {
			snprintf(text, 24, "%lld%s", (long long)(ms / units[i].ms), units[i].unit);
			return;
		}
	}
	snprintf(text, 24, "0s");
}

int value_duration(const struct node *node, int64_t min_ms, int64_t max_ms, int64_t *ret_ms,
		   struct err *err)
{
	char what[100], min[24], max[24];
	struct err ignored;
	int64_t ms;

	if (node->kind == NODE_TEXT &&
	    text_long_duration_ms(slice_text(node->text), LONG_MAX_DAYS, &ms, &ignored) == 0 &&
	    ms >= min_ms && ms <= max_ms) {
		*ret_ms = ms;
		return 0;
	}
	duration_write(min, min_ms);
	duration_write(max, max_ms);
	snprintf(what, sizeof(what), "a duration from %s to %s such as 90s, 20h or 7d", min, max);
	return expected(node, err, what);
}

int value_time_of_day(const struct node *node, int *ret_min, struct err *err)
{
	const char *t = node->text;
	bool is_time = node->kind == NODE_TEXT && strlen(t) == 5 && t[2] == ':' &&
		       strspn(t, "0123456789") == 2 && strspn(t + 3, "0123456789") == 2;
	int hour = is_time ? (t[0] - '0') * 10 + t[1] - '0' : 24;
	int minute = is_time ? (t[3] - '0') * 10 + t[4] - '0' : 60;

	if (hour > 23 || minute > 59)
		return expected(node, err, "a time of day such as \"09:00\" (00:00 to 23:59)");
	*ret_min = hour * 60 + minute;
	return 0;
}

bool value_is_month_day(const char *t, struct civil_date *ret)
{
	static const char digits[] = "0123456789";
	struct civil_date date = {.year = 2024}; /* a leap year */

	if (strlen(t) != 5 || t[2] != '-' || strspn(t, digits) != 2 || strspn(t + 3, digits) != 2)
		return false;
	date.month = (t[0] - '0') * 10 + t[1] - '0';
	date.day = (t[3] - '0') * 10 + t[4] - '0';
	if (!civil_is_valid(date))
		return false;
	*ret = (struct civil_date){0, date.month, date.day};
	return true;
}

bool value_is_day(const char *text, struct civil_date *ret)
{
	struct err ignored;

	return civil_parse(slice_text(text), ret, &ignored) == 0;
}

/* A decimal number of at most max_e4 whose last decimals (below step_e4) are 0. */
static bool read_decimal(struct slice text, int64_t max_e4, int64_t step_e4, int64_t *ret)
{
	struct err ignored;
	int64_t e4;

	if (text_money_e4(text, &e4, &ignored) < 0 || e4 < 0 || e4 > max_e4 || e4 % step_e4)
		return false;
	*ret = e4;
	return true;
}

int value_percent(const struct node *node, uint32_t *ret_permille, struct err *err)
{
	size_t len = strlen(node->text);
	int64_t e4;

	if (len < 2 || node->text[len - 1] != '%' ||
	    !read_decimal(slice_of(node->text, len - 1), 1000000, 1000, &e4))
		return expected(node, err,
				"a percentage from 0% to 100% with at most one decimal, "
				"such as 10%");
	*ret_permille = (uint32_t)(e4 / 1000);
	return 0;
}

int value_money(const struct node *node, int64_t *ret_e4, struct err *err)
{
	if (node->kind != NODE_TEXT || !read_decimal(slice_text(node->text), INT64_MAX, 1, ret_e4))
		return expected(node, err, "an amount such as \"1000.00\"");
	return 0;
}

int value_factor(const struct node *node, uint32_t *ret_permille, struct err *err)
{
	int64_t e4;

	if (node->kind != NODE_TEXT || !read_decimal(slice_text(node->text), 1000000, 10, &e4) ||
	    e4 < 1000)
		return expected(node, err, "a factor from 0.1 to 100 such as 2.0");
	*ret_permille = (uint32_t)(e4 / 10);
	return 0;
}

int value_country(const struct node *node, const char **ret, struct err *err)
{
	const char *code = country_for_code(slice_text(node->text));
	char what[40];

	if (node->kind == NODE_TEXT && code) {
		snprintf(what, sizeof(what), "the code that ISO 3166 assigns, %s", code);
		return expected(node, err, what);
	}
	if (node->kind != NODE_TEXT || !country_is_known(slice_text(node->text)))
		return expected(node, err, "a country of ISO 3166 in two capitals, such as DE");
	*ret = node->text;
	return 0;
}

int value_url(const struct node *node, struct arena *arena, const char **ret, struct err *err)
{
	const char *text, *host;
	size_t len;

	if (value_text(node, &text, err) < 0)
		return -1;
	len = strlen(text);
	while (len > 0 && text[len - 1] == '/')
		len--;
	host = strstr(text, "://");
	if (!host || (strncmp(text, "http://", 7) != 0 && strncmp(text, "https://", 8) != 0) ||
	    host + 3 >= text + len || strpbrk(text, " \"<>\\^`{|}"))
		return expected(node, err, "an address such as https://shop.example");
	*ret = arena_copy(arena, text, len);
	return 0;
}

int value_https_url(const struct node *node, struct arena *arena, const char **ret, struct err *err)
{
	const char *url;

	if (value_url(node, arena, &url, err) < 0)
		return -1;
	if (strncmp(url, "https://", 8) != 0)
		return node_error(node, err,
				  "expected an address that begins with https://, found %s",
				  node_quoted(url).text);
	*ret = url;
	return 0;
}

int value_mailbox(const struct node *node, struct arena *arena, const char **ret_name,
		  const char **ret_address, struct err *err)
{
	const char *text, *open;
	struct slice address;
	size_t len, name_len;

	if (value_text(node, &text, err) < 0)
		return -1;
	len = strlen(text);
	open = strchr(text, '<');
	name_len = open ? (size_t)(open - text) : 0;
	address = slice_of(text, len);
	if (open && text[len - 1] == '>')
		address = slice_of(open + 1, len - name_len - 2);
	while (name_len > 0 && text[name_len - 1] == ' ')
		name_len--;
	if (!text_is_email(address) || memchr(text, '"', name_len) || memchr(text, '>', name_len))
		return expected(node, err, "\"Name <address>\"");
	*ret_name = arena_copy(arena, text, name_len);
	*ret_address = arena_copy(arena, address.bytes, address.len);
	return 0;
}
