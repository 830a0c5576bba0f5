/*
 * warn_bought.c - programmes whose own occasion ends them: the purchase that
 * sets one off makes its category just bought, for longer than it waits.  See
 * check.h.
 */
#include "check.h"

#include "common/base/text.h"
#include "common/policy/event_type.h"

/*
 * A parcel is taken to have arrived after so long, when nobody says when it did.  A shop that waits
 * longer for a late one says so; one that waits less has parcels that take as long as any.
 */
static int64_t delivery_ms(const struct policy *policy)
{
	return policy->cases.late_ms > CASE_LATE_DEFAULT_MS ? policy->cases.late_ms
							    : CASE_LATE_DEFAULT_MS;
}

/* Returns how long after a purchase the programme is set off at the latest; -1: by no purchase. */
static int64_t since_purchase_ms(const struct policy *policy, const struct trigger *trigger)
{
	if (trigger->kind != TRIGGER_EVENT)
		return -1;
	if (event_type_is(trigger->event, EVENT_ORDER_PLACED))
		return 0;
	return event_type_follows_parcel(trigger->event) ? delivery_ms(policy) : -1;
}

/* Does buying one thing count as having bought the other? */
static bool counts_as(const struct policy *policy, const char *bought, const char *category)
{
	const struct just_bought *just = &policy->just_bought;

	if (strcmp(bought, category) == 0)
		return true;
	for (unsigned i = 0; i < just->related_count; i++) {
		const struct related_categories *into = &just->related[i];

		if (strcmp(into->category, bought) != 0)
			continue;
		for (unsigned n = 0; n < into->related_count; n++) {
			if (strcmp(into->related[n], category) == 0)
				return true;
		}
	}
	return false;
}

/* Does the condition hold only for orders that make the category just bought? */
static bool needs_purchase(const struct policy *policy, const struct condition *condition,
			   const char *category)
{
	if (condition->kind == CONDITION_ORDER_CATEGORY)
		return counts_as(policy, condition->text, category);
	for (unsigned i = 0; condition->kind == CONDITION_ALL && i < condition->child_count; i++) {
		if (needs_purchase(policy, &condition->children[i], category))
			return true;
	}
	return false;
}

/* Returns the shortest window of the categories that the order may be of. */
static int64_t window_ms(const struct policy *policy, const char *category)
{
	const struct just_bought *just = &policy->just_bought;
	int64_t shortest_ms = just->default_ms;

	if (strcmp(category, "order") != 0)
		return policy_just_bought_ms(policy, slice_text(category));
	for (unsigned i = 0; i < just->category_count; i++) {
		if (just->categories[i].window_ms < shortest_ms)
			shortest_ms = just->categories[i].window_ms;
	}
	return shortest_ms;
}

static bool always_ends(const struct policy *policy, const struct programme *programme)
{
	int64_t since_ms = since_purchase_ms(policy, &programme->trigger);

	if (since_ms < 0 || !programme->category[0] || programme->instead ||
	    !policy->classes[programme->message_class].skips_just_bought)
		return false;
	if (strcmp(programme->category, "order") != 0 &&
	    !(programme->has_condition &&
	      needs_purchase(policy, &programme->condition, programme->category)))
		return false;
	return since_ms + programme->wait_ms < window_ms(policy, programme->category);
}

void warn_of_bought(struct loader *l)
{
	const struct node *map = node_get(l->root, "programmes");

	if (l->policy->just_bought.off || !map)
		return;
	for (const struct node *node = map->first; node; node = node->next) {
		const struct programme *programme = &l->policy->programmes[node->index];
		char wait[32], window[32];

		if (!always_ends(l->policy, programme))
			continue;
		policy_warn(l, node,
			    "always ends just_bought: what sets it off is a purchase of what it is "
			    "about, that counts for %s, and it waits %s",
			    duration_text(window_ms(l->policy, programme->category), window,
					  sizeof(window)),
			    duration_text(programme->wait_ms, wait, sizeof(wait)));
	}
}
