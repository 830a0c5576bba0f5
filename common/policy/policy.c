/* policy.c - look-ups in a loaded policy, and its end.  See policy.h. */
#include "policy.h"

#include <stdlib.h>

#include "common/base/arena.h"

static const char *const channel_names[] = {
#define X(name, text) [CHANNEL_##name] = text,
    CHANNELS(X)
#undef X
};

int channel_from_text(struct slice text)
{
	for (int i = 0; i < CHANNEL_COUNT; i++) {
		if (slice_equal(text, slice_text(channel_names[i])))
			return i;
	}
	return -1;
}

const char *channel_text(enum channel channel)
{
	return channel_names[channel];
}

void policy_free(struct policy *policy)
{
	struct arena *arena;

	if (!policy)
		return;
	arena = policy->memory; /* the policy itself is in it */
	arena_free(arena);
	free(arena);
}

int policy_class(const struct policy *policy, struct slice name)
{
	for (unsigned i = 0; i < policy->class_count; i++) {
		if (slice_is(name, policy->classes[i].name))
			return (int)i;
	}
	return -1;
}

bool policy_knows_consent(const struct policy *policy, const char *class_name)
{
	return strcmp(class_name, "all") == 0 ||
	       policy_class(policy, slice_text(class_name)) != NO_CLASS ||
	       (policy->clicks != CLICKS_OFF && strcmp(class_name, CONSENT_CLICKS) == 0);
}

const struct programme *policy_programme(const struct policy *policy, struct slice name)
{
	for (unsigned i = 0; i < policy->programme_count; i++) {
		if (slice_is(name, policy->programmes[i].name))
			return &policy->programmes[i];
	}
	return NULL;
}

int64_t policy_just_bought_ms(const struct policy *policy, struct slice category)
{
	const struct just_bought *just = &policy->just_bought;

	if (just->off)
		return 0;
	for (unsigned i = 0; i < just->category_count; i++) {
		if (slice_equal(category, slice_text(just->categories[i].category)))
			return just->categories[i].window_ms;
	}
	return just->default_ms;
}

int64_t policy_longest_window_ms(const struct policy *policy)
{
	int64_t longest_ms = policy->ceiling.window_ms;

	for (unsigned i = 0; i < policy->cap_count; i++) {
		if (policy->caps[i].window_ms > longest_ms)
			longest_ms = policy->caps[i].window_ms;
	}
	return longest_ms;
}
