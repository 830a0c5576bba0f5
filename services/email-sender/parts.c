/*
 * parts.c - the requests that are merged into one mail: which of them must be dropped, and
 * which one leads when the lead must end.  Pure.
 */
#include "decision.h"

#include <inttypes.h>

#include "common/policy/person.h"
#include "common/policy/rule.h"
#include "services/email-sender/compose/templates.h"

void send_add_parts(struct send_decision *decision, struct send *send)
{
	const Nurture__V1__Dispatch *dispatch = send->dispatch;
	size_t count = dispatch->n_parts;

	if (!count)
		return;
	send->kept.parts = arena_alloc(decision->step->arena, count * sizeof(*send->kept.parts));
	send->kept.n_parts = count;
	for (size_t i = 0; i < count; i++) {
		const Nurture__V1__Request *request = dispatch->parts[i]->request;
		Nurture__V1__DeliveryPart *kept = arena_alloc(decision->step->arena, sizeof(*kept));

		nurture__v1__delivery_part__init(kept);
		kept->message_class = request->message_class;
		kept->programme = request->programme;
		kept->category = request->category;
		kept->exempt = request->exempt;
		send->kept.parts[i] = kept;
	}
}

struct send_part send_part_at(const struct send *send, int at)
{
	const Nurture__V1__Dispatch *dispatch = send->dispatch;
	const Nurture__V1__Delivery *lead = &send->kept;
	const Nurture__V1__DeliveryPart *part;

	if (at == SEND_LEAD)
		return (struct send_part){dispatch ? dispatch->request : NULL,
					  lead->message_class,
					  lead->programme,
					  lead->category,
					  lead->exempt,
					  lead->blocked,
					  lead->blocked_why};
	part = lead->parts[at];
	return (struct send_part){dispatch ? dispatch->parts[at]->request : NULL,
				  part->message_class,
				  part->programme,
				  part->category,
				  part->exempt,
				  part->blocked,
				  part->blocked_why};
}

bool send_is_blocked(const struct send_decision *decision, const struct send *send)
{
	for (int at = SEND_LEAD; at < (int)send->kept.n_parts; at++) {
		const struct send_part part = send_part_at(send, at);

		if (part.blocked[0] || send_inbox_withdraws(decision, send, part.message_class))
			return true;
	}
	return send_inbox_undeliverable(decision, send)[0] != '\0';
}

/* The dispatch has changed, so it must be packed again. */
static void note_change(struct send_decision *decision, struct send *send)
{
	send->kept.dispatch.len = 0;
	decision->changed = true;
}

static void remove_part(struct send_decision *decision, struct send *send, size_t part)
{
	Nurture__V1__Dispatch *dispatch = send->dispatch;

	for (size_t i = part + 1; i < dispatch->n_parts; i++) {
		dispatch->parts[i - 1] = dispatch->parts[i];
		send->kept.parts[i - 1] = send->kept.parts[i];
	}
	dispatch->n_parts--;
	send->kept.n_parts--;
	note_change(decision, send);
}

void send_end_part(struct send_decision *decision, struct send *send, size_t part,
		   enum status status, const Nurture__V1__Reason *reason, const char *detail)
{
	send_tell_end(decision, send, (int)part,
		      (struct end_verdict){status, decision->step->now_ms, reason, detail, false});
	remove_part(decision, send, part);
}

/* Makes the first part the lead; the send stays the same, with its Message-ID and attempts. */
static void hand_on(struct send_decision *decision, struct send *send)
{
	const Nurture__V1__Part *part = send->dispatch->parts[0];
	const Nurture__V1__DeliveryPart *kept = send->kept.parts[0];

	send->dispatch->request = part->request;
	send->dispatch->decision = part->decision;
	send->dispatch->coupon = part->coupon;
	send->kept.message_class = kept->message_class;
	send->kept.programme = kept->programme;
	send->kept.category = kept->category;
	send->kept.exempt = kept->exempt;
	send->kept.blocked = kept->blocked;
	send->kept.blocked_why = kept->blocked_why;
	remove_part(decision, send, 0);
}

bool send_end_lead(struct send_decision *decision, struct send *send, enum status status,
		   int64_t at_ms, const Nurture__V1__Reason *reason, const char *detail)
{
	if (!send->kept.n_parts) {
		send_end(decision, send, status, at_ms, reason, detail);
		return false;
	}
	send_tell_end(decision, send, SEND_LEAD,
		      (struct end_verdict){status, at_ms, reason, detail, false});
	hand_on(decision, send);
	return true;
}

/* Why a part of the mail must end. */
struct objection {
	enum status status;
	const char *rule;   /* "": none, as of what the mail itself says */
	const char *detail; /* NULL: none */
	int64_t eligible_ms;
};

static struct objection expired(const struct send_decision *decision, const struct send *send)
{
	struct objection word = {.status = STATUS_EXPIRED, .rule = ""};

	if (send->kept.open_case[0]) {
		word.rule = rule_text(RULE_OPEN_CASE);
		word.detail = send->kept.open_case;
	} else if (send->kept.failures) {
		word.detail = arena_printf(decision->step->arena, "after attempt %" PRIu32,
					   send->kept.failures);
	}
	return word;
}

static struct objection blocked_by(const char *blocked, const char *why)
{
	enum status status = (enum status)status_from_text(slice_text(blocked));

	return (struct objection){status, status == STATUS_CANCELLED ? rule_text(RULE_CANCEL) : "",
				  why[0] ? why : NULL, 0};
}

/*
 * Must a part of the mail end, whatever the caps say? The checks have the order of the arbiter,
 * which person_ends() keeps for what a contact says; that was noted when the contact came.
 */
static bool must_end(const struct send_decision *decision, const struct send *send,
		     const struct send_part *part, struct objection *ret)
{
	const char *no_address = person_no_address(send->dispatch->email, "");
	const char *inbox_dead = send_inbox_undeliverable(decision, send);
	int64_t bought_ms = send_just_bought_ms(decision, send, part);

	if (decision->step->now_ms >= send_expires_ms(send, part->request))
		*ret = expired(decision, send);
	else if (part->blocked[0])
		*ret = blocked_by(part->blocked, part->blocked_why);
	else if (!send_class_of(decision, part->message_class))
		*ret = (struct objection){STATUS_CANCELLED, rule_text(RULE_CLASS_REMOVED),
					  part->message_class, 0};
	else if (send_inbox_withdraws(decision, send, part->message_class))
		*ret = (struct objection){
		    STATUS_NO_CONSENT, send_inbox_rule(decision, rule_text(RULE_CONSENT)), NULL, 0};
	else if (no_address[0])
		*ret = (struct objection){STATUS_UNDELIVERABLE, "", no_address, 0};
	else if (inbox_dead[0])
		*ret = (struct objection){STATUS_UNDELIVERABLE,
					  send_inbox_rule(decision, rule_text(RULE_ADDRESS)),
					  inbox_dead, 0};
	else if (bought_ms)
		*ret = (struct objection){STATUS_JUST_BOUGHT, rule_text(RULE_JUST_BOUGHT),
					  part->category, bought_ms};
	else
		return false;
	return true;
}

/* A template that is gone: the lead's own one, or the block that a part has in the lead's mail. */
static bool lacks_template(const struct send_decision *decision, int at, const char *action,
			   struct objection *ret)
{
	const struct template_set *templates = decision->sender->templates;
	const char *format = at == SEND_LEAD
				 ? "there is no template \"%.100s\""
				 : "the template \"%.100s\" has no block for another mail";

	if (!templates || (at == SEND_LEAD ? template_set_has(templates, action)
					   : template_set_has_block(templates, action)))
		return false;
	*ret = (struct objection){STATUS_REJECTED, "",
				  arena_printf(decision->step->arena, format, action), 0};
	return true;
}

static bool part_must_end(const struct send_decision *decision, const struct send *send, int at,
			  struct objection *ret)
{
	const struct send_part part = send_part_at(send, at);

	return must_end(decision, send, &part, ret) ||
	       lacks_template(decision, at, part.request->action, ret);
}

/* Makes the outcome's reason; NULL when no rule is named. */
static const Nurture__V1__Reason *reason_of(const struct send_decision *decision,
					    const struct objection *word)
{
	Nurture__V1__Reason *reason;

	if (!word->rule[0])
		return NULL;
	reason = arena_alloc(decision->step->arena, sizeof(*reason));
	nurture__v1__reason__init(reason);
	reason->rule = (char *)(uintptr_t)word->rule;
	reason->eligible_at_ms = word->eligible_ms;
	return reason;
}

bool send_drop_parts(struct send_decision *decision, struct send *send)
{
	struct objection word;

	for (int at = 0; at < (int)send->kept.n_parts;) {
		if (part_must_end(decision, send, at, &word))
			send_end_part(decision, send, (size_t)at, word.status,
				      reason_of(decision, &word), word.detail);
		else
			at++;
	}
	while (part_must_end(decision, send, SEND_LEAD, &word))
		if (!send_end_lead(decision, send, word.status, decision->step->now_ms,
				   reason_of(decision, &word), word.detail))
			return false;
	return true;
}
