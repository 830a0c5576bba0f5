/*
 * grant.c - it may be heard: into the ledger, and out.
 *
 * A mail's terminal outcome is the email-sender's to write; a task and a
 * permit are over with the grant.
 */
#include "grant.h"

#include "coupon.h"
#include "dispatch.h"
#include "end.h"
#include "entries.h"
#include "outcome.h"
#include "tasks.h"
#include "wake.h"

static void take_alone(struct sched_work *work, struct sched_candidate *candidate)
{
	sched_take(work, candidate, false);
	sched_lead_followers(work, candidate->request->id);
}

/* Those that follow it are found before it leads them: they do not ride with it. */
static void mail(struct sched_work *work, struct sched_candidate *candidate, const char *coupon,
		 const struct sched_seen *seen)
{
	struct sched_parts parts; /* large: not cleared */
	size_t found_count;
	struct sched_candidate **found = sched_find_parts(work, candidate, &found_count);

	sched_take(work, candidate, false);
	parts.count = 0;
	sched_add_parts(work, found, found_count, &parts);
	sched_lead_followers(work, candidate->request->id);
	for (size_t i = 0; i < parts.count; i++)
		sched_lead_followers(work, parts.items[i].candidate->request->id);
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
