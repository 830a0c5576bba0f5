/* message_event_authority_test.c - who is believed, and when an event counts as said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "common/message/event_authority.h"

static Nurture__V1__Event event_of(const char *type, int64_t time_ms)
{
	Nurture__V1__Event event = NURTURE__V1__EVENT__INIT;

	event.type = (char *)(uintptr_t)type;
	event.time_ms = time_ms;
	return event;
}

static void a_time_counts_until_its_arrival(void **state)
{
	static const struct {
		const char *type;
		int64_t claimed_ms, arrived_ms, said_ms, ahead_ms;
	} rows[] = {
	    {"order.placed", 900, 1000, 900, 0},
	    {"order.placed", 1000, 1000, 1000, 0},
	    {"order.placed", 1001, 1000, 1000, 1},
	    {"order.placed", INT64_MAX, 1000, 1000, INT64_MAX - 1000},
	    {"order.placed", INT64_MAX, -1000, -1000, INT64_MAX},
	    {"order.placed", 1001, 0, 1001, 0},
	    {"message.unsubscribed", 900, 1000, 1000, 0},
	    {"message.unsubscribed", 1100, 1000, 1000, 100},
	    {"message.unsubscribed", 900, 0, 900, 0},
	    {"message.complained", 900, 1000, 1000, 0},
	    {"message.bounced", 900, 1000, 1000, 0},
	    {"preferences.changed", 900, 1000, 1000, 0},
	    {"customer.erased", 900, 1000, 1000, 0},
	    {"message.opened", 900, 1000, 900, 0},
	    {"consent.changed", 900, 1000, 900, 0},
	    {"customer.updated", 900, 1000, 900, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		Nurture__V1__Event event = event_of(rows[i].type, rows[i].claimed_ms);

		assert_true(event_arrive(&event, rows[i].arrived_ms) == rows[i].ahead_ms);
		assert_true(event.time_ms == rows[i].said_ms);
	}
}

static void a_proof_makes_a_word_of_a_note(void **state)
{
	static const struct {
		const char *type, *source;
		int64_t at_ms;
		enum authority authority;
		int64_t arrived_ms, said_ms; /* of the proof; the event claims 900 */
	} rows[] = {
	    {"consent.changed", "till", 800, AUTHORITY_PROVEN, 1000, 800},
	    {"consent.changed", "till", 1200, AUTHORITY_PROVEN, 1000, 1000},
	    {"consent.changed", "till", 1200, AUTHORITY_PROVEN, 0, 900},
	    {"consent.changed", "nurture:preferences-page", 800, AUTHORITY_PERSON, 1000, 1000},
	    {"consent.changed", "nurture:preferences-page", 800, AUTHORITY_PERSON, 0, 800},
	    {"consent.changed", "nurtured", 800, AUTHORITY_PROVEN, 1000, 800},
	    {"consent.changed", "", 800, AUTHORITY_ECHO, 1000, 800},
	    {"consent.changed", "till", 0, AUTHORITY_ECHO, 1000, 0},
	    {"customer.updated", "till", 800, AUTHORITY_ECHO, 1000, 800},
	    {"customer.updated", "nurture:preferences-page", 800, AUTHORITY_PERSON, 1000, 1000},
	    {"customer.updated", "nurture:preferences-page", 0, AUTHORITY_ECHO, 1000, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		Nurture__V1__Event event = event_of(rows[i].type, 900);
		Nurture__V1__Proof proof = NURTURE__V1__PROOF__INIT;

		proof.source = (char *)(uintptr_t)rows[i].source;
		proof.at_ms = rows[i].at_ms;
		event.proof = &proof;
		assert_int_equal(event_authority(&event), rows[i].authority);
		event_arrive(&event, rows[i].arrived_ms);
		assert_true(proof.at_ms == rows[i].said_ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_time_counts_until_its_arrival),
	    cmocka_unit_test(a_proof_makes_a_word_of_a_note),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
