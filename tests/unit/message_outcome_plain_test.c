/* message_outcome_plain_test.c - the line written straight down is the line of the table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "common/message/outcome.h"

#define AT_MS INT64_C(1772366400000) /* 2026-03-01T12:00:00Z */

static void encode(const Nurture__V1__Outcome *outcome, const char *expected)
{
	struct buf out = BUF_MAX(8192);

	outcome_encode(outcome, OUTCOME_JSON, &out);
	assert_false(buf_failed(&out));
	assert_string_equal(out.bytes, expected);
	buf_free(&out);
}

/* Every choice of members, plain and then with a text that is not: the same line but for that. */
static void plain_lines_are_as_others(void **state)
{
	static const char odd[] = "\\u0001\\n\\\"";

	(void)state;
	for (unsigned set = 0; set < 1 << 16; set++) {
		Nurture__V1__Reason reason = NURTURE__V1__REASON__INIT;
		Nurture__V1__Outcome outcome = NURTURE__V1__OUTCOME__INIT;
		Nurture__V1__Trial trial = NURTURE__V1__TRIAL__INIT, *rules[] = {&trial, &trial};
		Nurture__V1__Rival rival = NURTURE__V1__RIVAL__INIT, *rivals[] = {&rival, &rival};
		struct buf plain = BUF_MAX(8192), other = BUF_MAX(8192);
		char *found;

		outcome.customer = "customer:";
		outcome.at_ms = set & 1 ? AT_MS : 0;
		outcome.category = set & 2 ? "12345678" : "";
		outcome.message_class = set & 4 ? "~ care !" : "";
		outcome.id = set & 8 ? "0123456789abcdef0" : "";
		outcome.status = set & 16 ? "sent" : "";
		outcome.triggered_ms = set & 32 ? -1 : 0;
		outcome.reason = set & 64 ? &reason : NULL;
		reason.count = set & 128 ? INT64_MAX : 0;
		reason.limit = set & 256 ? 10 : 0;
		reason.rule = set & 512 ? "week" : "";
		reason.eligible_at_ms = set & 1024 ? AT_MS + 1 : 0;
		reason.won_by = set & 2048 ? "w" : "";
		outcome.rules = rules;
		outcome.n_rules = set >> 12 & 1 ? 1 + (set & 1) : 0;
		trial.rule = set & 512 ? "month" : "";
		trial.count = set & 128 ? 12 : 0;
		outcome.considered = rivals;
		outcome.n_considered = set >> 13 & 1 ? 1 + (set & 1) : 0;
		rival.request = set & 8 ? "0123456789abcdef" : "";
		rival.held_by = set & 512 ? "month" : "";
		rival.priority = set & 128 ? 100 : 0;
		rival.value_e4 = set & 256 ? 10500 : 0;
		outcome.merged_into = set >> 14 & 1 ? "into" : "";
		outcome.variant = set >> 15 & 1 ? "warm" : "";
		outcome.probability_ppm = set >> 15 & 1 ? 450000 : 0;
		outcome_encode(&outcome, OUTCOME_JSON, &plain);
		outcome.customer = "customer:\x01\n\"";
		outcome_encode(&outcome, OUTCOME_JSON, &other);
		found = strstr(other.bytes, odd);
		assert_non_null(found);
		memmove(found, found + sizeof(odd) - 1, strlen(found + sizeof(odd) - 1) + 1);
		assert_string_equal(plain.bytes, other.bytes);
		buf_free(&plain);
		buf_free(&other);
	}
}

/* At each place of a text, and around the size of what is thought of as plain. */
static void odd_bytes_are_noticed_anywhere(void **state)
{
	char text[4400], expected[4600];

	(void)state;
	for (size_t len = 1; len < sizeof(text) - 1; len += len < 40 ? 1 : 97) {
		for (size_t at = 0; at < len; at += at < 40 ? 1 : 89) {
			Nurture__V1__Outcome outcome = NURTURE__V1__OUTCOME__INIT;

			memset(text, 'x', len);
			text[len] = '\0';
			outcome.category = text;
			snprintf(expected, sizeof(expected), "{\"category\":\"%s\"}", text);
			encode(&outcome, expected);
			text[at] = "\t\"\\\x7f\x80"[at % 5];
			snprintf(
			    expected, sizeof(expected), "{\"category\":\"%.*s%s%s\"}", (int)at,
			    text,
			    (const char *[]){"\\t", "\\\"", "\\\\", "\x7f", "\xef\xbf\xbd"}[at % 5],
			    text + at + 1);
			encode(&outcome, expected);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plain_lines_are_as_others),
	    cmocka_unit_test(odd_bytes_are_noticed_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
