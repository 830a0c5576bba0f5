/* whatif_order.c - see whatif_order.h. */
#include "whatif_order.h"
#include "services/nurturectl/bulk/record_key.h"

#include <stdlib.h>

enum { PEOPLE_SORT_BYTES = 32 << 20 };

static int compare_people(const struct whatif_person *x, const struct whatif_person *y)
{
	if (x->distance != y->distance)
		return x->distance > y->distance ? -1 : 1;
	if (x->other_times != y->other_times)
		return x->other_times ? -1 : 1;
	return strcmp(x->id, y->id);
}

/* A key that bytes compare as compare_people() does persons: the id stands behind the numbers. */
enum { KEY_HEAD_BYTES = sizeof(uint32_t) + 1 };

int whatif_order_person(struct whatif *whatif, const struct whatif_person *person, struct err *err)
{
	struct whatif_counting *counting = whatif->counting;
	uint8_t key[KEY_HEAD_BYTES + 256];
	size_t len = strlen(person->id);

	if (len > sizeof(key) - KEY_HEAD_BYTES)
		abort(); /* no id has more than 200 bytes */
	record_key_put(key, ~person->distance, sizeof(person->distance));
	key[KEY_HEAD_BYTES - 1] = !person->other_times;
	memcpy(key + KEY_HEAD_BYTES, person->id, len);
	if (!counting->people)
		counting->people = record_sort_open(PEOPLE_SORT_BYTES);
	return record_sort_add(counting->people, slice_of(key, KEY_HEAD_BYTES + len),
			       slice_of(person, sizeof(*person)), err);
}

int whatif_take_people(struct whatif *whatif, struct err *err)
{
	struct whatif_counting *counting = whatif->counting;
	size_t count = 0;
	struct record record;
	int r = 0;

	whatif->people = whatif_room(WHATIF_PEOPLE, sizeof(*whatif->people));
	if (!counting->people)
		return 0;
	r = record_sort_rewind(counting->people, err);
	while (r == 0 && count < WHATIF_PEOPLE &&
	       (r = record_sort_next(counting->people, &record, err)) > 0) {
		struct whatif_person *person = &whatif->people[count++];

		memcpy(person, record.value.bytes, sizeof(*person));
		person->id = arena_copy(&counting->ids, record.key.bytes + KEY_HEAD_BYTES,
					record.key.len - KEY_HEAD_BYTES);
		r = 0;
	}
	return r < 0 ? -1 : 0;
}

static int64_t badness(const struct whatif_life *life, enum whatif_story_kind kind)
{
	return kind == WHATIF_MOST_SENDS       ? (int64_t)life->most_30d << 32 | life->mails
	       : kind == WHATIF_MOST_DISPLACED ? life->displaced
					       : life->longest_ms;
}

static bool is_worse(const struct whatif_person *a, const struct whatif_person *b, unsigned side,
		     enum whatif_story_kind kind)
{
	int64_t x = badness(&a->sides[side], kind), y;

	if (!b->id)
		return x > 0;
	y = badness(&b->sides[side], kind);
	return x != y ? x > y : x > 0 && compare_people(a, b) < 0;
}

static void keep_one(struct whatif *whatif, const struct whatif_person *person, unsigned side,
		     enum whatif_story_kind kind)
{
	struct whatif_person *worst = whatif->counting->worst[side][kind];
	size_t at = WHATIF_WORST;

	while (at > 0 && is_worse(person, &worst[at - 1], side, kind))
		at--;
	if (at == WHATIF_WORST)
		return;
	memmove(worst + at + 1, worst + at, (WHATIF_WORST - 1 - at) * sizeof(*worst));
	worst[at] = *person;
	worst[at].id = arena_text(&whatif->counting->ids, person->id);
}

void whatif_keep_worst(struct whatif *whatif, const struct whatif_person *person)
{
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		for (int kind = 0; kind < WHATIF_STORIES; kind++)
			keep_one(whatif, person, side, (enum whatif_story_kind)kind);
}

/* Is the person told of under this policy already? */
static bool is_chosen(const struct whatif *whatif, unsigned side, int kinds, const char *id)
{
	for (int k = 0; k < kinds; k++)
		if (whatif->worst[side][k] && strcmp(whatif->worst[side][k]->id, id) == 0)
			return true;
	return false;
}

/* A person who is the worst under both policies is one, for whoever compares. */
static const struct whatif_person *same_as_chosen(const struct whatif *whatif,
						  const struct whatif_person *person)
{
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		for (int kind = 0; kind < WHATIF_STORIES; kind++) {
			const struct whatif_person *other = whatif->worst[side][kind];

			if (other && strcmp(other->id, person->id) == 0)
				return other;
		}
	return person;
}

void whatif_choose_worst(struct whatif *whatif)
{
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		for (int kind = 0; kind < WHATIF_STORIES; kind++)
			for (int i = 0; i < WHATIF_WORST && !whatif->worst[side][kind]; i++) {
				const struct whatif_person *one =
				    &whatif->counting->worst[side][kind][i];

				if (one->id && !is_chosen(whatif, side, kind, one->id))
					whatif->worst[side][kind] = same_as_chosen(whatif, one);
			}
}

static size_t add_drawn(const char *ret[WHATIF_DRAWN_MAX], size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(ret[i], id) == 0)
			return count;
	ret[count] = id;
	return count + 1;
}

size_t whatif_drawn(const struct whatif *whatif, const char *ret[WHATIF_DRAWN_MAX])
{
	size_t different = whatif->person_count - whatif->same, count = 0;

	for (size_t i = 0; i < different && i < WHATIF_LIVES; i++)
		count = add_drawn(ret, count, whatif->people[i].id);
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		for (int kind = 0; kind < WHATIF_STORIES; kind++)
			if (whatif->worst[side][kind])
				count = add_drawn(ret, count, whatif->worst[side][kind]->id);
	return count;
}
