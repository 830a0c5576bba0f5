/* load_addresses.c - whom a mail is from, and whom an answer reaches. */
#include "load.h"

#include "common/policy/file/fields.h"
#include "common/policy/file/value.h"

enum { ADDRESSES_MAX = 256, ANY = -1 };

static const struct field address_fields[] = {KEY("segment"), KEY("class"), KEY("sender"),
					      KEY("reply_to")};

static int load_whom(const struct loader *l, const struct node *node, struct address_rule *ret,
		     struct err *err)
{
	const struct node *segment = node_get(node, "segment"), *class = node_get(node, "class");
	unsigned index;

	if (segment) {
		if (value_one_of(segment, "segment", l->segments, l->policy->segment_count, &index,
				 err) < 0)
			return -1;
		ret->segment = (int)index;
	}
	if (class) {
		if (policy_load_class_name(l, class, &index, err) < 0)
			return -1;
		ret->message_class = (int)index;
	}
	return 0;
}

/*
 * Refuses an address that is never taken: the first one that fits is, and here an earlier one
 * fits whenever this one does.
 */
static int check_reach(const struct policy *policy, const struct node *node, struct err *err)
{
	const struct address_rule *rule = &policy->addresses[node->index];

	for (unsigned i = 0; i < node->index; i++) {
		const struct address_rule *before = &policy->addresses[i];

		if ((before->segment == ANY || before->segment == rule->segment) &&
		    (before->message_class == ANY || before->message_class == rule->message_class))
			return node_error(node, err,
					  "never reached, since addresses[%u] always fits before "
					  "it; expected the narrower one first",
					  i);
	}
	return 0;
}

static int load_address(const struct loader *l, const struct node *node, struct address_rule *ret,
			struct err *err)
{
	const struct node *sender = node_get(node, "sender");
	const struct node *reply = node_get(node, "reply_to");

	*ret = (struct address_rule){.segment = ANY,
				     .message_class = ANY,
				     .sender_name = "",
				     .sender_address = "",
				     .reply_name = "",
				     .reply_address = ""};
	if (fields_read(node, address_fields, FIELDS_COUNT(address_fields), ret, err) < 0)
		return -1;
	if (!sender && !reply)
		return node_error(node, err, "expected sender, reply_to or both");
	if (sender &&
	    value_mailbox(sender, l->arena, &ret->sender_name, &ret->sender_address, err) < 0)
		return -1;
	if (reply && value_mailbox(reply, l->arena, &ret->reply_name, &ret->reply_address, err) < 0)
		return -1;
	return load_whom(l, node, ret, err);
}

int policy_load_addresses(struct loader *l, const struct node *node, struct err *err)
{
	struct policy *policy = l->policy;

	if (node_expect_list(node, err) < 0)
		return -1;
	if (node->count > ADDRESSES_MAX)
		return node_error(node, err, "%u addresses; expected at most %d", node->count,
				  ADDRESSES_MAX);
	policy->addresses = arena_zalloc(l->arena, node->count * sizeof(*policy->addresses));
	policy->address_count = node->count;
	for (const struct node *child = node->first; child; child = child->next) {
		if (load_address(l, child, &policy->addresses[child->index], err) < 0 ||
		    check_reach(policy, child, err) < 0)
			return -1;
	}
	return 0;
}
