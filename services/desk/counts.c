/* counts.c - see counts.h. */
#include "counts.h"

#include <stdlib.h>
#include <string.h>

#include "common/io/process/log.h"
#include "common/io/process/metrics.h"
#include "common/message/notice.h"
#include "life/tell.h"

static const struct {
	const char *status, *label;
} statuses[DSK_STATUSES] = {{END_DONE, "status=\"done\""},
			    {END_FAILED, "status=\"failed\""},
			    {END_CANCELLED, "status=\"cancelled\""},
			    {END_EXPIRED, "status=\"expired\""}};

void dsk_counts_open(struct dsk_counts *counts)
{
	for (int i = 0; i < DSK_STATUSES; i++)
		counts->ends[i] = metric_counter("nurture_task_ends_total", statuses[i].label,
						 "Tasks that had their end.");
}

/* The end is one that this process has written. */
static void count(struct dsk_counts *counts, struct slice effect, unsigned *unheard)
{
	Nurture__V1__End *end;
	struct err err;

	arena_reset(&counts->arena);
	if (end_decode(effect, &counts->arena, &end, &err) < 0)
		abort();
	for (int i = 0; i < DSK_STATUSES; i++)
		if (strcmp(end->status, statuses[i].status) == 0)
			metric_add(counts->ends[i], 1);
	if (strcmp(end->status, END_EXPIRED) != 0)
		return;
	if (strcmp(end->reason, DSK_REASON_UNHEARD) == 0)
		++*unheard;
	else
		log_event(LOG_LEVEL_WARN, "task_expired", "task", end->id, "action", end->action,
			  "owner", end->owner, NULL);
}

int dsk_counts_add(void *context, struct stream *stream, struct err *err)
{
	struct stream_effect effect;
	unsigned unheard = 0;

	(void)err;
	while (stream_next_effect(stream, &effect))
		count(context, effect.value, &unheard);
	if (unheard)
		log_event(LOG_LEVEL_WARN, "tasks_expired_unheard", "count", log_number(unheard),
			  "meaning", "they had expired before the desk heard of them", NULL);
	return 0;
}

void dsk_counts_close(struct dsk_counts *counts)
{
	arena_free(&counts->arena);
}

int dsk_counts_yield(void *context, struct err *err)
{
	(void)context;
	(void)err;
	return 0;
}
