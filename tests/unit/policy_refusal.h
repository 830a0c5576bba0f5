/*
 * policy_refusal.h - bad policy files: a good one with one thing changed, and
 * the whole error that must come of it.
 */
#ifndef NURTURE_TESTS_POLICY_REFUSAL_H
#define NURTURE_TESTS_POLICY_REFUSAL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "policy_fixture.h"

static const char refusal_base[] =
    "shop: {name: S, time_zone: Europe/London, sender: \"S <s@s.example>\"}\n"
    "classes: {transactional: {}, care: {}, feedback: {}, promotion: {holds_on_open_case: true}}\n"
    "caps:\n"
    "  - {name: week, limit: 2, per: 7d}\n"
    "  - {name: gap, min_gap: 20h, classes: [care]}\n"
    "quiet_hours: {from: \"21:00\", to: \"08:00\"}\n"
    "just_bought: {default: 90d}\n"
    "segments:\n"
    "  big: {orders: {at_least: 2}}\n"
    "  both: {segment: big}\n"
    "programmes:\n"
    "  tips: {owner: care, on: order.placed, email: tips, class: care}\n"
    "  win: {owner: growth, on_enter: big, email: we-miss-you, class: promotion}\n"
    "feedback:\n"
    "  ask: {wait: 7d}\n"
    "  ladder: [{rung: rating}]\n";

struct refusal {
	const char *find, *put; /* the first `find` of the base becomes `put` */
	const char *error;      /* without the file's name */
};

/* The error of the text, or "" when it is accepted; the success output must stay untouched. */
static inline struct err refusal_error(struct slice text)
{
	static const char *const templates[] = {"tips", "we-miss-you", "feedback-rating", NULL};
	struct zones *zones = fixture_zones();
	struct policy *untouched = (struct policy *)refusal_base;
	struct policy *policy = untouched;
	struct err err = {.kind = ERR_CONFIG, .text = ""};

	if (policy_load(text, "t.yaml", zones, templates, &policy, &err) == 0)
		policy_free(policy);
	else if (policy != untouched)
		fail_msg("the output was touched: %s", err.text);
	zones_free(zones);
	return err;
}

static inline void refusal_check(struct slice text, const char *error)
{
	struct err err = refusal_error(text);
	char expected[sizeof(err.text)];

	snprintf(expected, sizeof(expected), "t.yaml:%s", error);
	assert_string_equal(err.text, expected);
	assert_int_equal(err.kind, ERR_CONFIG);
}

/* The base with the one thing changed. */
static inline void refusal_text(const struct refusal *refusal, struct buf *ret)
{
	const char *at = strstr(refusal_base, refusal->find);

	if (!at)
		fail_msg("not in the base: %s", refusal->find);
	buf_add(ret, refusal_base, (size_t)(at - refusal_base));
	buf_text(ret, refusal->put);
	buf_text(ret, at + strlen(refusal->find));
}

static inline void refusal_check_all(const struct refusal *refusals, size_t count)
{
	assert_string_equal(refusal_error(slice_text(refusal_base)).text, "");
	for (size_t i = 0; i < count; i++) {
		struct buf text = BUF_MAX(64 * 1024);

		refusal_text(&refusals[i], &text);
		refusal_check(buf_slice(&text), refusals[i].error);
		buf_free(&text);
	}
}

#endif
