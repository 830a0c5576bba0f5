/* bounce.c - a refusal that is about the address as an event, as if a report had come.  Pure. */
#include "common/policy/event_type.h"
#include "decision.h"

#include "common/base/buf.h"
#include "common/base/hash.h"
#include "common/mail/bounce_record.h"
#include "common/message/event.h"

enum { EVENT_BYTES = 16 * 1024, EMAIL_BYTES = 200 /* a line of an event */ };

void send_tell_bounce(struct send_decision *decision, const struct send *send,
		      enum bounce_kind kind)
{
	const Nurture__V1__Request *request = send->dispatch->request;
	Nurture__V1__MessageRef message = NURTURE__V1__MESSAGE_REF__INIT;
	Nurture__V1__Customer customer = NURTURE__V1__CUSTOMER__INIT;
	Nurture__V1__Event event = NURTURE__V1__EVENT__INIT;
	struct buf out = BUF_MAX(EVENT_BYTES);
	char id[ID_TEXT_BYTES];

	message.id = send->kept.id;
	message.request = request->id;
	message.programme = request->programme;
	message.message_class = request->message_class;
	message.channel = request->channel;
	message.category = request->category;
	message.kind = (char *)(uintptr_t)bounce_kind_text(kind);
	if (strlen(send->dispatch->email) <= EMAIL_BYTES)
		message.email = send->dispatch->email;
	customer.id = (char *)(uintptr_t)send_customer(decision, send);
	bounce_event_id(event_type_text(EVENT_MESSAGE_BOUNCED), bounce_kind_text(kind), customer.id,
			send->kept.id, id);
	event.id = id;
	event.type = event_type_text(EVENT_MESSAGE_BOUNCED);
	event.time_ms = send->kept.intended_ms; /* of the address that was in use then */
	event.customer = &customer;
	event.message = &message;
	event_encode_json(&event, &out);
	if (!buf_failed(&out))
		step_emit_buf_to(decision->step, SEND_EVENTS, customer.id, &out);
	buf_free(&out);
}
