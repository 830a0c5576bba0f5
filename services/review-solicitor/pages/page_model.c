/* page_model.c - see page_model.h. */
#include "page_model.h"

#include "common/web/page.h"

static const char *tag_of(const struct sol_page *page)
{
	return words_tag(page->site->words, page->language);
}

static void add_shop(struct model *model, const struct shop *shop)
{
	struct model inner = model_object(model->arena);

	model_text(&inner, "name", shop->name);
	model_text(&inner, "website", shop->website);
	model_text(&inner, "email", shop->sender_address);
	model_add(model, "shop", &inner);
}

struct model sol_model_begin(const struct sol_page *page, struct arena *arena)
{
	struct model model = web_model_begin(page->site, page->language, arena);

	add_shop(&model, &page->policy->shop);
	return model;
}

void sol_model_notice(const struct sol_page *page, const char *name, enum sol_word word,
		      struct model *model)
{
	if (word != SOL_SAY_NOTHING)
		model_text(model, name,
			   words_fill(sol_say(page->site->words, page->language, word), model,
				      model->arena));
	else
		model_text(model, name, "");
}

void sol_model_render(const struct sol_page *page, const char *name, struct model *model)
{
	web_render(page->site, page->language, name, model, page->out);
}

/* Classes that many shops have, in our words. */
static const struct {
	const char *name;
	enum sol_word title, about;
} usual_classes[] = {
    {"care", SOL_SAY_CARE, SOL_SAY_CARE_ABOUT},
    {"feedback", SOL_SAY_FEEDBACK, SOL_SAY_FEEDBACK_ABOUT},
    {"promotion", SOL_SAY_PROMOTION, SOL_SAY_PROMOTION_ABOUT},
};

/* The text comes from the policy or, for a usual class, from our catalogue, or is the default. */
static const char *class_text(const struct sol_page *page, const struct message_class *one,
			      bool is_about, const char *otherwise)
{
	const struct wording *wording = is_about ? &one->about : &one->title;

	if (wording->count)
		return policy_wording(wording, slice_text(tag_of(page)));
	/* Our sentence under the shop's own title might be about something else. */
	if (is_about && one->title.count)
		return otherwise;
	for (size_t i = 0; i < sizeof(usual_classes) / sizeof(usual_classes[0]); i++)
		if (strcmp(one->name, usual_classes[i].name) == 0)
			return sol_say(page->site->words, page->language,
				       is_about ? usual_classes[i].about : usual_classes[i].title);
	return otherwise;
}

const char *sol_class_title(const struct sol_page *page, const struct message_class *one)
{
	return class_text(page, one, false, one->name);
}

const char *sol_class_about(const struct sol_page *page, const struct message_class *one)
{
	return class_text(page, one, true, "");
}
