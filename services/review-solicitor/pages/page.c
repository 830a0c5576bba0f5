/* page.c - see page.h: feedback, unsubscribing, and what went wrong; the form's way back is in
 * form.c. */
#include "page.h"

#include "page_model.h"

static void add_scale(const struct sol_page *page, int chosen, struct model *model)
{
	struct model scores = model_list(model->arena);

	for (int score = 1; score <= 5; score++) {
		struct model one = model_object(model->arena);

		model_printf(&one, "score", "%d", score);
		model_flag(&one, "is_chosen", score == chosen);
		model_text(&one, "label",
			   sol_say(page->site->words, page->language,
				   (enum sol_word)(SOL_SAY_SCORE_1 + score - 1)));
		model_add(&scores, "", &one);
	}
	model_add(model, "scores", &scores);
}

void sol_page_form(const struct sol_page *page, const char *order, const struct sol_form *form,
		   enum sol_word complaint)
{
	struct arena arena = {0};
	struct model model = sol_model_begin(page, &arena);

	model_text(&model, "order", order);
	model_printf(&model, "comment_max", "%d", SOL_COMMENT_MAX_CHARS);
	model_text(&model, "comment", form->comment);
	sol_model_notice(page, "complaint", complaint, &model);
	add_scale(page, form->score, &model);
	sol_model_render(page, "feedback", &model);
	arena_free(&arena);
}

/* Only the web: "javascript:" in a policy file would be a mistake or worse. */
static bool is_web_link(const char *link)
{
	return strncmp(link, "https://", 8) == 0 || strncmp(link, "http://", 7) == 0;
}

void sol_page_thanks(const struct sol_page *page)
{
	const char *link = page->policy->feedback.public_link;
	struct arena arena = {0};
	struct model model = sol_model_begin(page, &arena);

	model_text(&model, "public_link", is_web_link(link) ? link : "");
	sol_model_render(page, "thanks", &model);
	arena_free(&arena);
}

/* The link is relative, so that it works whatever proxy is in front of the service. */
static void add_preferences_url(const struct sol_page *page, const char *token, struct model *model)
{
	model_printf(model, "preferences_url", "../p/%s?lang=%s", token,
		     words_tag(page->site->words, page->language));
}

void sol_page_unsubscribe(const struct sol_page *page, const char *message_class,
			  const char *preferences)
{
	int found = policy_class(page->policy, slice_text(message_class));
	struct arena arena = {0};
	struct model model = sol_model_begin(page, &arena);

	model_text(&model, "class_title",
		   found < 0 ? message_class
			     : sol_class_title(page, &page->policy->classes[found]));
	add_preferences_url(page, preferences, &model);
	sol_model_render(page, "unsubscribe", &model);
	arena_free(&arena);
}

void sol_page_unsubscribed(const struct sol_page *page, const char *preferences)
{
	struct arena arena = {0};
	struct model model = sol_model_begin(page, &arena);

	add_preferences_url(page, preferences, &model);
	sol_model_render(page, "unsubscribed", &model);
	arena_free(&arena);
}

/* A page that says the same to everybody. */
static void render_plain(const struct sol_page *page, const char *name)
{
	struct arena arena = {0};
	struct model model = sol_model_begin(page, &arena);

	sol_model_render(page, name, &model);
	arena_free(&arena);
}

void sol_page_unknown(const struct sol_page *page)
{
	render_plain(page, "unknown");
}

void sol_page_unavailable(const struct sol_page *page)
{
	render_plain(page, "unavailable");
}

void sol_page_too_often(const struct sol_page *page)
{
	render_plain(page, "too-often");
}

void sol_page_forgotten(const struct sol_page *page)
{
	render_plain(page, "forgotten");
}
