/* warn.c - warns of what is legal and surely not meant.  See check.h. */
#include "check.h"

#include <stdarg.h>
#include <stdio.h>

#include "common/base/text.h"
#include "common/policy/rung.h"

enum { WARNINGS_MAX = 100, WARNING_BYTES = 400 };

void policy_warn(struct loader *l, const struct node *node, const char *format, ...)
{
	struct policy *policy = l->policy;
	char text[WARNING_BYTES];
	struct err err;
	va_list args;

	if (policy->warning_count == WARNINGS_MAX)
		return;
	if (!policy->warnings)
		policy->warnings = arena_zalloc(l->arena, WARNINGS_MAX * sizeof(char *));
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	node_error(node, &err, "%s", text); /* adds the place in the file */
	policy->warnings[policy->warning_count++] = arena_text(l->arena, err.text);
}

static void warn_of_caps(struct loader *l)
{
	const struct node *list = node_get(l->root, "caps");

	if (l->policy->caps_off)
		return;
	for (const struct node *node = list->first; node; node = node->next) {
		const struct cap *cap = &l->policy->caps[node->index];
		bool is_reached = false;

		for (unsigned i = 0; i < sender_count(l->policy) && !is_reached; i++) {
			struct sender sender = sender_at(l, i);

			is_reached = cap_covers(cap, &sender) ||
				     (cap->category[0] && sender.programme &&
				      strcmp(sender.programme->category, "order") == 0);
		}
		if (!is_reached)
			policy_warn(l, node, "%s binds no programme of this file", cap->name);
	}
}

/*
 * Warns of classes without a cap, which may be an oversight; `caps: off` and `exempt` are meant,
 * since somebody has written them.
 */
static void warn_of_the_unbound(struct loader *l)
{
	const struct policy *policy = l->policy;

	for (unsigned i = 0; i < sender_count(policy) && !policy->caps_off; i++) {
		struct sender sender = sender_at(l, i);
		bool is_bound = sender.exempt;

		sender.channels &= 1U << CHANNEL_EMAIL;
		if (!sender.channels || !policy->classes[sender.message_class].needs_consent)
			continue;
		for (unsigned c = 0; c < policy->cap_count; c++)
			is_bound = is_bound || cap_covers(&policy->caps[c], &sender);
		if (!is_bound)
			policy_warn(l, sender.node,
				    "no cap binds its mails, though class %s needs consent",
				    policy->classes[sender.message_class].name);
	}
}

static void note_segments(const struct condition *condition, bool *used)
{
	if (condition->kind == CONDITION_SEGMENT)
		used[condition->segment] = true;
	for (unsigned i = 0; i < condition->child_count; i++)
		note_segments(&condition->children[i], used);
}

static void warn_of_segments(struct loader *l)
{
	const struct policy *policy = l->policy;
	const struct node *map = node_get(l->root, "segments");
	bool used[POLICY_SEGMENTS_MAX] = {false};

	for (unsigned i = 0; i < policy->segment_count; i++)
		note_segments(&policy->segments[i].condition, used);
	for (unsigned i = 0; i < policy->programme_count; i++) {
		const struct programme *programme = &policy->programmes[i];

		if (programme->trigger.kind == TRIGGER_ENTER)
			used[programme->trigger.segment] = true;
		if (programme->has_condition)
			note_segments(&programme->condition, used);
	}
	for (unsigned i = 0; i < policy->address_count; i++) {
		if (policy->addresses[i].segment >= 0)
			used[policy->addresses[i].segment] = true;
	}
	for (const struct node *node = map ? map->first : NULL; node; node = node->next) {
		if (!used[node->index])
			policy_warn(l, node, "nothing uses this segment");
	}
}

static bool is_drawn(const struct policy *policy, const struct coupon *source)
{
	for (unsigned i = 0; i < policy->programme_count; i++) {
		const struct programme *programme = &policy->programmes[i];

		if (programme->source == source)
			return true;
		for (unsigned v = 0; v < programme->variant_count; v++) {
			if (programme->variants[v].source == source)
				return true;
		}
	}
	return false;
}

static void warn_of_coupons(struct loader *l)
{
	const struct node *map = node_get(l->root, "coupons");

	for (const struct node *node = map ? map->first : NULL; node; node = node->next) {
		if (!is_drawn(l->policy, &l->policy->coupons[node->index]))
			policy_warn(l, node, "no programme offers these codes");
	}
}

/* Warns of a text that is nearly the name of a source: it is more likely a slip than a code. */
static void warn_of_text(struct loader *l, const struct node *node, const char *text)
{
	const char *near = text_nearest(slice_text(text), l->coupons, l->policy->coupon_count);

	if (near && text[0])
		policy_warn(l, node,
			    "a text that is the same for everybody; did you mean the codes of %s?",
			    near);
}

static void warn_of_event(struct loader *l, const struct node *node)
{
	const char *near = policy_near_event(node->text);

	if (near)
		policy_warn(l, node,
			    "%s is a type of your own: nothing of Nurture's publishes it; did you "
			    "mean %s?",
			    node->text, near);
}

static void warn_of_events(struct loader *l, const struct node *programme)
{
	const struct node *on = node_get(programme, "on"), *list = node_get(programme, "cancel_on");

	if (on)
		warn_of_event(l, on);
	for (const struct node *node = list ? list->first : NULL; node; node = node->next)
		warn_of_event(l, node);
}

static void warn_of_programme(struct loader *l, const struct node *node,
			      const struct programme *programme)
{
	const struct node *offer = node_get(node, "offer"), *variants = node_get(node, "variants");
	const struct node *arm = variants ? variants->first : NULL;

	if (programme->holdout_permille == 1000)
		policy_warn(l, node_get(node, "holdout"), "everybody is held out: nobody gets it");
	warn_of_events(l, node);
	if (offer)
		warn_of_text(l, node_get(offer, "coupon"), programme->coupon);
	for (; arm; arm = arm->next) {
		if (node_get(arm, "coupon"))
			warn_of_text(l, node_get(arm, "coupon"),
				     programme->variants[arm->index].coupon);
	}
}

static bool needs_send_time(const struct policy *policy)
{
	for (unsigned i = 0; i < policy->programme_count; i++) {
		if (policy->programmes[i].send_at != SEND_AT_ANY)
			return true;
	}
	return false;
}

/* Warns when nobody can publish a review: the mail that asks for one leads to the shop's form. */
static void warn_of_public_link(struct loader *l)
{
	const struct feedback *feedback = &l->policy->feedback;
	const struct node *node = node_get(l->root, "feedback");

	for (unsigned i = 0; node && i < feedback->rung_count; i++) {
		if (rung_is(feedback->ladder[i].name, RUNG_REVIEW) && !feedback->public_link[0])
			policy_warn(
			    l, node_get(node, "ladder"),
			    "review is asked for, but there is no public_link: the mail leads "
			    "to the shop's own form, where nothing is published");
	}
}

void warn_all(struct loader *l)
{
	const struct node *programmes = node_get(l->root, "programmes");
	const struct node *send_time = node_get(l->root, "send_time");

	warn_of_caps(l);
	warn_of_the_unbound(l);
	warn_of_segments(l);
	warn_of_coupons(l);
	warn_of_public_link(l);
	for (const struct node *n = programmes ? programmes->first : NULL; n; n = n->next)
		warn_of_programme(l, n, &l->policy->programmes[n->index]);
	if (send_time && !needs_send_time(l->policy))
		policy_warn(l, send_time, "no programme has send_at");
	if (l->policy->holdout_permille == 1000)
		policy_warn(l, node_get(l->root, "holdout"),
			    "everybody is held out: nobody gets anything");
}
