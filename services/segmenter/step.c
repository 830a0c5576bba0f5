/* step.c - see step.h. */
#include "step.h"

#include <string.h>

#include "common/base/hash.h"
#include "common/message/event.h"
#include "common/message/event_authority.h"
#include "common/message/event_key.h"
#include "common/message/handover.h"
#include "common/policy/event_type.h"
#include "events.h"
#include "merge.h"
#include "services/segmenter/profile/bought.h"
#include "services/segmenter/profile/cases.h"
#include "services/segmenter/profile/dedup.h"
#include "services/segmenter/profile/erasure.h"
#include "services/segmenter/profile/heal.h"
#include "services/segmenter/profile/memory.h"
#include "services/segmenter/profile/unite.h"
#include "services/segmenter/profile/wire.h"
#include "services/segmenter/rules/contact.h"
#include "services/segmenter/rules/inbox_word.h"
#include "services/segmenter/rules/emit.h"
#include "services/segmenter/rules/programmes.h"
#include "services/segmenter/rules/segments.h"

/*
 * When to look again. After an event, a date at this very instant is still to come; and an overdue
 * timer stays, since its dates have not been looked at.
 */
static int64_t due_ms(struct seg_decision *decision)
{
	int64_t due =
	    seg_min(seg_min(seg_segments_next_change_ms(decision), seg_cases_end_ms(decision)),
		    seg_erasure_end_ms(decision->profile));
	int64_t overdue = decision->profile->due_ms;

	if (*decision->profile->merged_into)
		return seg_erasure_end_ms(decision->profile);
	if (!decision->event)
		return seg_min(due, seg_programmes_date_ms(decision, seg_now_ms(decision) + 1));
	due = seg_min(due, seg_programmes_date_ms(decision, seg_now_ms(decision)));
	return overdue != SEG_NEVER && overdue < seg_now_ms(decision) ? seg_min(due, overdue) : due;
}

/* Two sources may use the same id for two events. */
static char *id_of_event(struct step *step, const Nurture__V1__Event *event)
{
	char *id;

	if (!*event->source)
		return event->id;
	id = arena_alloc(step->arena, ID_TEXT_BYTES);
	id_of_texts(id, event->id, event->source, NULL);
	return id;
}

static void emit_sent_elsewhere(struct step *step, const Nurture__V1__Event *event)
{
	Nurture__V1__SentElsewhere sent = NURTURE__V1__SENT_ELSEWHERE__INIT;
	const Nurture__V1__MessageRef *message = event->message;

	sent.id = message && *message->id ? message->id : id_of_event(step, event);
	sent.channel =
	    message && *message->channel ? message->channel : (char *)channel_text(CHANNEL_EMAIL);
	if (message) {
		sent.message_class = message->message_class;
		sent.category = message->category;
	}
	sent.time_ms = event->time_ms;
	seg_emit_sent_elsewhere(step, &sent);
}

/* The profile is up to date: decide, emit, store. */
static void decide(struct seg_decision *decision)
{
	struct seg_profile *profile = decision->profile;
	struct slice state;
	int64_t due;

	seg_erasure_expire(profile, seg_now_ms(decision));
	decision->facts = seg_facts_at(profile, seg_now_ms(decision));
	seg_bought_decide(decision);
	seg_segments_decide(decision);
	seg_contact_emit(decision);
	seg_inbox_word_emit(decision);
	if (decision->event && event_type_is(decision->event->type, EVENT_MESSAGE_SENT_ELSEWHERE))
		emit_sent_elsewhere(decision->step, decision->event);
	if (decision->event && event_type_is(decision->event->type, EVENT_TASK_DONE) &&
	    decision->event->task)
		seg_emit_task_done(decision->step, decision->event->task->id);
	seg_programmes_cancel(decision);
	seg_programmes_run(decision);
	seg_segments_note(decision);
	seg_memory_prune(profile, decision->policy, seg_now_ms(decision));
	due = due_ms(decision);
	profile->due_ms = due == NEVER_MS ? SEG_NEVER : due;
	state = seg_profile_encode(profile);
	/* The stored state has the due time as well. */
	if (decision->step->kind != STEP_REEVALUATE || !slice_equal(state, decision->step->state))
		step_store(decision->step, state, due);
}

static struct seg_decision decision_of(struct step *step, struct seg_profile *profile)
{
	const struct segmenter *segmenter = step->context;

	return (struct seg_decision){
	    .step = step,
	    .policy = segmenter->policy,
	    .hands_over = segmenter->hands_over,
	    .customer = arena_copy(step->arena, step->customer.bytes, step->customer.len),
	    .profile = profile,
	    .change = {.order = ""},
	    .triggered_ms = step->time_ms,
	};
}

/* Only the instant is left of the person. */
static void erase(struct step *step, const struct seg_profile *profile, uint64_t hash,
		  int64_t time_ms)
{
	struct seg_profile *tombstone = seg_erasure_tombstone(profile, hash, time_ms);

	seg_contact_emit_erased(step, tombstone->erased_ms);
	step_store(step, seg_profile_encode(tombstone), tombstone->due_ms);
	step->forgets = true;
}

/*
 * Was an event of this id here before? Then *ret is 0 for a repeat, and -1 for another event under
 * the same id, which becomes a dead letter. A shop's snapshot tells the same fact again in newer
 * words, which is a repeat.
 */
static bool is_known(const struct seg_profile *profile, const Nurture__V1__Event *event,
		     struct seg_dedup_entry entry, int *ret, struct err *err)
{
	const struct seg_dedup_entry *known = seg_dedup_find(&profile->events, entry.hash);

	if (!known && *event->source) { /* as it was noted before sources were */
		known = seg_dedup_find(&profile->events, hash64(slice_text(event->id)));
		if (known && known->body)
			known = NULL;
	}
	*ret = 0;
	if (known && known->body && known->body != entry.body && !event->snapshot)
		*ret = err_set(err, "$.id: \"%s\" was used before with another body", event->id);
	return known;
}

/* A zone that this tzdata does not know is kept, since another tzdata may know it. */
static const char *unknown_zone(const struct policy *policy, const Nurture__V1__Event *event)
{
	const char *zone = event->customer->time_zone;

	return *zone && !zones_find(policy->zones, slice_text(zone)) ? zone : NULL;
}

/* A class that this policy has not is kept, since the next policy may have it. */
static const char *unknown_class(const struct policy *policy, const Nurture__V1__Event *event)
{
	const Nurture__V1__Customer *customer = event->customer;

	for (size_t i = 0; i < customer->n_consent; i++)
		if (!policy_knows_consent(policy, customer->consent[i]->message_class))
			return customer->consent[i]->message_class;
	return NULL;
}

/* Applies an event that is neither known nor covered by an erasure. */
static int hear(struct seg_decision *decision, struct seg_dedup_entry entry, struct err *err)
{
	struct seg_profile *profile = decision->profile;
	int64_t time_ms = decision->event->time_ms;
	bool is_forgotten = seg_dedup_forgot(&profile->facts, time_ms);

	decision->triggered_ms = time_ms;
	decision->is_stale = seg_dedup_forgot(&profile->events, time_ms);
	if (seg_event_apply(profile, decision->policy, decision->event, decision->is_stale,
			    &decision->change, err) < 0)
		return -1;
	if (!seg_is_news(decision) && (decision->is_stale || is_forgotten))
		decision->step->ignored = STEP_IGNORED_OLD;
	decision->step->unknown_zone = unknown_zone(decision->policy, decision->event);
	decision->step->unknown_class = unknown_class(decision->policy, decision->event);
	seg_dedup_add_event(profile, entry);
	if (decision->hands_over && *profile->merged_into)
		seg_merge_end(decision);
	decide(decision);
	return 0;
}

static int64_t live_from_of(const Nurture__V1__Event *event)
{
	return event->live_from_ms ? event->live_from_ms : SEG_NEVER;
}

/* An event for the profile's customer, read and checked. */
static int take(struct step *step, struct seg_profile *profile, Nurture__V1__Event *event,
		struct err *err)
{
	struct seg_claim claim = {.arrived_ms = step->arrived_ms};
	struct seg_decision decision;
	struct seg_dedup_entry entry;
	int r;

	entry.hash = claim.hash = hash64(slice_text(event_key(event, step->arena)));
	entry.body = seg_event_body(event, step->arena); /* before its times are put right */
	claim.time_ms = event->time_ms;
	step->ahead_ms = event_arrive(event, step->arrived_ms);
	entry.minute = seg_minute(event->time_ms);
	if (is_known(profile, event, entry, &r, err))
		return r;
	if (seg_erasure_covers(profile, event, &claim)) {
		step->ignored = STEP_IGNORED_ERASED;
		return 0;
	}
	seg_ahead_note(profile, &claim);
	if (event_type_is(event->type, EVENT_CUSTOMER_ERASED)) {
		erase(step, profile, claim.hash, event->time_ms);
		return 0;
	}
	profile->live_from_ms = seg_max(profile->live_from_ms, live_from_of(event));
	decision = decision_of(step, profile);
	decision.event = event;
	decision.is_history = claim.time_ms < live_from_of(event);
	return hear(&decision, entry, err);
}

static int read_profile(struct step *step, struct seg_profile **ret, struct err *err)
{
	if (seg_profile_decode(step->state, step->arena, ret, err) < 0)
		return -1;
	if (step->arrived_ms)
		seg_profile_heal(*ret, step->arrived_ms);
	return 0;
}

static bool hands_over(const struct step *step)
{
	return ((const struct segmenter *)step->context)->hands_over;
}

/* Is it of before an erasure under this id, of which the id that lives need not know? */
static bool is_forgotten(const struct step *step, const struct seg_profile *profile,
			 const Nurture__V1__Event *event)
{
	const struct seg_claim claim = {.hash = hash64(slice_text(event_key(event, step->arena))),
					.time_ms = event->time_ms,
					.arrived_ms = step->arrived_ms};

	return seg_erasure_covers(profile, event, &claim);
}

/*
 * An event of somebody who goes on under another id is passed on.  Only where that is, and that the
 * person is forgotten, is heard here as well.
 */
static int pass_on(struct step *step, struct seg_profile *profile, Nurture__V1__Event *event,
		   struct err *err)
{
	struct seg_decision decision = decision_of(step, profile);

	if (seg_merge_holds(profile)) { /* ended by a build that handed nothing over */
		seg_merge_end(&decision);
		decide(&decision);
	}
	if (is_forgotten(step, decision.profile, event)) {
		step->ignored = STEP_IGNORED_ERASED;
		return 0;
	}
	if (!event_type_is(event->type, EVENT_CUSTOMER_MERGED))
		seg_merge_pass_event(step, decision.profile);
	if (event_type_is(event->type, EVENT_CUSTOMER_ERASED) ||
	    event_type_is(event->type, EVENT_CUSTOMER_MERGED))
		return take(step, decision.profile, event, err);
	return 0;
}

static int record(struct step *step, struct err *err)
{
	Nurture__V1__Event *event;
	struct seg_profile *profile;

	if (event_decode(step->value, step->arena, &event, err) < 0)
		return -1;
	if (!slice_equal(slice_text(event->customer->id), step->customer))
		return err_set(err,
			       "$.customer.id: expected the record's key, \"%.*s\", found \"%s\"",
			       SLICE_ARGS(step->customer), event->customer->id);
	if (read_profile(step, &profile, err) < 0)
		return -1;
	if (hands_over(step) && *profile->merged_into)
		return pass_on(step, profile, event, err);
	return take(step, profile, event, err);
}

/*
 * The same of what another id handed over: it must not come back under the id that this one goes on
 * as, which need not know of the erasure.
 */
static bool is_forgotten_here(struct step *step, const struct seg_profile *profile,
			      const Nurture__V1__Handover *handover)
{
	Nurture__V1__Event *event;
	struct err err;

	if (profile->erased_ms == SEG_NEVER)
		return false;
	if (!handover->record.len)
		return handover_merged_ms(handover) <= profile->erased_ms;
	return seg_merge_event(step, handover, &event, &err) == 0 &&
	       is_forgotten(step, profile, event);
}

/* What an ended id hands over to this customer: its profile, or an event that came for it later. */
static int handed(struct step *step, struct err *err)
{
	Nurture__V1__Handover *handover;
	Nurture__V1__Event *event;
	struct seg_profile *profile, *other;
	struct seg_decision decision;

	if (handover_decode(step->value, step->arena, &handover, err) < 0 ||
	    read_profile(step, &profile, err) < 0)
		return -1;
	if (*profile->merged_into && is_forgotten_here(step, profile, handover)) {
		step->ignored = STEP_IGNORED_ERASED;
		return 0;
	}
	if (*profile->merged_into && seg_merge_goes_on(step, profile, handover))
		return 0;
	if (handover->record.len) {
		if (seg_merge_event(step, handover, &event, err) < 0)
			return -1;
		return take(step, profile, event, err);
	}
	if (seg_profile_decode(slice_of(handover->state.data, handover->state.len), step->arena,
			       &other, err) < 0)
		return err_prefix(err, "$.state");
	if (profile->erased_ms != SEG_NEVER && handover_merged_ms(handover) <= profile->erased_ms)
		other = seg_profile_new(step->arena); /* the person was erased after the merge */
	decision = decision_of(step, profile);
	decision.triggered_ms = seg_merge_since_ms(step, profile, other);
	seg_profile_unite(profile, other, handover_merged_ms(handover), decision.policy);
	decide(&decision);
	return 0;
}

/* Nothing is decided about anybody; the erasure itself is forgotten when its time has come. */
static void keep_erasure(struct step *step, const struct seg_profile *profile)
{
	int64_t end_ms = seg_erasure_end_ms(profile);

	if (end_ms <= step->now_ms)
		step_store(step, slice_of(NULL, 0), NEVER_MS);
	else if (step->kind == STEP_TIMER) /* its successor must be named */
		step_store(step, step->state, end_ms);
}

/*
 * A state that nobody can read waits for its next event, which says so; one that a newer build has
 * written stops the service until that build runs.
 */
static int leave_alone(struct step *step, const struct err *unreadable, struct err *err)
{
	if (unreadable->kind == ERR_ENVIRONMENT) {
		*err = *unreadable;
		return -1;
	}
	if (step->kind == STEP_TIMER)
		step_store(step, step->state, NEVER_MS);
	return 0;
}

static int timer(struct step *step, struct err *err)
{
	struct seg_profile *profile;
	struct seg_decision decision;
	struct err unreadable;

	if (step->state.len == 0) { /* forgotten meanwhile */
		step_store(step, step->state, NEVER_MS);
		return 0;
	}
	if (seg_profile_decode(step->state, step->arena, &profile, &unreadable) < 0)
		return leave_alone(step, &unreadable, err);
	if (seg_erasure_is_all(profile)) {
		keep_erasure(step, profile);
		return 0;
	}
	decision = decision_of(step, profile);
	decide(&decision);
	return 0;
}

int seg_step(struct step *step, struct err *err)
{
	switch (step->kind) {
	case STEP_RECORD:
		return step->input == SEG_HANDED ? handed(step, err) : record(step, err);
	case STEP_TIMER:
	case STEP_REEVALUATE: /* other segments and dates: decided as when time has passed */
		return timer(step, err);
	case STEP_RESULT:
		return 0; /* it has no effects */
	}
	return 0;
}
