/* check.c - checks what only the whole file shows: mail that could never go out.  See load.h. */
#include "check.h"

#include <stdio.h>

#include "common/base/currency.h"

unsigned sender_count(const struct policy *policy)
{
	return policy->programme_count + !policy->feedback.off;
}

static const struct node *child_at(const struct node *node, unsigned index)
{
	node = node->first;
	while (node->index != index)
		node = node->next;
	return node;
}

struct sender sender_at(const struct loader *l, unsigned index)
{
	const struct policy *policy = l->policy;
	struct sender ret = {.name = "feedback", .category = ""};
	const struct programme *programme;

	if (index == policy->programme_count) {
		ret.node = node_get(l->root, "feedback");
		ret.message_class = policy->feedback.message_class;
		ret.expires_ms = policy->feedback.expires_ms;
		ret.channels = 1U << CHANNEL_EMAIL;
		return ret;
	}
	programme = &policy->programmes[index];
	ret.programme = programme;
	ret.node = child_at(node_get(l->root, "programmes"), index);
	ret.name = programme->name;
	if (strcmp(programme->category, "order") != 0)
		ret.category = programme->category;
	ret.message_class = programme->message_class;
	ret.expires_ms = programme->expires_ms;
	ret.exempt = programme->exempt;
	for (unsigned i = 0; i < programme->action_count; i++)
		ret.channels |= 1U << programme->actions[i].channel;
	return ret;
}

bool cap_covers(const struct cap *cap, const struct sender *sender)
{
	return (cap->channels & sender->channels) &&
	       (cap->classes & UINT64_C(1) << sender->message_class) &&
	       (!cap->programme[0] || strcmp(cap->programme, sender->name) == 0) &&
	       (!cap->category[0] || strcmp(cap->category, sender->category) == 0);
}

static bool cap_blocks(const struct cap *cap, const struct sender *sender)
{
	return cap->limit == 0 && !sender->exempt && cap_covers(cap, sender);
}

/* Returns the cap that never lets the sender's mail out, or NULL. */
static const struct cap *find_block(const struct policy *policy, const struct sender *sender)
{
	struct sender bound = *sender;

	for (unsigned i = 0; i < policy->cap_count; i++) {
		if (cap_blocks(&policy->caps[i], sender))
			return &policy->caps[i];
	}
	bound.exempt = false; /* nobody is exempt from the ceiling */
	return cap_blocks(&policy->ceiling, &bound) ? &policy->ceiling : NULL;
}

static const struct node *limit_node(const struct loader *l, const struct cap *cap)
{
	const struct node *node = node_get(l->root, "ceiling");

	if (cap != &l->policy->ceiling) {
		node = child_at(node_get(l->root, "caps"), (unsigned)(cap - l->policy->caps));
	}
	return node_get(node, "limit");
}

/* Refuses a class that is left with nothing; the limit 0 of one rule is legal. */
static int check_class(const struct loader *l, unsigned message_class, struct err *err)
{
	const struct cap *block = NULL;
	char names[150] = "";
	size_t used = 0;

	for (unsigned i = 0; i < sender_count(l->policy); i++) {
		struct sender sender = sender_at(l, i);

		if (sender.message_class != message_class)
			continue;
		block = find_block(l->policy, &sender);
		if (!block)
			return 0;
		if (used < sizeof(names))
			used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
						 used ? ", " : "", sender.name);
	}
	if (!block)
		return 0;
	return node_error(limit_node(l, block), err,
			  "a limit of 0 lets nothing of class %s out; never sent: %s; expected at "
			  "least 1, a narrower cap, or no such programme",
			  l->classes[message_class], names);
}

/*
 * Refuses programmes that a cap blocks, where their class is not blocked as a whole: they were
 * written in order to be sent.
 */
static int check_blocks(const struct loader *l, struct err *err)
{
	for (unsigned i = 0; i < sender_count(l->policy); i++) {
		struct sender sender = sender_at(l, i);
		const struct cap *block = find_block(l->policy, &sender);

		if (block)
			return node_error(limit_node(l, block), err,
					  "a limit of 0 lets nothing of %s out; expected at least "
					  "1, a narrower cap, or no such programme",
					  sender.name);
	}
	return 0;
}

static int check_sender(const struct loader *l, struct err *err)
{
	if (l->policy->shop.sender[0])
		return 0;
	for (unsigned i = 0; i < sender_count(l->policy); i++) {
		struct sender sender = sender_at(l, i);

		if (sender.channels & 1U << CHANNEL_EMAIL)
			return node_error(node_get(l->root, "shop"), err,
					  "sender is missing; expected \"Name <address>\", because "
					  "%s sends mail",
					  node_quoted(sender.name).text);
	}
	return 0;
}

static int check_amount(const struct loader *l, const struct node *node, struct err *err)
{
	const char *currency = l->policy->shop.currency;

	if (!node || node->kind != NODE_TEXT ||
	    currency_fits(slice_text(currency), slice_text(node->text)))
		return 0;
	return node_error(node, err, "expected an amount of %s with at most %d decimals, found %s",
			  currency, currency_decimals(slice_text(currency)),
			  node_quoted(node->text).text);
}

/* Refuses amounts in another currency than the shop's, in which those of orders are. */
static int check_amounts(const struct loader *l, const struct node *node, struct err *err)
{
	bool is_range = node->key &&
			(strcmp(node->key, "spent") == 0 || strcmp(node->key, "order_amount") == 0);

	if (node->key && strcmp(node->key, "value") == 0 && check_amount(l, node, err) < 0)
		return -1;
	if (is_range && (check_amount(l, node_get(node, "at_least"), err) < 0 ||
			 check_amount(l, node_get(node, "at_most"), err) < 0))
		return -1;
	if (node->kind == NODE_TEXT)
		return 0;
	for (const struct node *child = node->first; child; child = child->next) {
		if (check_amounts(l, child, err) < 0)
			return -1;
	}
	return 0;
}

int policy_check(struct loader *l, struct err *err)
{
	if (check_amounts(l, l->root, err) < 0)
		return -1;
	for (unsigned i = 0; i < l->policy->class_count; i++) {
		if (check_class(l, i, err) < 0)
			return -1;
	}
	if (check_blocks(l, err) < 0 || check_sender(l, err) < 0 ||
	    check_satisfiability(l, err) < 0 || check_times(l, err) < 0 || check_desk(l, err) < 0)
		return -1;
	warn_all(l);
	warn_of_times(l);
	warn_of_countries(l);
	warn_of_bought(l);
	warn_of_currency(l);
	return 0;
}
