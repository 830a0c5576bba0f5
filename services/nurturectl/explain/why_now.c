/* why_now.c - see why_now.h. */
#include "why_now.h"

#include "common/base/civil.h"
#include "common/base/zone.h"
#include "common/policy/experiments.h"
#include "services/nurturectl/outcomes/labels.h"

enum { UNHEARD_MAX = 20 };

/* "yes to all; no to promotion" */
static void tell_consent(const Nurture__V1__Contact *contact, struct buf *out)
{
	size_t told = 0;

	buf_text(out, contact->n_consent ? "    consent: " : "    consent: none was ever given");
	for (int given = 1; given >= 0; given--) {
		size_t same = 0;

		for (size_t i = 0; i < contact->n_consent; i++) {
			const char *before = same    ? ", "
					     : given ? "yes to "
					     : told  ? "; no to "
						     : "no to ";

			if ((bool)contact->consent[i]->given != (bool)given)
				continue;
			buf_printf(out, "%s%s", before, contact->consent[i]->message_class);
			same++;
			told++;
		}
	}
	buf_char(out, '\n');
}

static void tell_list(const char *word, char *const *texts, size_t count, struct buf *out)
{
	if (count == 0)
		return;
	buf_text(out, word);
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "%s%s", i ? ", " : "", texts[i]);
	buf_char(out, '\n');
}

static void tell_preferences(const Nurture__V1__Contact *contact, struct buf *out)
{
	char text[48], at[RFC3339_BYTES];

	if (contact->paused_until_ms)
		buf_printf(out, "    asked for quiet until %s\n",
			   rfc3339_text(contact->paused_until_ms, at));
	for (size_t i = 0; i < contact->n_allowances; i++)
		buf_printf(out, "    asked for at most %u in %s\n", contact->allowances[i]->limit,
			   label_duration(contact->allowances[i]->window_ms, text, sizeof(text)));
}

/* Whose night counts, where that is not one zone's: hours look late to whoever knows the place. */
static void tell_zone(const Nurture__V1__Contact *contact, const struct policy *policy,
		      struct buf *out)
{
	const struct zone *ignored[1];
	size_t count;

	if (!policy || contact->time_zone[0] || !contact->country[0])
		return;
	count = zones_of_country(policy->zones, slice_text(contact->country), ignored, 1);
	if (count > 1)
		buf_printf(out,
			   "    zone: not known; %s has %zu, and it is night while it is night in "
			   "any of them (customer.time_zone says which it is)\n",
			   contact->country, count);
}

static void tell_contact(const Nurture__V1__Contact *contact, const struct policy *policy,
			 struct buf *out)
{
	if (contact->erased) {
		buf_text(out, "    asked to be forgotten: nothing is said any more\n");
		return;
	}
	if (contact->merged_into[0]) {
		buf_printf(out, "    goes on as %s: what was granted and waits is there\n",
			   contact->merged_into);
		return;
	}
	if (contact->undeliverable[0])
		buf_printf(out, "    the address takes no mail: %s\n", contact->undeliverable);
	else
		buf_printf(out, "    address: %s\n", contact->email[0] ? contact->email : "none");
	tell_zone(contact, policy, out);
	tell_consent(contact, out);
	tell_preferences(contact, out);
	tell_list("    open cases: ", contact->open_cases, contact->n_open_cases, out);
	tell_list("    cases that nobody closed, too old to hold anything: ", contact->ended_cases,
		  contact->n_ended_cases, out);
	tell_list("    segments: ", contact->segments, contact->n_segments, out);
}

static void tell_waiting(const Nurture__V1__Waiting *waiting, const Nurture__V1__Request *request,
			 const struct policy *policy, struct buf *out)
{
	char at[RFC3339_BYTES];

	buf_printf(out, "    waits: %s (%s, %s)", request->programme, request->message_class,
		   request->channel);
	if (!waiting->due_ms)
		buf_text(out, ", follows another one that has not gone out");
	else
		buf_printf(out, ", due %s", rfc3339_text(waiting->due_ms, at));
	buf_printf(out, ", until %s", rfc3339_text(request->expires_ms, at));
	if (waiting->rule[0]) {
		buf_text(out, "; held back: ");
		label_rule(policy, waiting->rule, out);
		if (waiting->detail[0])
			buf_printf(out, " (%s)", waiting->detail);
	}
	if (waiting->eligible_ms && waiting->eligible_ms != NEVER_MS)
		buf_printf(out, "; possible from %s", rfc3339_text(waiting->eligible_ms, at));
	buf_char(out, '\n');
}

static bool is_asked(const char *programme, const struct why_options *options)
{
	return !options->programme || strcmp(options->programme, programme) == 0;
}

void why_tell_now(const struct scheduler_view *view, const struct why_options *options,
		  struct buf *out)
{
	size_t told = 0;

	buf_text(out, "\nas the scheduler has it now\n");
	if (view->why_not.text[0]) {
		buf_printf(out, "    not known: %s\n", view->why_not.text);
		return;
	}
	if (!view->ledger) {
		buf_text(out,
			 view->is_known
			     ? "    nothing: events of this customer have come, but none said "
			       "an address or consent, and none set anything off\n"
			     : "    nothing: no event of this customer has come so far, or all "
			       "is over and forgotten\n");
		return;
	}
	if (view->contact)
		tell_contact(view->contact, options->policy, out);
	else
		buf_text(out, "    no contact: neither an address nor consent was ever said\n");
	for (size_t i = 0; i < view->ledger->n_waiting; i++) {
		if (!is_asked(view->waiting[i]->programme, options))
			continue;
		tell_waiting(view->ledger->waiting[i], view->waiting[i], options->policy, out);
		told++;
	}
	if (told == 0)
		buf_printf(out, "    nothing%s%s waits\n", options->programme ? " of " : "",
			   options->programme ? options->programme : "");
}

static bool was_heard_of(const struct scheduler_view *view, const struct outcomes *outcomes,
			 const char *programme)
{
	for (size_t i = 0; i < outcomes->count; i++)
		if (strcmp(outcomes->items[i]->programme, programme) == 0)
			return true;
	for (size_t i = 0; view->ledger && i < view->ledger->n_waiting; i++)
		if (strcmp(view->waiting[i]->programme, programme) == 0)
			return true;
	return false;
}

static bool is_in(const struct scheduler_view *view, const char *segment)
{
	for (size_t i = 0; view->contact && i < view->contact->n_segments; i++)
		if (strcmp(view->contact->segments[i], segment) == 0)
			return true;
	return false;
}

static void tell_date(const struct trigger *trigger, struct buf *out)
{
	switch (trigger->date) {
	case DATE_BIRTHDAY:
		buf_text(out, "by the customer's birthday");
		break;
	case DATE_FIRST_ORDER:
		buf_text(out, "by the anniversary of the first order");
		break;
	case DATE_ORDER_STARTS:
		buf_text(out, "by the day on which an order starts");
		break;
	case DATE_ORDER_ENDS:
		buf_text(out, "by the day on which an order ends");
		break;
	case DATE_YEARLY:
		buf_printf(out, "every year on %02d-%02d", trigger->month, trigger->day);
		break;
	case DATE_ONCE:
		buf_printf(out, "on %04d-%02d-%02d", trigger->year, trigger->month, trigger->day);
		break;
	}
}

static void tell_trigger(const struct scheduler_view *view, const struct policy *policy,
			 const struct trigger *trigger, struct buf *out)
{
	const char *segment;

	switch (trigger->kind) {
	case TRIGGER_EVENT:
		buf_printf(out, "by an event %s", trigger->event);
		break;
	case TRIGGER_ENTER:
		segment = policy->segments[trigger->segment].name;
		buf_printf(out, "on entering the segment %s%s", segment,
			   !view->contact         ? ""
			   : is_in(view, segment) ? " (is in it)"
						  : " (is not in it)");
		break;
	case TRIGGER_DATE:
		tell_date(trigger, out);
		break;
	}
}

static void tell_programme(const struct scheduler_view *view, const struct policy *policy,
			   const struct programme *programme, const char *customer, struct buf *out)
{
	const char *group =
	    experiment_holdout(policy, &policy->classes[programme->message_class], programme->name,
			       programme->holdout_permille, customer);

	buf_printf(out, "    %s: set off ", programme->name);
	tell_trigger(view, policy, &programme->trigger, out);
	if (programme->has_condition)
		buf_text(out, ", on a condition");
	if (group)
		buf_printf(out,
			   "; and then this customer would be left alone, to compare (holdout%s)",
			   group[0] == '*' ? " of everything" : "");
	buf_char(out, '\n');
}

void why_tell_unheard(const struct scheduler_view *view, const struct outcomes *outcomes,
		      const struct why_options *options, const char *customer, struct buf *out)
{
	const struct policy *policy = options->policy;
	size_t told = 0;

	for (unsigned i = 0; policy && i < policy->programme_count; i++) {
		const struct programme *programme = &policy->programmes[i];

		if (!is_asked(programme->name, options) ||
		    was_heard_of(view, outcomes, programme->name))
			continue;
		if (told++ == 0)
			buf_text(out, "\nnot set off so far\n");
		if (told <= UNHEARD_MAX)
			tell_programme(view, policy, programme, customer, out);
	}
	if (told > UNHEARD_MAX)
		buf_printf(out, "    and %zu more\n", told - UNHEARD_MAX);
}
