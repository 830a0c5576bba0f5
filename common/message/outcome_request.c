/* outcome_request.c - see outcome.h: what an outcome says of its request. */
#include "outcome.h"

#include <string.h>

#include "common/policy/experiments.h"
#include "common/policy/mail_words.h"

/* A fixed text that the offer names stands in the data, where the template reads it. */
static const char *offered(const Nurture__V1__Request *request)
{
	for (size_t i = 0; i < request->n_data; i++)
		if (strcmp(request->data[i]->name, mail_words[MAIL_COUPON]) == 0)
			return request->data[i]->value;
	return "";
}

/*
 * The outcome of a holdout has the probability of being left alone, and no variant, since it is
 * compared with all arms. Any other outcome that a holdout could have touched has the probability
 * of not being left alone.
 */
static void put_chance(const Nurture__V1__Request *request, enum status status,
		       const struct policy *policy, const struct message_class *class,
		       Nurture__V1__Outcome *outcome)
{
	uint32_t left_alone_ppm =
	    policy && class && !request->always
		? experiment_holdout_ppm(policy, class, request->holdout_permille)
		: 0;

	if (status == STATUS_HOLDOUT) {
		outcome->probability_ppm = left_alone_ppm;
		return;
	}
	outcome->variant = request->variant;
	outcome->probability_ppm = request->probability_ppm;
	if (!outcome->probability_ppm && left_alone_ppm)
		outcome->probability_ppm = CERTAIN_PPM - left_alone_ppm;
}

Nurture__V1__Outcome outcome_of_request(const Nurture__V1__Request *request,
					const struct outcome_words *words,
					const struct policy *policy,
					const struct message_class *class)
{
	bool is_mail = strcmp(request->channel, channel_text(CHANNEL_EMAIL)) == 0;
	Nurture__V1__Outcome outcome = NURTURE__V1__OUTCOME__INIT;

	outcome_take_from_request(request, &outcome);
	outcome.at_ms = (uint64_t)words->at_ms;
	outcome.id = (char *)words->id;
	outcome.customer = (char *)words->customer;
	outcome.status = (char *)status_text(words->status);
	outcome.policy = (char *)words->policy;
	if (words->status == STATUS_ERASED)
		outcome.order = "";
	if (is_mail) {
		outcome.template_ = request->action;
		outcome.locale = (char *)words->locale;
	}
	outcome.send = (char *)words->send;
	if (words->send[0])
		outcome.coupon = (char *)(words->coupon[0] ? words->coupon : offered(request));
	outcome.version = OUTCOME_VERSION;
	put_chance(request, words->status, policy, class, &outcome);
	return outcome;
}
