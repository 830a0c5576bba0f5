/* unite_contact.c - what is known of one person under two ids; see unite.h. */
#include "common/codec/protobuf_message.h"
#include "common/mail/address.h"
#include "common/message/shapes.h"
#include "unite.h"

static const Nurture__V1__ConsentState *find(const Nurture__V1__Contact *contact, const char *class)
{
	for (size_t i = 0; i < contact->n_consent; i++)
		if (strcmp(contact->consent[i]->message_class, class) == 0)
			return contact->consent[i];
	return NULL;
}

/* What is said of the class, by name or with all others; NULL: nothing. */
static const Nurture__V1__ConsentState *word_on(const Nurture__V1__Contact *contact,
						const char *class)
{
	const Nurture__V1__ConsentState *said = find(contact, class);

	return said ? said : find(contact, "all");
}

/* May the class be said to the person, as far as this contact knows? What it does not know, it
 * does not forbid. */
static bool allows(const Nurture__V1__Contact *contact, const char *class)
{
	const Nurture__V1__ConsentState *said = word_on(contact, class);

	return !said || said->given;
}

/*
 * When the newest word was said, of those that say the same of the class.  A no whose time a version
 * before did not keep is as strong as one that is said now.
 */
static int64_t said_ms(const Nurture__V1__Contact *const both[2], const char *class, bool given,
		       int64_t now_ms)
{
	int64_t newest_ms = 0;

	for (int k = 0; k < 2; k++) {
		const Nurture__V1__ConsentState *said = word_on(both[k], class);

		if (!said || said->given != given)
			continue;
		if (!given && !said->said_ms)
			return now_ms;
		if (said->said_ms > newest_ms)
			newest_ms = said->said_ms;
	}
	return newest_ms;
}

/*
 * The word on the class by its name that was said after the merge, so of both: the newest of them, of
 * two of one time the withdrawal.  NULL: there is none, or one whose time is not known forbids it.
 */
static const Nurture__V1__ConsentState *said_of_both(const Nurture__V1__Contact *const both[2],
						     const char *class, int64_t merged_ms)
{
	const Nurture__V1__ConsentState *ret = NULL;

	for (int k = 0; k < 2; k++) {
		const Nurture__V1__ConsentState *said = find(both[k], class);

		if (said && !said->given && !said->said_ms)
			return NULL;
		if (!said || said->said_ms <= merged_ms)
			continue;
		if (!ret || said->said_ms > ret->said_ms ||
		    (said->said_ms == ret->said_ms && !said->given))
			ret = said;
	}
	return ret;
}

static void add_consent(const char *class, const Nurture__V1__Contact *const both[2],
			const struct sched_decision *decision, int64_t merged_ms,
			Nurture__V1__Contact *ret)
{
	const Nurture__V1__ConsentState *newest = said_of_both(both, class, merged_ms);
	Nurture__V1__ConsentState *state = arena_alloc(decision->step->arena, sizeof(*state));

	if (find(ret, class))
		return;
	nurture__v1__consent_state__init(state);
	state->message_class = (char *)class;
	state->given = newest ? newest->given : allows(both[0], class) && allows(both[1], class);
	state->said_ms =
	    newest ? newest->said_ms : said_ms(both, class, state->given, decision->now_ms);
	ret->consent[ret->n_consent++] = state;
}

/* Every class that one of them names, as both of them allow, or as was said of both. */
static void unite_consent(const struct sched_decision *decision, const Nurture__V1__Contact *a,
			  const Nurture__V1__Contact *b, int64_t merged_ms,
			  Nurture__V1__Contact *ret)
{
	const Nurture__V1__Contact *const both[] = {a, b};
	struct arena *arena = decision->step->arena;

	ret->consent = arena_alloc(arena, (a->n_consent + b->n_consent) * sizeof(*ret->consent));
	ret->n_consent = 0;
	for (int k = 0; k < 2; k++)
		for (size_t i = 0; i < both[k]->n_consent; i++)
			add_consent(both[k]->consent[i]->message_class, both, decision, merged_ms,
				    ret);
}

static void unite_bought(const Nurture__V1__Contact *other, struct arena *arena,
			 Nurture__V1__Contact *ret)
{
	Nurture__V1__Bought **list =
	    arena_alloc(arena, (ret->n_bought + other->n_bought) * sizeof(*list));
	size_t count = ret->n_bought;

	for (size_t i = 0; i < count; i++)
		list[i] = ret->bought[i];
	for (size_t i = 0; i < other->n_bought && count < SHAPE_LIST_MAX; i++)
		list[count++] = other->bought[i];
	ret->bought = list;
	ret->n_bought = count;
}

static void unite_cases(const Nurture__V1__Contact *other, struct arena *arena,
			Nurture__V1__Contact *ret)
{
	char **list = arena_alloc(arena, (ret->n_open_cases + other->n_open_cases) * sizeof(*list));
	size_t count = ret->n_open_cases;

	for (size_t i = 0; i < count; i++)
		list[i] = ret->open_cases[i];
	for (size_t i = 0; i < other->n_open_cases && count < SHAPE_LIST_MAX; i++) {
		bool is_known = false;

		for (size_t k = 0; k < ret->n_open_cases; k++)
			is_known = is_known || strcmp(list[k], other->open_cases[i]) == 0;
		if (!is_known)
			list[count++] = other->open_cases[i];
	}
	ret->open_cases = list;
	ret->n_open_cases = count;
}

static void unite_wishes(const Nurture__V1__Contact *other, struct arena *arena,
			 Nurture__V1__Contact *ret)
{
	size_t count = ret->n_allowances;
	Nurture__V1__Allowance **list =
	    arena_alloc(arena, (count + other->n_allowances) * sizeof(*list));

	for (size_t i = 0; i < count; i++)
		list[i] = ret->allowances[i];
	for (size_t i = 0; i < other->n_allowances && count < SHAPE_ALLOWANCES_MAX; i++)
		list[count++] = other->allowances[i];
	ret->allowances = list;
	ret->n_allowances = count;
	if (other->paused_until_ms > ret->paused_until_ms)
		ret->paused_until_ms = other->paused_until_ms;
}

static void fill(char **text, char *other)
{
	if (!(*text)[0])
		*text = other;
}

static void unite_address(const Nurture__V1__Contact *other, Nurture__V1__Contact *ret)
{
	if (!ret->email[0]) {
		ret->email = other->email;
		ret->undeliverable = other->undeliverable;
	} else if (address_equal(slice_text(ret->email), slice_text(other->email))) {
		fill(&ret->undeliverable, other->undeliverable);
	}
}

void sched_unite_contact(struct sched_decision *decision, const Nurture__V1__Contact *other,
			 int64_t merged_ms)
{
	struct arena *arena = decision->step->arena;
	Nurture__V1__Contact *own = decision->ledger.contact;
	Nurture__V1__Contact *both = arena_alloc(arena, sizeof(*both));

	*both = *own;
	both->erased = false;
	unite_address(other, both);
	fill(&both->name, other->name);
	fill(&both->locale, other->locale);
	fill(&both->time_zone, other->time_zone);
	fill(&both->country, other->country);
	fill(&both->phone, other->phone);
	fill(&both->address, other->address);
	if (!both->best_hour)
		both->best_hour = other->best_hour;
	unite_consent(decision, own, other, merged_ms, both);
	unite_bought(other, arena, both);
	unite_cases(other, arena, both);
	unite_wishes(other, arena, both);
	decision->ledger.contact = both;
	decision->ledger.contact_kept = slice_of(NULL, 0);
	decision->no_address = NULL;
	sched_read_allowances(decision);
}
