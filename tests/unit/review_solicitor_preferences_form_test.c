/* review_solicitor_preferences_form_test.c - from a form to events: only what was changed on it, and only by
 * ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/message/event.h"
#include "common/message/event_authority.h"
#include "review_solicitor_preferences.h"
#include "services/review-solicitor/pages/preferences_events.h"

#define BIT(class_index) (UINT64_C(1) << (class_index))

static const struct sol_preferences usual = {
    .agreed = BIT(CARE) | BIT(FEEDBACK), .own = {{1, 7}}, .own_count = 1, .locale = "de-AT"};

/* The events' JSON, each without its id and time, joined. */
static void tell(struct world *w, const struct sol_preferences *before,
		 const struct sol_preferences *after, struct buf *out)
{
	const struct sol_sender sender = {w->policy, "ann", "shown", WORLD_NOW_MS, ""};
	struct sol_events events = {0};

	sol_preferences_events(&sender, before, after, &events);
	for (unsigned i = 0; i < events.count; i++) {
		Nurture__V1__Event *event;
		struct err err;

		if (event_decode(buf_slice(&events.items[i]), &w->arena, &event, &err) < 0)
			fail_msg("%s", err.text);
		buf_printf(out, "%s%s", i ? "; " : "", event->type);
		for (size_t k = 0; k < event->customer->n_consent; k++)
			buf_printf(out, " %s=%d", event->customer->consent[k]->message_class,
				   event->customer->consent[k]->given);
		if (event->customer->locale[0])
			buf_printf(out, " %s", event->customer->locale);
		if (event->preferences && event->preferences->paused_until_ms)
			buf_printf(
			    out, " +%lldd",
			    (long long)((event->preferences->paused_until_ms - WORLD_NOW_MS) /
					DAY_MS));
		for (size_t k = 0; event->preferences && k < event->preferences->n_allowances; k++)
			buf_printf(out, " %u/%u", event->preferences->allowances[k]->limit,
				   event->preferences->allowances[k]->days);
	}
	sol_events_free(&events);
}

static const struct {
	const char *name, *form;
	int64_t age_ms;             /* of the page */
	struct sol_preferences now; /* as it is read when the form comes */
	const char *events;         /* NULL: the form is refused */
} forms[] = {
    {"nothing changed", "do=save&class=care&class=feedback&often=1/7&language=de", 5000, usual, ""},
    {"one more, one less", "do=save&class=care&class=promotion&often=1/7&language=de", 5000, usual,
     "consent.changed feedback=0 promotion=1"},
    {"all at once", "do=save&class=club&often=2/30&language=en", 5000, usual,
     "consent.changed care=0 club=1 feedback=0; preferences.changed 2/30; customer.updated en"},
    {"no limit of one's own", "do=save&class=care&class=feedback&often=none", 5000, usual,
     "preferences.changed"},
    {"a break keeps the limit", "do=pause", 5000, usual, "preferences.changed +30d 1/7"},
    {"an end of a break that is none", "do=resume", 5000, usual, ""},
    {"a form that came back before the state",
     "do=pause",
     5000,
     {.locale = ""},
     "preferences.changed +30d 1/7"},
    {"what was chosen elsewhere meanwhile stays",
     "do=pause",
     3600000,
     {.agreed = 0, .own = {{1, 30}}, .own_count = 1, .locale = "en"},
     "preferences.changed +30d 1/30"},
    {"who left everything meanwhile does not come back",
     "do=save&class=care&class=feedback&often=1/30&language=de",
     3600000,
     {.locale = "de-AT"},
     "preferences.changed 1/30"},
    {"and may come back",
     "do=save&class=care&class=feedback&class=club&often=keep",
     3600000,
     {.locale = "de-AT"},
     "consent.changed club=1"},
    {"an unknown class", "do=save&class=clubb", 0, usual, NULL},
    {"a class that nobody can choose", "do=save&class=transactional", 0, usual, NULL},
    {"another limit", "do=save&often=100/1", 0, usual, NULL},
    {"half a limit", "do=save&often=1", 0, usual, NULL},
    {"an unknown language", "do=save&language=xx", 0, usual, NULL},
    {"another action", "do=sell", 0, usual, NULL},
    {"no action", "class=care", 0, usual, NULL},
    {"two actions", "do=save&do=pause", 0, usual, NULL},
};

static void test_forms(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct sol_form_state form_state = {WORLD_NOW_MS - forms[i].age_ms, true, usual};
		struct buf found = BUF_MAX(4096);
		const struct sol_preferences *before;
		struct sol_preferences after;
		struct form_fields fields;
		struct sol_preferences_form form;
		struct err err;

		assert_int_equal(
		    form_fields_parse(slice_text(forms[i].form), &w.arena, &fields, &err), 0);
		if (sol_preferences_form_read(w.policy, w.site.words, &fields, &form, &err) < 0) {
			if (forms[i].events)
				fail_msg("%s: %s", forms[i].name, err.text);
			continue;
		}
		if (!forms[i].events)
			fail_msg("%s: taken", forms[i].name);
		before = sol_preferences_before(&form_state, &forms[i].now, WORLD_NOW_MS);
		after =
		    sol_preferences_after(w.site.words, before, &form_state, &form, WORLD_NOW_MS);
		tell(&w, before, &after, &found);
		if (strcmp(found.bytes ? found.bytes : "", forms[i].events) != 0)
			fail_msg("%s: expected %s, found %s", forms[i].name, forms[i].events,
				 found.bytes);
		buf_free(&found);
	}
	world_close(&w);
}

/* Two clicks are one event; two choices on one page, and one choice on two pages, are two. */
static void test_ids(void **state)
{
	static const struct {
		const char *signed_state;
		uint64_t agreed;
	} clicks[] = {{"a", 2}, {"a", 2}, {"a", 4}, {"b", 2}};
	struct sol_events events[4] = {0};
	Nurture__V1__Event *event[4];
	struct sol_preferences before = {.locale = ""};
	struct world w;
	struct err err;

	(void)state;
	world_open(&w);
	for (size_t i = 0; i < 4; i++) {
		struct sol_sender sender = {w.policy, "ann", clicks[i].signed_state,
					    WORLD_NOW_MS + (int64_t)i, ""};
		struct sol_preferences after = {.agreed = clicks[i].agreed, .locale = ""};

		sol_preferences_events(&sender, &before, &after, &events[i]);
		assert_int_equal(events[i].count, 1);
		assert_int_equal(
		    event_decode(buf_slice(&events[i].items[0]), &w.arena, &event[i], &err), 0);
		sol_events_free(&events[i]);
	}
	assert_string_equal(event[0]->id, event[1]->id);
	assert_string_not_equal(event[0]->id, event[2]->id);
	assert_string_not_equal(event[0]->id, event[3]->id);
	world_close(&w);
}

/* What a form said, as it counts once it has arrived. */
static void say(struct world *w, const char *text, int64_t now_ms, struct buf *out)
{
	const struct sol_form_state form_state = {WORLD_NOW_MS - 5000, true, usual};
	const struct sol_sender sender = {w->policy, "ann", "shown", now_ms, ""};
	struct sol_events events = {0};
	struct form_fields fields;
	struct sol_preferences_form form;
	struct sol_preferences after;
	struct err err;

	assert_int_equal(form_fields_parse(slice_text(text), &w->arena, &fields, &err), 0);
	assert_int_equal(sol_preferences_form_read(w->policy, w->site.words, &fields, &form, &err),
			 0);
	after = sol_preferences_after(w->site.words, &usual, &form_state, &form, now_ms);
	sol_preferences_events(&sender, &usual, &after, &events);
	assert_int_equal(events.count, 1);
	for (unsigned i = 0; i < events.count; i++) {
		Nurture__V1__Event *event;

		assert_int_equal(event_decode(buf_slice(&events.items[i]), &w->arena, &event, &err),
				 0);
		event_arrive(event, WORLD_NOW_MS + 9000);
		event_encode_json(event, out);
	}
	sol_events_free(&events);
}

/* Under one id stands one word: whoever clicks twice is no conflict. */
static void test_two_clicks_say_the_same(void **state)
{
	static const char *const clicked[] = {
	    "do=save&class=care&class=feedback&often=1/7&language=en",
	    "do=save&class=care&class=club&class=feedback&often=1/7&language=de",
	    "do=save&class=care&class=feedback&often=1/30&language=de",
	    "do=pause",
	};
	struct world w;

	(void)state;
	world_open(&w);
	for (size_t i = 0; i < sizeof(clicked) / sizeof(clicked[0]); i++) {
		struct buf first = BUF_MAX(4096), second = BUF_MAX(4096);

		say(&w, clicked[i], WORLD_NOW_MS, &first);
		say(&w, clicked[i], WORLD_NOW_MS + 700, &second);
		assert_string_equal(first.bytes, second.bytes);
		buf_free(&first);
		buf_free(&second);
	}
	world_close(&w);
}

static void expect_form_state(struct world *w, const struct sol_form_state *form_state)
{
	const char *text = sol_form_state_sign(w->policy, "ann", WORLD_KEY, form_state, &w->arena);
	struct sol_form_state found;
	struct err err;

	if (sol_form_state_open(w->policy, "ann", WORLD_KEYS, slice_text(text), &w->arena, &found,
				&err) < 0)
		fail_msg("%s: %s", text, err.text);
	assert_int_equal(found.at_ms, form_state->at_ms);
	assert_int_equal(found.can_show, form_state->can_show);
	assert_int_equal(found.preferences.agreed, form_state->preferences.agreed);
	assert_int_equal(found.preferences.paused_until_ms,
			 form_state->preferences.paused_until_ms);
	assert_int_equal(found.preferences.own_count, form_state->preferences.own_count);
	for (unsigned i = 0; i < found.preferences.own_count; i++) {
		assert_int_equal(found.preferences.own[i].limit,
				 form_state->preferences.own[i].limit);
		assert_int_equal(found.preferences.own[i].days,
				 form_state->preferences.own[i].days);
	}
	assert_string_equal(found.preferences.locale, form_state->preferences.locale);
}

static void test_form_state(void **state)
{
	struct sol_form_state all = {WORLD_NOW_MS, true, usual};
	struct sol_form_state none = {0, false, {.locale = ""}}, found;
	const struct token_keys changed = {
	    .now = slice_text("another key of 16"), .before = {WORLD_KEY}, .before_count = 1};
	const char *text;
	struct world w;
	struct err err;
	char *other;

	(void)state;
	world_open(&w);
	all.preferences.paused_until_ms = WORLD_NOW_MS + 1;
	all.preferences.own_count = 4;
	all.preferences.own[3] = (struct sol_own){UINT32_MAX, 400};
	expect_form_state(&w, &all);
	expect_form_state(&w, &none);
	text = sol_form_state_sign(w.policy, "ann", WORLD_KEY, &all, &w.arena);
	assert_int_equal(sol_form_state_open(w.policy, "bob", WORLD_KEYS, slice_text(text),
					     &w.arena, &found, &err),
			 -1);
	assert_int_equal(sol_form_state_open(w.policy, "ann",
					     &(struct token_keys){.now = changed.now},
					     slice_text(text), &w.arena, &found, &err),
			 -1);
	/* A page that was open while the key was changed. */
	assert_int_equal(sol_form_state_open(w.policy, "ann", &changed, slice_text(text), &w.arena,
					     &found, &err),
			 0);
	for (size_t i = 0; text[i]; i++) {
		other = arena_text(&w.arena, text);
		other[i] ^= 1;
		assert_int_equal(sol_form_state_open(w.policy, "ann", WORLD_KEYS, slice_text(other),
						     &w.arena, &found, &err),
				 -1);
		assert_int_equal(sol_form_state_open(w.policy, "ann", WORLD_KEYS, slice_of(text, i),
						     &w.arena, &found, &err),
				 -1);
	}
	world_close(&w);
}

/* The shop says two in seven days: what allows as much is not offered as less. */
static void test_never_above_the_shop(void **state)
{
	struct sol_often often[SOL_OFTEN_MAX];
	struct world w;

	(void)state;
	world_open(&w);
	assert_int_equal(sol_often_choices(w.policy, often), 4);
	w.policy->caps[0].window_ms = 20 * DAY_MS; /* so at most 4 in 30 days, 2 in 7 */
	assert_int_equal(sol_often_choices(w.policy, often), 4);
	w.policy->caps[0].limit = 1; /* one in 20 days: 1 in 7, 2 in 30 say no less */
	assert_int_equal(sol_often_choices(w.policy, often), 2);
	assert_int_equal(often[0].own.days, 30);
	w.policy->caps[0].classes = BIT(CARE); /* of one class alone that says little */
	assert_int_equal(sol_often_choices(w.policy, often), 4);
	w.policy->caps[0].classes = ALL_CLASSES;
	w.policy->caps[0].limit = 0;
	assert_int_equal(sol_often_choices(w.policy, often), 0);
	world_close(&w);
}

static void test_person(void **state)
{
	struct world w;
	struct sol_person person;

	(void)state;
	world_open(&w);
	person = world_person(&w);
	assert_true(person.is_known);
	assert_int_equal(person.preferences.agreed, BIT(CARE) | BIT(FEEDBACK) | BIT(CLUB));
	assert_int_equal(person.plan_count, 5);
	assert_string_equal(person.plans[0].programme, "win-back-3");
	assert_string_equal(person.plans[1].programme, "feedback");
	assert_string_equal(person.plans[2].programme, "tips");
	assert_int_equal(person.plans[2].at_ms, WORLD_NOW_MS + 9 * DAY_MS);
	assert_int_equal(person.plans[3].kind, SOL_PLAN_FOLLOWS);
	assert_int_equal(person.plans[4].kind, SOL_PLAN_HELD);
	world_close(&w);
}

static void test_addresses(void **state)
{
	(void)state;
	assert_true(sol_address_equal(" Ann@Mail.example\r\n", "ann@mail.example"));
	assert_false(sol_address_equal("ann@mail.exampl", "ann@mail.example"));
	assert_false(sol_address_equal("", ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_forms),
	    cmocka_unit_test(test_ids),
	    cmocka_unit_test(test_two_clicks_say_the_same),
	    cmocka_unit_test(test_form_state),
	    cmocka_unit_test(test_never_above_the_shop),
	    cmocka_unit_test(test_person),
	    cmocka_unit_test(test_addresses),
	};

	return cmocka_run_group_tests_name("review_solicitor_preferences_form", tests, NULL, NULL);
}
