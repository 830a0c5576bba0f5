/* solicitor_preferences_fuzz.c - forms of the person's own page from anybody; and states of nobody. */
#include <stdlib.h>

#include "common/message/event.h"
#include "services/review-solicitor/pages/preferences_events.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void follow(const struct policy *policy, const struct words *words,
		   const struct sol_preferences_form *form, struct arena *arena)
{
	const struct sol_sender sender = {policy, "ann", form->signed_state, 1000, ""};
	const struct sol_form_state form_state = {0, true, {.agreed = 2, .locale = "en"}};
	struct sol_preferences after =
	    sol_preferences_after(words, &form_state.preferences, &form_state, form, 1000);
	struct sol_events events = {0};
	Nurture__V1__Event *event;
	struct err err;

	sol_preferences_events(&sender, &form_state.preferences, &after, &events);
	for (unsigned i = 0; i < events.count; i++)
		if (event_decode(buf_slice(&events.items[i]), arena, &event, &err) < 0)
			abort();
	if (after.agreed & ~UINT64_C(6))
		abort(); /* a class that nobody can choose */
	sol_events_free(&events);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct message_class classes[] = {{.name = "t"},
						 {.name = "care", .needs_consent = true},
						 {.name = "b", .needs_consent = true}};
	static const struct policy policy = {.classes = classes, .class_count = 3};
	static const struct token_keys keys = {.now = {(const uint8_t *)"sixteen bytes ok", 16}};
	const struct slice bytes = slice_of(data, size);
	struct arena arena = {0};
	struct sol_person person;
	struct form_fields fields;
	struct sol_preferences_form form;
	struct sol_form_state form_state;
	static struct words *words;
	unsigned language;
	struct err err;

	if (!words && words_add_embedded(words = words_new(), "deploy/words/", &err) < 0)
		abort();
	if (form_fields_parse(bytes, &arena, &fields, &err) == 0 &&
	    sol_preferences_form_read(&policy, words, &fields, &form, &err) == 0)
		follow(&policy, words, &form, &arena);
	if (sol_form_state_open(&policy, "ann", &keys, bytes, &arena, &form_state, &err) == 0)
		abort(); /* nobody can sign */
	sol_person_read(&policy, bytes, &arena, &person, &err);
	words_accepted(words, bytes, &language);
	arena_free(&arena);
	return 0;
}
