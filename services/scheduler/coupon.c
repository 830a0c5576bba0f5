/*
 * coupon.c - one code for one request, drawn with the grant.
 *
 * A signed code is a function of the request, so a repeat draws the same one
 * and nothing has to be remembered.  A pool's code is the next of those that
 * were dealt to the partition: how many it has drawn is committed with the
 * grant.  What was drawn is spent, also when the mail is never sent.
 */
#include "coupon.h"

#include "common/policy/rule.h"
#include "common/token/coupon_code.h"
#include "common/token/coupon_draws.h"

static const struct coupon *find_source(const struct policy *policy, const char *name)
{
	for (unsigned i = 0; i < policy->coupon_count; i++)
		if (strcmp(policy->coupons[i].name, name) == 0)
			return &policy->coupons[i];
	return NULL;
}

static const char *sign(struct sched_decision *decision, const struct coupon *source,
			const char *request)
{
	char *code = arena_alloc(decision->step->arena, COUPON_CODE_BYTES);

	coupon_code_make(decision->service->coupon_key, source, slice_text(request), code);
	return code;
}

/* Returns NULL when no code is left, or when the step has failed. */
static const char *draw(struct sched_decision *decision, const struct coupon *source)
{
	const struct coupon_pool *pools = decision->service->pools;
	struct step *step = decision->step;
	const struct coupon_share share = {step->partition, step->partition_count};
	const char *code = NULL;

	if (!pools)
		return SCHED_ANY_CODE;
	if (!decision->draws &&
	    coupon_draws_decode(step->shared, step->arena, &decision->draws, decision->err) < 0)
		decision->failed = true;
	else if (coupon_draw(decision->draws, source->name,
			     &pools[source - decision->policy->coupons], share, step->arena, &code,
			     decision->err) < 0)
		decision->failed = true;
	return code;
}

const char *sched_draw_coupon(struct sched_decision *decision,
			      const struct sched_candidate *candidate, struct sched_reason *ret)
{
	const char *name = candidate->request->coupon;
	const struct coupon *source;
	const char *code;

	if (candidate->channel == CHANNEL_EXTERNAL || !name[0])
		return "";
	source = find_source(decision->policy, name);
	if (!source) {
		*ret = sched_reason(
		    BLOCKED_NOT, rule_text(RULE_COUPONS),
		    arena_printf(decision->step->arena, "%s is not in the policy any more", name));
		return NULL;
	}
	if (source->kind == COUPON_SIGNED)
		return sign(decision, source, candidate->request->id);
	code = draw(decision, source);
	if (!code)
		*ret = sched_reason(BLOCKED_NOT, rule_text(RULE_COUPONS),
				    arena_printf(decision->step->arena, "%s is used up", name));
	return code;
}
