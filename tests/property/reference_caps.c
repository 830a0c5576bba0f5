/* reference_caps.c - section 3.3: counting, entry by entry, instant by instant. */
#include "reference.h"

struct ref_entry ref_entry_of(const struct ref_candidate *c, int64_t at_ms, bool merged)
{
	return (struct ref_entry){.at_ms = at_ms,
				  .lapses_ms = NEVER_MS,
				  .message_class = c->ask->message_class,
				  .programme = c->ask->programme,
				  .category = c->ask->category,
				  .number = c->number,
				  .channel = c->ask->channel,
				  .exempt = c->ask->exempt,
				  .merged = merged};
}

static bool is_narrow(const struct cap *rule)
{
	return rule->programme[0] || rule->category[0];
}

/* The rule's words: class, channel, programme and category, or left open. */
static bool names(const struct cap *rule, int message_class, enum channel channel, int programme,
		  int category)
{
	if (rule->classes != ALL_CLASSES &&
	    (message_class == CLASS_UNKNOWN || !(rule->classes >> message_class & 1)))
		return false;
	if (!(rule->channels >> channel & 1))
		return false;
	if (rule->programme[0] &&
	    (programme == NOBODY || strcmp(rule->programme, programme_name(programme)) != 0))
		return false;
	return !rule->category[0] || strcmp(rule->category, category_name(category)) == 0;
}

static uint64_t classes_that_need_consent(const struct policy *policy)
{
	uint64_t set = 0;

	for (unsigned i = 0; i < policy->class_count; i++)
		set |= (uint64_t)policy->classes[i].needs_consent << i;
	return set;
}

/* Every rule there is: the file's, the ceiling, the person's own. */
static unsigned all_rules(const struct ref *ref, struct cap rules[REF_RULES_MAX])
{
	unsigned count = 0;

	for (unsigned i = 0; i < ref->policy->cap_count; i++)
		rules[count++] = ref->policy->caps[i];
	rules[count++] = ref->policy->ceiling;
	for (unsigned i = 0; i < ref->person.own_count; i++)
		rules[count++] =
		    (struct cap){.name = "own_allowance",
				 .limit = ref->person.own[i].limit,
				 .window_ms = ref->person.own[i].window_ms,
				 .classes = classes_that_need_consent(ref->policy),
				 .channels = 1 << CHANNEL_EMAIL | 1 << CHANNEL_EXTERNAL,
				 .programme = "",
				 .category = "",
				 .counts_exempt = true};
	return count;
}

static bool binds(const struct ref *ref, const struct cap *rule, const struct ref_candidate *c)
{
	if (c->ask->exempt && strcmp(rule->name, ref->policy->ceiling.name) != 0)
		return false;
	return names(rule, c->ask->message_class, c->ask->channel, c->ask->programme,
		     c->ask->category);
}

static bool counts(const struct cap *rule, const struct ref_entry *e, int64_t at_ms)
{
	if (!(at_ms - rule->window_ms < e->at_ms && e->at_ms <= at_ms))
		return false;
	if ((e->exempt && !rule->counts_exempt) || (e->merged && !is_narrow(rule)))
		return false;
	return names(rule, e->message_class, e->channel, e->programme, e->category);
}

static int64_t count_at(const struct ref *ref, const struct cap *rule, int64_t at_ms)
{
	int64_t count = 0;

	for (unsigned i = 0; i < ref->entry_count; i++)
		count += counts(rule, &ref->entries[i], at_ms);
	return count;
}

/* The next instant at which an entry that counts now counts no more. */
static int64_t next_leaving(const struct ref *ref, const struct cap *rule, int64_t at_ms)
{
	int64_t next_ms = NEVER_MS;

	for (unsigned i = 0; i < ref->entry_count; i++) {
		const struct ref_entry *e = &ref->entries[i];
		int64_t leaves_ms = e->at_ms + rule->window_ms;

		if (counts(rule, e, at_ms) && leaves_ms < next_ms)
			next_ms = leaves_ms;
	}
	return next_ms;
}

static int64_t rule_allows_from(const struct ref *ref, const struct cap *rule, int64_t at_ms)
{
	while (at_ms != NEVER_MS && count_at(ref, rule, at_ms) >= rule->limit)
		at_ms = next_leaving(ref, rule, at_ms);
	return at_ms;
}

/* Who used it up: the newest entry that it counts, of equals the one that was written last. */
static int winner(const struct ref *ref, const struct cap *rule)
{
	const struct ref_entry *newest = NULL;

	for (unsigned i = 0; i < ref->entry_count; i++)
		if (counts(rule, &ref->entries[i], ref->now_ms) &&
		    (!newest || ref->entries[i].at_ms >= newest->at_ms))
			newest = &ref->entries[i];
	return newest ? newest->number : NOBODY;
}

bool ref_is_ruled_out(const struct ref *ref, const struct ref_candidate *c, bool only_narrow,
		      struct ref_why *ret)
{
	struct cap rules[REF_RULES_MAX];
	unsigned count = all_rules(ref, rules);
	int64_t longest_ms = ref->now_ms;

	for (unsigned i = 0; i < count; i++) {
		const struct cap *rule = &rules[i];
		int64_t from_ms;

		if (!binds(ref, rule, c) || (only_narrow && !is_narrow(rule)))
			continue;
		from_ms = rule_allows_from(ref, rule, ref->now_ms);
		if (from_ms <= longest_ms)
			continue;
		longest_ms = from_ms;
		*ret = (struct ref_why){.hold = REF_RULE,
					.rule = rule->name,
					.count = count_at(ref, rule, ref->now_ms),
					.limit = rule->limit,
					.window_s = rule->window_ms / SECOND_MS,
					.won_by = winner(ref, rule)};
	}
	return longest_ms > ref->now_ms;
}

int64_t ref_first_instant(const struct ref *ref, const struct ref_candidate *c, int64_t from_ms)
{
	struct cap rules[REF_RULES_MAX];
	unsigned count = all_rules(ref, rules);

	for (int64_t at_ms = from_ms;; from_ms = at_ms) {
		for (unsigned i = 0; i < count && at_ms != NEVER_MS; i++)
			if (binds(ref, &rules[i], c))
				at_ms = rule_allows_from(ref, &rules[i], at_ms);
		if (at_ms != NEVER_MS)
			at_ms = ref_first_open(ref, c, at_ms);
		if (at_ms == NEVER_MS || at_ms == from_ms)
			return at_ms;
	}
}
