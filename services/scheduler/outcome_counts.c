/* outcome_counts.c - see outcome_counts.h. */
#include "outcome_counts.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/hash.h"
#include "common/io/process/metrics.h"

/* A policy has far fewer; who fills it nevertheless is counted as other. */
enum { SLOTS = 4096, USED_MAX = SLOTS / 2 };

struct pair {
	char *first, *second;
	struct metric *metric; /* NULL: this slot is free */
};

/* One name of a metric with its two labels.  Metrics live as long as the process. */
struct counts {
	const char *name, *first_label, *second_label, *help;
	struct pair slots[SLOTS];
	unsigned used;
};

static struct counts by_programme = {
    .name = "nurture_programme_outcomes_total",
    .first_label = "programme",
    .second_label = "status",
    .help = "What the arbiter decided for a programme's requests; a deferral may repeat.",
};
static struct counts by_rule = {
    .name = "nurture_rule_outcomes_total",
    .first_label = "rule",
    .second_label = "status",
    .help = "What a rule held back (deferred) or ended.",
};

static char *copy(const char *text)
{
	char *ret = strdup(text);

	if (!ret)
		abort();
	return ret;
}

static struct pair *slot_of(struct counts *counts, const char *first, const char *second)
{
	uint64_t hash = hash64(slice_text(first)) * 31 + hash64(slice_text(second));

	for (;; hash++) {
		struct pair *pair = &counts->slots[hash % SLOTS];

		if (!pair->metric ||
		    (strcmp(pair->first, first) == 0 && strcmp(pair->second, second) == 0))
			return pair;
	}
}

static void count(struct counts *counts, const char *first, const char *second)
{
	struct pair *pair = slot_of(counts, first, second);

	if (!pair->metric && counts->used >= USED_MAX) {
		first = "other";
		pair = slot_of(counts, first, second);
	}
	if (!pair->metric) {
		counts->used++;
		*pair =
		    (struct pair){copy(first), copy(second),
				  metric_counter_with(counts->name,
						      metric_labels(counts->first_label, first,
								    counts->second_label, second),
						      counts->help)};
	}
	metric_add(pair->metric, 1);
}

void outcome_counts_note(void *loop_context, const void *note)
{
	const struct sched_note *of = note;

	(void)loop_context;
	count(&by_programme, of->programme, of->status);
	if (of->rule[0])
		count(&by_rule, of->rule, of->status);
}
