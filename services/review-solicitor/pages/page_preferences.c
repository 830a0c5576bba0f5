/*
 * page_preferences.c - see page.h: the person's own page, and its first card.
 *
 * Each card has a form of its own, so that a button says what it does and no
 * more.  The page may be opened by whom the mail was forwarded to: the address
 * is shown in part only, and forgetting asks for the whole of it.
 */
#include "page.h"

#include "common/template/html.h"
#include "page_cards.h"

static void add_tick(const struct sol_page *page, const struct message_class *one, bool is_ticked)
{
	struct buf *out = page->out;
	const char *about = sol_page_class_about(page, one);

	buf_text(out, "<label class=\"tick\"><input type=\"checkbox\" name=\"class\" value=\"");
	html_text(out, one->name);
	buf_printf(out, "\"%s><span><b>", is_ticked ? " checked" : "");
	html_text(out, sol_page_class_title(page, one));
	buf_text(out, "</b>");
	if (about[0]) {
		buf_text(out, "<span class=\"soft\">");
		html_text(out, about);
		buf_text(out, "</span>");
	}
	buf_text(out, "</span></label>\n");
}

static void add_classes(const struct sol_page *page, uint64_t agreed)
{
	const struct policy *policy = page->policy;

	buf_text(page->out, "<fieldset>\n<legend>");
	sol_page_say(page, SOL_SAY_KINDS, NULL);
	buf_text(page->out, "</legend>\n");
	for (unsigned i = 0; i < policy->class_count; i++)
		if (policy->classes[i].needs_consent)
			add_tick(page, &policy->classes[i], agreed >> i & 1);
	buf_text(page->out, "</fieldset>\n");
	sol_page_paragraph(page, "class=\"soft\"", SOL_SAY_ALWAYS, NULL);
}

static void begin_select(const struct sol_page *page, const char *name, enum sol_word label)
{
	buf_printf(page->out, "<div class=\"text\">\n<label class=\"label\" for=\"%s\">", name);
	sol_page_say(page, label, NULL);
	buf_printf(page->out, "</label>\n<select id=\"%s\" name=\"%s\">\n", name, name);
}

static void add_option(const struct sol_page *page, const char *value, bool is_chosen,
		       enum sol_word word, const char *inside)
{
	buf_printf(page->out, "<option value=\"%s\"%s>", value, is_chosen ? " selected" : "");
	sol_page_say(page, word, inside);
	buf_text(page->out, "</option>\n");
}

static void end_select(const struct sol_page *page)
{
	buf_text(page->out, "</select>\n</div>\n");
}

/* What was chosen elsewhere and is none of ours stays a choice. */
static void add_kept(const struct sol_page *page, const struct sol_wishes *wishes)
{
	struct buf all = BUF_MAX(1000);

	for (unsigned i = 0; i < wishes->own_count; i++)
		buf_printf(&all, sol_say(page->language, SOL_SAY_OFTEN_KEPT_ONE), i ? ", " : "",
			   wishes->own[i].limit, wishes->own[i].days);
	add_option(page, "keep", true, SOL_SAY_OFTEN_KEPT, all.bytes);
	buf_free(&all);
}

static void add_often(const struct sol_page *page, const struct sol_wishes *wishes)
{
	struct sol_often often[SOL_OFTEN_MAX];
	unsigned count = sol_often_choices(page->policy, often);
	char text[SOL_OWN_TEXT_BYTES];
	bool is_one_of = !wishes->own_count;

	if (!count && !wishes->own_count)
		return;
	begin_select(page, "often", SOL_SAY_OFTEN);
	add_option(page, "none", !wishes->own_count, SOL_SAY_OFTEN_SHOP, NULL);
	for (unsigned i = 0; i < count; i++) {
		bool is_chosen = wishes->own_count == 1 &&
				 wishes->own[0].limit == often[i].own.limit &&
				 wishes->own[0].days == often[i].own.days;

		is_one_of = is_one_of || is_chosen;
		add_option(page, sol_own_text(&often[i].own, text), is_chosen, often[i].word, NULL);
	}
	if (!is_one_of)
		add_kept(page, wishes);
	end_select(page);
}

static void add_languages(const struct sol_page *page, const char *locale)
{
	enum sol_language chosen = SOL_LANGUAGE_COUNT;

	begin_select(page, "language", SOL_SAY_LANGUAGE);
	if (!sol_language_find(slice_text(locale), &chosen)) {
		buf_text(page->out, "<option value=\"\" selected>");
		if (locale[0])
			html_text(page->out, locale);
		else
			sol_page_say(page, SOL_SAY_LANGUAGE_NONE, NULL);
		buf_text(page->out, "</option>\n");
	}
	for (unsigned i = 0; i < SOL_LANGUAGE_COUNT; i++) {
		const char *tag = sol_language_tag((enum sol_language)i);

		buf_printf(page->out, "<option value=\"%s\" lang=\"%s\"%s>%s</option>\n", tag, tag,
			   i == chosen ? " selected" : "", sol_language_name((enum sol_language)i));
	}
	end_select(page);
}

static void add_choice(const struct sol_page *page, const struct sol_preferences *preferences)
{
	sol_page_begin_shown(page, preferences);
	add_classes(page, preferences->wishes.agreed);
	add_often(page, &preferences->wishes);
	add_languages(page, preferences->wishes.locale);
	sol_page_deed(page, "", SOL_DO_SAVE, SOL_SAY_SAVE);
	if (preferences->wishes.agreed)
		sol_page_deed(page, "plain", SOL_DO_NOTHING, SOL_SAY_LEAVE_ALL);
	buf_text(page->out, "</form>\n");
}

static void add_notice(const struct sol_page *page, const struct sol_preferences *preferences)
{
	if (preferences->notice != SOL_SAY_NOTHING)
		sol_page_paragraph(page,
				   preferences->is_alert ? "class=\"alert\" role=\"alert\""
							 : "class=\"note\" role=\"status\"",
				   preferences->notice, NULL);
}

/* Whoever cannot see what is may still say that it must end. */
static void add_last_resort(const struct sol_page *page, const struct sol_preferences *preferences)
{
	sol_page_paragraph(page, "", SOL_SAY_CANNOT_SHOW, NULL);
	sol_page_begin_shown(page, preferences);
	sol_page_deed(page, "", SOL_DO_NOTHING, SOL_SAY_LEAVE_ALL);
	buf_text(page->out, "</form>\n");
}

void sol_page_preferences(const struct sol_page *page, const struct sol_preferences *preferences)
{
	const struct sol_person *person = preferences->person;
	bool is_nobody = person && !person->is_known;
	char masked[SOL_MASKED_BYTES];

	sol_page_begin(page, is_nobody ? SOL_SAY_NOBODY_TITLE : SOL_SAY_CHOOSE_TITLE);
	add_notice(page, preferences);
	if (!person) {
		add_last_resort(page, preferences);
	} else if (is_nobody) {
		sol_page_paragraph(page, "", SOL_SAY_NOBODY, NULL);
	} else {
		sol_page_mask(person->email, masked);
		sol_page_paragraph(page, "class=\"soft\"",
				   person->email[0] ? SOL_SAY_CHOOSE : SOL_SAY_CHOOSE_NO_ADDRESS,
				   masked);
		if (person->bounces)
			sol_page_paragraph(page, "class=\"alert\"", SOL_SAY_BOUNCES, NULL);
		add_choice(page, preferences);
		sol_page_pause(page, preferences);
		sol_page_plans(page, preferences);
		sol_page_known(page, preferences);
		sol_page_forget_card(page, preferences);
	}
	sol_page_end(page);
}
