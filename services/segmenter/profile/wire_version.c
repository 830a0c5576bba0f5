/*
 * wire_version.c - see wire_parts.h: the second version of a profile's message, out of the first and
 * back.
 *
 * Nearly all that is known of a customer is known since about the first order: counted from there,
 * most first steps are short, or nothing.
 */
#include <string.h>

#include "common/message/words.h"
#include "common/message/known_words.h"
#include "wire_parts.h"

enum { GIVEN = 1, PROVEN = 2, PER_WORD = 4 };

/* A column that begins at 1970 in version 1; entries: the length of a list that it goes with. */
struct step_column {
	uint16_t list, count, entries;
	int64_t unit_ms;
};

#define STEP_COLUMN(column, entries_, unit_ms_)                                                    \
	{.list = offsetof(Nurture__V1__Profile, column),                                           \
	 .count = offsetof(Nurture__V1__Profile, n_##column),                                      \
	 .entries = offsetof(Nurture__V1__Profile, n_##entries_),                                  \
	 .unit_ms = (unit_ms_)}
static const struct step_column step_columns[] = {
    STEP_COLUMN(address_ms, address, 1),
    STEP_COLUMN(consent_ms, consent_class, 1),
    STEP_COLUMN(programme_ms, programme, 1),
    STEP_COLUMN(event_hour, event_hash, HOUR_MS),
    STEP_COLUMN(fact_minute, fact_hash, MINUTE_MS),
    /* Those of attributes are as long as their texts are many, unless they end early. */
    STEP_COLUMN(attribute_ms, attribute_ms, 1),
    STEP_COLUMN(more_attribute_ms, more_attribute_ms, 1),
};

static void *member(Nurture__V1__Profile *message, uint16_t offset)
{
	return (char *)message + offset;
}

/* Wraps around on bytes that are not ours: what comes of it is checked like any other number. */
static int64_t moved(int64_t step, int64_t by)
{
	return (int64_t)((uint64_t)step + (uint64_t)by);
}

/* Adds `by` to the first step of a column; zeros at its end are not written. */
static void move(Nurture__V1__Profile *message, const struct step_column *column, int64_t by,
		 struct arena *arena)
{
	int64_t **list = member(message, column->list);
	size_t *count = member(message, column->count);
	size_t entries = *(size_t *)member(message, column->entries);
	int64_t *steps;

	if (entries == 0 || by == 0)
		return;
	steps = arena_zalloc(arena, (*count + 1) * sizeof(*steps));
	if (*count)
		memcpy(steps, *list, *count * sizeof(*steps));
	steps[0] = moved(steps[0], by);
	*count = *count ? *count : 1;
	*list = steps;
}

static void move_all(Nurture__V1__Profile *message, int direction, struct arena *arena)
{
	int64_t base_ms = message->n_order_ms ? message->order_ms[0] : 0;

	if (base_ms <= -SEG_TIME_LIMIT_MS || base_ms >= SEG_TIME_LIMIT_MS)
		return; /* it is refused when it is read */
	for (size_t i = 0; i < sizeof(step_columns) / sizeof(step_columns[0]); i++)
		move(message, &step_columns[i], direction * (base_ms / step_columns[i].unit_ms),
		     arena);
}

static void trim_all(Nurture__V1__Profile *message)
{
	for (size_t i = 0; i < sizeof(step_columns) / sizeof(step_columns[0]); i++) {
		const struct step_column *column = &step_columns[i];
		size_t *count = member(message, column->count);

		/* Nothing but its own length says how many there are of these. */
		if (column->entries != column->count)
			*count =
			    seg_column_length(*(int64_t **)member(message, column->list), *count);
	}
}

static uint64_t at(const uint64_t *list, size_t count, size_t i)
{
	return i < count ? list[i] : 0;
}

/* Leaves the three columns as they are when a class is not known to everybody. */
static void join_consents(Nurture__V1__Profile *message, struct arena *arena)
{
	size_t count = message->n_consent_class;
	uint64_t *consents = arena_alloc(arena, count * sizeof(*consents));

	for (size_t i = 0; i < count; i++) {
		uint64_t word = words_known_number(message->consent_class[i]);

		if (word == 0)
			return;
		consents[i] =
		    word * PER_WORD +
		    (at(message->consent_given, message->n_consent_given, i) ? GIVEN : 0) +
		    (at(message->consent_proven, message->n_consent_proven, i) ? PROVEN : 0);
	}
	message->consent = consents;
	message->n_consent = count;
	message->n_consent_class = message->n_consent_given = message->n_consent_proven = 0;
}

/* Words are added without a new version, so a newer build may have written one of them. */
static bool has_newer_word(const Nurture__V1__Profile *message)
{
	for (size_t i = 0; i < message->n_consent; i++)
		if (message->consent[i] / PER_WORD > KNOWN_WORD_LAST)
			return true;
	return false;
}

static bool part_consents(Nurture__V1__Profile *message, struct arena *arena)
{
	const struct words known = words_of(NULL, 0, arena);
	size_t count = message->n_consent;

	if (count == 0)
		return true;
	if (message->n_consent_class || message->n_consent_given || message->n_consent_proven)
		return false;
	message->consent_class = arena_alloc(arena, count * sizeof(*message->consent_class));
	message->consent_given = arena_alloc(arena, count * sizeof(*message->consent_given));
	message->consent_proven = arena_alloc(arena, count * sizeof(*message->consent_proven));
	for (size_t i = 0; i < count; i++) {
		const char *text = words_text(&known, message->consent[i] / PER_WORD);

		if (!text || !*text)
			return false;
		message->consent_class[i] = (char *)text;
		message->consent_given[i] = message->consent[i] & GIVEN;
		message->consent_proven[i] = (message->consent[i] & PROVEN) != 0;
	}
	message->n_consent_class = message->n_consent_given = message->n_consent_proven = count;
	return true;
}

int wire_to_first_version(Nurture__V1__Profile *message, struct arena *arena, struct err *err)
{
	if (has_newer_word(message))
		return err_environment(err, "profile: a consent of a class that only a newer build "
					    "knows");
	if (!part_consents(message, arena))
		return wire_bad(err, "a consent of a class that nobody knows");
	move_all(message, 1, arena);
	return 0;
}

void wire_to_second_version(Nurture__V1__Profile *message, struct arena *arena)
{
	move_all(message, -1, arena);
	trim_all(message);
	join_consents(message, arena);
}
