/* audit.c - see audit.h: the ends of requests; the windows are in audit_caps.c, inboxes in audit_inboxes.c. */
#include "audit_caps.h"
#include "audit_inboxes.h"
#include "services/nurturectl/outcomes/requests.h"

static bool is_repeat(const struct request *request, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (strcmp(request->items[i]->id, request->items[index]->id) == 0)
			return true;
	return false;
}

static void tell_ends(const struct request *request, struct buf *findings)
{
	char at[RFC3339_BYTES];

	buf_printf(findings, "ENDED TWICE  customer %s, request %s (%s):\n",
		   request->items[0]->customer, request->items[0]->request,
		   request->items[0]->programme);
	for (size_t i = 0; i < request->count; i++)
		if (outcome_status(request->items[i]) != STATUS_DEFERRED)
			buf_printf(findings, "    %s  %s\n",
				   rfc3339_text((int64_t)request->items[i]->at_ms, at),
				   request->items[i]->status);
}

/*
 * Only a permit can be released, once and later than it was given; the outcome of an old permit may
 * be forgotten.
 */
static bool is_release_right(const struct request *request)
{
	if (request->releases == 0 || (request->releases == 1 && !request->end))
		return true;
	return request->releases == 1 && outcome_status(request->end) == STATUS_PERMITTED &&
	       request->released->at_ms >= request->end->at_ms;
}

static void check_request(const struct request *request, struct audit *audit, struct buf *findings)
{
	audit->requests++;
	audit->waiting += request->ends == 0 && request->releases == 0;
	for (size_t i = 1; i < request->count; i++) {
		const Nurture__V1__Outcome *outcome = request->items[i];

		if (is_repeat(request, i) && audit->repeated++ < AUDIT_SHOWN_MAX)
			buf_printf(findings, "REPEATED  customer %s: outcome %s (%s, %s) twice\n",
				   outcome->customer, outcome->id, outcome->programme,
				   outcome->status);
	}
	if (request->ends > 1 && audit->ended_twice++ < AUDIT_SHOWN_MAX)
		tell_ends(request, findings);
	if (!is_release_right(request) && audit->unpermitted++ < AUDIT_SHOWN_MAX)
		buf_printf(findings, "RELEASED  customer %s, request %s (%s): %s\n",
			   request->items[0]->customer, request->items[0]->request,
			   request->items[0]->programme,
			   request->releases > 1 ? "more than once" : "was not permitted before");
}

/* Returns the end of the mail into which a part was merged; NULL when there is none. */
static const Nurture__V1__Outcome *mail_of(const struct requests *requests,
					   const Nurture__V1__Outcome *part)
{
	for (size_t i = 0; i < requests->count; i++)
		if (strcmp(requests->items[i].items[0]->request, part->merged_into) == 0)
			return requests->items[i].end;
	return NULL;
}

/* Did the part go with that mail? One in doubt may have gone with an earlier attempt at it. */
static bool went_with(const Nurture__V1__Outcome *part, const Nurture__V1__Outcome *mail)
{
	if (!mail || !outcome_counts(mail) || mail->merged_into[0])
		return false;
	return mail->at_ms == part->at_ms ||
	       (outcome_status(part) == STATUS_IN_DOUBT && mail->at_ms > part->at_ms);
}

static void check_parts(const struct requests *requests, struct audit *audit, struct buf *findings)
{
	for (size_t i = 0; i < requests->count; i++) {
		const Nurture__V1__Outcome *end = requests->items[i].end;

		if (!end || !end->merged_into[0] || !outcome_counts(end) ||
		    went_with(end, mail_of(requests, end)))
			continue;
		if (audit->adrift++ < AUDIT_SHOWN_MAX)
			buf_printf(
			    findings,
			    "ADRIFT  customer %s: request %s (%s, %s) was merged into a mail of "
			    "request %s, which did not go out then\n",
			    end->customer, end->request, end->programme, end->status,
			    end->merged_into);
	}
}

static void check_ends(Nurture__V1__Outcome *const *items, size_t count, struct audit *audit,
		       struct buf *findings)
{
	struct requests requests = requests_group(items, count);

	for (size_t i = 0; i < requests.count; i++)
		check_request(&requests.items[i], audit, findings);
	check_parts(&requests, audit, findings);
	requests_free(&requests);
}

void audit_run(const struct policy *policy, const struct outcomes *outcomes,
	       const struct audit_people *people, int64_t late_ms, struct audit *ret,
	       struct buf *findings)
{
	*ret = (struct audit){.outcomes = outcomes->count, .late_ms = late_ms};
	for (size_t at = 0, n; at < outcomes->count; at += n) {
		Nurture__V1__Outcome *const *items = outcomes->items + at;

		n = outcomes_of_customer(outcomes, at);
		ret->customers++;
		for (size_t i = 0; i < n; i++) {
			ret->by_status[outcome_status(items[i])]++;
			ret->other_policy += strcmp(items[i]->policy, policy->hash) != 0;
		}
		check_ends(items, n, ret, findings);
		audit_customer(policy, items, n, people, ret, findings);
	}
	if (!people)
		return;
	audit_inboxes(policy, outcomes, people, ret, findings);
	audit_merged(policy, outcomes, people, ret, findings);
}

bool audit_is_clean(const struct audit *audit)
{
	return audit->broken == 0 && audit->ended_twice == 0 && audit->repeated == 0 &&
	       audit->adrift == 0 && audit->unpermitted == 0 && audit->against_word == 0 &&
	       audit->to_dead == 0 && audit->unfounded == 0;
}
