/* audit_caps.c - see audit_caps.h and the rule in audit.h. */
#include "audit_caps.h"

#include <stdlib.h>

#include "services/nurturectl/outcomes/labels.h"

struct audit_send {
	const Nurture__V1__Outcome *outcome;
	int64_t at_ms;
	int message_class; /* -1: the policy does not know it */
	int channel;
	bool exempt;
	bool merged;       /* in another one's mail */
	int64_t freed_ms;  /* a permit that was released then; NEVER_MS */
	int64_t since_ms;  /* it counts in windows that end then or later */
	const char *inbox; /* that it went to; NULL: nobody knows */
};

struct audit_sends {
	struct audit_send *items;
	size_t count;
	const struct audit_scope *scope;
	int64_t late_ms;
};

static int compare_sends(const void *a, const void *b)
{
	const struct audit_send *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	return (int)x->exempt - (int)y->exempt;
}

/* When a permit was given back. */
static int64_t freed_ms(Nurture__V1__Outcome *const *items, size_t count,
			const Nurture__V1__Outcome *permit)
{
	if (outcome_status(permit) != STATUS_PERMITTED)
		return NEVER_MS;
	for (size_t i = 0; i < count; i++)
		if (outcome_status(items[i]) == STATUS_RELEASED &&
		    strcmp(items[i]->request, permit->request) == 0)
			return (int64_t)items[i]->at_ms;
	return NEVER_MS;
}

static const char *inbox_of(const struct audit_scope *scope, const Nurture__V1__Outcome *outcome,
			    int64_t late_ms)
{
	return scope->people ? audit_people_home(scope->people, outcome->customer,
						 (int64_t)outcome->at_ms, late_ms)
			     : NULL;
}

static struct audit_sends collect(const struct policy *policy, const struct audit_scope *scope,
				  int64_t late_ms)
{
	Nurture__V1__Outcome *const *items = scope->items;
	size_t count = scope->count;
	struct audit_sends sends = {
	    .items = calloc(count + 1, sizeof(*sends.items)), .scope = scope, .late_ms = late_ms};

	if (!sends.items)
		abort();
	for (size_t i = 0; i < count; i++) {
		const Nurture__V1__Outcome *outcome = items[i];
		const struct programme *programme =
		    policy_programme(policy, slice_text(outcome->programme));

		if (!outcome_counts(outcome) && outcome_status(outcome) != STATUS_TASK_CREATED)
			continue;
		sends.items[sends.count++] = (struct audit_send){
		    .outcome = outcome,
		    .at_ms = (int64_t)outcome->at_ms,
		    .message_class = policy_class(policy, slice_text(outcome->message_class)),
		    .channel = channel_from_text(slice_text(outcome->channel)),
		    .exempt = programme && programme->exempt,
		    .merged = outcome->merged_into[0] != '\0',
		    .freed_ms = freed_ms(items, count, outcome),
		    .since_ms = scope->since_ms ? scope->since_ms[i] : INT64_MIN,
		    .inbox = inbox_of(scope, outcome, late_ms),
		};
	}
	qsort(sends.items, sends.count, sizeof(*sends.items), compare_sends);
	return sends;
}

/* A class or channel that nobody knows any more counts: a doubt is no excuse. */
static bool is_about(const struct cap *cap, const struct audit_send *send)
{
	if (send->merged && !cap->programme[0] && !cap->category[0])
		return false;
	if (send->message_class >= 0 && !(cap->classes >> send->message_class & 1))
		return false;
	if (send->channel >= 0 && !(cap->channels >> send->channel & 1))
		return false;
	if (cap->programme[0] && strcmp(cap->programme, send->outcome->programme) != 0)
		return false;
	return !cap->category[0] || strcmp(cap->category, send->outcome->category) == 0;
}

static bool is_counted(const struct policy *policy, const struct cap *cap,
		       const struct audit_send *send)
{
	bool always = cap == &policy->ceiling || cap->counts_exempt;

	return is_about(cap, send) && (always || !send->exempt);
}

static bool is_elsewhere(const struct audit_sends *sends, const struct audit_send *a,
			 const struct audit_send *b)
{
	return sends->scope->people && a != b &&
	       (!a->inbox || !b->inbox || strcmp(a->inbox, b->inbox) != 0);
}

/* Does the send lie in the window of the rule that ends with another, and does the rule count it? */
static bool is_in_window(const struct policy *policy, const struct audit_sends *sends,
			 const struct cap *cap, const struct audit_send *send,
			 const struct audit_send *end)
{
	int64_t from_ms = end->at_ms - cap->window_ms;

	if (is_elsewhere(sends, send, end))
		from_ms += sends->late_ms;
	return send->at_ms > from_ms && send->freed_ms > end->at_ms &&
	       send->since_ms <= end->at_ms && is_counted(policy, cap, send);
}

static void tell(const struct policy *policy, const struct audit_sends *sends,
		 const struct cap *cap, size_t first, size_t last, struct buf *findings)
{
	const char *ends = sends->items[last].outcome->customer;
	char at[RFC3339_BYTES];

	buf_printf(findings, "BROKEN  %s %s, cap %s (", sends->scope->of, ends, cap->name);
	label_cap(cap, findings);
	buf_text(findings, "):\n");
	for (size_t i = first; i <= last; i++) {
		const Nurture__V1__Outcome *outcome = sends->items[i].outcome;

		if (!is_in_window(policy, sends, cap, &sends->items[i], &sends->items[last]))
			continue;
		buf_printf(findings, "    %s  %s  %s  %s  request %s",
			   rfc3339_text(sends->items[i].at_ms, at), outcome->programme,
			   outcome->message_class, outcome->status, outcome->request);
		if (sends->scope->is_of_several)
			buf_printf(findings, "  customer %s", outcome->customer);
		buf_char(findings, '\n');
	}
}

/* Does the rule ask about the send? Of several customers the windows of whoever is asked about. */
static bool is_bound(const struct policy *policy, const struct audit_sends *sends,
		     const struct cap *cap, const struct audit_send *send)
{
	const char *asked = sends->scope->asked;

	return is_about(cap, send) && (!send->exempt || cap == &policy->ceiling) &&
	       (!asked || strcmp(asked, send->outcome->customer) == 0);
}

/* Checks the window that ends with sends->items[last]. What one customer alone breaks is told so. */
static void check_window(const struct policy *policy, const struct audit_sends *sends,
			 const struct cap *cap, size_t last, struct audit *audit,
			 struct buf *findings)
{
	const struct audit_send *end = &sends->items[last];
	int64_t count = 0, own_count = 0;
	size_t first = last;

	if (!is_bound(policy, sends, cap, end))
		return;
	for (size_t i = 0; i <= last; i++) {
		if (!is_in_window(policy, sends, cap, &sends->items[i], end))
			continue;
		first = i < first ? i : first;
		count++;
		own_count += strcmp(sends->items[i].outcome->customer, end->outcome->customer) == 0;
	}
	if (count <= cap->limit || (sends->scope->is_of_several && own_count > cap->limit))
		return;
	if (audit->broken++ < AUDIT_SHOWN_MAX)
		tell(policy, sends, cap, first, last, findings);
}

static void check_windows(const struct policy *policy, const struct audit_sends *sends,
			  struct audit *audit, struct buf *findings)
{
	for (size_t last = 0; last < sends->count; last++) {
		for (unsigned i = 0; !policy->caps_off && i < policy->cap_count; i++)
			check_window(policy, sends, &policy->caps[i], last, audit, findings);
		check_window(policy, sends, &policy->ceiling, last, audit, findings);
	}
}

static void count_most(const struct audit_sends *sends, int64_t window_ms, size_t *most,
		       const char **who)
{
	for (size_t last = 0; last < sends->count; last++) {
		size_t count = 0;

		for (size_t i = 0; i <= last; i++)
			count += sends->items[i].at_ms > sends->items[last].at_ms - window_ms &&
				 sends->items[i].freed_ms > sends->items[last].at_ms &&
				 sends->items[i].channel != CHANNEL_TASK && !sends->items[i].merged;
		if (count <= *most)
			continue;
		*most = count;
		*who = sends->items[last].outcome->customer;
	}
}

void audit_customer(const struct policy *policy, Nurture__V1__Outcome *const *items, size_t count,
		    const struct audit_people *people, struct audit *audit, struct buf *findings)
{
	const struct audit_scope scope = {
	    .of = "customer", .items = items, .count = count, .people = people};
	struct audit_sends sends = collect(policy, &scope, audit->late_ms);

	check_windows(policy, &sends, audit, findings);
	count_most(&sends, 7 * DAY_MS, &audit->most_7d, &audit->who_7d);
	count_most(&sends, 30 * DAY_MS, &audit->most_30d, &audit->who_30d);
	free(sends.items);
}

void audit_several(const struct policy *policy, const struct audit_scope *scope,
		   struct audit *audit, struct buf *findings)
{
	struct audit_sends sends = collect(policy, scope, audit->late_ms);

	check_windows(policy, &sends, audit, findings);
	free(sends.items);
}

int64_t audit_counted(const struct policy *policy, const struct cap *cap,
		      Nurture__V1__Outcome *const *items, size_t count, int64_t at_ms)
{
	const struct audit_scope scope = {.of = "customer", .items = items, .count = count};
	struct audit_sends sends = collect(policy, &scope, 0);
	const struct audit_send end = {.at_ms = at_ms};
	int64_t counted = 0;

	for (size_t i = 0; i < sends.count; i++)
		counted += sends.items[i].at_ms <= at_ms &&
			   is_in_window(policy, &sends, cap, &sends.items[i], &end);
	free(sends.items);
	return counted;
}
