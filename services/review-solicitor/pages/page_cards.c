/* page_cards.c - see page_cards.h; and the pages about forgetting. */
#include "page_cards.h"

#include <stdio.h>

#include "common/template/html.h"

void sol_page_begin_shown(const struct sol_page *page, const struct sol_preferences *preferences)
{
	sol_page_begin_form(page);
	buf_text(page->out, "<input type=\"hidden\" name=\"shown\" value=\"");
	html_text(page->out, preferences->shown);
	buf_text(page->out, "\">\n");
}

void sol_page_deed(const struct sol_page *page, const char *class_name, enum sol_deed deed,
		   enum sol_word word)
{
	char attributes[80];

	snprintf(attributes, sizeof(attributes), "class=\"%s\" name=\"do\" value=\"%s\"",
		 class_name, sol_deed_text(deed));
	sol_page_button(page, attributes, word);
}

void sol_page_mask(const char *address, char ret[SOL_MASKED_BYTES])
{
	const char *at = strrchr(address, '@');
	size_t first = address[0] != '\0';

	while (first && ((unsigned char)address[first] & 0xc0) == 0x80)
		first++;
	if (!at || strlen(address) > 320)
		first = 0;
	snprintf(ret, SOL_MASKED_BYTES, "%.*s\u2022\u2022\u2022%s", (int)first, address,
		 at ? at : "");
}

static void add_date_of(const struct sol_page *page, int64_t at_ms, struct buf *out)
{
	int64_t ms_of_day;

	sol_add_date(out, page->language, zone_date(page->policy->shop_zone, at_ms, &ms_of_day));
}

void sol_page_pause(const struct sol_page *page, const struct sol_preferences *preferences)
{
	struct buf date = BUF_MAX(200);
	bool is_paused = preferences->wishes.paused_until_ms > preferences->now_ms;

	sol_page_card(page, SOL_SAY_PAUSE_TITLE);
	if (is_paused) {
		add_date_of(page, preferences->wishes.paused_until_ms, &date);
		sol_page_paragraph(page, "", SOL_SAY_PAUSED, date.bytes);
	}
	sol_page_paragraph(page, "class=\"soft\"", is_paused ? SOL_SAY_PAUSE : SOL_SAY_PAUSE_FOR,
			   NULL);
	sol_page_begin_shown(page, preferences);
	if (is_paused)
		sol_page_deed(page, "plain", SOL_DO_RESUME, SOL_SAY_RESUME);
	else
		sol_page_deed(page, "plain", SOL_DO_PAUSE, SOL_SAY_PAUSE_30);
	buf_text(page->out, "</form>\n");
	buf_free(&date);
}

/* A programme's own name is the shop's business: people read its title, or what class it is of. */
static void add_plan_title(const struct sol_page *page, const struct sol_plan *plan)
{
	const struct programme *programme =
	    policy_programme(page->policy, slice_text(plan->programme));
	const char *title = programme ? policy_wording(&programme->title,
						       slice_text(sol_language_tag(page->language)))
				      : "";

	if (title[0])
		html_text(page->out, title);
	else if (plan->message_class >= 0)
		html_text(page->out,
			  sol_page_class_title(page, &page->policy->classes[plan->message_class]));
	else
		sol_page_say(page, SOL_SAY_PLAN_OTHER, NULL);
}

static void add_plan(const struct sol_page *page, const struct sol_plan *plan, int64_t now_ms)
{
	struct buf date = BUF_MAX(200);

	buf_text(page->out, "<li><span>");
	add_plan_title(page, plan);
	buf_text(page->out, "</span><span class=\"soft\">");
	switch (plan->kind) {
	case SOL_PLAN_AT:
		add_date_of(page, plan->at_ms, &date);
		if (plan->at_ms <= now_ms + DAY_MS)
			sol_page_say(page, SOL_SAY_PLAN_SOON, NULL);
		else
			sol_page_say(page, SOL_SAY_PLAN_FROM, date.bytes);
		break;
	case SOL_PLAN_FOLLOWS:
		sol_page_say(page, SOL_SAY_PLAN_AFTER, NULL);
		break;
	case SOL_PLAN_HELD:
		sol_page_say(page, SOL_SAY_PLAN_CASE, NULL);
		break;
	}
	buf_text(page->out, "</span></li>\n");
	buf_free(&date);
}

static bool is_wanted(const struct sol_page *page, const struct sol_preferences *preferences,
		      const struct sol_plan *plan)
{
	return plan->message_class < 0 ||
	       !page->policy->classes[plan->message_class].needs_consent ||
	       preferences->wishes.agreed >> plan->message_class & 1;
}

void sol_page_plans(const struct sol_page *page, const struct sol_preferences *preferences)
{
	const struct sol_person *person = preferences->person;
	unsigned told = 0;

	sol_page_card(page, SOL_SAY_PLANS_TITLE);
	for (unsigned i = 0; i < person->plan_count; i++) {
		if (!is_wanted(page, preferences, &person->plans[i]))
			continue; /* said a moment ago: it will end */
		buf_text(page->out, told++ ? "" : "<ul>\n");
		add_plan(page, &person->plans[i], preferences->now_ms);
	}
	if (told)
		buf_text(page->out, "</ul>\n");
	else
		sol_page_paragraph(page, "class=\"soft\"", SOL_SAY_PLANS_NONE, NULL);
}

static void add_row(const struct sol_page *page, enum sol_word name, const char *value)
{
	buf_text(page->out, "<div class=\"row\"><dt>");
	sol_page_say(page, name, NULL);
	buf_text(page->out, "</dt><dd>");
	if (value[0])
		html_text(page->out, value);
	else
		sol_page_say(page, SOL_SAY_KNOWN_NOT, NULL);
	buf_text(page->out, "</dd></div>\n");
}

void sol_page_known(const struct sol_page *page, const struct sol_preferences *preferences)
{
	const struct sol_person *person = preferences->person;
	char masked[SOL_MASKED_BYTES] = "";

	if (person->email[0])
		sol_page_mask(person->email, masked);
	sol_page_card(page, SOL_SAY_KNOWN_TITLE);
	buf_text(page->out, "<dl>\n");
	add_row(page, SOL_SAY_KNOWN_ADDRESS, masked);
	add_row(page, SOL_SAY_LANGUAGE, preferences->wishes.locale);
	add_row(page, SOL_SAY_KNOWN_COUNTRY, person->country);
	add_row(page, SOL_SAY_KNOWN_ZONE, person->time_zone);
	buf_text(page->out, "</dl>\n");
}

void sol_page_forget_card(const struct sol_page *page, const struct sol_preferences *preferences)
{
	sol_page_card(page, SOL_SAY_FORGET_TITLE);
	sol_page_paragraph(page, "class=\"soft\"", SOL_SAY_FORGET, NULL);
	sol_page_begin_shown(page, preferences);
	sol_page_deed(page, "plain grave", SOL_DO_FORGET, SOL_SAY_FORGET_ASK);
	buf_text(page->out, "</form>\n");
}

void sol_page_forget(const struct sol_page *page, const struct sol_preferences *preferences,
		     enum sol_word complaint)
{
	sol_page_begin(page, SOL_SAY_FORGET_SURE);
	sol_page_paragraph(page, "", SOL_SAY_FORGET, NULL);
	sol_page_paragraph(page, "", SOL_SAY_FORGET_LAST, NULL);
	if (complaint != SOL_SAY_NOTHING)
		sol_page_paragraph(page, "class=\"alert\" role=\"alert\"", complaint, NULL);
	sol_page_begin_shown(page, preferences);
	if (preferences->person->email[0]) {
		buf_text(page->out,
			 "<div class=\"text\">\n<label class=\"label\" for=\"address\">");
		sol_page_say(page, SOL_SAY_FORGET_ADDRESS, NULL);
		buf_text(page->out,
			 "</label>\n<input class=\"line\" id=\"address\" name=\"address\" "
			 "type=\"email\" autocomplete=\"email\" required maxlength=\"320\">\n"
			 "</div>\n");
	}
	sol_page_deed(page, "plain grave", SOL_DO_FORGET_YES, SOL_SAY_FORGET_YES);
	buf_printf(page->out, "</form>\n<a class=\"button\" href=\"?lang=%s\">",
		   sol_language_tag(page->language));
	sol_page_say(page, SOL_SAY_FORGET_NO, NULL);
	buf_text(page->out, "</a>\n");
	sol_page_end(page);
}

void sol_page_forgotten(const struct sol_page *page)
{
	sol_page_begin(page, SOL_SAY_FORGOTTEN_TITLE);
	sol_page_paragraph(page, "role=\"status\"", SOL_SAY_FORGOTTEN, NULL);
	sol_page_end(page);
}
