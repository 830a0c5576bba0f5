/*
 * grant.c - it may be heard: into the ledger, and out.
 *
 * A mail's terminal outcome is the email-sender's to write; a task and a
 * permit are over with the grant.
 */
#include "decide.h"

#include "wire.h"

static bool goes_before(const struct ledger_send *a, const struct sched_send *sent_a,
			const struct ledger_send *b, const struct sched_send *sent_b)
{
	if (a->at_ms != b->at_ms)
		return a->at_ms < b->at_ms;
	return sent_a->elsewhere && sent_b->elsewhere && strcmp(sent_a->id, sent_b->id) < 0;
}

void sched_count(struct sched_work *work, struct ledger_send counted, struct sched_send send)
{
	struct sched_ledger *ledger = &work->ledger;
	size_t at = ledger->send_count++;

	/*
	 * By time, which spares caps_check() what is too old.  Only mail of other tools comes
	 * late; of one instant it is by id, so that no reason depends on which arrived first.
	 */
	for (; at > 0 &&
	       goes_before(&counted, &send, &ledger->counted[at - 1], &ledger->sends[at - 1]);
	     at--) {
		ledger->counted[at] = ledger->counted[at - 1];
		ledger->sends[at] = ledger->sends[at - 1];
	}
	ledger->counted[at] = counted;
	ledger->sends[at] = send;
	work->entries++;
	work->changed = true;
}

/* Their due time is known from now on. */
static void lead_followers(struct sched_work *work, const char *request)
{
	for (size_t i = 0; i < work->ledger.waiting_count; i++) {
		struct sched_candidate *candidate = work->ledger.waiting[i];
		const Nurture__V1__Request *asked = candidate->request;
		int64_t due_ms = work->now_ms + asked->follow_after_ms;

		if (candidate->gone || candidate->due_ms != NEVER_MS ||
		    strcmp(asked->follows, request) != 0)
			continue;
		candidate->due_ms = due_ms > asked->due_ms ? due_ms : asked->due_ms;
		sched_look_at(candidate, candidate->due_ms);
		work->has_led = true;
	}
}

struct ledger_send sched_entry(const struct sched_candidate *candidate, int64_t at_ms)
{
	return (struct ledger_send){
	    .at_ms = at_ms,
	    .message_class = candidate->message_class,
	    .channel = candidate->channel,
	    .programme = candidate->request->programme,
	    .category = candidate->request->category,
	    .exempt = candidate->request->exempt,
	};
}

void sched_take(struct sched_work *work, struct sched_candidate *candidate, bool merged)
{
	const Nurture__V1__Request *request = candidate->request;
	struct ledger_send entry = sched_entry(candidate, work->now_ms);

	entry.merged = merged;
	sched_count(work, entry,
		    (struct sched_send){
			.id = request->id,
			.message_class = request->message_class,
			.lapses_ms = request->reserve_ms ? work->now_ms + request->reserve_ms : 0,
		    });
	candidate->gone = candidate->granted = true;
	sched_remember_ended(work, request, work->now_ms);
	/* Whoever waited for it to go out looks again. */
	sched_wake(work, BLOCKED_BY_LOOK_AHEAD, request->id);
}

static void take_alone(struct sched_work *work, struct sched_candidate *candidate)
{
	sched_take(work, candidate, false);
	lead_followers(work, candidate->request->id);
}

/* Those that follow it are found before it leads them: they do not ride with it. */
static void mail(struct sched_work *work, struct sched_candidate *candidate, const char *coupon,
		 const struct sched_seen *seen)
{
	struct sched_parts parts; /* large: not cleared */
	size_t found_count;
	struct sched_candidate **found = sched_find_riders(work, candidate, &found_count);

	sched_take(work, candidate, false);
	parts.count = 0;
	sched_add_parts(work, found, found_count, &parts);
	lead_followers(work, candidate->request->id);
	for (size_t i = 0; i < parts.count; i++)
		lead_followers(work, parts.items[i].candidate->request->id);
	sched_dispatch(work, candidate, coupon, seen, &parts);
}

bool sched_grant(struct sched_work *work, struct sched_candidate *candidate)
{
	const struct send_question question = sched_question(work, candidate);
	struct sched_reason none_left;
	struct sched_seen seen;
	const char *coupon = sched_draw_coupon(work, candidate, &none_left);

	if (!coupon) {
		sched_end(work, candidate, STATUS_UNDELIVERABLE, none_left);
		return false;
	}
	candidate->coupon = coupon;
	sched_see(work, candidate, &question, NULL, &seen);
	switch (candidate->channel) {
	case CHANNEL_EMAIL:
		mail(work, candidate, coupon, &seen);
		break;
	case CHANNEL_TASK:
		take_alone(work, candidate);
		sched_create_task(work, candidate, coupon);
		sched_put_outcome(work, candidate, STATUS_TASK_CREATED, NULL, "end", &seen);
		break;
	case CHANNEL_EXTERNAL:
		take_alone(work, candidate);
		sched_put_outcome(work, candidate, STATUS_PERMITTED, NULL, "end", &seen);
		break;
	case CHANNEL_COUNT:
		break;
	}
	work->grants++;
	return true;
}
