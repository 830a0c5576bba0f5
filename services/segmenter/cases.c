/* cases.c - see cases.h. */
#include "cases.h"

#include <string.h>

static int64_t last_ms(const struct seg_case *c)
{
	return seg_max(c->opened_ms, c->closed_ms);
}

/* What is closed goes first, the oldest of it; then what was opened longest ago. */
static bool is_dropped_before(const struct seg_case *a, const struct seg_case *b)
{
	if (seg_case_is_open(a) != seg_case_is_open(b))
		return seg_case_is_open(b);
	return last_ms(a) < last_ms(b);
}

static void drop_one(struct seg_profile *profile)
{
	unsigned victim = 0;

	for (unsigned i = 1; i < profile->case_count; i++)
		if (is_dropped_before(&profile->cases[i], &profile->cases[victim]))
			victim = i;
	seg_list_close(profile->cases, profile->case_count--, sizeof(*profile->cases), victim);
}

void seg_case_note(struct seg_profile *profile, const char *id, bool opened, int64_t time_ms)
{
	struct seg_case *c;
	unsigned at = 0;

	while (at < profile->case_count && strcmp(profile->cases[at].id, id) < 0)
		at++;
	if (at == profile->case_count || strcmp(profile->cases[at].id, id) != 0) {
		profile->cases = seg_list_open(profile->arena, profile->cases, profile->case_count,
					       &profile->case_room, sizeof(*c), at);
		profile->case_count++;
		profile->cases[at] = (struct seg_case){id, SEG_NEVER, SEG_NEVER};
	}
	c = &profile->cases[at];
	if (opened)
		c->opened_ms = seg_max(c->opened_ms, time_ms);
	else
		c->closed_ms = seg_max(c->closed_ms, time_ms);
	if (profile->case_count > SEG_CASES_MAX)
		drop_one(profile);
}
