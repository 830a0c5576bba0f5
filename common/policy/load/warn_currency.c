/*
 * warn_currency.c - amounts that a policy compares although it names no currency: then those of all
 * currencies are added up, and 5000 yen are more than 1000 pounds.  See check.h.
 */
#include "check.h"

static bool compares_amounts(const struct condition *condition)
{
	if (condition->kind == CONDITION_SPENT || condition->kind == CONDITION_ORDER_AMOUNT ||
	    condition->kind == CONDITION_EXPECTED_VALUE)
		return true;
	for (unsigned i = 0; i < condition->child_count; i++)
		if (compares_amounts(&condition->children[i]))
			return true;
	return false;
}

/* The first node below it whose condition is about an amount. */
static const struct node *find(struct loader *l)
{
	const struct policy *policy = l->policy;
	const struct node *segments = node_get(l->root, "segments");
	const struct node *programmes = node_get(l->root, "programmes");

	for (const struct node *n = segments ? segments->first : NULL; n; n = n->next)
		if (compares_amounts(&policy->segments[n->index].condition))
			return n;
	for (const struct node *n = programmes ? programmes->first : NULL; n; n = n->next)
		if (policy->programmes[n->index].has_condition &&
		    compares_amounts(&policy->programmes[n->index].condition))
			return n;
	return NULL;
}

void warn_of_currency(struct loader *l)
{
	const struct node *node = l->policy->shop.currency[0] ? NULL : find(l);

	if (node)
		policy_warn(l, node,
			    "compares amounts, but shop.currency is not set: orders of all "
			    "currencies are added up as if they were one");
}
