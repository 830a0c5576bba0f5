/* message_event_place_test.c - where a person may be said to have spoken: any language, nothing
 * hidden, nothing like ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/base/arena.h"
#include "common/message/event.h"
#include "common/message/event_place.h"

#define A50 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"
#define U50 "äöüßäöüßäöüßäöüßäöüßäöüßä"

static const char *const places[] = {
    "newsletter form, footer",
    "x",
    "Kundenkonto München",
    "Боковая панель: рассылка",
    "ニュースレター 登録",
    "حساب العميل",
    "Caisse n° 3",
    "магазин: касса",
    "nurture",
    "nurtures: b",
    "Kultur: Abo",
    "nature: form",
    "Nurturing",
    "nurture - our brand",
    "nurture:preferences-page",
    "till e\xcc\x81", /* a mark by itself */
    A50 A50 A50 A50,
    U50 U50 U50 U50,
};

static const char *const refused[] = {
    /* too long, not UTF-8, a half of a pair */
    A50 A50 A50 A50 "a",
    U50 U50 U50 U50 "a",
    "M\xfcnchen",
    "a\xed\xa0\x80",
    "a\xc0\xaf",
    "\xff",
    /* controls of both kinds */
    "a\nb",
    "a\tb",
    "a\x7f",
    "a\xc2\x85",
    "a\xc2\x9b",
    /* bidi, zero width, soft hyphen, line separator, tag, private use, byte order mark */
    "a\xe2\x80\xae"
    "b",
    "a\xe2\x81\xa6"
    "b",
    "a\xe2\x80\x8f"
    "b",
    "a\xd8\x9c"
    "b",
    "a\xe2\x80\x8b"
    "b",
    "\xe2\x80\x8bnurture:page",
    "a\xc2\xad"
    "b",
    "a\xe2\x80\xa8"
    "b",
    "a\xf3\xa0\x81\x81",
    "a\xee\x80\x80",
    "\xef\xbb\xbf"
    "a",
    "a\xef\xbf\xbd",
    /* a blank at an end, of any width */
    " a",
    "a ",
    " ",
    "\xc2\xa0"
    "a",
    "a\xe3\x80\x80",
    "a\xe2\x80\x89",
    "a\xe2\x80\xaf",
    /* what looks like a page of ours */
    "Nurture:page",
    "NURTURE:",
    " nurture:page",
    "nurture\xef\xbc\x9apage",
    "nurture\xea\x9e\x89page",
    "nurture\xe2\x88\xb6page",
    "n\xd1\x83rture:page",
    "\xef\xbd\x8eurture:page",
    "\xef\xbc\xae\xef\xbc\xb5\xef\xbc\xb2\xef\xbc\xb4\xef\xbc\xb5\xef\xbc\xb2\xef\xbc\xa5\xef\xbc"
    "\x9a",
    "nu\xcc\x81rture:page",
    "n\xc3\xbcrture:page",
    "nurture\xcc\xa3:page",
};

static void what_is_a_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (!event_is_place(slice_text(places[i])))
			fail_msg("\"%s\" is a place", places[i]);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (event_is_place(slice_text(refused[i])))
			fail_msg("row %zu, \"%s\", is none", i, refused[i]);
}

/* Both doors say the same of it, and hand it on as it came. */
static void both_doors(void **state)
{
	static char json[1000];
	static uint8_t packed[1000];
	Nurture__V1__Event event = NURTURE__V1__EVENT__INIT, *back;
	Nurture__V1__Customer customer = NURTURE__V1__CUSTOMER__INIT;
	Nurture__V1__Proof proof = NURTURE__V1__PROOF__INIT;
	struct arena arena = {0};
	struct err err;

	(void)state;
	customer.id = "ann";
	event.id = "e";
	event.type = "x";
	event.time_ms = 5;
	event.customer = &customer;
	event.proof = &proof;
	proof.at_ms = 5;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		proof.source = (char *)(uintptr_t)places[i];
		if (event_decode(slice_of(packed, nurture__v1__event__pack(&event, packed)), &arena,
				 &back, &err) < 0)
			fail_msg("\"%s\": %s", places[i], err.text);
		assert_string_equal(back->proof->source, places[i]);
		snprintf(json, sizeof(json),
			 "{\"id\":\"e\",\"type\":\"x\",\"time\":\"2026-03-01T12:00:00Z\","
			 "\"customer\":{\"id\":\"ann\"},\"proof\":{\"source\":\"%s\",\"at\":"
			 "\"2026-03-01T12:00:00Z\"}}",
			 places[i]);
		assert_int_equal(event_decode(slice_text(json), &arena, &back, &err), 0);
		assert_string_equal(back->proof->source, places[i]);
	}
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		proof.source = (char *)(uintptr_t)refused[i];
		assert_int_equal(
		    event_decode(slice_of(packed, nurture__v1__event__pack(&event, packed)), &arena,
				 &back, &err),
		    -1);
		assert_non_null(strstr(err.text, "$.proof.source: expected a place of yours"));
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_a_place),
	    cmocka_unit_test(both_doors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
