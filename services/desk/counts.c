/* counts.c - see counts.h. */
#include "counts.h"

#include <stdio.h>
#include <string.h>

#include "common/io/process/log.h"
#include "common/io/process/metrics.h"
#include "common/message/notice.h"

enum { WORD_BYTES = 208 }; /* an id, a name: at most 200 */

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

static void count(struct dsk_counts *counts, struct slice effect)
{
	char status[WORD_BYTES], task[WORD_BYTES], action[WORD_BYTES], owner[WORD_BYTES];
	char text[4 * WORD_BYTES];

	snprintf(text, sizeof(text), "%.*s", (int)effect.len, (const char *)effect.bytes);
	if (sscanf(text, "%207s %207s %207s %207[^\n]", status, task, action, owner) != 4)
		return;
	for (int i = 0; i < DSK_STATUSES; i++)
		if (strcmp(status, statuses[i].status) == 0)
			metric_add(counts->ends[i], 1);
	if (strcmp(status, END_EXPIRED) == 0)
		log_event(LOG_LEVEL_WARN, "task_expired", "task", task, "action", action, "owner",
			  owner, NULL);
}

int dsk_counts_add(void *context, struct stream *stream, struct err *err)
{
	struct stream_effect effect;

	(void)err;
	while (stream_next_effect(stream, &effect))
		count(context, effect.value);
	return 0;
}

int dsk_counts_yield(void *context, struct err *err)
{
	(void)context;
	(void)err;
	return 0;
}
