/* page_card.c - a person on one card, for whoever answers the phone. */
#include <inttypes.h>

#include "common/policy/person.h"
#include "page_model.h"

const char *con_called(const struct view_person *person)
{
	return person->card && *person->card->name ? person->card->name : person->id;
}

static void add_orders(const struct con_page *page, const Nurture__V1__Card *card,
		       struct model *model)
{
	struct model values = model_object(model->arena);

	if (!card || !card->orders) {
		model_text(model, "orders", con_say(page, "card-none"));
		return;
	}
	model_printf(&values, "orders", "%" PRId64, card->orders);
	model_text(&values, "spent",
		   con_money(card->spent_e4, page->policy->shop.currency, model->arena));
	model_text(&values, "last", con_date(page, card->last_ms, model->arena));
	model_text(model, "orders",
		   words_fill(con_say(page, "card-orders-text"), &values, model->arena));
}

static const char *title_of(const struct con_page *page, const struct message_class *one)
{
	const char *tag = words_tag(page->site->words, page->language);

	return one->title.count ? policy_wording(&one->title, slice_text(tag)) : one->name;
}

/* By what the scheduler knows now: which classes of messages the person may hear. */
static void add_told(const struct con_page *page, const Nurture__V1__Contact *contact,
		     struct model *model)
{
	struct buf told = BUF_MAX(CON_PAGE_MAX_BYTES), not_told = BUF_MAX(CON_PAGE_MAX_BYTES);

	for (unsigned i = 0; contact && i < page->policy->class_count; i++) {
		const struct message_class *one = &page->policy->classes[i];
		bool may = !one->needs_consent || person_consents(contact, one->name);

		con_join(may ? &told : &not_told, ", ", title_of(page, one));
	}
	con_model_joined(model, "told", &told);
	con_model_joined(model, "not_told", &not_told);
}

static void add_holds(const struct con_page *page, const struct view_person *person,
		      struct model *model)
{
	const Nurture__V1__Contact *contact = person->contact;
	struct buf cases = BUF_MAX(CON_PAGE_MAX_BYTES);
	struct arena *arena = model->arena;

	for (size_t i = 0; person->card && i < person->card->n_cases; i++)
		con_join(&cases, ", ", person->card->cases[i]->name);
	con_model_joined(model, "cases", &cases);
	model_text(model, "paused",
		   contact && contact->paused_until_ms > page->now_ms
		       ? con_said(page, "card-paused", "until",
				  con_time(page, contact->paused_until_ms, arena), arena)
		       : "");
	model_text(model, "undeliverable",
		   contact && *contact->undeliverable
		       ? con_said(page, "card-undeliverable", "why", contact->undeliverable, arena)
		       : "");
}

static void add_heard(const struct con_page *page, const struct view_person *person,
		      struct model *model)
{
	struct model values = model_object(model->arena);

	model_printf(&values, "week", "%" PRId64, person->heard_7d);
	model_printf(&values, "month", "%" PRId64, person->heard_30d);
	model_text(model, "heard",
		   words_fill(con_say(page, "card-heard-text"), &values, model->arena));
}

static void add_data(const Nurture__V1__Card *card, struct model *model)
{
	struct buf segments = BUF_MAX(CON_PAGE_MAX_BYTES);

	model_text(model, "phone", card ? card->phone : "");
	model_text(model, "phone_link", card ? con_phone_link(card->phone, model->arena) : "");
	model_text(model, "email", card ? card->email : "");
	model_text(model, "postal", card ? card->address : "");
	model_text(model, "birthday", card ? card->birthday : "");
	model_text(model, "tongue", card ? card->locale : "");
	for (size_t i = 0; card && i < card->n_segments; i++)
		con_join(&segments, ", ", card->segments[i]);
	con_model_joined(model, "segments", &segments);
}

void con_add_card(const struct con_page *page, const struct view_person *person, const char *name,
		  struct model *model)
{
	struct model card = model_object(model->arena);
	struct buf others = BUF_MAX(CON_PAGE_MAX_BYTES);

	model_text(&card, "who", con_called(person));
	model_text(&card, "id", person->id);
	for (size_t i = 0; i < person->other_count; i++)
		con_join(&others, ", ", person->other_ids[i]);
	con_model_joined(&card, "other_ids", &others);
	add_orders(page, person->card, &card);
	add_told(page, person->contact, &card);
	add_holds(page, person, &card);
	add_heard(page, person, &card);
	add_data(person->card, &card);
	model_add(model, name, &card);
}
