/* bought.c - see bought.h. */
#include "bought.h"

#include <string.h>

#include "categories.h"
#include "common/policy/person.h"

void seg_bought_decide(struct seg_decision *decision)
{
	int64_t *bought_ms = arena_alloc(decision->step->arena,
					 decision->profile->category_count * sizeof(*bought_ms));

	seg_categories_bought(decision->profile, bought_ms);
	decision->bought_ms = bought_ms;
}

int64_t seg_bought_ms(const struct seg_decision *decision, const char *category)
{
	int at = seg_category_find(decision->profile, category);

	return at < 0 ? SEG_NEVER : decision->bought_ms[at];
}

static bool counts_for(const struct related_categories *related, const char *category)
{
	for (unsigned i = 0; i < related->related_count; i++)
		if (strcmp(related->related[i], category) == 0)
			return true;
	return false;
}

bool seg_is_just_bought(const struct seg_decision *decision, const char *category)
{
	const struct just_bought *policy = &decision->policy->just_bought;
	int64_t newest_ms;

	if (!*category)
		return false;
	newest_ms = seg_bought_ms(decision, category);
	for (unsigned i = 0; i < policy->related_count; i++)
		if (counts_for(&policy->related[i], category))
			newest_ms = seg_max(newest_ms,
					    seg_bought_ms(decision, policy->related[i].category));
	return just_bought_until_ms(decision->policy, category, newest_ms, seg_now_ms(decision)) !=
	       0;
}

struct bought_list {
	struct seg_bought *items;
	unsigned count;
};

/* A full list drops what was bought longest ago. */
static void note(struct bought_list *list, const char *category, int64_t time_ms)
{
	unsigned at = 0, oldest = 0;

	while (at < list->count && strcmp(list->items[at].category, category) != 0) {
		if (list->items[at].time_ms < list->items[oldest].time_ms)
			oldest = at;
		at++;
	}
	if (at == SEG_BOUGHT_MAX)
		at = oldest;
	if (at < list->count && list->items[at].time_ms >= time_ms)
		return;
	list->count += at == list->count;
	list->items[at] = (struct seg_bought){category, time_ms};
}

/* Relations are followed for one step only: what is related to the related was not bought. */
static void note_related(const struct seg_decision *decision,
			 const struct related_categories *related, struct bought_list *list)
{
	int64_t time_ms = seg_bought_ms(decision, related->category);

	for (unsigned i = 0; time_ms != SEG_NEVER && i < related->related_count; i++)
		note(list, related->related[i], time_ms);
}

const struct seg_bought *seg_bought_list(const struct seg_decision *decision, unsigned *ret_count)
{
	const struct just_bought *policy = &decision->policy->just_bought;
	const struct seg_profile *profile = decision->profile;
	unsigned most = profile->category_count;
	struct bought_list list = {0};

	for (unsigned i = 0; i < policy->related_count; i++)
		most += policy->related[i].related_count;
	most = most < SEG_BOUGHT_MAX ? most : SEG_BOUGHT_MAX;
	list.items = arena_alloc(decision->step->arena, most * sizeof(*list.items));
	for (unsigned i = 0; i < profile->category_count; i++)
		if (decision->bought_ms[i] != SEG_NEVER)
			list.items[list.count++] = (struct seg_bought){profile->categories[i].name,
								       decision->bought_ms[i]};
	for (unsigned i = 0; i < policy->related_count; i++)
		note_related(decision, &policy->related[i], &list);
	*ret_count = list.count;
	return list.items;
}
