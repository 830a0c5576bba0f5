/* page_people.c - who may be meant. */
#include <inttypes.h>

#include "page_model.h"

static void add_found(const struct con_page *page, const struct view_found *found,
		      struct model *list)
{
	struct arena *arena = list->arena;
	struct model one = model_object(arena), orders = model_object(arena);
	struct buf about = BUF_MAX(CON_PAGE_MAX_BYTES);

	model_printf(&orders, "orders", "%" PRId64, found->orders);
	model_text(&orders, "last", con_date(page, found->last_order_ms, arena));
	model_text(&one, "url", con_person_url(page, found->id, arena));
	model_text(&one, "who", *found->name ? found->name : found->id);
	model_text(&one, "order",
		   found->match == VIEW_BY_ORDER
		       ? con_said(page, "found-by-order", "order", found->order, arena)
		       : "");
	model_text(&one, "orders",
		   found->orders ? words_fill(con_say(page, "found-orders"), &orders, arena)
				 : con_say(page, "found-no-orders"));
	con_join(&about, " · ", found->id);
	con_join(&about, " · ", found->email);
	con_join(&about, " · ", found->phone);
	con_join(&about, " · ", found->address);
	con_model_joined(&one, "about", &about);
	model_add(list, "", &one);
}

void con_page_people(const struct con_page *page, const char *query,
		     const struct view_people *people)
{
	struct arena arena = {0};
	struct model model = con_model_begin(page, "at_people", &arena);
	struct model list = model_list(&arena);

	model_text(&model, "q", query);
	model_flag(&model, "was_asked", people);
	for (size_t i = 0; people && i < people->count; i++)
		add_found(page, &people->items[i], &list);
	model_flag(&model, "has_found", people && people->count);
	model_add(&model, "found", &list);
	model_flag(&model, "has_more", people && people->has_more);
	con_model_render(page, "people", &model);
	arena_free(&arena);
}
