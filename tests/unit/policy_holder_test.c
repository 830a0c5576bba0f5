/* policy_holder_test.c - what people have said of an inbox decides alike when their names have gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/policy/holder.h"
#include "common/policy/person.h"

enum { PEOPLE = 6, WORDS = 4 };

static const char *const classes[] = {"all", "promotion", "care", "feedback"};
static const char *const names[PEOPLE] = {"a", "b", "c", "d", "e", "f"};

/* xorshift64* */
static uint32_t roll(uint64_t *random, uint32_t sides)
{
	*random ^= *random >> 12;
	*random ^= *random << 25;
	*random ^= *random >> 27;
	return (uint32_t)((*random * UINT64_C(2685821657736338717)) >> 33) % sides;
}

/* Of each class nothing, a no or a yes, at a few instants. */
static Nurture__V1__Holder *somebody(const char *name, uint64_t *random, struct arena *arena)
{
	Nurture__V1__Holder *holder = arena_alloc(arena, sizeof(*holder));

	nurture__v1__holder__init(holder);
	holder->customer = (char *)(uintptr_t)name;
	holder->consent = arena_alloc(arena, WORDS * sizeof(*holder->consent));
	for (int i = 0; i < WORDS; i++) {
		Nurture__V1__ConsentState *word = arena_alloc(arena, sizeof(*word));
		uint32_t kind = roll(random, 4);

		if (kind > 1)
			continue;
		nurture__v1__consent_state__init(word);
		word->message_class = (char *)(uintptr_t)classes[i];
		word->given = kind == 1;
		word->said_ms = 1 + roll(random, 5);
		holder->consent[holder->n_consent++] = word;
	}
	holder->undeliverable = (char *)(uintptr_t)(roll(random, 8) ? "" : UNDELIVERABLE_HARD);
	return holder;
}

/* Whoever else a mail is for. */
static void decides_alike(uint64_t seed)
{
	Nurture__V1__Holder *all[PEOPLE], *left[PEOPLE + 1];
	uint64_t random = seed * UINT64_C(0x9e3779b97f4a7c15);
	Nurture__V1__Holder nobody = NURTURE__V1__HOLDER__INIT;
	struct arena arena = {0};
	size_t count = 0;

	for (int i = 0; i < PEOPLE; i++)
		all[i] = somebody(names[i], &random, &arena);
	for (int i = 0; i < PEOPLE; i++) {
		if (roll(&random, 2))
			left[count++] = all[i];
		else
			holder_join(&nobody, all[i], &arena);
	}
	left[count++] = &nobody;
	for (size_t i = 1; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (holders_withdraw(all, PEOPLE, "else", classes[i]) !=
		    holders_withdraw(left, count, "else", classes[i]))
			fail_msg("seed %d: %s", (int)seed, classes[i]);
	}
	assert_string_equal(holders_undeliverable(all, PEOPLE, "else"),
			    holders_undeliverable(left, count, "else"));
	arena_free(&arena);
}

static void a_word_decides_alike_without_a_name(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 20000; seed++)
		decides_alike(seed);
}

/* However many classes older policies had: a no is the last that has no room. */
static void there_is_room_for_every_no(void **state)
{
	Nurture__V1__Holder nobody = NURTURE__V1__HOLDER__INIT;
	struct arena arena = {0};

	(void)state;
	for (int i = 0; i < 2 * HOLDER_WORDS_MAX; i++) {
		Nurture__V1__Holder holder = NURTURE__V1__HOLDER__INIT;
		Nurture__V1__ConsentState word = NURTURE__V1__CONSENT_STATE__INIT,
					  *said[] = {&word};

		word.message_class = arena_printf(&arena, "class-%d", i);
		word.given = i < HOLDER_WORDS_MAX;
		word.said_ms = 1;
		holder.consent = said;
		holder.n_consent = 1;
		holder_join(&nobody, &holder, &arena);
	}
	assert_int_equal(nobody.n_consent, HOLDER_WORDS_MAX);
	for (size_t i = 0; i < nobody.n_consent; i++)
		assert_false(nobody.consent[i]->given);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_word_decides_alike_without_a_name),
	    cmocka_unit_test(there_is_room_for_every_no),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
