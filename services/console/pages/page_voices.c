/* page_voices.c - what customers said: the search, what there is of each kind, and the items. */
#include <inttypes.h>

#include "page_model.h"
#include "common/policy/tags.h"
#include "page_voices.h"

#define DOT " · "

/* One list of values to choose from, each with how many items it would give. */
struct choice {
	const char *name;   /* of the field */
	const char *prefix; /* of the words that say a value; "": the value says it */
	const char *chosen;
	const struct view_facet *items;
	size_t count;
};

static void add_option(const char *value, const char *title, int64_t count, bool is_chosen,
		       struct model *list)
{
	struct model one = model_object(list->arena);

	model_text(&one, "value", value);
	model_text(&one, "title", title);
	model_text(&one, "count",
		   count < 0 ? "" : arena_printf(list->arena, "(%" PRId64 ")", count));
	model_flag(&one, "is_chosen", is_chosen);
	model_add(list, "", &one);
}

static const char *title_of(const struct con_page *page, const struct choice *choice,
			    const char *value, struct arena *arena)
{
	return *choice->prefix ? con_say_of(page, choice->prefix, value, arena) : value;
}

/* What was chosen stays in the list, also when nothing has it any more. */
static void add_options(const struct con_page *page, const struct choice *choice,
			struct model *list)
{
	struct arena *arena = list->arena;
	bool has_chosen = !*choice->chosen;

	add_option("", con_say(page, "voices-any"), -1, !*choice->chosen, list);
	for (size_t i = 0; i < choice->count; i++) {
		const struct view_facet *facet = &choice->items[i];
		bool is_chosen = strcmp(facet->value, choice->chosen) == 0;

		has_chosen |= is_chosen;
		add_option(facet->value, title_of(page, choice, facet->value, arena), facet->count,
			   is_chosen, list);
	}
	if (!has_chosen)
		add_option(choice->chosen, title_of(page, choice, choice->chosen, arena), 0, true,
			   list);
}

static void add_choice(const struct con_page *page, const struct choice *choice,
		       struct model *choices)
{
	struct model one = model_object(choices->arena), options = model_list(choices->arena);

	model_text(&one, "field", choice->name);
	model_text(&one, "label",
		   con_say(page, arena_printf(choices->arena, "voices-%s", choice->name)));
	add_options(page, choice, &options);
	model_add(&one, "options", &options);
	model_add(choices, "", &one);
}

/* Each score, and those that are asked for together: the bad ones and the good ones. */
static size_t score_facets(const struct view_facets *facets, struct arena *arena,
			   struct view_facet **ret)
{
	struct view_facet *all = arena_alloc(arena, (facets->scores.count + 2) * sizeof(*all));
	int64_t low = 0, high = 0;

	for (size_t i = 0; i < facets->scores.count; i++) {
		all[i + 2] = facets->scores.items[i];
		low += all[i + 2].value[0] <= '2' ? all[i + 2].count : 0;
		high += all[i + 2].value[0] >= '4' ? all[i + 2].count : 0;
	}
	all[0] = (struct view_facet){"4-5", high};
	all[1] = (struct view_facet){"1-2", low};
	*ret = all;
	return facets->scores.count + 2;
}

static void add_choices(const struct con_page *page, const struct con_voices *voices,
			struct model *model)
{
	const struct view_facets *facets = &voices->facets;
	const struct con_voices_asked *asked = &voices->asked;
	struct model choices = model_list(model->arena);
	struct view_facet *scores;
	size_t score_count = score_facets(facets, model->arena, &scores);
	const struct choice all[] = {
	    {"tag", "", asked->tag, facets->tags.items, facets->tags.count},
	    {"score", "score", asked->score, scores, score_count},
	    {"kind", "voice", asked->kind, facets->kinds.items, facets->kinds.count},
	    {"state", "voice-state", asked->state, facets->states.items, facets->states.count},
	    {"source", "voice-source", asked->source, facets->sources.items, facets->sources.count},
	    {"product", "", asked->product, facets->products.items, facets->products.count},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		add_choice(page, &all[i], &choices);
	model_add(model, "choices", &choices);
}

static void add_tag(const char *tag, struct model *list)
{
	struct model one = model_object(list->arena);

	model_text(&one, "tag_name", tag);
	model_add(list, "", &one);
}

static bool has_tag(const Nurture__V1__FeedbackItem *item, const char *tag)
{
	for (size_t i = 0; i < item->n_tags; i++)
		if (strcmp(item->tags[i], tag) == 0)
			return true;
	return false;
}

static void add_tags(const struct con_page *page, const Nurture__V1__FeedbackItem *item,
		     struct model *model)
{
	struct model tags = model_list(model->arena), suggested = model_list(model->arena),
		     others = model_list(model->arena);

	for (size_t i = 0; i < item->n_tags; i++)
		add_tag(item->tags[i], &tags);
	for (size_t i = 0; i < item->n_suggested_tags; i++)
		if (!has_tag(item, item->suggested_tags[i]))
			add_tag(item->suggested_tags[i], &suggested);
	for (unsigned i = 0; i < page->policy->tag_count; i++)
		if (!has_tag(item, page->policy->tags[i].name))
			add_tag(page->policy->tags[i].name, &others);
	model_flag(model, "has_tags", item->n_tags > 0);
	model_add(model, "tags", &tags);
	model_add(model, "suggested", &suggested);
	model_flag(model, "has_others", others.count > 0);
	model_add(model, "others", &others);
}

static void add_about(const struct con_page *page, const Nurture__V1__FeedbackItem *item,
		      struct model *model)
{
	struct arena *arena = model->arena;
	struct buf about = BUF_MAX(CON_PAGE_MAX_BYTES);

	con_join(&about, DOT, con_say_of(page, "voice-source", item->source, arena));
	con_join(&about, DOT, *item->by ? con_said(page, "by", "by", item->by, arena) : "");
	con_join(&about, DOT, con_say_of(page, "voice-state", item->state, arena));
	con_join(&about, DOT, item->sku);
	con_join(&about, DOT,
		 *item->order ? con_said(page, "found-by-order", "order", item->order, arena) : "");
	con_model_joined(model, "about", &about);
}

static void add_item(const struct con_page *page, const struct view_item *found, struct model *list)
{
	const Nurture__V1__FeedbackItem *item = found->item;
	struct arena *arena = list->arena;
	struct model one = model_object(arena);
	const char *url = con_person_url(page, found->person, arena);
	const char *own = con_person_url(page, found->customer, arena);

	model_text(&one, "url", url);
	model_text(&one, "who", *found->name ? found->name : found->person);
	model_text(&one, "title", con_say_of(page, "voice", item->kind, arena));
	model_text(&one, "score", item->score ? arena_printf(arena, "%d/5", item->score) : "");
	model_flag(&one, "is_bad", item->score && item->score <= con_low_score(page->policy));
	model_text(&one, "at", con_date(page, item->at_ms, arena));
	model_text(&one, "when", con_time(page, item->at_ms, arena));
	model_text(&one, "headline", item->title);
	model_text(&one, "words_said", item->text);
	add_about(page, item, &one);
	add_tags(page, item, &one);
	model_text(&one, "item", item->id);
	model_text(&one, "other", strrchr(own, '/') ? strrchr(own, '/') + 1 : "");
	model_flag(&one, "is_answered", strcmp(item->state, "answered") == 0);
	model_flag(&one, "is_archived", strcmp(item->state, "archived") == 0);
	model_add(list, "", &one);
}

static void add_items(const struct con_page *page, const struct con_voices *voices,
		      struct model *model)
{
	struct con_voices_asked earlier = voices->asked;
	struct model list = model_list(model->arena);

	for (size_t i = 0; i < voices->items.count; i++)
		add_item(page, &voices->items.items[i], &list);
	model_flag(model, "has_items", voices->items.count > 0);
	model_add(model, "items", &list);
	/* The best matches are one page: what is further on is a worse one, not an earlier one. */
	if (voices->items.has_more && voices->items.count && strcmp(earlier.sort, "best") != 0) {
		earlier.before = voices->items.items[voices->items.count - 1].place;
		model_text(model, "earlier_url", con_voices_url(page, &earlier, model->arena));
	} else {
		model_text(model, "earlier_url", "");
	}
}

/* The form of what support was told: what was written stays when it is not clear who is meant. */
static void add_draft(const struct con_page *page, const struct con_draft *draft,
		      struct model *model)
{
	static const char *const kinds[] = {"praise",  "complaint", "question",
					    "comment", "interview", "social"};
	struct model list = model_list(model->arena);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		add_option(kinds[i], con_say_of(page, "voice", kinds[i], model->arena), -1,
			   strcmp(draft->kind, kinds[i]) == 0, &list);
	model_add(model, "draft_kinds", &list);
	list = model_list(model->arena);
	add_option("", con_say(page, "feedback-no-score"), -1, !draft->score, &list);
	for (int score = 1; score <= 5; score++) {
		const char *text = arena_printf(model->arena, "%d", score);

		add_option(text, text, -1, draft->score == score, &list);
	}
	model_add(model, "draft_scores", &list);
	model_flag(model, "has_draft", draft->is_open);
	model_text(model, "draft_who", draft->who);
	model_text(model, "draft_words", draft->words);
	model_text(model, "draft_order", draft->order);
	model_text(model, "draft_sku", draft->sku);
}

void con_page_voices(const struct con_page *page, const struct con_voices *voices)
{
	struct arena arena = {0};
	struct model model = con_model_begin(page, "at_voices", &arena);
	const struct con_voices_asked *asked = &voices->asked;
	const char *of = con_person_url(page, asked->customer, &arena);

	model_text(&model, "q", asked->words);
	model_text(&model, "of", strrchr(of, '/') ? strrchr(of, '/') + 1 : "");
	model_text(&model, "of_url", of);
	model_flag(&model, "is_best", strcmp(asked->sort, "best") == 0);
	model_text(&model, "hits",
		   con_said(page,
			    voices->facets.is_of_newest ? "voices-hits-newest" : "voices-hits", "n",
			    arena_printf(&arena, "%" PRId64, voices->facets.hits), &arena));
	model_text(&model, "back", con_voices_url(page, asked, &arena));
	model_flag(&model, "may_tag", page->who && con_may(page->who->role, CON_DO_TAG));
	add_choices(page, voices, &model);
	add_items(page, voices, &model);
	add_draft(page, &voices->draft, &model);
	if (voices->notice)
		model_text(&model, "notice", con_say(page, voices->notice));
	con_model_render(page, "voices", &model);
	arena_free(&arena);
}
