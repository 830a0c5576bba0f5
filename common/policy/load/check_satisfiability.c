/* check_satisfiability.c - segments and programmes for nobody.  See check.h, satisfiability.h. */
#include "check.h"

#include "satisfiability.h"

static int check_segments(const struct loader *l, struct err *err)
{
	const struct node *map = node_get(l->root, "segments");
	struct contradiction contradiction;

	if (!map)
		return 0;
	for (const struct node *child = map->first; child; child = child->next) {
		const struct segment *segment = &l->policy->segments[child->index];

		if (!conditions_can_hold(l->policy, &segment->condition, NULL, &contradiction))
			return node_error(child, err,
					  "nobody can ever be in it: %s; expected conditions that "
					  "can hold together",
					  contradiction.text);
	}
	return 0;
}

/* Checks a programme; a customer who enters a segment is in it when the condition is asked. */
static int check_programme(const struct loader *l, const struct node *node,
			   const struct programme *programme, struct err *err)
{
	const struct condition *segment = NULL;
	struct contradiction contradiction;

	if (!programme->has_condition)
		return 0;
	if (programme->trigger.kind == TRIGGER_ENTER)
		segment = &l->policy->segments[programme->trigger.segment].condition;
	if (conditions_can_hold(l->policy, &programme->condition, segment, &contradiction))
		return 0;
	return node_error(node_get(node, "if"), err,
			  "can never hold%s%s: %s; expected conditions that can hold together",
			  segment ? " for who enters " : "",
			  segment ? l->policy->segments[programme->trigger.segment].name : "",
			  contradiction.text);
}

int check_satisfiability(const struct loader *l, struct err *err)
{
	const struct node *map = node_get(l->root, "programmes");

	if (check_segments(l, err) < 0)
		return -1;
	if (!map)
		return 0;
	for (const struct node *child = map->first; child; child = child->next) {
		if (check_programme(l, child, &l->policy->programmes[child->index], err) < 0)
			return -1;
	}
	return 0;
}
