/* bounce_record.c - see bounce_record.h. */
#include "bounce_record.h"

#include <stdio.h>

#include "common/base/civil.h"
#include "common/base/text.h"
#include "common/codec/json.h"
#include "common/message/event.h"
#include "common/policy/event_type.h"

enum { SEND_PREFIX_BYTES = 16, EMAIL_BYTES = 200 /* a line of an event */ };

static bool same_send(const struct return_token *a, const struct return_token *b)
{
	return strncmp(a->send, b->send, SEND_PREFIX_BYTES) == 0;
}

void bounce_owner_complete(struct return_token *owner, const struct return_token *found)
{
	if (!same_send(owner, found))
		return;
	if (strlen(found->send) > strlen(owner->send))
		memcpy(owner->send, found->send, sizeof(owner->send));
	if (!owner->customer[0])
		memcpy(owner->customer, found->customer, sizeof(owner->customer));
}

/* Half of a send's id or all of it: the same bounce has the same id. */
void bounce_event_id(const char *type, const char *kind, const char *customer, const char *send,
		     char ret[ID_TEXT_BYTES])
{
	char prefix[SEND_PREFIX_BYTES + 1];

	snprintf(prefix, sizeof(prefix), "%.16s", send);
	id_of_texts(ret, type, customer, prefix, kind, NULL);
}

static void make_id(const char *type, const char *kind, const struct return_token *owner,
		    char ret[ID_TEXT_BYTES])
{
	bounce_event_id(type, kind, owner->customer, owner->send, ret);
}

static char *text(const char *constant)
{
	return (char *)(uintptr_t)constant;
}

static void put_event(const struct bounce *bounce, const struct return_token *owner, int64_t now_ms,
		      struct bounce_record *ret)
{
	Nurture__V1__Event event = NURTURE__V1__EVENT__INIT;
	Nurture__V1__Customer customer = NURTURE__V1__CUSTOMER__INIT;
	Nurture__V1__MessageRef message = NURTURE__V1__MESSAGE_REF__INIT;
	bool is_complaint = bounce->kind == BOUNCE_COMPLAINT;
	const char *kind = is_complaint ? "" : bounce_kind_text(bounce->kind);
	char detail[BOUNCE_STATUS_BYTES + BOUNCE_TEXT_BYTES + 1];

	event.type = text(is_complaint ? event_type_text(EVENT_MESSAGE_COMPLAINED)
				       : event_type_text(EVENT_MESSAGE_BOUNCED));
	make_id(event.type, kind, owner, ret->id);
	snprintf(ret->key, sizeof(ret->key), "%s", owner->customer);
	/* The code first, unless the text begins with one like it. */
	snprintf(detail, sizeof(detail), "%s%s%s", bounce->status,
		 bounce->status[0] && bounce->text[0] ? " " : "", bounce->text);
	customer.id = ret->key;
	message.id = text(owner->send);
	message.kind = text(kind);
	message.detail = detail;
	if (strlen(bounce->recipient) <= EMAIL_BYTES &&
	    text_is_email(slice_text(bounce->recipient)))
		message.email = text(bounce->recipient);
	event.id = ret->id;
	event.time_ms = now_ms;
	event.customer = &customer;
	event.message = &message;
	event_encode_json(&event, &ret->value);
}

static void put_member(struct buf *out, const char *key, const char *value)
{
	if (!value[0])
		return;
	json_put_key(out, key);
	json_put_text(out, slice_text(value));
}

/* For who looks after it: what is known, and what is missing. */
static void put_dead_letter(const struct bounce *bounce, const struct return_token *owner,
			    const char *source, int64_t now_ms, struct bounce_record *ret)
{
	char at[RFC3339_BYTES];

	ret->is_dead = true;
	make_id("bounce", bounce_kind_text(bounce->kind),
		owner ? owner : &(struct return_token){.send = ""}, ret->id);
	snprintf(ret->key, sizeof(ret->key), "%.200s", owner ? owner->send : bounce->recipient);
	buf_char(&ret->value, '{');
	put_member(&ret->value, "at", rfc3339_text(now_ms, at));
	put_member(&ret->value, "kind", bounce_kind_text(bounce->kind));
	put_member(
	    &ret->value, "reason",
	    owner ? "bounce: the customer is not named: the return path has no room for the id, "
		    "and the mail's header did not come back"
		  : "bounce: no return token of ours came back");
	put_member(&ret->value, "recipient", bounce->recipient);
	put_member(&ret->value, "send", owner ? owner->send : "");
	put_member(&ret->value, "source", source);
	put_member(&ret->value, "status", bounce->status);
	put_member(&ret->value, "text", bounce->text);
	buf_char(&ret->value, '}');
}

bool bounce_record(const struct bounce *bounce, const struct return_token *owner,
		   const char *source, int64_t now_ms, struct bounce_record *ret)
{
	if (bounce->kind == BOUNCE_NONE)
		return false;
	buf_reset(&ret->value);
	ret->is_dead = false;
	if (owner && owner->customer[0])
		put_event(bounce, owner, now_ms, ret);
	else
		put_dead_letter(bounce, owner, source, now_ms, ret);
	return true;
}
