/* audit_words.c - what was said of an inbox, and the mails that came after it; audit_inboxes.h. */
#include <stdlib.h>

#include "audit_inboxes.h"
#include "common/base/grow.h"
#include "common/policy/rule.h"

/* A fact that binds an inbox. */
struct binding {
	const char *inbox;
	const struct audit_fact *fact;
	int64_t from_ms, until_ms; /* until an erasure takes the word away */
};

struct bindings {
	struct binding *items;
	size_t count, room;
};

static void add(struct bindings *bindings, const char *inbox, const struct audit_fact *fact,
		int64_t from_ms)
{
	if (!inbox[0])
		return;
	bindings->items = grow_zeroed(bindings->items, &bindings->room, bindings->count + 1,
				      sizeof(*bindings->items));
	bindings->items[bindings->count++] = (struct binding){inbox, fact, from_ms, NEVER_MS};
}

/* A word binds the inbox in which it was said, and each that its customer has later. */
static void bind_word(struct bindings *bindings, const struct audit_fact *facts, size_t count,
		      size_t word)
{
	size_t first = bindings->count;
	int64_t erased_ms = NEVER_MS;
	const char *home = "";

	for (size_t i = 0; i < word; i++)
		if (facts[i].kind == AUDIT_HOME)
			home = facts[i].text;
	add(bindings, home, &facts[word], facts[word].at_ms);
	for (size_t i = word + 1; i < count && erased_ms == NEVER_MS; i++) {
		if (facts[i].kind == AUDIT_HOME)
			add(bindings, facts[i].text, &facts[word], facts[i].at_ms);
		if (facts[i].kind == AUDIT_ERASED)
			erased_ms = facts[i].at_ms;
	}
	for (size_t i = first; i < bindings->count; i++)
		bindings->items[i].until_ms = erased_ms;
}

/* A bounce binds the inbox that it was about. */
static void bind_bounce(struct bindings *bindings, const struct audit_fact *facts, size_t count,
			size_t bounce)
{
	size_t first = bindings->count;

	add(bindings, facts[bounce].text, &facts[bounce], facts[bounce].at_ms);
	for (size_t i = bounce + 1; i < count && first < bindings->count; i++)
		if (facts[i].kind == AUDIT_ERASED) {
			bindings->items[first].until_ms = facts[i].at_ms;
			return;
		}
}

static int compare_bindings(const void *a, const void *b)
{
	const struct binding *x = a, *y = b;
	int order = strcmp(x->inbox, y->inbox);

	return order ? order : (x->from_ms > y->from_ms) - (x->from_ms < y->from_ms);
}

static struct bindings bind_all(const struct audit_people *people)
{
	struct bindings bindings = {0};

	for (size_t at = 0, n; at < people->count; at += n) {
		const struct audit_fact *facts = people->facts + at;

		for (n = 1;
		     at + n < people->count && strcmp(facts[n].customer, facts[0].customer) == 0;)
			n++;
		for (size_t i = 0; i < n; i++) {
			if (facts[i].kind == AUDIT_DEAD)
				bind_bounce(&bindings, facts, n, i);
			if (facts[i].kind == AUDIT_WITHDRAWN || facts[i].kind == AUDIT_GIVEN)
				bind_word(&bindings, facts, n, i);
		}
	}
	if (bindings.count)
		qsort(bindings.items, bindings.count, sizeof(*bindings.items), compare_bindings);
	return bindings;
}

static bool is_about(const struct binding *binding, const char *message_class)
{
	return strcmp(binding->fact->text, "all") == 0 ||
	       strcmp(binding->fact->text, message_class) == 0;
}

/* The newest withdrawal of the class that the mail should have known; NULL: given later, or none. */
static const struct audit_fact *withdrawn(const struct binding *bindings, size_t count,
					  const Nurture__V1__Outcome *mail, int64_t late_ms)
{
	const struct audit_fact *newest = NULL;
	int64_t at_ms = (int64_t)mail->at_ms;

	for (size_t i = 0; i < count; i++)
		if (bindings[i].fact->kind == AUDIT_WITHDRAWN &&
		    is_about(&bindings[i], mail->message_class) &&
		    bindings[i].from_ms + late_ms < at_ms && at_ms < bindings[i].until_ms &&
		    (!newest || bindings[i].fact->said_ms > newest->said_ms))
			newest = bindings[i].fact;
	for (size_t i = 0; newest && i < count; i++)
		if (bindings[i].fact->kind == AUDIT_GIVEN &&
		    is_about(&bindings[i], mail->message_class) && bindings[i].from_ms <= at_ms &&
		    bindings[i].fact->said_ms > newest->said_ms)
			return NULL;
	return newest;
}

static const struct audit_fact *bounced(const struct binding *bindings, size_t count,
					const Nurture__V1__Outcome *mail, int64_t late_ms)
{
	for (size_t i = 0; i < count; i++)
		if (bindings[i].fact->kind == AUDIT_DEAD &&
		    bindings[i].from_ms + late_ms < (int64_t)mail->at_ms &&
		    (int64_t)mail->at_ms < bindings[i].until_ms)
			return bindings[i].fact;
	return NULL;
}

/* Has anybody behind the inbox withdrawn the class up to then? */
static bool is_withdrawn(const struct binding *bindings, size_t count,
			 const Nurture__V1__Outcome *outcome)
{
	for (size_t i = 0; i < count; i++)
		if (bindings[i].fact->kind == AUDIT_WITHDRAWN &&
		    is_about(&bindings[i], outcome->message_class) &&
		    bindings[i].from_ms <= (int64_t)outcome->at_ms)
			return true;
	return false;
}

static void tell(const char *finding, const char *what, const Nurture__V1__Outcome *mail,
		 const struct audit_fact *fact, struct buf *findings)
{
	char at[RFC3339_BYTES], said[RFC3339_BYTES];

	buf_printf(findings,
		   "%s  customer %s: %s (%s) of request %s, %s %s; customer %s %s at %s\n", finding,
		   mail->customer, mail->programme, mail->message_class, mail->request,
		   mail->status, rfc3339_text((int64_t)mail->at_ms, at), fact->customer, what,
		   rfc3339_text(fact->at_ms, said));
}

static void check_mail(const struct policy *policy, const struct binding *bindings, size_t count,
		       const Nurture__V1__Outcome *mail, struct audit *audit, struct buf *findings)
{
	int class = policy_class(policy, slice_text(mail->message_class));
	const struct audit_fact *fact = bounced(bindings, count, mail, audit->late_ms);

	if (fact && audit->to_dead++ < AUDIT_SHOWN_MAX)
		tell("DEAD", "had a hard bounce in this inbox", mail, fact, findings);
	if (class == NO_CLASS || !policy->classes[class].needs_consent)
		return;
	fact = withdrawn(bindings, count, mail, audit->late_ms);
	if (fact && audit->against_word++ < AUDIT_SHOWN_MAX)
		tell("WITHDRAWN", "had said no in this inbox", mail, fact, findings);
}

void audit_words(const struct policy *policy, const struct audit_mail *mails, size_t count,
		 const struct audit_people *people, struct audit *audit, struct buf *findings)
{
	struct bindings bindings = bind_all(people);
	size_t first = 0, end = 0;

	for (size_t i = 0; i < count; i++) {
		while (first < bindings.count &&
		       strcmp(bindings.items[first].inbox, mails[i].inbox) < 0)
			first++;
		for (end = end < first ? first : end;
		     end < bindings.count &&
		     strcmp(bindings.items[end].inbox, mails[i].inbox) == 0;)
			end++;
		check_mail(policy, bindings.items + first, end - first, mails[i].outcome, audit,
			   findings);
	}
	free(bindings.items);
}

static size_t first_of(const struct bindings *bindings, const char *inbox)
{
	size_t from = 0, to = bindings->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (strcmp(bindings->items[middle].inbox, inbox) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static void check_silenced(const struct bindings *bindings, const Nurture__V1__Outcome *outcome,
			   const char *inbox, struct audit *audit, struct buf *findings)
{
	size_t first = first_of(bindings, inbox), end = first;
	char at[RFC3339_BYTES];

	while (end < bindings->count && strcmp(bindings->items[end].inbox, inbox) == 0)
		end++;
	if (is_withdrawn(bindings->items + first, end - first, outcome) ||
	    audit->unfounded++ >= AUDIT_SHOWN_MAX)
		return;
	buf_printf(findings,
		   "UNFOUNDED  customer %s: %s (%s) of request %s, %s by %s at %s, and nobody "
		   "behind the inbox had said no\n",
		   outcome->customer, outcome->programme, outcome->message_class, outcome->request,
		   outcome->status, outcome->reason->rule,
		   rfc3339_text((int64_t)outcome->at_ms, at));
}

void audit_silenced(const struct outcomes *outcomes, const struct audit_people *people,
		    struct audit *audit, struct buf *findings)
{
	struct bindings bindings = bind_all(people);

	for (size_t i = 0; i < outcomes->count; i++) {
		const Nurture__V1__Outcome *outcome = outcomes->items[i];
		const char *inbox;

		if (!outcome->reason ||
		    strcmp(outcome->reason->rule, RULE_INBOX_PREFIX "consent") != 0)
			continue;
		inbox = audit_people_home(people, outcome->customer, (int64_t)outcome->at_ms, 0);
		if (inbox)
			check_silenced(&bindings, outcome, inbox, audit, findings);
	}
	free(bindings.items);
}
