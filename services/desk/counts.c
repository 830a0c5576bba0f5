/* counts.c - see counts.h. */
#include "counts.h"

#include <stdlib.h>
#include <string.h>

#include "common/io/process/log.h"
#include "common/io/process/metrics.h"
#include "common/message/notice.h"
#include "common/policy/desk.h"
#include "life/tell.h"

static const struct {
	const char *status, *label;
} statuses[DSK_STATUSES] = {{END_DONE, "status=\"done\""},
			    {END_FAILED, "status=\"failed\""},
			    {END_CANCELLED, "status=\"cancelled\""},
			    {END_EXPIRED, "status=\"expired\""}};

void dsk_counts_open(struct dsk_counts *counts, const struct desk *desk)
{
	counts->desk = desk;
	for (int i = 0; i < DSK_STATUSES; i++)
		counts->ends[i] = metric_counter("nurture_task_ends_total", statuses[i].label,
						 "Tasks that had their end.");
	counts->strange = metric_counter("nurture_task_results_unlisted_total", "",
					 "Tasks that ended with a result that the policy does not "
					 "list for their action.");
	counts->given_up =
	    metric_counter("nurture_notices_given_up_total", "",
			   "Notices that a webhook has not taken after the last attempt.");
}

/* Somebody's words, which may be about a person: the log has the action alone. */
static void note_result(struct dsk_counts *counts, const Nurture__V1__End *end)
{
	const struct desk_action *action = desk_action(counts->desk, end->action);

	if (!*end->result || !action->result_count || desk_is_result(action, end->result) ||
	    strcmp(end->status, END_CANCELLED) == 0)
		return;
	metric_add(counts->strange, 1);
	log_event(LOG_LEVEL_INFO, "task_result_unlisted", "task", end->id, "action", end->action,
		  NULL);
}

void dsk_counts_end(struct dsk_counts *counts, struct slice bytes)
{
	Nurture__V1__End *end;
	struct err err;

	arena_reset(&counts->arena);
	/* This process has written it. */
	if (end_decode(bytes, &counts->arena, &end, &err) < 0)
		abort();
	for (int i = 0; i < DSK_STATUSES; i++)
		if (strcmp(end->status, statuses[i].status) == 0)
			metric_add(counts->ends[i], 1);
	note_result(counts, end);
	if (strcmp(end->status, END_EXPIRED) != 0)
		return;
	if (strcmp(end->reason, DSK_REASON_UNHEARD) == 0)
		counts->unheard++;
	else
		log_event(LOG_LEVEL_WARN, "task_expired", "task", end->id, "action", end->action,
			  "owner", end->owner, NULL);
}

void dsk_counts_given_up(struct dsk_counts *counts, const char *hook, const char *notice)
{
	metric_add(counts->given_up, 1);
	log_event(LOG_LEVEL_WARN, "notice_given_up", "webhook", hook, "notice", notice, NULL);
}

void dsk_counts_tell(struct dsk_counts *counts)
{
	if (counts->unheard)
		log_event(LOG_LEVEL_WARN, "tasks_expired_unheard", "count",
			  log_number(counts->unheard), "meaning",
			  "they had expired long before the desk heard of them", NULL);
	counts->unheard = 0;
}

void dsk_counts_close(struct dsk_counts *counts)
{
	arena_free(&counts->arena);
}
