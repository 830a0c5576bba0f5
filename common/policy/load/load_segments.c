/* load_segments.c - reads named conditions, and checks that none needs itself. */
#include "load.h"

#include <stdio.h>

static const struct condition_scope segment_scope = {
    .no_score = "a segment cannot depend on a score; expected it in the `if` of a "
		"programme on: feedback.received whose actions are all tasks",
    .no_order_amount = "a segment has no order of its own; expected spent, or order_amount "
		       "in the `if` of a programme",
    .no_order_category = "a segment has no order of its own; expected bought, or "
			 "order_category in the `if` of a programme",
    .no_channel = "a segment has no interaction; expected channel in the `if` of a programme on: "
		  "interaction.recorded",
};

enum visit { NEW, OPEN, DONE };

struct walk {
	const struct policy *policy;
	enum visit visits[POLICY_SEGMENTS_MAX];
	unsigned path[POLICY_SEGMENTS_MAX + 1]; /* the open segments, outermost first */
	unsigned depth;
};

/* Returns where in the path the circle begins that ends with the segment on top. */
static unsigned circle_begin(const struct walk *w)
{
	unsigned i = 0;

	while (w->path[i] != w->path[w->depth - 1])
		i++;
	return i;
}

/* Writes the circle as "a -> b -> a". */
static void describe_circle(const struct walk *w, char *text, size_t size)
{
	size_t used = 0;

	for (unsigned i = circle_begin(w); i < w->depth && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s", used ? " -> " : "",
					 w->policy->segments[w->path[i]].name);
}

static bool segment_is_circular(struct walk *w, unsigned segment);

static bool condition_is_circular(struct walk *w, const struct condition *condition)
{
	if (condition->kind == CONDITION_SEGMENT)
		return segment_is_circular(w, condition->segment);
	for (unsigned i = 0; i < condition->child_count; i++) {
		if (condition_is_circular(w, &condition->children[i]))
			return true;
	}
	return false;
}

/* Is the segment in a circle? If so, the path ends with the segment that closes the circle. */
static bool segment_is_circular(struct walk *w, unsigned segment)
{
	if (w->visits[segment] == DONE)
		return false;
	w->path[w->depth++] = segment;
	if (w->visits[segment] == OPEN)
		return true;
	w->visits[segment] = OPEN;
	if (condition_is_circular(w, &w->policy->segments[segment].condition))
		return true;
	w->visits[segment] = DONE;
	w->depth--;
	return false;
}

static int check_circles(const struct policy *policy, const struct node *map, struct err *err)
{
	struct walk w = {.policy = policy};
	char circle[240];

	for (unsigned i = 0; i < policy->segment_count; i++) {
		const struct node *node = map->first;

		if (!segment_is_circular(&w, i))
			continue;
		while (node->index != w.path[circle_begin(&w)])
			node = node->next;
		describe_circle(&w, circle, sizeof(circle));
		return node_error(node, err, "segments that need each other in a circle: %s",
				  circle);
	}
	return 0;
}

int policy_load_segments(struct loader *l, const struct node *node, struct err *err)
{
	struct policy *policy = l->policy;

	if (policy_load_names(l, node, "segments", POLICY_SEGMENTS_MAX, &l->segments, err) < 0)
		return -1;
	policy->segments = arena_zalloc(l->arena, (node->count + 1) * sizeof(*policy->segments));
	policy->segment_count = node->count;
	for (const struct node *child = node->first; child; child = child->next) {
		struct segment *segment = &policy->segments[child->index];

		segment->name = child->key;
		if (policy_load_condition(l, child, &segment_scope, &segment->condition, err) < 0)
			return -1;
	}
	return check_circles(policy, node, err);
}
