/*
 * page_person.c - see page.h: the person's own page, and the one about forgetting.
 *
 * Each card has a form of its own, so that a button says what it does and no
 * more.  The page may be opened by whom the mail was forwarded to: the address
 * is shown in part only, and forgetting asks for the whole of it.
 */
#include "page.h"

#include <stdio.h>

#include "page_model.h"

/* "a•••@mail.example": enough to know one's own. */
static const char *mask(const char *address, struct arena *arena)
{
	const char *at = strrchr(address, '@');
	size_t first = address[0] != '\0';

	while (first && ((unsigned char)address[first] & 0xc0) == 0x80)
		first++;
	if (!at || strlen(address) > 320)
		first = 0;
	return arena_printf(arena, "%.*s\u2022\u2022\u2022%s", (int)first, address, at ? at : "");
}

/* One more box, where clicks are counted: not of what is written about, but of what is noted. */
static void add_clicks(const struct sol_page *page, bool is_chosen, struct model *model)
{
	struct model clicks = model_object(model->arena);

	if (page->policy->clicks == CLICKS_OFF)
		return;
	model_text(&clicks, "name", CONSENT_CLICKS);
	model_flag(&clicks, "is_chosen", is_chosen);
	model_add(model, "clicks", &clicks);
}

static void add_classes(const struct sol_page *page, uint64_t agreed, struct model *model)
{
	const struct policy *policy = page->policy;
	struct model classes = model_list(model->arena);

	for (unsigned i = 0; i < policy->class_count; i++) {
		struct model one = model_object(model->arena);

		if (!policy->classes[i].needs_consent)
			continue;
		model_text(&one, "name", policy->classes[i].name);
		model_text(&one, "title", sol_class_title(page, &policy->classes[i]));
		model_text(&one, "about", sol_class_about(page, &policy->classes[i]));
		model_flag(&one, "is_chosen", agreed >> i & 1);
		model_add(&classes, "", &one);
	}
	model_add(model, "classes", &classes);
}

static void add_choice(struct model *choices, const char *value, bool is_chosen, const char *label)
{
	struct model one = model_object(choices->arena);

	model_text(&one, "value", arena_text(choices->arena, value));
	model_flag(&one, "is_chosen", is_chosen);
	model_text(&one, "label", label);
	model_add(choices, "", &one);
}

/*
 * An allowance that was set elsewhere, and is none of those offered, can be kept: "3 in 10 days, 5
 * in 60 days".
 */
static const char *kept(const struct sol_page *page, const struct sol_preferences *preferences,
			struct arena *arena)
{
	const struct words *words = page->site->words;
	const char *one = sol_say(words, page->language, SOL_SAY_OFTEN_KEPT_ONE), *all = "";

	for (unsigned i = 0; i < preferences->own_count; i++) {
		struct model own = model_object(arena);

		model_printf(&own, "limit", "%u", preferences->own[i].limit);
		model_printf(&own, "days", "%u", preferences->own[i].days);
		all =
		    arena_printf(arena, "%s%s%s", all, i ? ", " : "", words_fill(one, &own, arena));
	}
	return sol_said(words, page->language, SOL_SAY_OFTEN_KEPT, "kept", all, arena);
}

static void add_often(const struct sol_page *page, const struct sol_preferences *preferences,
		      struct model *model)
{
	struct model often = model_object(model->arena), choices = model_list(model->arena);
	const struct words *words = page->site->words;
	struct sol_often offered[SOL_OFTEN_MAX];
	unsigned count = sol_often_choices(page->policy, offered);
	char text[SOL_OWN_TEXT_BYTES];
	bool is_one_of = !preferences->own_count;

	if (!count && !preferences->own_count)
		return;
	add_choice(&choices, "none", !preferences->own_count,
		   sol_say(words, page->language, SOL_SAY_OFTEN_SHOP));
	for (unsigned i = 0; i < count; i++) {
		bool is_chosen = preferences->own_count == 1 &&
				 preferences->own[0].limit == offered[i].own.limit &&
				 preferences->own[0].days == offered[i].own.days;

		is_one_of = is_one_of || is_chosen;
		add_choice(&choices, sol_own_text(&offered[i].own, text), is_chosen,
			   sol_say(words, page->language, offered[i].word));
	}
	if (!is_one_of)
		add_choice(&choices, "keep", true, kept(page, preferences, model->arena));
	model_add(&often, "choices", &choices);
	model_add(model, "often", &often);
}

static void add_languages(const struct sol_page *page, const char *locale, struct model *model)
{
	struct model languages = model_list(model->arena);
	const struct words *words = page->site->words;
	unsigned chosen;
	bool is_ours = words_find(words, slice_text(locale), &chosen);

	model_text(model, "other_locale", is_ours ? "" : locale);
	model_flag(model, "no_locale", !is_ours && !locale[0]);
	for (unsigned i = 0; i < words_languages(words); i++) {
		struct model one = model_object(model->arena);

		model_text(&one, "tag", words_tag(words, i));
		model_text(&one, "own_name", words_own_name(words, i));
		model_flag(&one, "is_chosen", is_ours && i == chosen);
		model_add(&languages, "", &one);
	}
	model_add(model, "languages", &languages);
}

static const char *date_of(const struct sol_page *page, int64_t at_ms, struct arena *arena)
{
	int64_t ms_of_day;

	return sol_date(page->site->words, page->language,
			zone_date(page->policy->shop_zone, at_ms, &ms_of_day), arena);
}

/* A programme's own name is the shop's business: people read its title, or what class it is of. */
static const char *plan_title(const struct sol_page *page, const struct sol_plan *plan)
{
	const struct programme *programme =
	    policy_programme(page->policy, slice_text(plan->programme));
	const char *tag = words_tag(page->site->words, page->language);
	const char *title = programme ? policy_wording(&programme->title, slice_text(tag)) : "";

	if (title[0])
		return title;
	if (plan->message_class >= 0)
		return sol_class_title(page, &page->policy->classes[plan->message_class]);
	return sol_say(page->site->words, page->language, SOL_SAY_PLAN_OTHER);
}

static const char *plan_when(const struct sol_page *page, const struct sol_plan *plan,
			     int64_t now_ms, struct arena *arena)
{
	const struct words *words = page->site->words;

	switch (plan->kind) {
	case SOL_PLAN_FOLLOWS:
		return sol_say(words, page->language, SOL_SAY_PLAN_AFTER);
	case SOL_PLAN_HELD:
		return sol_say(words, page->language, SOL_SAY_PLAN_CASE);
	case SOL_PLAN_AT:
		break;
	}
	if (plan->at_ms <= now_ms + DAY_MS)
		return sol_say(words, page->language, SOL_SAY_PLAN_SOON);
	return sol_said(words, page->language, SOL_SAY_PLAN_FROM, "date",
			date_of(page, plan->at_ms, arena), arena);
}

/*
 * Is the plan about a class that needs no consent, or has it? The others were refused a moment ago
 * and will end.
 */
static bool is_wanted(const struct sol_page *page, const struct sol_preferences_view *view,
		      const struct sol_plan *plan)
{
	return plan->message_class < 0 ||
	       !page->policy->classes[plan->message_class].needs_consent ||
	       view->preferences.agreed >> plan->message_class & 1;
}

static void add_plans(const struct sol_page *page, const struct sol_preferences_view *view,
		      struct model *model)
{
	const struct sol_person *person = view->person;
	struct model plans = model_list(model->arena);

	for (unsigned i = 0; i < person->plan_count; i++) {
		const struct sol_plan *plan = &person->plans[i];
		struct model one = model_object(model->arena);

		if (!is_wanted(page, view, plan))
			continue;
		model_text(&one, "title", plan_title(page, plan));
		model_text(&one, "when", plan_when(page, plan, view->now_ms, model->arena));
		model_add(&plans, "", &one);
	}
	model_flag(model, "has_plans", plans.count > 0);
	model_add(model, "plans", &plans);
}

static void add_person(const struct sol_page *page, const struct sol_preferences_view *view,
		       struct model *model)
{
	const struct sol_person *person = view->person;
	const struct sol_preferences *preferences = &view->preferences;
	bool is_paused = preferences->paused_until_ms > view->now_ms;

	model_text(model, "address", person->email[0] ? mask(person->email, model->arena) : "");
	model_flag(model, "bounces", person->bounces);
	add_classes(page, preferences->agreed, model);
	add_clicks(page, preferences->clicks, model);
	add_often(page, preferences, model);
	add_languages(page, preferences->locale, model);
	model_flag(model, "has_agreed", preferences->agreed != 0);
	model_text(model, "paused_until",
		   is_paused ? date_of(page, preferences->paused_until_ms, model->arena) : "");
	add_plans(page, view, model);
	model_text(model, "locale", preferences->locale);
	model_text(model, "country", person->country);
	model_text(model, "time_zone", person->time_zone);
}

void sol_page_preferences(const struct sol_page *page, const struct sol_preferences_view *view)
{
	const struct sol_person *person = view->person;
	struct arena arena = {0};
	struct model model = sol_model_begin(page, &arena);
	bool is_alert = view->is_alert;

	model_text(&model, "signed_state", view->signed_state);
	sol_model_notice(page, "alert", is_alert ? view->notice : SOL_SAY_NOTHING, &model);
	sol_model_notice(page, "notice", is_alert ? SOL_SAY_NOTHING : view->notice, &model);
	if (person && person->is_known)
		add_person(page, view, &model);
	sol_model_render(page,
			 !person            ? "preferences-unreadable"
			 : person->is_known ? "preferences"
					    : "preferences-nobody",
			 &model);
	arena_free(&arena);
}

void sol_page_forget(const struct sol_page *page, const struct sol_preferences_view *view,
		     enum sol_word complaint)
{
	struct arena arena = {0};
	struct model model = sol_model_begin(page, &arena);

	model_text(&model, "signed_state", view->signed_state);
	sol_model_notice(page, "complaint", complaint, &model);
	model_flag(&model, "has_address", view->person->email[0] != '\0');
	sol_model_render(page, "forget", &model);
	arena_free(&arena);
}
