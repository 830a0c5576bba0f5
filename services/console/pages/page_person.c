/* page_person.c - a person: the card, what waits, all that happened, and what may be done. */
#include <inttypes.h>

#include "page_model.h"
#include "voices_url.h"

static void add_moments(const struct con_page *page, const struct con_person *person,
			struct model *model)
{
	struct model moments = model_list(model->arena), words = model_list(model->arena);
	const struct view_moments *all = &person->moments, *last = &person->person.last_words;

	for (size_t i = 0; i < last->count; i++)
		con_add_moment(page, &last->items[i], "", person->person.id, &words);
	for (size_t i = 0; i < all->count; i++)
		con_add_moment(page, &all->items[i], "", person->person.id, &moments);
	model_flag(model, "has_last_words", last->count > 0);
	model_add(model, "last_words", &words);
	model_flag(model, "has_moments", all->count > 0);
	model_add(model, "moments", &moments);
	if (all->has_more && all->count)
		model_printf(model, "earlier_url", "?before=%" PRId64 ".%" PRId64,
			     all->items[all->count - 1].at_ms, all->items[all->count - 1].number);
	else
		model_text(model, "earlier_url", "");
}

static void add_order(const struct con_page *page, const Nurture__V1__CardOrder *order,
		      struct model *list)
{
	struct model one = model_object(list->arena);
	struct buf about = BUF_MAX(CON_PAGE_MAX_BYTES);

	model_text(&one, "order", order->id);
	con_join(&about, " · ", con_date(page, order->at_ms, list->arena));
	if (order->amount_e4)
		con_join(&about, " · ", con_money(order->amount_e4, order->currency, list->arena));
	con_join(&about, " · ", con_say_of(page, "order-state", order->state, list->arena));
	con_join(&about, " – ", con_date(page, order->starts_ms, list->arena));
	con_join(&about, " – ", con_date(page, order->ends_ms, list->arena));
	con_model_joined(&one, "about", &about);
	model_add(list, "", &one);
}

static void add_recent(const struct con_page *page, const Nurture__V1__Card *card,
		       struct model *model)
{
	struct model list = model_list(model->arena);

	for (size_t i = 0; card && i < card->n_recent && i < 8; i++)
		add_order(page, card->recent[i], &list);
	model_flag(model, "has_recent", card && card->n_recent);
	model_add(model, "recent", &list);
}

static void add_one_waiting(const struct con_page *page, const struct view_waiting *one,
			    struct model *list)
{
	const Nurture__V1__Waiting *waiting = one->waiting;
	struct arena *arena = list->arena;
	struct model model = model_object(arena);
	struct buf detail = BUF_MAX(CON_PAGE_MAX_BYTES);
	int64_t when_ms = waiting->eligible_ms ? waiting->eligible_ms : waiting->due_ms;

	model_text(&model, "programme", one->request->programme);
	model_text(&model, "action", one->request->action);
	model_text(
	    &model, "when",
	    when_ms > 0 && when_ms < NEVER_MS
		? con_said(page, "waiting-from", "when", con_time(page, when_ms, arena), arena)
		: con_say(page, "waiting-unknown"));
	con_join_why(page,
		     &(struct con_why){.rule = waiting->rule,
				       .winner = one->winner ? one->winner : "",
				       .detail = waiting->detail},
		     arena, &detail);
	con_model_joined(&model, "detail", &detail);
	model_add(list, "", &model);
}

static void add_waiting(const struct con_page *page, const struct view_waitings *waiting,
			struct model *model)
{
	struct model list = model_list(model->arena);

	for (size_t i = 0; i < waiting->count; i++)
		add_one_waiting(page, &waiting->items[i], &list);
	model_flag(model, "has_waiting", waiting->count > 0);
	model_add(model, "waiting", &list);
}

void con_page_person(const struct con_page *page, const struct con_person *person)
{
	const Nurture__V1__Card *card = person->person.card;
	struct arena arena = {0};
	struct model model = con_model_begin(page, "at_people", &arena);

	struct con_voices_asked said = {.customer = person->person.id,
					.words = "",
					.tag = "",
					.score = "",
					.product = "",
					.kind = "",
					.state = "",
					.source = "",
					.sort = "",
					.before = VIEW_FROM_NEWEST};

	con_add_card(page, &person->person, "card", &model);
	model_text(&model, "voices_url", con_voices_url(page, &said, &arena));
	model_text(&model, "since",
		   card && card->first_ms ? con_said(page, "customer-since", "first",
						     con_date(page, card->first_ms, &arena), &arena)
					  : con_say(page, "not-customer"));
	model_flag(&model, "can_pause", person->person.contact);
	add_moments(page, person, &model);
	add_recent(page, card, &model);
	add_waiting(page, &person->waiting, &model);
	con_add_tasks(page, &person->tasks, con_person_url(page, person->person.id, &arena),
		      &model);
	con_model_render(page, "person", &model);
	arena_free(&arena);
}

void con_page_merge(const struct con_page *page, const struct view_person *ends,
		    const struct view_person *lives)
{
	struct arena arena = {0};
	struct model model = con_model_begin(page, "at_people", &arena);
	const char *other = con_person_url(page, lives->id, &arena);

	con_add_card(page, ends, "ends", &model);
	con_add_card(page, lives, "lives", &model);
	model_text(&model, "url", con_person_url(page, ends->id, &arena));
	model_text(&model, "other", strrchr(other, '/') ? strrchr(other, '/') + 1 : "");
	con_model_render(page, "merge", &model);
	arena_free(&arena);
}

void con_page_erase(const struct con_page *page, const struct view_person *person,
		    const char *notice)
{
	struct arena arena = {0};
	struct model model = con_model_begin(page, "at_people", &arena);

	con_add_card(page, person, "card", &model);
	model_text(&model, "id", person->id);
	model_text(&model, "url", con_person_url(page, person->id, &arena));
	if (*notice)
		model_text(&model, "notice", con_say(page, notice));
	con_model_render(page, "erase", &model);
	arena_free(&arena);
}
