/* audit_inboxes.c - see audit_inboxes.h and the rule in audit.h. */
#include "audit_inboxes.h"

#include <stdlib.h>

#include "audit_caps.h"
#include "common/base/grow.h"

struct mails {
	struct audit_mail *items;
	size_t count, room;
};

static bool is_mail(const Nurture__V1__Outcome *outcome)
{
	enum status status = outcome_status(outcome);

	return (status == STATUS_SENT || status == STATUS_IN_DOUBT) &&
	       channel_from_text(slice_text(outcome->channel)) == CHANNEL_EMAIL;
}

static int compare_mails(const void *a, const void *b)
{
	const struct audit_mail *x = a, *y = b;
	int order = strcmp(x->inbox, y->inbox);

	if (order)
		return order;
	if (x->outcome->at_ms != y->outcome->at_ms)
		return x->outcome->at_ms < y->outcome->at_ms ? -1 : 1;
	return strcmp(x->outcome->id, y->outcome->id);
}

static struct mails place_mails(const struct outcomes *outcomes, const struct audit_people *people,
				struct audit *audit)
{
	struct mails mails = {0};

	for (size_t i = 0; i < outcomes->count; i++) {
		Nurture__V1__Outcome *outcome = outcomes->items[i];
		const char *inbox;

		if (!is_mail(outcome))
			continue;
		inbox = audit_people_home(people, outcome->customer, (int64_t)outcome->at_ms,
					  audit->late_ms);
		audit->unplaced += !inbox;
		if (!inbox)
			continue;
		mails.items =
		    grow_zeroed(mails.items, &mails.room, mails.count + 1, sizeof(*mails.items));
		mails.items[mails.count++] = (struct audit_mail){inbox, outcome};
	}
	if (mails.count)
		qsort(mails.items, mails.count, sizeof(*mails.items), compare_mails);
	return mails;
}

static bool is_shared(const struct audit_mail *mails, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (strcmp(mails[i].outcome->customer, mails[0].outcome->customer) != 0)
			return true;
	return false;
}

static void check_inbox(const struct policy *policy, const struct audit_mail *mails, size_t count,
			struct audit *audit, struct buf *findings)
{
	Nurture__V1__Outcome **items;
	struct audit_scope scope = {.of = "the inbox of", .count = count, .is_of_several = true};

	audit->inboxes++;
	if (!is_shared(mails, count))
		return;
	audit->shared++;
	items = calloc(count, sizeof(struct audit_mail *));
	if (!items)
		abort();
	for (size_t i = 0; i < count; i++)
		items[i] = mails[i].outcome;
	scope.items = items;
	audit_several(policy, &scope, audit, findings);
	free(items);
}

void audit_inboxes(const struct policy *policy, const struct outcomes *outcomes,
		   const struct audit_people *people, struct audit *audit, struct buf *findings)
{
	struct mails mails = place_mails(outcomes, people, audit);

	for (size_t at = 0, n; at < mails.count; at += n) {
		for (n = 1; at + n < mails.count &&
			    strcmp(mails.items[at + n].inbox, mails.items[at].inbox) == 0;)
			n++;
		check_inbox(policy, mails.items + at, n, audit, findings);
	}
	audit_words(policy, mails.items, mails.count, people, audit, findings);
	/* In a real run a mail that a server refused had counted until then. */
	if (audit->late_ms == 0) {
		audit_founded(policy, outcomes, mails.items, mails.count, people, audit, findings);
		audit_silenced(outcomes, people, audit, findings);
	}
	free(mails.items);
}

/* Outcomes of several ids, and since when each counts for the one who lives. */
struct united {
	Nurture__V1__Outcome **items;
	int64_t *since_ms;
	size_t count, room, since_room;
	const char **ids; /* whose they are */
	size_t id_count, id_room;
};

static size_t first_of(const struct outcomes *outcomes, const char *customer)
{
	size_t from = 0, to = outcomes->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (strcmp(outcomes->items[middle]->customer, customer) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* false: they are there already. */
static bool add_outcomes(struct united *united, const struct outcomes *outcomes,
			 const char *customer, int64_t since_ms)
{
	for (size_t i = 0; i < united->id_count; i++)
		if (strcmp(united->ids[i], customer) == 0)
			return false;
	united->ids =
	    grow_zeroed(united->ids, &united->id_room, united->id_count + 1, sizeof(*united->ids));
	united->ids[united->id_count++] = customer;
	for (size_t i = first_of(outcomes, customer);
	     i < outcomes->count && strcmp(outcomes->items[i]->customer, customer) == 0; i++) {
		united->items = grow_zeroed(united->items, &united->room, united->count + 1,
					    sizeof(struct audit_mail *));
		united->since_ms = grow_zeroed(united->since_ms, &united->since_room,
					       united->count + 1, sizeof(*united->since_ms));
		united->items[united->count] = outcomes->items[i];
		united->since_ms[united->count++] = since_ms;
	}
	return true;
}

/* Merges by whom they went into. */
struct merges_into {
	const struct audit_fact **items;
	size_t count, room;
};

static int compare_merges(const void *a, const void *b)
{
	const struct audit_fact *x = *(const struct audit_fact *const *)a;
	const struct audit_fact *y = *(const struct audit_fact *const *)b;
	int order = strcmp(x->text, y->text);

	if (order == 0)
		order = strcmp(x->customer, y->customer);
	return order ? order : (x->number > y->number) - (x->number < y->number);
}

/* Of what is told again the first word counts. */
static struct merges_into find_merges(const struct audit_people *people)
{
	struct merges_into merges = {0};
	size_t kept = 0;

	for (size_t i = 0; i < people->count; i++) {
		if (people->facts[i].kind != AUDIT_MERGED)
			continue;
		merges.items = grow_zeroed(merges.items, &merges.room, merges.count + 1,
					   sizeof(struct audit_fact *));
		merges.items[merges.count++] = &people->facts[i];
	}
	if (merges.count)
		qsort(merges.items, merges.count, sizeof(*merges.items), compare_merges);
	for (size_t i = 0; i < merges.count; i++)
		if (kept == 0 || strcmp(merges.items[i]->text, merges.items[kept - 1]->text) != 0 ||
		    strcmp(merges.items[i]->customer, merges.items[kept - 1]->customer) != 0)
			merges.items[kept++] = merges.items[i];
	merges.count = kept;
	return merges;
}

static size_t first_into(const struct merges_into *merges, const char *into)
{
	size_t from = 0, to = merges->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (strcmp(merges->items[middle]->text, into) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* All who went into that id, themselves or by others: each counts since the last merge of its way. */
static void unite(struct united *united, const struct merges_into *merges,
		  const struct outcomes *outcomes, const char *into, int64_t since_ms)
{
	for (size_t i = first_into(merges, into);
	     i < merges->count && strcmp(merges->items[i]->text, into) == 0; i++) {
		const struct audit_fact *merge = merges->items[i];
		int64_t at_ms = merge->at_ms > since_ms ? merge->at_ms : since_ms;

		if (add_outcomes(united, outcomes, merge->customer, at_ms))
			unite(united, merges, outcomes, merge->customer, at_ms);
	}
}

static void check_person(const struct policy *policy, const struct merges_into *merges,
			 const struct outcomes *outcomes, const char *into,
			 const struct audit_people *people, struct audit *audit,
			 struct buf *findings)
{
	struct united united = {0};
	struct audit_scope scope = {
	    .of = "who became", .is_of_several = true, .asked = into, .people = people};

	add_outcomes(&united, outcomes, into, INT64_MIN);
	unite(&united, merges, outcomes, into, INT64_MIN);
	for (size_t i = 0; i < united.count; i++)
		if (united.since_ms[i] != INT64_MIN)
			united.since_ms[i] += audit->late_ms;
	scope.items = united.items;
	scope.count = united.count;
	scope.since_ms = united.since_ms;
	audit->merged++;
	if (united.count)
		audit_several(policy, &scope, audit, findings);
	free(united.items);
	free(united.since_ms);
	free(united.ids);
}

void audit_merged(const struct policy *policy, const struct outcomes *outcomes,
		  const struct audit_people *people, struct audit *audit, struct buf *findings)
{
	struct merges_into merges = find_merges(people);

	for (size_t i = 0; i < merges.count; i++)
		if (i == 0 || strcmp(merges.items[i]->text, merges.items[i - 1]->text) != 0)
			check_person(policy, &merges, outcomes, merges.items[i]->text, people,
				     audit, findings);
	free(merges.items);
}
