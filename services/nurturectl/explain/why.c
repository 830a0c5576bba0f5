/* why.c - see why.h. */
#include "why.h"

#include <inttypes.h>

#include "common/base/civil.h"
#include "common/base/text.h"
#include "services/nurturectl/outcomes/requests.h"
#include "services/nurturectl/outcomes/labels.h"

struct telling {
	const struct why_options *options;
	const struct requests *requests;
	struct buf *out;
	const char *policy; /* that was named last */
};

static const Nurture__V1__Outcome *last_of(const struct request *request)
{
	return request->end ? request->end : request->items[request->count - 1];
}

static void tell_winner(const struct telling *telling, const char *winner)
{
	char at[RFC3339_BYTES];

	for (size_t i = 0; i < telling->requests->count; i++) {
		const Nurture__V1__Outcome *last = last_of(&telling->requests->items[i]);

		if (strcmp(last->request, winner) != 0)
			continue;
		buf_printf(telling->out, "; went first: %s", last->programme);
		if (outcome_counts(last))
			buf_printf(telling->out, " (%s)", rfc3339_text((int64_t)last->at_ms, at));
		return;
	}
	buf_printf(telling->out, "; went first: request %s", winner);
}

/* "        asked: gap 0 of 1 in 20 hours", without the rule that decided: its reason says it. */
static void tell_rules(const Nurture__V1__Outcome *outcome, struct buf *out)
{
	const char *decided =
	    outcome->reason && outcome->reason->limit ? outcome->reason->rule : "";
	bool any = false;
	char text[48];

	for (size_t i = 0; i < outcome->n_rules; i++) {
		const Nurture__V1__Trial *trial = outcome->rules[i];

		if (strcmp(trial->rule, decided) == 0)
			continue;
		buf_printf(out, "%s%s %" PRId64 " of %" PRId64 " in %s",
			   any ? ", " : "        asked: ", trial->rule, trial->count, trial->limit,
			   label_duration(trial->window_s * SECOND_MS, text, sizeof(text)));
		any = true;
	}
	if (any)
		buf_char(out, '\n');
}

/* "        beside it: sale (priority 30, value 12.5, held by week)" */
static void tell_rivals(const Nurture__V1__Outcome *outcome, struct buf *out)
{
	char value[DECIMAL_BYTES];

	for (size_t i = 0; i < outcome->n_considered; i++) {
		const Nurture__V1__Rival *rival = outcome->considered[i];

		buf_printf(out, "%s%s (priority %d",
			   i ? ", " : "        beside it: ", rival->programme,
			   (int)rival->priority);
		if (rival->value_e4)
			buf_printf(out, ", value %s", decimal_text(rival->value_e4, 4, value));
		if (rival->held_by[0])
			buf_printf(out, ", held by %s", rival->held_by);
		buf_char(out, ')');
	}
	if (outcome->n_considered)
		buf_char(out, '\n');
}

/* Tells the programme of a request about which there are outcomes, else its id. */
static void tell_lead(const struct telling *telling, const char *request)
{
	for (size_t i = 0; i < telling->requests->count; i++) {
		const Nurture__V1__Outcome *first = telling->requests->items[i].items[0];

		if (strcmp(first->request, request) == 0) {
			buf_printf(telling->out, ", in the mail of %s", first->programme);
			return;
		}
	}
	buf_printf(telling->out, ", in the mail of request %s", request);
}

/* "not sent: no consent" has named the rule: then only what else is known of it. */
static void tell_reason(const struct telling *telling, const Nurture__V1__Outcome *outcome)
{
	const Nurture__V1__Reason *reason = outcome->reason;
	const char *status = label_status(outcome_status(outcome));
	struct buf rule = BUF_MAX(4096);
	const char *found;

	label_rule(telling->options->policy, reason->rule, &rule);
	found = strstr(status, rule.bytes);
	if (reason->window_s > 0 || !found || found[rule.len]) {
		buf_text(telling->out, ": ");
		label_reason(telling->options->policy, reason, telling->out);
	} else if (reason->detail[0]) {
		buf_printf(telling->out, " (%s)", reason->detail);
	}
	buf_free(&rule);
}

static void tell_outcome(const struct telling *telling, const Nurture__V1__Outcome *outcome)
{
	const Nurture__V1__Reason *reason = outcome->reason;
	struct buf *out = telling->out;
	char at[RFC3339_BYTES];

	buf_printf(out, "    %s  %s", rfc3339_text((int64_t)outcome->at_ms, at),
		   label_status(outcome_status(outcome)));
	if (outcome->merged_into[0])
		tell_lead(telling, outcome->merged_into);
	if (reason) {
		tell_reason(telling, outcome);
		if (reason->eligible_at_ms)
			buf_printf(out, "; possible from %s",
				   rfc3339_text(reason->eligible_at_ms, at));
		if (reason->won_by[0])
			tell_winner(telling, reason->won_by);
	}
	buf_char(out, '\n');
}

static bool is_same_list(void (*tell)(const Nurture__V1__Outcome *, struct buf *),
			 const Nurture__V1__Outcome *a, const Nurture__V1__Outcome *b)
{
	struct buf of_a = BUF_MAX(1 << 20), of_b = BUF_MAX(1 << 20);
	bool is_same;

	tell(a, &of_a);
	tell(b, &of_b);
	is_same = slice_equal(buf_slice(&of_a), buf_slice(&of_b));
	buf_free(&of_a);
	buf_free(&of_b);
	return is_same;
}

/* Tells the explanation of an outcome, unless the outcome before has the same one. */
static void tell_explanation(const struct request *request, size_t at, struct buf *out)
{
	const Nurture__V1__Outcome *outcome = request->items[at];
	const Nurture__V1__Outcome *before = at ? request->items[at - 1] : NULL;

	if (!before || !is_same_list(tell_rules, before, outcome))
		tell_rules(outcome, out);
	if (!before || !is_same_list(tell_rivals, before, outcome))
		tell_rivals(outcome, out);
}

/* "    order 17, coupon SPRING, template tips": what it can be found by elsewhere. */
static void tell_names(const Nurture__V1__Outcome *outcome, struct buf *out)
{
	const struct {
		const char *what, *value;
	} names[] = {{"order", outcome->order},        {"send", outcome->send},
		     {"coupon", outcome->coupon},      {"rung", outcome->rung},
		     {"template", outcome->template_}, {"locale", outcome->locale},
		     {"owner", outcome->owner}};
	bool any = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!names[i].value[0])
			continue;
		buf_printf(out, "%s%s %s", any ? ", " : "    ", names[i].what, names[i].value);
		if (names[i].value == outcome->rung && outcome->reminder)
			buf_printf(out, " (reminder %u)", (unsigned)outcome->reminder);
		any = true;
	}
	if (any)
		buf_char(out, '\n');
}

/*
 * Tells the arm and its probability, and the policy that decided when it is not the one told last.
 */
static void tell_grounds(struct telling *telling, const struct request *request)
{
	struct buf *out = telling->out;
	bool any = false;
	const Nurture__V1__Outcome *last = request->items[request->count - 1];
	char chance[DECIMAL_BYTES];

	if (last->variant[0])
		buf_printf(out, "    variant %s", last->variant);
	if (last->probability_ppm)
		buf_printf(out, "%s of %s", last->variant[0] ? ", a chance" : "    by a chance",
			   decimal_text(last->probability_ppm, 6, chance));
	if (last->variant[0] || last->probability_ppm)
		buf_char(out, '\n');
	for (size_t i = 0; i < request->count; i++) {
		const char *policy = request->items[i]->policy;

		if (telling->policy && strcmp(policy, telling->policy) == 0)
			continue;
		buf_printf(out, "%s%s", any ? ", then " : "    by policy ",
			   policy[0] ? policy : "not said");
		telling->policy = policy;
		any = true;
	}
	if (any)
		buf_char(out, '\n');
}

static void tell_request(struct telling *telling, const struct request *request)
{
	const Nurture__V1__Outcome *first = request->items[0];
	struct buf *out = telling->out;
	char at[RFC3339_BYTES];

	buf_printf(out, "\n%s (%s%s%s%s%s)", first->programme, first->message_class,
		   first->channel[0] ? ", " : "", first->channel,
		   first->category[0] ? ", about " : "", first->category);
	if (first->triggered_ms)
		buf_printf(out, ", set off %s", rfc3339_text(first->triggered_ms, at));
	buf_char(out, '\n');
	for (size_t i = 0; i < request->count; i++) {
		tell_outcome(telling, request->items[i]);
		tell_explanation(request, i, out);
	}
	tell_names(request->items[request->count - 1], out);
	tell_grounds(telling, request);
	if (!request->end && !request->released)
		buf_printf(out, "    %s\n",
			   telling->options->at_ms == NEVER_MS ? "still waiting"
							       : "was waiting then");
}

/* "ann: 4 requests; 2 sent or permitted, ..." */
static void tell_totals(const struct telling *telling, const char *customer)
{
	const struct requests *requests = telling->requests;
	size_t heard = 0, waiting = 0, tasks = 0;

	for (size_t i = 0; i < requests->count; i++) {
		const Nurture__V1__Outcome *end = requests->items[i].end;

		heard += end && outcome_counts(end);
		tasks += end && outcome_status(end) == STATUS_TASK_CREATED;
		waiting += !end && !requests->items[i].released;
	}
	buf_printf(telling->out, "%s: ", customer);
	label_count((int64_t)requests->count, "request", "requests", telling->out);
	buf_printf(telling->out,
		   "; %zu sent or permitted, %zu given to people, %zu waiting, %zu not sent\n",
		   heard, tasks, waiting, requests->count - heard - tasks - waiting);
}

static bool is_asked(const struct request *request, const struct why_options *options)
{
	return !options->programme || strcmp(request->items[0]->programme, options->programme) == 0;
}

/* Drops what was decided later; the list stays sorted. */
static void cut_off(struct outcomes *outcomes, int64_t at_ms)
{
	size_t kept = 0;

	for (size_t i = 0; i < outcomes->count; i++)
		if ((int64_t)outcomes->items[i]->at_ms <= at_ms)
			outcomes->items[kept++] = outcomes->items[i];
	outcomes->count = kept;
}

size_t why_tell(struct outcomes *outcomes, const struct why_options *options, struct buf *out)
{
	struct requests requests;
	struct telling telling = {options, &requests, out, NULL};
	size_t told = 0;

	cut_off(outcomes, options->at_ms);
	requests = requests_group(outcomes->items, outcomes->count);
	if (requests.count)
		tell_totals(&telling, requests.items[0].items[0]->customer);
	for (size_t i = 0; i < requests.count; i++) {
		if (!is_asked(&requests.items[i], options))
			continue;
		tell_request(&telling, &requests.items[i]);
		told++;
	}
	requests_free(&requests);
	return told;
}
