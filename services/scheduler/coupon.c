/*
 * coupon.c - one code for one request, drawn with the grant.
 *
 * A signed code is a function of the request, so a repeat draws the same one
 * and nothing has to be remembered.
 */
#include "../../common/wire/coupon_code.h"
#include "decide.h"

static const struct coupon *find_source(const struct policy *policy, const char *name)
{
	for (unsigned i = 0; i < policy->coupon_count; i++)
		if (strcmp(policy->coupons[i].name, name) == 0)
			return &policy->coupons[i];
	return NULL;
}

static const char *sign(struct sched_work *work, const struct coupon *source, const char *request)
{
	char *code = arena_alloc(work->step->arena, COUPON_CODE_BYTES);

	coupon_code_make(work->service->coupon_key, source, slice_text(request), code);
	return code;
}

const char *sched_draw_coupon(struct sched_work *work, const struct sched_candidate *candidate,
			      struct sched_reason *ret)
{
	const char *name = candidate->request->coupon;
	const struct coupon *source;

	if (candidate->channel != CHANNEL_EMAIL || !name[0])
		return "";
	source = find_source(work->policy, name);
	if (source && source->kind == COUPON_SIGNED)
		return sign(work, source, candidate->request->id);
	*ret = sched_reason(BLOCKED_NOT, "coupon", name); /* a pool without codes, or no source */
	return NULL;
}
