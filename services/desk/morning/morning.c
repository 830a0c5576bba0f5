/* morning.c - see morning.h. */
#include "morning.h"

#include <string.h>

#include "common/codec/protobuf_message.h"
#include "common/policy/desk.h"
#include "nurture/v1/desk.pb-c.h"

enum { KEY_MARK = 1, DAYS = 370 };

struct slice dsk_morning_key(const char *person, struct arena *arena)
{
	return slice_text(arena_printf(arena, "%c%s", KEY_MARK, person));
}

bool dsk_morning_is_key(struct slice key)
{
	return key.len > 1 && key.bytes[0] == KEY_MARK;
}

/* When work begins on the day that is so many days from the one of now; NEVER_MS: nobody works. */
static int64_t begin_ms(const struct working_hours *hours, int64_t now_ms, int days)
{
	int64_t ms_of_day, at_ms;
	struct civil_date today = zone_date(hours->zone, now_ms, &ms_of_day);

	at_ms = zone_instant(hours->zone, civil_from_days(civil_days(today) + days),
			     hours->from_min * MINUTE_MS);
	return working_at(hours, at_ms) ? at_ms : NEVER_MS;
}

int64_t dsk_morning_after_ms(const struct working_hours *hours, int64_t now_ms)
{
	for (int day = 0; day < DAYS; day++) {
		int64_t at_ms = begin_ms(hours, now_ms, day);

		if (at_ms != NEVER_MS && at_ms > now_ms)
			return at_ms;
	}
	return NEVER_MS;
}

int64_t dsk_morning_before_ms(const struct working_hours *hours, int64_t now_ms)
{
	for (int day = 0; day < DAYS; day++) {
		int64_t at_ms = begin_ms(hours, now_ms, -day);

		if (at_ms != NEVER_MS && at_ms <= now_ms)
			return at_ms;
	}
	return 0;
}

static const struct desk_person *person_of(const struct step *step, const struct desk *desk)
{
	struct slice id = slice_of(step->customer.bytes + 1, step->customer.len - 1);

	for (unsigned i = 0; i < desk->people_count; i++)
		if (slice_is(id, desk->people[i].id) && *desk->people[i].mail)
			return &desk->people[i];
	return NULL;
}

static Nurture__V1__DeskMorning read_state(const struct step *step, bool *ret_is_known)
{
	Nurture__V1__DeskMorning morning = NURTURE__V1__DESK_MORNING__INIT;
	const Nurture__V1__Desk *stored =
	    message_unpack(&nurture__v1__desk__descriptor, step->state, step->arena);

	*ret_is_known = stored && stored->morning;
	if (*ret_is_known) {
		morning.next_ms = stored->morning->next_ms;
		morning.owner = stored->morning->owner;
		morning.attempts = stored->morning->attempts % DSK_MORNING_ATTEMPTS_MAX;
	}
	return morning;
}

static void store(struct step *step, Nurture__V1__DeskMorning *morning)
{
	Nurture__V1__Desk desk = NURTURE__V1__DESK__INIT;

	desk.morning = morning;
	step_store(step, message_pack(&desk, step->arena), morning->next_ms);
}

static void send_now(struct step *step, const struct desk_person *person,
		     Nurture__V1__DeskMorning *morning)
{
	Nurture__V1__DeskEffect effect = NURTURE__V1__DESK_EFFECT__INIT;

	effect.morning = (char *)person->id;
	step_emit(step, STEP_EFFECT, message_pack(&effect, step->arena));
	morning->owner = step->owner;
	morning->next_ms = step->now_ms + DSK_MORNING_LEASE_MS;
}

static void rest_until_next(const struct step *step, const struct desk_person *person,
			    Nurture__V1__DeskMorning *morning)
{
	morning->owner = morning->attempts = 0;
	morning->next_ms = dsk_morning_after_ms(&person->hours, step->now_ms);
}

static void on_result(struct step *step, const struct desk_person *person,
		      Nurture__V1__DeskMorning *morning)
{
	const Nurture__V1__DeskPosted *posted =
	    message_unpack(&nurture__v1__desk_posted__descriptor, step->value, step->arena);

	/* It was asked whether there is a state, and there is one. */
	if (!posted || !*posted->id || morning->owner != step->owner)
		return;
	if (posted->is_taken || ++morning->attempts >= DSK_MORNING_ATTEMPTS_MAX) {
		rest_until_next(step, person, morning);
		return;
	}
	morning->owner = 0;
	morning->next_ms = step->now_ms + (MINUTE_MS << (morning->attempts - 1));
}

/* Other hours may be in force. */
static void on_reevaluate(const struct step *step, const struct desk_person *person,
			  Nurture__V1__DeskMorning *morning)
{
	if (!morning->owner && !morning->attempts && morning->next_ms > step->now_ms)
		rest_until_next(step, person, morning);
}

static void on_timer(struct step *step, const struct desk_person *person,
		     Nurture__V1__DeskMorning *morning)
{
	if (morning->owner && morning->owner == step->owner)
		morning->next_ms = step->now_ms + DSK_MORNING_LEASE_MS;
	else
		send_now(step, person, morning);
}

void dsk_morning_step(struct step *step, const struct dsk_service *service)
{
	const struct desk_person *person = person_of(step, service->policy->desk);
	bool is_known;
	Nurture__V1__DeskMorning morning = read_state(step, &is_known);

	if (!person || !service->is_wall) {
		if (is_known || step->state.len)
			step_store(step, slice_of(NULL, 0), NEVER_MS);
		return;
	}
	if (!is_known)
		rest_until_next(step, person, &morning);
	else if (step->kind == STEP_RESULT)
		on_result(step, person, &morning);
	else if (step->kind == STEP_REEVALUATE)
		on_reevaluate(step, person, &morning);
	else
		on_timer(step, person, &morning);
	store(step, &morning);
}
