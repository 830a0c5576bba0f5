/* nurturectl_outcomes.h - lists of outcomes written as a few words each, and a policy to hold them
 * to. */
#ifndef NURTURE_TESTS_NURTURECTL_OUTCOMES_H
#define NURTURE_TESTS_NURTURECTL_OUTCOMES_H

#include <stdio.h>

#include "common/policy/policy.h"
#include "services/nurturectl/outcomes/outcome_table.h"
#include "services/nurturectl/outcomes/outcomes.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
/* 2024-10-04T00:00:00Z */
#define BEGIN (INT64_C(20000) * DAY_MS)

struct line {
	const char *customer, *request, *id, *programme, *message_class, *channel, *status;
	int64_t after_ms; /* since BEGIN */
	const char *rule;
	int64_t count, limit, window_s;
	const char *won_by;
	const char *merged_into, *category;
};

/* One that is over, or was said. */
#define LINE(who, what, its_id, from, kind, became, after)                                         \
	{.customer = who,                                                                          \
	 .request = what,                                                                          \
	 .id = its_id,                                                                             \
	 .programme = from,                                                                        \
	 .message_class = kind,                                                                    \
	 .status = became,                                                                         \
	 .after_ms = after}
/* One that was held back by a cap. */
#define HELD(who, what, its_id, from, kind, after, by, so_many, of, in_s)                          \
	{.customer = who,                                                                          \
	 .request = what,                                                                          \
	 .id = its_id,                                                                             \
	 .programme = from,                                                                        \
	 .message_class = kind,                                                                    \
	 .status = "deferred",                                                                     \
	 .after_ms = after,                                                                        \
	 .rule = by,                                                                               \
	 .count = so_many,                                                                         \
	 .limit = of,                                                                              \
	 .window_s = in_s}

static inline void list_add(struct outcomes *list, const struct line *line)
{
	Nurture__V1__Outcome outcome = NURTURE__V1__OUTCOME__INIT;
	Nurture__V1__Reason reason = NURTURE__V1__REASON__INIT;
	struct buf bytes = BUF_MAX(65536);
	struct err err;

	outcome.customer = (char *)line->customer;
	outcome.request = (char *)line->request;
	outcome.id = (char *)line->id;
	outcome.programme = (char *)line->programme;
	outcome.message_class = (char *)line->message_class;
	outcome.channel = (char *)(line->channel ? line->channel : "email");
	outcome.status = (char *)line->status;
	outcome.at_ms = (uint64_t)(BEGIN + line->after_ms);
	outcome.policy = (char *)"0123456789abcdef";
	outcome.merged_into = (char *)(line->merged_into ? line->merged_into : "");
	outcome.category = (char *)(line->category ? line->category : "");
	if (line->rule) {
		reason.rule = (char *)line->rule;
		reason.count = line->count;
		reason.limit = line->limit;
		reason.window_s = line->window_s;
		reason.won_by = (char *)(line->won_by ? line->won_by : "");
		reason.eligible_at_ms = BEGIN + line->after_ms + DAY_MS;
		outcome.reason = &reason;
	}
	outcome_encode(&outcome, OUTCOME_JSON, &bytes);
	if (outcomes_add(list, buf_slice(&bytes), &err) < 0)
		fail_msg("%s", err.text);
	buf_free(&bytes);
}

static inline struct outcomes list_of(const struct line *lines, size_t count)
{
	struct outcomes list = {0};

	for (size_t i = 0; i < count; i++)
		list_add(&list, &lines[i]);
	outcomes_sort(&list);
	return list;
}

static inline struct outcome_table table_of(const struct line *lines, size_t count)
{
	struct outcomes list = list_of(lines, count);
	struct outcome_table table;

	outcome_table_of_outcomes(&list, &table);
	outcomes_free(&list);
	return table;
}

enum { LIST_CARE, LIST_PROMOTION, LIST_RECEIPT };
#define LIST_MAILS (1u << CHANNEL_EMAIL | 1u << CHANNEL_EXTERNAL)
#define LIST_CARING (UINT64_C(1) << LIST_CARE | UINT64_C(1) << LIST_PROMOTION)

/* Two of care and promotion in seven days, 20 hours apart, one promotion a month, 5 of all a
 * day. */
static inline const struct policy *list_policy(void)
{
	static struct message_class classes[] = {{.name = "care", .needs_consent = true},
						 {.name = "promotion", .needs_consent = true},
						 {.name = "receipt"}};
	static struct cap caps[] = {
	    {"tips-day", false, 1, DAY_MS, LIST_CARING, LIST_MAILS, "hints", "", true},
	    {"gap", true, 1, 20 * HOUR_MS, LIST_CARING, LIST_MAILS, "", "", true},
	    {"week", false, 2, 7 * DAY_MS, LIST_CARING, LIST_MAILS, "", "", true},
	    {"month", false, 1, 30 * DAY_MS, UINT64_C(1) << LIST_PROMOTION, LIST_MAILS, "", "",
	     false}};
	static struct programme programmes[] = {
	    {.name = "tips", .message_class = LIST_CARE},
	    {.name = "sale", .message_class = LIST_PROMOTION},
	    {.name = "recall", .message_class = LIST_PROMOTION, .exempt = true}};
	static const struct policy policy = {
	    .file = "test.yaml",
	    .hash = "0123456789abcdef",
	    .shop = {.name = "Shop & Sons", .currency = "GBP"},
	    .classes = classes,
	    .class_count = COUNT_OF(classes),
	    .caps = caps,
	    .cap_count = COUNT_OF(caps),
	    .ceiling = {"ceiling", false, 5, DAY_MS, ALL_CLASSES, LIST_MAILS, "", "", true},
	    .programmes = programmes,
	    .programme_count = COUNT_OF(programmes)};

	return &policy;
}

#endif
