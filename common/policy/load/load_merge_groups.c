/*
 * load_merge_groups.c - loads how programmes are bound to each other: the groups whose mails
 * are merged into one (merge), and which programme stands in for which (instead).
 */
#include "load.h"

#include <stdio.h>
#include <string.h>

#include "common/policy/file/value.h"

enum { GROUP_NAME_MAX = 200 };

static struct programme *find(const struct loader *l, unsigned index)
{
	return &l->policy->programmes[index];
}

/* Checks that the programmes of a group are alike in all that decides whether a mail may go. */
static int check_member(const struct loader *l, const struct node *node,
			const struct programme *first, const struct programme *member,
			struct err *err)
{
	const struct message_class *classes = l->policy->classes;

	if (!policy_has_channel(member, CHANNEL_EMAIL))
		return node_error(node, err, "%s sends no mail; expected programmes that do",
				  node_quoted(member->name).text);
	if (member->merge)
		return node_error(node, err, "%s is there twice; expected it in one group only",
				  node_quoted(member->name).text);
	if (member->message_class != first->message_class)
		return node_error(node, err,
				  "%s is of class %s, but %s of %s; expected programmes of one "
				  "class",
				  member->name, classes[member->message_class].name, first->name,
				  classes[first->message_class].name);
	if (member->exempt != first->exempt)
		return node_error(node, err,
				  "%s is %sexempt, and %s is %s; expected programmes that are "
				  "exempt alike",
				  member->name, member->exempt ? "" : "not ", first->name,
				  member->exempt ? "not" : "exempt");
	return 0;
}

static int load_group(struct loader *l, const struct node *node, struct merge_group *group,
		      struct err *err)
{
	const struct programme *first = NULL;
	const char *name = "";

	if (node_expect_list(node, err) < 0)
		return -1;
	if (node->count < 2)
		return node_error(node, err, "one programme alone; expected at least two");
	group->programmes = arena_zalloc(l->arena, node->count * sizeof(*group->programmes));
	for (const struct node *child = node->first; child; child = child->next) {
		struct programme *member;
		unsigned index;

		if (value_one_of(child, "programme", l->programmes, l->policy->programme_count,
				 &index, err) < 0)
			return -1;
		member = find(l, index);
		if (child->index == 0)
			first = member;
		if (check_member(l, child, first, member, err) < 0)
			return -1;
		member->merge = group;
		group->programmes[group->programme_count++] = member->name;
		name = arena_printf(l->arena, "%s%s%s", name, *name ? "+" : "", member->name);
	}
	/*
	 * The name is bounded, since requests carry it; the first programme is in no other group.
	 */
	if (strlen(name) > GROUP_NAME_MAX)
		name =
		    arena_printf(l->arena, "%s+%u more", first->name, group->programme_count - 1);
	group->name = name;
	return 0;
}

int policy_load_merge(struct loader *l, const struct node *node, struct err *err)
{
	struct policy *policy = l->policy;

	if (node_expect_list(node, err) < 0)
		return -1;
	policy->merges = arena_zalloc(l->arena, node->count * sizeof(*policy->merges));
	if (node->first->kind == NODE_TEXT) {
		policy->merge_count = 1;
		return load_group(l, node, policy->merges, err);
	}
	policy->merge_count = node->count;
	for (const struct node *child = node->first; child; child = child->next) {
		if (load_group(l, child, &policy->merges[child->index], err) < 0)
			return -1;
	}
	return 0;
}

static int load_instead(const struct loader *l, const struct node *node,
			struct programme *programme, struct err *err)
{
	unsigned index;

	if (value_one_of(node, "programme", l->programmes, l->policy->programme_count, &index,
			 err) < 0)
		return -1;
	if (find(l, index) == programme)
		return node_error(node, err,
				  "a programme cannot stand in for itself; expected "
				  "another one");
	if (!programme->category[0])
		return node_error(node, err,
				  "the programme is about no category that could have been just "
				  "bought; expected category");
	if (l->policy->just_bought.off)
		return node_error(node, err,
				  "just_bought is off, so nothing is ever just bought; expected "
				  "just_bought: {default: 90d}, or no instead");
	programme->instead = find(l, index);
	return 0;
}

/* Refuses a circle, and shows it: "offer -> tips -> offer". */
static int check_circle(const struct loader *l, const struct node *node, unsigned index,
			struct err *err)
{
	const struct programme *begin = find(l, index), *at = begin;
	char circle[240];
	size_t used = (size_t)snprintf(circle, sizeof(circle), "%s", begin->name);
	unsigned steps = 0;

	do {
		at = at->instead;
		if (!at || ++steps > l->policy->programme_count)
			return 0; /* it ends, or leads into a circle without this programme */
		if (used < sizeof(circle))
			used += (size_t)snprintf(circle + used, sizeof(circle) - used, " -> %s",
						 at->name);
	} while (at != begin);
	return node_error(node, err, "programmes that stand in for each other in a circle: %s",
			  circle);
}

int policy_load_instead(struct loader *l, struct err *err)
{
	const struct node *programmes = node_get(l->root, "programmes");
	const struct node *node;

	if (!programmes)
		return 0;
	for (const struct node *child = programmes->first; child; child = child->next) {
		node = node_get(child, "instead");
		if (node && load_instead(l, node, find(l, child->index), err) < 0)
			return -1;
	}
	for (const struct node *child = programmes->first; child; child = child->next) {
		node = node_get(child, "instead");
		if (node && check_circle(l, node, child->index, err) < 0)
			return -1;
	}
	return 0;
}
