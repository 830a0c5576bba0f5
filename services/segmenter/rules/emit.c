/* emit.c - see emit.h. */
#include "emit.h"

#include "common/codec/protobuf_message.h"
#include "services/segmenter/step.h"

static void emit(struct step *step, Nurture__V1__RequestRecord *record)
{
	record->time_ms = (uint64_t)step->now_ms;
	step_emit(step, SEG_REQUESTS, message_pack(record, step->arena));
}

void seg_emit_request(struct step *step, Nurture__V1__Request *request)
{
	Nurture__V1__RequestRecord record = NURTURE__V1__REQUEST_RECORD__INIT;

	record.body_case = NURTURE__V1__REQUEST_RECORD__BODY_REQUEST;
	record.request = request;
	emit(step, &record);
}

void seg_emit_cancel(struct step *step, struct seg_cancel what)
{
	Nurture__V1__RequestRecord record = NURTURE__V1__REQUEST_RECORD__INIT;
	Nurture__V1__Cancel cancel = NURTURE__V1__CANCEL__INIT;

	cancel.programme = (char *)what.programme;
	cancel.order = (char *)what.order;
	cancel.category = (char *)what.category;
	cancel.reason = (char *)what.reason;
	record.body_case = NURTURE__V1__REQUEST_RECORD__BODY_CANCEL;
	record.cancel = &cancel;
	emit(step, &record);
}

void seg_emit_task_done(struct step *step, const char *task)
{
	Nurture__V1__RequestRecord record = NURTURE__V1__REQUEST_RECORD__INIT;
	Nurture__V1__TaskDone done = NURTURE__V1__TASK_DONE__INIT;

	done.task = (char *)task;
	record.body_case = NURTURE__V1__REQUEST_RECORD__BODY_TASK_DONE;
	record.task_done = &done;
	emit(step, &record);
}

void seg_emit_contact(struct step *step, Nurture__V1__Contact *contact)
{
	Nurture__V1__RequestRecord record = NURTURE__V1__REQUEST_RECORD__INIT;

	record.body_case = NURTURE__V1__REQUEST_RECORD__BODY_CONTACT;
	record.contact = contact;
	emit(step, &record);
}

void seg_emit_sent_elsewhere(struct step *step, Nurture__V1__SentElsewhere *sent)
{
	Nurture__V1__RequestRecord record = NURTURE__V1__REQUEST_RECORD__INIT;

	record.body_case = NURTURE__V1__REQUEST_RECORD__BODY_SENT_ELSEWHERE;
	record.sent_elsewhere = sent;
	emit(step, &record);
}

void seg_emit_inbox_word(struct step *step, Nurture__V1__InboxWord *word)
{
	Nurture__V1__RequestRecord record = NURTURE__V1__REQUEST_RECORD__INIT;

	record.body_case = NURTURE__V1__REQUEST_RECORD__BODY_INBOX_WORD;
	record.inbox_word = word;
	emit(step, &record);
}
