/*
 * load_feedback.c - how everybody is asked for feedback.
 *
 * There is no condition here on purpose: asking only the happy is not a rule
 * that this file can express.
 */
#include "load.h"

#include "common/base/text.h"
#include "common/policy/file/fields.h"
#include "common/policy/file/value.h"
#include "common/policy/memory.h"
#include "common/policy/rung.h"

enum { REMINDERS_MAX = 5 };

#define REVIEW_GAP_MS (7 * DAY_MS)

static const struct field feedback_fields[] = {
    KEY("ask", .missing = "when to ask, such as {wait: 7d}"),
    KEY("ladder"),
    KEY("class"),
    FIELD("priority", INT, feedback, priority, RANGE(0, 100)),
    FIELD("expires", DURATION, feedback, expires_ms, RANGE(SECOND_MS, DURATION_MAX_MS)),
    FIELD("low_score", INT, feedback, low_score, RANGE(0, 5)),
    FIELD("low_task", TEXT, feedback, low_task),
    FIELD("owner", TEXT, feedback, owner),
    KEY("public_link"),
};

static const struct field ask_fields[] = {
    FIELD("wait", DURATION, feedback, wait_ms, RANGE(0, DURATION_MAX_MS),
	  .missing = "how long after delivery, such as 7d"),
    KEY("categories"),
    FIELD("remind_after", DURATION, feedback, remind_after_ms, RANGE(MINUTE_MS, DURATION_MAX_MS)),
    FIELD("reminders", INT, feedback, reminders, RANGE(0, REMINDERS_MAX)),
};

static const struct field rung_fields[] = {
    KEY("rung", .missing = "what is asked for, such as review"),
    FIELD("gap", DURATION, rung, gap_ms, RANGE(0, DURATION_MAX_MS)),
};

/* Refuses gating by name, which deserves a better answer than "unknown key". */
static int check_gating(const struct node *node, struct err *err)
{
	static const char *const words[] = {"if",    "only_if",   "when",
					    "score", "min_score", "at_least"};

	for (const struct node *child = node->first; child; child = child->next) {
		for (size_t i = 0; child->key && i < sizeof(words) / sizeof(words[0]); i++) {
			if (strcmp(child->key, words[i]) == 0)
				return node_key_error(child, err,
						      "%s: everybody is asked alike, "
						      "whatever the score; expected no condition",
						      words[i]);
		}
	}
	return 0;
}

static int load_ask(struct loader *l, const struct node *node, struct feedback *feedback,
		    struct err *err)
{
	const struct node *categories = node_get(node, "categories");
	const struct node *remind_after = node_get(node, "remind_after");
	const struct node *reminders = node_get(node, "reminders");

	if (check_gating(node, err) < 0 ||
	    fields_read(node, ask_fields, FIELDS_COUNT(ask_fields), feedback, err) < 0)
		return -1;
	if (remind_after && !reminders)
		feedback->reminders = 1;
	if (feedback->reminders > 0 && !remind_after)
		return node_error(reminders, err, "reminders without remind_after; expected both");
	if (remind_after && feedback->reminders == 0)
		return node_error(remind_after, err,
				  "remind_after with 0 reminders; expected both "
				  "or neither");
	if (!categories)
		return 0;
	return policy_load_windows(l, categories, &feedback->categories, &feedback->category_count,
				   err);
}

static int load_rung(struct loader *l, const struct node *node, struct feedback *feedback,
		     struct err *err)
{
	struct rung *rung = &feedback->ladder[node->index];
	const struct node *name = node_get(node, "rung");
	unsigned index;

	rung->gap_ms = -1;
	if (check_gating(node, err) < 0 ||
	    fields_read(node, rung_fields, FIELDS_COUNT(rung_fields), rung, err) < 0 ||
	    value_one_of(name, "rung", rung_texts, RUNG_COUNT, &index, err) < 0)
		return -1;
	rung->name = rung_texts[index];
	if (rung->gap_ms < 0)
		rung->gap_ms = node->index && !rung_is_favour(rung->name) ? REVIEW_GAP_MS : 0;
	for (unsigned i = 0; i < node->index; i++) {
		if (strcmp(feedback->ladder[i].name, rung->name) == 0)
			return node_error(name, err, "the rung %s is there twice", rung->name);
	}
	return policy_load_template(l, name, arena_printf(l->arena, "feedback-%s", rung->name),
				    err);
}

/* Refuses favours before what everybody is asked for: few are asked for a favour. */
static int check_favours(const struct node *list, struct err *err)
{
	const struct node *favour = NULL;

	for (const struct node *child = list->first; child; child = child->next) {
		const struct node *name = node_get(child, "rung");

		if (!name || name->kind != NODE_TEXT)
			continue;
		if (favour && !rung_is_favour(name->text))
			return node_error(name, err,
					  "%s is asked of everybody, %s is a favour; expected "
					  "rating and review before all favours",
					  node_quoted(name->text).text,
					  node_quoted(favour->text).text);
		if (rung_is_favour(name->text))
			favour = name;
	}
	return 0;
}

static int load_ladder(struct loader *l, const struct node *node, struct feedback *feedback,
		       struct err *err)
{
	if (node_expect_list(node, err) < 0 || check_favours(node, err) < 0)
		return -1;
	feedback->ladder = arena_zalloc(l->arena, node->count * sizeof(*feedback->ladder));
	feedback->rung_count = node->count;
	for (const struct node *child = node->first; child; child = child->next) {
		if (load_rung(l, child, feedback, err) < 0)
			return -1;
	}
	return 0;
}

static int load_class(struct loader *l, const struct node *node, struct feedback *feedback,
		      struct err *err)
{
	const struct node *child = node_get(node, "class");
	int index;

	if (child)
		return policy_load_class_name(l, child, &feedback->message_class, err);
	index = policy_class(l->policy, slice_text("feedback"));
	if (index < 0)
		return node_error(node, err,
				  "there is no class \"feedback\"; expected it among "
				  "classes, or class: NAME here");
	feedback->message_class = (unsigned)index;
	return 0;
}

/* Checks that the templates exist; without a ladder the rating alone is asked for. */
static int check_templates(const struct loader *l, const struct node *node,
			   const struct feedback *feedback, struct err *err)
{
	const struct node *ask = node_get(node, "ask");

	if (feedback->rung_count == 0 && policy_load_template(l, ask, "feedback-rating", err) < 0)
		return -1;
	if (feedback->reminders == 0)
		return 0;
	return policy_load_template(l, ask, "feedback-reminder", err);
}

/* Bounds remind_after: the arbiter times a reminder by what it remembers of the ask. */
static int check_remind_after(const struct node *ask, const struct feedback *feedback,
			      struct err *err)
{
	int64_t most_ms = feedback->expires_ms + REQUEST_REMEMBERED_MS;
	char more[32], most[32];

	if (feedback->remind_after_ms <= most_ms)
		return 0;
	return node_error(node_get(ask, "remind_after"), err,
			  "the ask has long expired by then; expected at most %s more than "
			  "expires: %s",
			  duration_text(REQUEST_REMEMBERED_MS, more, sizeof(more)),
			  duration_text(most_ms, most, sizeof(most)));
}

int policy_load_feedback(struct loader *l, const struct node *node, struct err *err)
{
	struct feedback *feedback = &l->policy->feedback;
	const struct node *ladder = node_get(node, "ladder");
	const struct node *public_link = node_get(node, "public_link");

	*feedback = (struct feedback){
	    .priority = 50,
	    .expires_ms = 21 * DAY_MS,
	    .low_score = 2,
	    .low_task = "phone-call",
	    .owner = "care",
	    .public_link = "",
	};
	if (check_gating(node, err) < 0 ||
	    fields_read(node, feedback_fields, FIELDS_COUNT(feedback_fields), feedback, err) < 0 ||
	    load_class(l, node, feedback, err) < 0 ||
	    load_ask(l, node_get(node, "ask"), feedback, err) < 0 ||
	    check_remind_after(node_get(node, "ask"), feedback, err) < 0)
		return -1;
	if (ladder && load_ladder(l, ladder, feedback, err) < 0)
		return -1;
	if (public_link && value_https_url(public_link, l->arena, &feedback->public_link, err) < 0)
		return -1;
	return check_templates(l, node, feedback, err);
}
