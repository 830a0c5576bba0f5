/* words.c - see words.h. */
#include "words.h"

#include <string.h>

#include "common/base/hash.h"
#include "common/message/event_key.h"
#include "common/message/notice.h"
#include "common/policy/event_type.h"
#include "tell.h"

bool dsk_word_of(const Nurture__V1__Event *event, struct arena *arena, Nurture__V1__DeskWord *ret)
{
	static const struct {
		enum event_type type;
		enum dsk_word word;
	} words[] = {{EVENT_TASK_CLAIMED, DSK_CLAIMED},
		     {EVENT_TASK_SNOOZED, DSK_SNOOZED},
		     {EVENT_TASK_DONE, DSK_DONE},
		     {EVENT_TASK_FAILED, DSK_FAILED}};
	Nurture__V1__DeskWord word = NURTURE__V1__DESK_WORD__INIT;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!event_type_is(event->type, words[i].type) || !event->task)
			continue;
		word.task = hash64(slice_text(event->task->id));
		word.kind = words[i].word;
		word.at_ms = event->time_ms;
		word.until_ms = event->task->until_ms;
		word.by = event->task->by;
		word.result = event->task->result;
		word.event = hash64(slice_text(event_key(event, arena)));
		*ret = word;
		return true;
	}
	return false;
}

static void answer(Nurture__V1__DeskTask *task, const Nurture__V1__DeskWord *word)
{
	if (!task->answered_ms)
		task->answered_ms = word->at_ms;
}

static void claim(Nurture__V1__DeskTask *task, const Nurture__V1__DeskWord *word)
{
	answer(task, word);
	task->taken = true;
	task->by = word->by;
}

/* Its times begin anew when it comes back; escalations that were told stay told. */
static void sleep_until(Nurture__V1__DeskTask *task, int64_t until_ms)
{
	task->from_ms = task->snoozed_ms = until_ms;
	task->reminders = 0;
}

static void snooze(struct dsk_decision *decision, Nurture__V1__DeskTask *task,
		   const Nurture__V1__DeskWord *word)
{
	claim(task, word);
	if (word->until_ms > decision->step->now_ms)
		sleep_until(task, word->until_ms);
}

static bool is_tried_again(const struct desk_action *action, const Nurture__V1__DeskTask *task,
			   const char *result)
{
	if (task->n_failed >= action->attempts)
		return false;
	for (unsigned i = 0; i < action->again_count; i++)
		if (strcmp(action->again[i], result) == 0)
			return true;
	return action->again_count == 0;
}

/* Notes the failed attempt; false when it was told before. */
static bool note_failure(struct dsk_decision *decision, Nurture__V1__DeskTask *task, uint64_t event)
{
	uint64_t *failed =
	    arena_alloc(decision->step->arena, (task->n_failed + 1) * sizeof(*failed));

	for (size_t i = 0; i < task->n_failed; i++) {
		if (task->failed[i] == event)
			return false;
		failed[i] = task->failed[i];
	}
	failed[task->n_failed++] = event;
	task->failed = failed;
	return true;
}

static void fail(struct dsk_decision *decision, Nurture__V1__DeskTask *task,
		 const Nurture__V1__DeskWord *word)
{
	struct dsk_rules rules = dsk_rules_of(decision, task);
	int64_t again_ms;

	if (!note_failure(decision, task, word->event))
		return;
	answer(task, word);
	again_ms = working_add(&rules.team.hours, decision->step->now_ms, rules.action->again_ms);
	if (!is_tried_again(rules.action, task, word->result) || again_ms == NEVER_MS) {
		dsk_end(decision, task,
			&(struct dsk_verdict){END_FAILED, word->result, word->by, ""});
		return;
	}
	task->taken = false;
	task->by = (char *)"";
	sleep_until(task, again_ms);
}

void dsk_hear(struct dsk_decision *decision, Nurture__V1__DeskTask *task,
	      const Nurture__V1__DeskWord *word)
{
	switch ((enum dsk_word)word->kind) {
	case DSK_CLAIMED:
		claim(task, word);
		break;
	case DSK_SNOOZED:
		snooze(decision, task, word);
		break;
	case DSK_DONE:
		answer(task, word);
		dsk_end(decision, task,
			&(struct dsk_verdict){END_DONE, word->result, word->by, ""});
		break;
	case DSK_FAILED:
		fail(decision, task, word);
		break;
	case DSK_CANCELLED:
		dsk_end(decision, task, &(struct dsk_verdict){END_CANCELLED, "", "", word->result});
		break;
	case DSK_WORD_COUNT:
		break;
	}
}
