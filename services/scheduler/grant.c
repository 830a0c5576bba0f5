/*
 * grant.c - a candidate is granted: it is written into the ledger and handed on.
 *
 * The email-sender writes the terminal outcome of a mail; a task and a permit
 * are over with the grant.
 */
#include "grant.h"

#include "coupon.h"
#include "dispatch.h"
#include "end.h"
#include "entries.h"
#include "outcome.h"
#include "tasks.h"
#include "wake.h"

static void take_alone(struct sched_decision *decision, struct sched_candidate *candidate)
{
	sched_take(decision, candidate, false);
	sched_lead_followers(decision, candidate->request->id);
}

/*
 * Parts are found before this grant makes its followers due: a follower is never a part of its
 * lead.
 */
static void mail(struct sched_decision *decision, struct sched_candidate *candidate,
		 const char *coupon, const struct sched_explanation *explanation)
{
	struct sched_parts parts; /* large: not cleared */
	size_t found_count;
	struct sched_candidate **found = sched_find_parts(decision, candidate, &found_count);

	sched_take(decision, candidate, false);
	parts.count = 0;
	sched_add_parts(decision, found, found_count, &parts);
	sched_lead_followers(decision, candidate->request->id);
	for (size_t i = 0; i < parts.count; i++)
		sched_lead_followers(decision, parts.items[i].candidate->request->id);
	sched_dispatch(decision, candidate, coupon, explanation, &parts);
}

bool sched_grant(struct sched_decision *decision, struct sched_candidate *candidate)
{
	const struct send_question question = sched_question(decision, candidate);
	struct sched_reason none_left;
	struct sched_explanation explanation;
	const char *coupon = sched_draw_coupon(decision, candidate, &none_left);

	if (!coupon) {
		sched_end(decision, candidate, STATUS_UNDELIVERABLE, none_left);
		return false;
	}
	candidate->coupon = coupon;
	sched_explain(decision, candidate, &question, NULL, &explanation);
	switch (candidate->channel) {
	case CHANNEL_EMAIL:
		mail(decision, candidate, coupon, &explanation);
		break;
	case CHANNEL_TASK:
		take_alone(decision, candidate);
		sched_create_task(decision, candidate, coupon);
		sched_put_outcome(decision, candidate, STATUS_TASK_CREATED, NULL, "end",
				  &explanation);
		break;
	case CHANNEL_EXTERNAL:
		take_alone(decision, candidate);
		sched_put_outcome(decision, candidate, STATUS_PERMITTED, NULL, "end", &explanation);
		break;
	case CHANNEL_COUNT:
		break;
	}
	decision->grants++;
	return true;
}
