/* tell.c - see tell.h. */
#include "tell.h"

#include <stdio.h>
#include <string.h>

#include "common/base/hash.h"
#include "common/codec/protobuf_message.h"
#include "common/message/event.h"
#include "common/message/notice.h"
#include "services/desk/step.h"
#include "services/desk/tell/pending.h"
#include "times.h"

enum { RECORD_MAX_BYTES = 64 * 1024 };

static char *customer_of(const struct dsk_decision *decision)
{
	const struct slice *customer = &decision->step->customer;

	return arena_copy(decision->step->arena, customer->bytes, customer->len);
}

/* The id is that of the instant as well: a task may be told of again after it slept. */
static void notice_id(const Nurture__V1__DeskTask *task, const Nurture__V1__Notice *notice,
		      char id[ID_TEXT_BYTES])
{
	char at[RFC3339_BYTES], step[16];

	snprintf(step, sizeof(step), "%u", notice->step);
	id_of_texts(id, task->id, notice->kind, step, rfc3339_text((int64_t)notice->at_ms, at),
		    NULL);
}

void dsk_notice(struct dsk_decision *decision, const Nurture__V1__DeskTask *task, const char *kind,
		const char *to, unsigned step)
{
	struct dsk_rules rules = dsk_rules_of(decision, task);
	Nurture__V1__Notice notice = NURTURE__V1__NOTICE__INIT;
	struct buf bytes = BUF_MAX(RECORD_MAX_BYTES);
	char id[ID_TEXT_BYTES];

	notice.at_ms = (uint64_t)decision->step->now_ms;
	notice.kind = (char *)kind;
	notice.step = step;
	notice_id(task, &notice, id);
	notice.id = id;
	notice.task = task->id;
	notice.customer = customer_of(decision);
	notice.programme = task->programme;
	notice.owner = task->owner;
	notice.action = task->action;
	notice.to = (char *)to;
	notice.due_ms = dsk_due_ms(task, &rules);
	notice.expires_ms = task->expires_ms;
	notice.by = task->by;
	notice_encode(&notice, &bytes);
	dsk_tell_add(decision, &notice, task->name, buf_slice(&bytes));
	step_emit_buf(decision->step, DSK_NOTICES, &bytes);
}

static void tell_end(struct dsk_decision *decision, const Nurture__V1__DeskTask *task,
		     const struct dsk_verdict *verdict)
{
	struct dsk_rules rules = dsk_rules_of(decision, task);
	Nurture__V1__End end = NURTURE__V1__END__INIT;
	Nurture__V1__DeskEffect effect = NURTURE__V1__DESK_EFFECT__INIT;
	struct buf bytes = BUF_MAX(RECORD_MAX_BYTES);

	end.at_ms = (uint64_t)decision->step->now_ms;
	end.id = task->id;
	end.customer = customer_of(decision);
	end.request = task->request;
	end.programme = task->programme;
	end.owner = task->owner;
	end.action = task->action;
	end.status = (char *)verdict->status;
	end.result = (char *)verdict->result;
	end.by = (char *)verdict->by;
	end.reason = (char *)verdict->reason;
	end.opened_ms = task->opened_ms;
	end.due_ms = dsk_due_ms(task, &rules);
	end.expires_ms = task->expires_ms;
	end.answered_ms = task->answered_ms;
	end.attempts = (uint32_t)task->n_failed;
	end.escalations = task->escalations;
	end_encode(&end, &bytes);
	/* For the count of ends, which is not for a pure function to keep. */
	effect.end = (ProtobufCBinaryData){bytes.len, (uint8_t *)bytes.bytes};
	step_emit(decision->step, STEP_EFFECT, message_pack(&effect, decision->step->arena));
	step_emit_buf(decision->step, DSK_ENDS, &bytes);
}

/* Nobody was reached: the policy's programmes say what happens instead. */
static void tell_otherwise(struct dsk_decision *decision, const Nurture__V1__DeskTask *task,
			   const struct dsk_verdict *verdict, const char *type)
{
	Nurture__V1__Event event = NURTURE__V1__EVENT__INIT;
	Nurture__V1__Customer customer = NURTURE__V1__CUSTOMER__INIT;
	Nurture__V1__TaskRef ref = NURTURE__V1__TASK_REF__INIT;
	struct buf bytes = BUF_MAX(RECORD_MAX_BYTES);
	char id[ID_TEXT_BYTES];

	id_of_texts(id, task->id, "else", NULL);
	event.id = id;
	event.type = (char *)type;
	event.time_ms = decision->step->now_ms;
	event.customer = &customer;
	customer.id = customer_of(decision);
	event.task = &ref;
	ref.id = task->id;
	ref.result = (char *)verdict->result;
	event_encode_json(&event, &bytes);
	step_emit_buf(decision->step, DSK_EVENTS_OUT, &bytes);
}

/* For the list of the next morning. */
static void note_expired(struct dsk_decision *decision, const Nurture__V1__DeskTask *task)
{
	Nurture__V1__DeskEnded *ended = &decision->book.ended[decision->book.ended_count - 1];

	ended->id = task->id;
	ended->owner = task->owner;
	ended->action = task->action;
	ended->expired_ms = decision->step->now_ms;
}

void dsk_end(struct dsk_decision *decision, Nurture__V1__DeskTask *task,
	     const struct dsk_verdict *verdict)
{
	const struct desk_action *action = dsk_rules_of(decision, task).action;
	int64_t known_from_ms = decision->step->now_ms;
	Nurture__V1__DeskTask was = *task;

	tell_end(decision, task, verdict);
	if (strcmp(verdict->status, END_EXPIRED) == 0 && !task->unheard)
		dsk_notice(decision, task, NOTICE_EXPIRED, task->owner, 0);
	if (strcmp(verdict->status, END_FAILED) == 0 && *action->otherwise)
		tell_otherwise(decision, task, verdict, action->otherwise);
	if (task->expires_ms > known_from_ms)
		known_from_ms = task->expires_ms;
	dsk_book_end(&decision->book, task, known_from_ms + DSK_ENDED_MS);
	if (strcmp(verdict->status, END_EXPIRED) == 0 && !was.unheard)
		note_expired(decision, &was);
}

void dsk_make_room(struct dsk_decision *decision)
{
	if (decision->book.task_count == DSK_TASKS_MAX)
		dsk_end(decision, &decision->book.tasks[0],
			&(struct dsk_verdict){END_EXPIRED, "", "", "too_many"});
}
