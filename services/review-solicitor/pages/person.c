/* person.c - see person.h. */
#include "person.h"

#include "common/message/ledger_plain.h"
#include "common/policy/person.h"
#include "nurture/v1/ledger.pb-c.h"
#include "nurture/v1/request.pb-c.h"

static void *unpack(const ProtobufCMessageDescriptor *descriptor, size_t len, const uint8_t *bytes,
		    struct arena *arena)
{
	ProtobufCAllocator memory = arena_protobuf(arena);

	return protobuf_c_message_unpack(descriptor, &memory, len, bytes);
}

/* What was said of the class counts, else what was said of all, else no: docs/arbiter.md, 2. */
static bool agreed_to(const Nurture__V1__Contact *contact, const char *name)
{
	bool given = false;

	for (size_t i = 0; i < contact->n_consent; i++) {
		const Nurture__V1__ConsentState *consent = contact->consent[i];

		if (strcmp(consent->message_class, name) == 0)
			return consent->given;
		if (strcmp(consent->message_class, "all") == 0)
			given = consent->given;
	}
	return given;
}

static void read_preferences(const struct policy *policy, const Nurture__V1__Contact *contact,
			     struct sol_preferences *ret)
{
	for (unsigned i = 0; i < policy->class_count; i++)
		if (policy->classes[i].needs_consent && agreed_to(contact, policy->classes[i].name))
			ret->agreed |= UINT64_C(1) << i;
	ret->clicks = person_counts_clicks(policy, contact);
	ret->paused_until_ms = contact->paused_until_ms;
	ret->locale = contact->locale;
	for (size_t i = 0; i < contact->n_allowances && i < SOL_OWN_MAX; i++)
		ret->own[ret->own_count++] = (struct sol_own){
		    .limit = contact->allowances[i]->limit,
		    .days = (unsigned)(contact->allowances[i]->window_ms / DAY_MS),
		};
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static struct sol_plan plan_of(const struct policy *policy, const Nurture__V1__Waiting *waiting,
			       const Nurture__V1__Request *request, int64_t paused_until_ms)
{
	struct sol_plan plan = {
	    .programme = request->programme,
	    .message_class = policy_class(policy, slice_text(request->message_class)),
	    .at_ms = later(waiting->due_ms, request->due_ms),
	};

	if (waiting->eligible_ms != NEVER_MS)
		plan.at_ms = later(plan.at_ms, waiting->eligible_ms);
	if (plan.message_class >= 0 && policy->classes[plan.message_class].needs_consent)
		plan.at_ms = later(plan.at_ms, paused_until_ms);
	if (!waiting->due_ms)
		plan.kind = SOL_PLAN_FOLLOWS;
	else if (waiting->blocked_by == NURTURE__V1__BLOCKER__OPEN_CASE)
		plan.kind = SOL_PLAN_HELD;
	return plan;
}

/* Plans are sorted by time; those without a time come last, in the order in which they came. */
static bool is_before(const struct sol_plan *a, const struct sol_plan *b)
{
	if (a->kind == SOL_PLAN_AT && b->kind == SOL_PLAN_AT)
		return a->at_ms < b->at_ms;
	return a->kind == SOL_PLAN_AT && b->kind != SOL_PLAN_AT;
}

static void add_plan(struct sol_person *person, struct sol_plan plan)
{
	unsigned at = person->plan_count;

	while (at > 0 && is_before(&plan, &person->plans[at - 1]))
		at--;
	if (at == SOL_PLANS_MAX)
		return;
	if (person->plan_count < SOL_PLANS_MAX)
		person->plan_count++;
	memmove(person->plans + at + 1, person->plans + at,
		(person->plan_count - at - 1) * sizeof(plan));
	person->plans[at] = plan;
}

/* Only mails are told: a basket that waits at the door is not told beforehand. */
static int read_plans(const struct policy *policy, const Nurture__V1__Ledger *ledger,
		      struct arena *arena, struct sol_person *ret, struct err *err)
{
	for (size_t i = 0; i < ledger->n_waiting; i++) {
		const Nurture__V1__Waiting *waiting = ledger->waiting[i];
		const Nurture__V1__Request *request =
		    unpack(&nurture__v1__request__descriptor, waiting->request.len,
			   waiting->request.data, arena);

		if (!request)
			return err_set(err, "ledger: waiting[%zu]: not a request", i);
		if (strcmp(request->channel, channel_text(CHANNEL_EMAIL)) == 0)
			add_plan(ret, plan_of(policy, waiting, request,
					      ret->preferences.paused_until_ms));
	}
	return 0;
}

int sol_person_read(const struct policy *policy, struct slice state, struct arena *arena,
		    struct sol_person *ret, struct err *err)
{
	struct sol_person person = {
	    .email = "", .country = "", .time_zone = "", .preferences = {.locale = ""}};
	const Nurture__V1__Ledger *ledger = ledger_plain(state, arena);
	const Nurture__V1__Contact *contact;

	if (!ledger)
		return err_set(err, "ledger: not readable (%zu bytes)", state.len);
	contact = unpack(&nurture__v1__contact__descriptor, ledger->contact.len,
			 ledger->contact.data, arena);
	if (!contact)
		return err_set(err, "ledger: the contact is not readable");
	/* What the id knows no longer must neither be shown as the person's choice nor open a form. */
	if (contact->merged)
		return err_set(err, "the customer goes on under another id");
	if (ledger->contact.len && !contact->erased) {
		person.is_known = true;
		person.email = contact->email;
		person.country = contact->country;
		person.time_zone = contact->time_zone;
		person.bounces = contact->undeliverable[0] != '\0';
		read_preferences(policy, contact, &person.preferences);
		if (read_plans(policy, ledger, arena, &person, err) < 0)
			return -1;
	}
	*ret = person;
	return 0;
}
