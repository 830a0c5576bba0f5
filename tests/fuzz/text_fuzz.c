/* text_fuzz.c - small texts from outside: numbers, durations, money, times, addresses, ids. */
#include <stdlib.h>
#include <string.h>

#include "common/base/civil.h"
#include "common/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool holds)
{
	if (!holds)
		abort();
}

/* What was read can be written, and reads the same again. */
static void read_numbers(struct slice text)
{
	int64_t value, again;
	char buf[64];
	struct err err;

	if (text_int64(text, -1000, INT64_MAX, &value, &err) == 0)
		expect(value >= -1000);
	if (text_duration_ms(text, &value, &err) == 0) {
		expect(value >= 0 && value <= 400 * DAY_MS);
		duration_text(value, buf, sizeof(buf));
	}
	if (text_money_e4(text, &value, &err) == 0) {
		money_text(value, buf, sizeof(buf));
		expect(text_money_e4(slice_text(buf), &again, &err) == 0 && again == value);
	}
}

static void read_times(struct slice text)
{
	char buf[RFC3339_BYTES];
	struct civil_date date;
	int64_t value, again;
	struct err err;

	if (rfc3339_parse(text, &value, &err) == 0) {
		rfc3339_text(value, buf);
		expect(rfc3339_parse(slice_text(buf), &again, &err) == 0 && again == value);
	}
	if (civil_parse(text, &date, &err) == 0) {
		expect(civil_is_valid(date));
		expect(memcmp(&(struct civil_date[]){civil_from_days(civil_days(date))}, &date,
			      sizeof(date)) == 0);
	}
	if (birthday_parse(text, &date, &err) == 0)
		expect(date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= 31);
}

static void read_words(struct slice text)
{
	static const char *const words[] = {"limit", "min_gap", "classes"};
	char shown[TEXT_SHOWN_BYTES];

	if (text_is_email(text)) {
		expect(text_is_utf8(text) && text_is_printable(text) && text.len <= 254);
		for (size_t i = 0; i < text.len; i++)
			expect(!strchr(" <>\"\\,;:()[]\r\n", text.bytes[i]));
	}
	if (text_is_id(text))
		expect(text.len >= 1 && text.len <= 200);
	text_shown(text, shown);
	expect(strlen(shown) < TEXT_SHOWN_BYTES && text_is_utf8(slice_text(shown)) &&
	       text_is_printable(slice_text(shown)));
	text_nearest(text, words, 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of(data, size);

	read_numbers(text);
	read_times(text);
	read_words(text);
	return 0;
}
