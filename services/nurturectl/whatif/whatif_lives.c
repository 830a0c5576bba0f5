/* whatif_lives.c - the comparison's values about customers; see whatif_page.h. */
#include "common/base/civil.h"
#include "common/codec/json.h"
#include "services/nurturectl/report/report_page.h"
#include "services/nurturectl/report/timeline.h"
#include "whatif_page.h"
#include "services/nurturectl/outcomes/labels.h"

enum { TABLE_PEOPLE = 20 };

static const char *programme_of(const struct whatif *whatif, unsigned side,
				const struct whatif_life *life)
{
	return whatif->input->sides[side].table->programmes.texts[life->longest_programme];
}

/* Writes "6 messages, at most 2 in 30 days; 4 gave way to others for good; tips waited 13 days". */
static void put_life(const struct whatif *whatif, unsigned side, const struct whatif_life *life,
		     struct model *model)
{
	struct buf out = BUF_MAX(4096);

	label_count((int64_t)life->mails, "message", "messages", &out);
	buf_printf(&out, ", at most %u in 30 days", life->most_30d);
	if (life->displaced)
		buf_printf(&out, "; %u never said because others went first", life->displaced);
	if (life->longest_ms >= HOUR_MS && life->longest_programme != OUTCOME_TABLE_NONE) {
		buf_printf(&out, "; the longest wait: %s, ", programme_of(whatif, side, life));
		whatif_wait(life->longest_ms, &out);
	}
	model_buf(model, "life", &out);
}

/* Puts one customer under each policy: the list "sides". */
static void put_sides(const struct whatif *whatif, const struct whatif_person *person,
		      bool has_lists, struct model *model)
{
	struct timeline timelines[WHATIF_SIDES];
	struct model sides = model_list(model->arena);

	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		timeline_open(&timelines[side], whatif->input->sides[0].policy,
			      whatif->input->lives, whatif->input->sides[side].table, person->id);
	timeline_choose_year(timelines, WHATIF_SIDES);
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		struct model one = model_object(model->arena);

		model_text(&one, "letter", side ? "b" : "a");
		model_text(&one, "name", whatif->sides[side].name);
		put_life(whatif, side, &person->sides[side], &one);
		report_put_timeline(&timelines[side], &one);
		if (has_lists)
			report_put_timeline_list(&timelines[side], &one);
		model_add(&sides, "", &one);
		timeline_close(&timelines[side]);
	}
	model_add(model, "sides", &sides);
}

static void put_one_worst(const struct whatif *whatif, unsigned side, enum whatif_story_kind kind,
			  struct model *worst)
{
	static const char *const titles[WHATIF_STORIES] = {"Hears most", "Misses most",
							   "Waits longest"};
	const struct whatif_person *person = whatif->worst[side][kind];
	struct model one = model_object(worst->arena);

	if (!person)
		return;
	model_text(&one, "title", titles[kind]);
	model_text(&one, "under", whatif->sides[side].name);
	model_text(&one, "id", person->id);
	report_put_count(&one, "orders", (int64_t)person->orders, "order", "orders");
	put_sides(whatif, person, true, &one);
	model_add(worst, "", &one);
}

void whatif_put_worst(const struct whatif *whatif, struct model *page)
{
	struct model worst = model_list(page->arena);

	for (int kind = 0; kind < WHATIF_STORIES; kind++)
		for (unsigned side = WHATIF_SIDES; side-- > 0;) {
			/* A life that is the worst under both policies is told once. */
			if (side == 0 && whatif->worst[0][kind] == whatif->worst[1][kind])
				continue;
			put_one_worst(whatif, side, (enum whatif_story_kind)kind, &worst);
		}
	model_add(page, "worst", &worst);
}

static void put_person_row(const struct whatif_person *person, struct model *people)
{
	const struct whatif_life *a = &person->sides[0], *b = &person->sides[1];
	int64_t change = (int64_t)b->mails - (int64_t)a->mails;
	const uint32_t rest[] = {person->distance, a->most_30d, b->most_30d, a->displaced,
				 b->displaced};
	struct model row = model_object(people->arena), cells = model_list(people->arena);

	model_printf(&cells, "", "%u", person->orders);
	model_printf(&cells, "", "%u", a->mails);
	model_printf(&cells, "", "%u", b->mails);
	model_printf(&cells, "", "%s%d", change > 0 ? "+" : "", (int)change);
	for (size_t i = 0; i < sizeof(rest) / sizeof(*rest); i++)
		model_printf(&cells, "", "%u", rest[i]);
	model_text(&row, "id", person->id);
	model_add(&row, "cells", &cells);
	model_add(people, "", &row);
}

/*
 * Puts the data that the page searches: [["00001",orders,a,b,distance,a30,b30,aNever,bNever],...]
 */
static void put_search_data(const struct whatif *whatif, size_t count, struct model *page)
{
	struct buf out = BUF_MAX(1 << 20);

	buf_char(&out, '[');
	for (size_t i = 0; i < count; i++) {
		const struct whatif_person *person = &whatif->people[i];
		const struct whatif_life *a = &person->sides[0], *b = &person->sides[1];

		buf_text(&out, i ? ",[" : "[");
		json_put_text(&out, slice_text(person->id));
		buf_printf(&out, ",%u,%u,%u,%u,%u,%u,%u,%u]", person->orders, a->mails, b->mails,
			   person->distance, a->most_30d, b->most_30d, a->displaced, b->displaced);
	}
	buf_char(&out, ']');
	model_buf(page, "people_json", &out);
}

/* Returns with how many people something is different; the list begins with them. */
static size_t different(const struct whatif *whatif)
{
	return whatif->person_count - whatif->same;
}

static size_t at_most(size_t count, size_t most)
{
	return count < most ? count : most;
}

static void put_title(const struct whatif *whatif, struct model *page)
{
	bool rises = whatif->more > whatif->fewer;
	size_t larger = rises ? whatif->more : whatif->fewer;
	size_t smaller = rises ? whatif->fewer : whatif->more;
	char first[32], second[32], all[32];

	if (larger == 0)
		model_text(page, "people_title", "Nobody would hear more or fewer messages");
	else
		model_printf(page, "people_title",
			     "%s of %s customers would hear %s messages, %s %s",
			     label_number((int64_t)larger, first, sizeof(first)),
			     label_number((int64_t)whatif->person_count, all, sizeof(all)),
			     rises ? "more" : "fewer", whatif_people(smaller, second),
			     rises ? "fewer" : "more");
	model_text(page, "other_messages",
		   arena_text(page->arena, whatif_people(whatif->other_messages, first)));
	model_text(page, "other_times",
		   arena_text(page->arena, whatif_people(whatif->other_times, first)));
	model_text(page, "same", arena_text(page->arena, whatif_people(whatif->same, first)));
}

static void put_lives(const struct whatif *whatif, size_t count, struct model *page)
{
	struct model lives = model_list(page->arena);

	for (size_t i = 0; i < count; i++) {
		const struct whatif_person *person = &whatif->people[i];
		struct model one = model_object(page->arena);

		model_flag(&one, "is_open", i == 0);
		model_text(&one, "id", person->id);
		report_put_count(&one, "orders", (int64_t)person->orders, "order", "orders");
		model_printf(&one, "mails_a", "%u", person->sides[0].mails);
		model_printf(&one, "mails_b", "%u", person->sides[1].mails);
		put_sides(whatif, person, false, &one);
		model_add(&lives, "", &one);
	}
	model_add(page, "lives", &lives);
}

void whatif_put_people(const struct whatif *whatif, struct model *page)
{
	size_t count = different(whatif);
	size_t searched = at_most(count, WHATIF_PEOPLE);
	struct model search = model_object(page->arena), people = model_list(page->arena);

	put_title(whatif, page);
	whatif_put_changes(whatif, page);
	if (count == 0)
		return;
	report_put_number(&search, "searched", (int64_t)searched);
	for (size_t i = 0; i < at_most(count, TABLE_PEOPLE); i++)
		put_person_row(&whatif->people[i], &people);
	model_add(&search, "people", &people);
	put_search_data(whatif, searched, &search);
	put_lives(whatif, at_most(count, WHATIF_LIVES), &search);
	model_add(page, "search", &search);
}
