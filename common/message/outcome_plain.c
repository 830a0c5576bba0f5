/* outcome_plain.c - see outcome_plain.h. */
#include "outcome_plain.h"

#include <stdbool.h>
#include <string.h>

#include "common/base/civil.h"
#include "common/base/text.h"

/* Each member begins with a comma; the first one's becomes the brace. */
struct line {
	char *at, *end;
	bool is_plain;
};

#define EVERY_BYTE(c) (UINT64_C(0x0101010101010101) * (c))

/* Not 0 if one of the eight is a control, a quote, a backslash or not ASCII. */
static inline uint64_t not_plain(const char *bytes)
{
	uint64_t eight, quote, backslash;

	memcpy(&eight, bytes, sizeof(eight));
	quote = eight ^ EVERY_BYTE('"');
	backslash = eight ^ EVERY_BYTE('\\');
	/* A byte below n, all being ASCII, borrows from its upper bit. */
	return (eight | (eight - EVERY_BYTE(0x20)) | (quote - EVERY_BYTE(1)) |
		(backslash - EVERY_BYTE(1))) &
	       EVERY_BYTE(0x80);
}

static bool is_plain(const char *text, size_t len)
{
	size_t i = 0;

	if (len >= 8) {
		uint64_t odd = not_plain(text + len - 8);

		for (; i + 8 < len; i += 8)
			odd |= not_plain(text + i);
		return !odd;
	}
	for (; i < len; i++) {
		uint8_t c = (uint8_t)text[i];

		if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\')
			return false;
	}
	return true;
}

static bool has_room(struct line *line, size_t len)
{
	if (len > (size_t)(line->end - line->at))
		line->is_plain = false;
	return line->is_plain;
}

static inline void put(struct line *line, const char *bytes, size_t len)
{
	memcpy(line->at, bytes, len);
	line->at += len;
}

static void put_text(struct line *line, const char *key, size_t key_len, const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || !has_room(line, key_len + len + 1))
		return;
	if (!is_plain(text, len)) {
		line->is_plain = false;
		return;
	}
	put(line, key, key_len);
	put(line, text, len);
	*line->at++ = '"';
}

static void put_time(struct line *line, const char *key, size_t key_len, int64_t time_ms)
{
	if (time_ms == 0 || !has_room(line, key_len + RFC3339_BYTES + 1))
		return;
	put(line, key, key_len);
	line->at += strlen(rfc3339_text(time_ms, line->at));
	*line->at++ = '"';
}

static void put_whole(struct line *line, const char *key, size_t key_len, int64_t value)
{
	char digits[20];
	size_t first = sizeof(digits);

	if (value < 0)
		line->is_plain = false;
	if (!has_room(line, key_len + sizeof(digits)))
		return;
	put(line, key, key_len);
	if (value < 10) { /* most counts and limits */
		*line->at++ = (char)('0' + value);
		return;
	}
	do {
		digits[--first] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	put(line, digits + first, sizeof(digits) - first);
}

/* "0.45": the shortest text of it. */
static void put_decimal(struct line *line, const char *key, size_t key_len, int64_t value,
			unsigned decimals)
{
	char text[DECIMAL_BYTES];
	size_t len;

	if (value == 0)
		return;
	decimal_text(value, decimals, text);
	len = strlen(text);
	if (!has_room(line, key_len + len + 1))
		return;
	put(line, key, key_len);
	put(line, text, len);
	*line->at++ = '"';
}

#define TEXT(name, text) put_text(line, ",\"" name "\":\"", sizeof(name) + 4, text)
#define TIME(name, time_ms) put_time(line, ",\"" name "\":\"", sizeof(name) + 4, time_ms)
#define DECIMAL(name, value, decimals)                                                             \
	put_decimal(line, ",\"" name "\":\"", sizeof(name) + 4, value, decimals)
#define WHOLE(name, value) put_whole(line, ",\"" name "\":", sizeof(name) + 3, value)

static void put_reason(struct line *line, const Nurture__V1__Reason *reason)
{
	static const char key[] = ",\"reason\":";
	bool has_count = reason->limit != 0 || reason->window_s != 0;
	char *begin = line->at, *members;

	if (!has_room(line, sizeof(key)))
		return;
	put(line, key, sizeof(key) - 1);
	members = line->at;
	if (has_count)
		WHOLE("count", reason->count);
	TEXT("detail", reason->detail);
	TIME("eligible_at", reason->eligible_at_ms);
	if (has_count)
		WHOLE("limit", reason->limit);
	TEXT("rule", reason->rule);
	if (has_count)
		WHOLE("window_s", reason->window_s);
	TEXT("won_by", reason->won_by);
	if (line->at == members) {
		line->at = begin; /* an empty one is left out */
	} else if (has_room(line, 1)) {
		*members = '{';
		*line->at++ = '}';
	}
}

/* A member's name, and where its list begins; 0: no room. */
static bool open_list(struct line *line, const char *key, size_t key_len)
{
	if (!has_room(line, key_len))
		return false;
	put(line, key, key_len);
	return true;
}

/* The entry begun at `begin` with the comma of its first member. */
static void close_entry(struct line *line, char *begin)
{
	if (!has_room(line, 2))
		return;
	*begin = '{';
	*line->at++ = '}';
	*line->at++ = ',';
}

/* The last entry's comma is the list's end. */
static void close_list(struct line *line)
{
	line->at[-1] = ']';
}

static void put_rules(struct line *line, const Nurture__V1__Outcome *outcome)
{
	static const char key[] = ",\"rules\":[";

	if (outcome->n_rules == 0 || !open_list(line, key, sizeof(key) - 1))
		return;
	for (size_t i = 0; i < outcome->n_rules && line->is_plain; i++) {
		const Nurture__V1__Trial *trial = outcome->rules[i];
		char *begin = line->at;

		WHOLE("count", trial->count);
		WHOLE("limit", trial->limit);
		TEXT("rule", trial->rule);
		WHOLE("window_s", trial->window_s);
		close_entry(line, begin);
	}
	close_list(line);
}

static void put_considered(struct line *line, const Nurture__V1__Outcome *outcome)
{
	static const char key[] = ",\"considered\":[";

	if (outcome->n_considered == 0 || !open_list(line, key, sizeof(key) - 1))
		return;
	for (size_t i = 0; i < outcome->n_considered && line->is_plain; i++) {
		const Nurture__V1__Rival *rival = outcome->considered[i];
		char *begin = line->at;

		TEXT("held_by", rival->held_by);
		WHOLE("priority", rival->priority);
		TEXT("programme", rival->programme);
		TEXT("request", rival->request);
		DECIMAL("value", rival->value_e4, 4);
		close_entry(line, begin);
	}
	close_list(line);
}

size_t outcome_plain(const Nurture__V1__Outcome *outcome, char bytes[OUTCOME_PLAIN_BYTES])
{
	struct line whole = {bytes, bytes + OUTCOME_PLAIN_BYTES, true}, *line = &whole;

	TIME("at", (int64_t)outcome->at_ms);
	TEXT("category", outcome->category);
	TEXT("channel", outcome->channel);
	TEXT("class", outcome->message_class);
	put_considered(line, outcome);
	TEXT("coupon", outcome->coupon);
	TEXT("customer", outcome->customer);
	TEXT("id", outcome->id);
	TEXT("locale", outcome->locale);
	TEXT("merged_into", outcome->merged_into);
	TEXT("order", outcome->order);
	TEXT("owner", outcome->owner);
	TEXT("policy", outcome->policy);
	DECIMAL("probability", outcome->probability_ppm, 6);
	TEXT("programme", outcome->programme);
	if (outcome->reason)
		put_reason(line, outcome->reason);
	if (outcome->reminder)
		WHOLE("reminder", outcome->reminder);
	TEXT("request", outcome->request);
	put_rules(line, outcome);
	TEXT("rung", outcome->rung);
	TEXT("send", outcome->send);
	TEXT("status", outcome->status);
	TEXT("template", outcome->template_);
	TIME("triggered_at", outcome->triggered_ms);
	TEXT("variant", outcome->variant);
	if (outcome->version)
		WHOLE("version", outcome->version);
	if (line->at == bytes || !has_room(line, 1))
		return 0;
	*bytes = '{';
	*line->at++ = '}';
	return (size_t)(line->at - bytes);
}
