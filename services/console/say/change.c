/* change.c - see change.h. */
#include "change.h"

#include "common/base/civil.h"
#include "common/base/hash.h"
#include "common/base/text.h"
#include "common/message/event.h"
#include "common/policy/event_type.h"

enum { ALLOWANCES_MAX = 4, LATER_MAX_DAYS = 31 };

/* The members that an event of a change may have, where they live until it is written. */
struct parts {
	Nurture__V1__Event event;
	Nurture__V1__Customer customer;
	Nurture__V1__TaskRef task;
	Nurture__V1__Interaction interaction;
	Nurture__V1__Feedback feedback;
	char *tags[1];
	Nurture__V1__Preferences preferences;
	Nurture__V1__OwnAllowance own[ALLOWANCES_MAX], *places[ALLOWANCES_MAX];
	Nurture__V1__Merge merge;
	char id[ID_TEXT_BYTES];
};

/* protobuf-c's structs want a char *. */
static char *text(const char *borrowed)
{
	return (char *)(uintptr_t)(borrowed ? borrowed : "");
}

static void say_task(const struct con_change *change, struct parts *parts)
{
	nurture__v1__task_ref__init(&parts->task);
	parts->task.id = text(change->task);
	parts->task.by = text(change->by);
	parts->task.result = text(change->words);
	parts->task.note = text(change->note);
	parts->event.task = &parts->task;
}

static int say_snooze(const struct con_change *change, struct parts *parts, struct err *err)
{
	int64_t later_ms;

	if (text_duration_ms(slice_text(change->later), &later_ms, err) < 0)
		return err_prefix(err, "later");
	if (later_ms < MINUTE_MS || later_ms > LATER_MAX_DAYS * DAY_MS)
		return err_set(err, "later: expected a minute to %d days", LATER_MAX_DAYS);
	say_task(change, parts);
	parts->task.until_ms = change->now_ms + later_ms;
	return 0;
}

static void say_note(const struct con_change *change, struct parts *parts)
{
	nurture__v1__interaction__init(&parts->interaction);
	parts->interaction.channel = text(change->channel);
	parts->interaction.direction = text(change->direction);
	parts->interaction.words = text(change->words);
	parts->event.interaction = &parts->interaction;
}

static void say_feedback(const struct con_change *change, struct parts *parts)
{
	nurture__v1__feedback__init(&parts->feedback);
	parts->feedback.score = change->score;
	parts->feedback.comment = text(change->words);
	parts->feedback.order = text(change->order);
	parts->feedback.kind = text(change->kind);
	parts->feedback.sku = text(change->sku);
	parts->feedback.source = text("support");
	parts->event.feedback = &parts->feedback;
}

/* What is done to something that was said; the tag is put on or taken away, or there is none. */
static void say_item(const struct con_change *change, struct parts *parts)
{
	nurture__v1__feedback__init(&parts->feedback);
	parts->feedback.item = text(change->item);
	parts->tags[0] = text(change->tag);
	if (change->action == CON_DO_TAG) {
		parts->feedback.tags = parts->tags;
		parts->feedback.n_tags = *change->tag != '\0';
	} else if (change->action == CON_DO_UNTAG) {
		parts->feedback.untags = parts->tags;
		parts->feedback.n_untags = *change->tag != '\0';
	}
	parts->event.feedback = &parts->feedback;
}

/* All of it replaces what was said before: how often the person wants to hear is said again. */
static void say_preferences(const struct con_change *change, struct parts *parts)
{
	nurture__v1__preferences__init(&parts->preferences);
	if (change->action == CON_DO_PAUSE)
		parts->preferences.paused_until_ms = change->now_ms + CON_PAUSE_DAYS * DAY_MS;
	for (size_t i = 0; i < change->allowance_count && i < ALLOWANCES_MAX; i++) {
		nurture__v1__own_allowance__init(&parts->own[i]);
		parts->own[i].limit = change->allowances[i]->limit;
		parts->own[i].days = (uint32_t)(change->allowances[i]->window_ms / DAY_MS);
		parts->places[i] = &parts->own[i];
		parts->preferences.n_allowances++;
	}
	parts->preferences.allowances = parts->places;
	parts->event.preferences = &parts->preferences;
}

static void say_merge(const struct con_change *change, struct parts *parts)
{
	nurture__v1__merge__init(&parts->merge);
	parts->merge.into = text(change->into);
	parts->event.merge = &parts->merge;
}

/* Fills what the action says; returns its type, or EVENT_OTHER for what is no change. */
static enum event_type say(const struct con_change *change, struct parts *parts, struct err *err)
{
	switch (change->action) {
	case CON_DO_CLAIM:
		return say_task(change, parts), EVENT_TASK_CLAIMED;
	case CON_DO_SNOOZE:
		return say_snooze(change, parts, err) < 0 ? EVENT_OTHER : EVENT_TASK_SNOOZED;
	case CON_DO_DONE:
		return say_task(change, parts), EVENT_TASK_DONE;
	case CON_DO_FAILED:
		return say_task(change, parts), EVENT_TASK_FAILED;
	case CON_DO_NOTE:
		return say_note(change, parts), EVENT_INTERACTION_RECORDED;
	case CON_DO_FEEDBACK:
		return say_feedback(change, parts), EVENT_FEEDBACK_RECEIVED;
	case CON_DO_TAG:
	case CON_DO_UNTAG:
		return say_item(change, parts), EVENT_FEEDBACK_TAGGED;
	case CON_DO_ANSWERED:
		return say_item(change, parts), EVENT_FEEDBACK_ANSWERED;
	case CON_DO_ARCHIVE:
		return say_item(change, parts), EVENT_FEEDBACK_ARCHIVED;
	case CON_DO_PAUSE:
	case CON_DO_RESUME:
		return say_preferences(change, parts), EVENT_PREFERENCES_CHANGED;
	case CON_DO_MERGE_YES:
		return say_merge(change, parts), EVENT_CUSTOMER_MERGED;
	case CON_DO_ERASE_YES:
		return EVENT_CUSTOMER_ERASED;
	case CON_DO_LOOK:
	case CON_DO_SEARCH:
	case CON_DO_MERGE:
	case CON_DO_ERASE:
	case CON_ACTION_COUNT:
		break;
	}
	err_set(err, "do: nothing that changes anything");
	return EVENT_OTHER;
}

/* What the form said as it was sent: what is computed from the time is no other word. */
static void make_id(const struct con_change *change, const char *type, char ret[ID_TEXT_BYTES])
{
	char score[2] = {(char)('0' + change->score), '\0'};

	id_of_texts(ret, "console", type, change->customer, change->by, change->form,
		    text(change->task), text(change->words), text(change->channel),
		    text(change->direction), text(change->later), text(change->order), score,
		    text(change->into), con_action_text(change->action), text(change->kind),
		    text(change->sku), text(change->item), text(change->tag), text(change->note),
		    NULL);
}

/* The same rules as at the door: what this writes must be read by all. */
static int check(const struct buf *json, struct err *err)
{
	struct arena arena = {0};
	Nurture__V1__Event *event;
	int r = buf_failed(json) ? err_set(err, "more than %d bytes", EVENT_MAX_BYTES)
				 : event_decode(buf_slice(json), &arena, &event, err);

	arena_free(&arena);
	return r;
}

int con_change_event(const struct con_change *change, struct buf *out, struct err *err)
{
	struct parts parts = {.event = NURTURE__V1__EVENT__INIT,
			      .customer = NURTURE__V1__CUSTOMER__INIT};
	enum event_type type = say(change, &parts, err);

	if (type == EVENT_OTHER)
		return -1;
	make_id(change, event_type_text(type), parts.id);
	parts.customer.id = text(change->customer);
	parts.event.id = parts.id;
	parts.event.type = event_type_text(type);
	parts.event.time_ms = change->now_ms;
	parts.event.customer = &parts.customer;
	parts.event.by = text(change->by);
	/* A second click says the same at another time: a repeat, no conflict. */
	parts.event.snapshot = true;
	event_encode_json(&parts.event, out);
	return check(out, err);
}
