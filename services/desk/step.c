/* step.c - see step.h. */
#include "step.h"

#include <string.h>

#include "common/base/hash.h"
#include "common/message/event.h"
#include "common/message/event_authority.h"
#include "common/message/notice.h"
#include "common/message/outcome.h"
#include "common/policy/event_type.h"
#include "decision.h"
#include "life/tell.h"
#include "life/times.h"
#include "life/words.h"
#include "merge.h"
#include "morning/morning.h"
#include "plain.h"
#include "tell/pending.h"

/* When something happens to the task by time alone. */
static int64_t task_due_ms(const struct dsk_decision *decision, const Nurture__V1__DeskTask *task)
{
	struct dsk_rules rules = dsk_rules_of(decision, task);
	int64_t next_ms = dsk_next(task, &rules, decision->step->now_ms).at_ms;

	if (task->expires_ms && task->expires_ms < next_ms)
		next_ms = task->expires_ms;
	return next_ms > task->patience_ms ? next_ms : task->patience_ms;
}

/*
 * What should have been at due_ms comes now: until the desk has read on for as long, nothing
 * happens to the task by time alone.  Reading is quicker than the days were of which one reads.
 */
static bool be_patient(const struct dsk_decision *decision, Nurture__V1__DeskTask *task,
		       int64_t due_ms)
{
	int64_t late_ms = decision->step->now_ms - due_ms;

	if (!decision->is_wall || late_ms <= DSK_LATE_MS)
		return false;
	task->patience_ms =
	    decision->step->now_ms + (late_ms < DSK_PATIENCE_MS ? late_ms : DSK_PATIENCE_MS);
	return true;
}

static void finish(struct dsk_decision *decision)
{
	struct step *step = decision->step;
	struct slice state;
	int64_t due_ms;

	dsk_book_prune(&decision->book, step->now_ms);
	state = dsk_book_encode(&decision->book, step->arena);
	/* A timer is used up, so its successor must be named. */
	if ((step->kind == STEP_RECORD || step->kind == STEP_RESULT) &&
	    slice_equal(state, step->state))
		return;
	due_ms = dsk_book_prune_ms(&decision->book);
	if (dsk_tell_next_ms(&decision->book) < due_ms)
		due_ms = dsk_tell_next_ms(&decision->book);
	for (size_t i = 0; i < decision->book.task_count; i++) {
		int64_t task_ms = task_due_ms(decision, &decision->book.tasks[i]);

		due_ms = task_ms < due_ms ? task_ms : due_ms;
	}
	step_store(step, state, state.len ? due_ms : NEVER_MS);
}

static void open_task(struct dsk_decision *decision, const Nurture__V1__Task *told)
{
	Nurture__V1__DeskTask *task;
	Nurture__V1__DeskWord word;
	int64_t now_ms = decision->step->now_ms;
	int64_t given_ms = (int64_t)told->time_ms;

	dsk_make_room(decision);
	task = &decision->book.tasks[decision->book.task_count++];
	nurture__v1__desk_task__init(task);
	task->id = told->id;
	task->request = told->request;
	task->programme = told->programme;
	task->owner = told->owner;
	task->action = told->action;
	task->name = dsk_plain_name(told->name, decision->step->arena);
	/* When it was given out, however long the desk was away. */
	task->opened_ms = given_ms > 0 && given_ms < now_ms ? given_ms : now_ms;
	task->from_ms = told->due_ms > task->opened_ms ? told->due_ms : task->opened_ms;
	task->expires_ms = told->expires_ms > 0 ? told->expires_ms : 0;
	task->unheard = task->expires_ms && task->expires_ms <= now_ms - DSK_HISTORY_MS;
	be_patient(decision, task, task->opened_ms);
	while ((task = dsk_book_task(&decision->book, told->id)) &&
	       dsk_book_take_word(&decision->book, told->id, &word))
		dsk_hear(decision, task, &word);
}

/* Of one that is not known: a merger may still bring it. */
static void cancel_later(struct dsk_decision *decision, const Nurture__V1__Task *told)
{
	Nurture__V1__DeskWord word = NURTURE__V1__DESK_WORD__INIT;

	word.task = hash64(slice_text(told->id));
	word.kind = DSK_CANCELLED;
	word.at_ms = decision->step->now_ms;
	word.result = told->reason;
	dsk_book_add_word(&decision->book, &word);
}

static int on_task(struct dsk_decision *decision, struct slice bytes, struct err *err)
{
	Nurture__V1__Task *told;
	Nurture__V1__DeskTask *task;
	bool has_ended;

	if (task_decode(bytes, decision->step->arena, &told, err) < 0)
		return -1;
	if (!*told->id)
		return err_set(err, "$.id: expected the task's id, found none");
	task = dsk_book_task(&decision->book, told->id);
	has_ended = dsk_book_has_ended(&decision->book, told->id);
	if (task_is_open(told)) {
		if (!task && !has_ended)
			open_task(decision, told);
	} else if (task) {
		dsk_end(decision, task, &(struct dsk_verdict){END_CANCELLED, "", "", told->reason});
	} else if (!has_ended && decision->is_wall) {
		cancel_later(decision, told);
	}
	return 0;
}

static void end_erased(struct dsk_decision *decision, Nurture__V1__DeskTask *task)
{
	dsk_end(
	    decision, task,
	    &(struct dsk_verdict){END_CANCELLED, "", "", event_type_text(EVENT_CUSTOMER_ERASED)});
}

/* Nothing is left of the person but which tasks have ended. */
static void on_erased(struct dsk_decision *decision)
{
	while (decision->book.task_count)
		end_erased(decision, &decision->book.tasks[0]);
	decision->book.word_count = decision->book.tell_count = 0;
	if (decision->is_wall)
		decision->book.erased_ms = decision->step->now_ms;
	decision->step->forgets = true;
}

/* Somebody asks to be forgotten under an id that has ended: what came from there ends. */
static void on_other_erased(struct dsk_decision *decision, const char *id)
{
	for (size_t i = 0; i < decision->book.task_count;) {
		if (strcmp(decision->book.tasks[i].given_to, id) == 0)
			end_erased(decision, &decision->book.tasks[i]);
		else
			i++;
	}
	decision->step->forgets = true;
}

static void hear(struct dsk_decision *decision, const Nurture__V1__Event *event)
{
	Nurture__V1__DeskTask *task;
	Nurture__V1__DeskWord word;

	if (!dsk_word_of(event, decision->step->arena, &word))
		return;
	task = dsk_book_task(&decision->book, event->task->id);
	if (task)
		dsk_hear(decision, task, &word);
	else if (!dsk_book_has_ended(&decision->book, event->task->id))
		dsk_book_add_word(&decision->book, &word);
}

/* Under an id that has ended an erasure is heard as well: the pointer goes with it. */
static void on_event_of_ended(struct dsk_decision *decision, const Nurture__V1__Event *event)
{
	bool is_erased = event_type_is(event->type, EVENT_CUSTOMER_ERASED);
	Nurture__V1__DeskWord word;

	if (event_type_is(event->type, EVENT_CUSTOMER_MERGED))
		dsk_merge_end(decision, event);
	else if (is_erased || dsk_word_of(event, decision->step->arena, &word))
		dsk_merge_pass(decision);
	if (!is_erased)
		return;
	decision->book.merged_into = "";
	decision->book.merged_ms = 0;
	on_erased(decision);
}

static void on_event(struct dsk_decision *decision)
{
	struct step *step = decision->step;
	Nurture__V1__Event *event;
	struct err why;

	if (event_decode(step->value, step->arena, &event, &why) < 0 || !event->customer ||
	    !slice_equal(slice_text(event->customer->id), step->customer) ||
	    event->time_ms < event->live_from_ms)
		return;
	event_arrive(event, step->arrived_ms);
	if (*decision->book.merged_into)
		on_event_of_ended(decision, event);
	else if (event_type_is(event->type, EVENT_CUSTOMER_ERASED))
		on_erased(decision);
	else if (event_type_is(event->type, EVENT_CUSTOMER_MERGED) && decision->is_wall)
		dsk_merge_end(decision, event);
	else
		hear(decision, event);
}

static int on_handed_event(struct dsk_decision *decision, const Nurture__V1__Handover *handover,
			   struct err *err)
{
	struct step *step = decision->step;
	Nurture__V1__Event *event;

	if (handover_event(handover,
			   arena_copy(step->arena, step->customer.bytes, step->customer.len),
			   step->arena, &event, &step->arrived_ms, err) < 0)
		return -1;
	event_arrive(event, step->arrived_ms);
	if (event_type_is(event->type, EVENT_CUSTOMER_ERASED))
		on_other_erased(decision, handover->path[0]);
	else
		hear(decision, event);
	return 0;
}

/* What an ended id hands over: its tasks, or a record that came for it later. */
static int on_handed(struct dsk_decision *decision, struct err *err)
{
	struct step *step = decision->step;
	Nurture__V1__Handover *handover;

	if (handover_decode(step->value, step->arena, &handover, err) < 0)
		return -1;
	if (*decision->book.merged_into && dsk_merge_goes_on(decision, handover))
		return 0;
	if (handover->state.len)
		return dsk_merge_unite(decision, handover, err);
	if (handover->input == DSK_TASKS)
		return on_task(decision, slice_of(handover->record.data, handover->record.len),
			       err);
	return on_handed_event(decision, handover, err);
}

static void tell(struct dsk_decision *decision, Nurture__V1__DeskTask *task,
		 const struct dsk_rules *rules, enum dsk_telling telling)
{
	switch (telling) {
	case DSK_WAKES:
		task->snoozed_ms = 0;
		dsk_notice(decision, task, NOTICE_REMINDER, task->owner, 0);
		break;
	case DSK_REMINDS:
		task->reminders = dsk_reminders_by(task, rules, decision->step->now_ms);
		dsk_notice(decision, task, NOTICE_REMINDER, task->owner, 0);
		break;
	case DSK_ESCALATES:
		task->escalations++;
		dsk_notice(decision, task, NOTICE_ESCALATION,
			   desk_escalation_to(&rules->team,
					      &rules->action->escalate[task->escalations - 1]),
			   task->escalations);
		break;
	}
}

/* Returns whether the task is still on the book. */
static bool fire_task(struct dsk_decision *decision, Nurture__V1__DeskTask *task)
{
	struct dsk_rules rules = dsk_rules_of(decision, task);
	int64_t now_ms = decision->step->now_ms;
	struct dsk_next next;

	if (task->patience_ms > now_ms)
		return true;
	task->patience_ms = 0;
	if (task->expires_ms && task->expires_ms <= now_ms) {
		dsk_end(decision, task,
			&(struct dsk_verdict){END_EXPIRED, "", "",
					      task->unheard ? DSK_REASON_UNHEARD : ""});
		return false;
	}
	while ((next = dsk_next(task, &rules, now_ms)).at_ms <= now_ms)
		tell(decision, task, &rules, next.telling);
	return true;
}

static void on_timer(struct dsk_decision *decision)
{
	bool waits = false;

	dsk_tell_due(decision);
	for (size_t i = 0; i < decision->book.task_count; i++)
		waits |= be_patient(decision, &decision->book.tasks[i], decision->step->time_ms);
	if (waits)
		return;
	for (size_t i = 0; i < decision->book.task_count;)
		i += fire_task(decision, &decision->book.tasks[i]);
}

static int on_record(struct dsk_decision *decision, struct err *err)
{
	switch (decision->step->input) {
	case DSK_HANDED:
		return on_handed(decision, err);
	case DSK_TASKS:
		if (!*decision->book.merged_into)
			return on_task(decision, decision->step->value, err);
		dsk_merge_pass(decision);
		return 0;
	default:
		on_event(decision);
		return 0;
	}
}

int dsk_step(struct step *step, struct err *err)
{
	const struct dsk_service *service = step->context;
	struct dsk_decision decision = {.step = step,
					.desk = service->policy->desk,
					.console_url =
					    service->console_url ? service->console_url : "",
					.is_wall = service->is_wall};
	struct err why;

	if (dsk_morning_is_key(step->customer)) {
		dsk_morning_step(step, service);
		return 0;
	}
	/* A state that nobody can read stays as it is, and the customer's next record reports it. */
	if (dsk_book_decode(step->state, step->arena, &decision.book, &why) < 0) {
		if (step->kind == STEP_RECORD || why.kind == ERR_ENVIRONMENT)
			*err = why;
		return step->kind == STEP_RECORD || why.kind == ERR_ENVIRONMENT ? -1 : 0;
	}
	if (step->kind == STEP_RECORD && on_record(&decision, err) < 0)
		return -1;
	if (step->kind == STEP_RESULT)
		dsk_tell_result(&decision, step->value);
	else if (step->kind != STEP_RECORD)
		on_timer(&decision);
	finish(&decision);
	return 0;
}
