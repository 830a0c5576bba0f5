/* page.c - see page.h: feedback, unsubscribing, and what went wrong; the form's way back is in
 * form.c. */
#include "page.h"

#include "common/template/html.h"
#include "page_frame.h"

static void add_scale(const struct sol_page *page, int chosen)
{
	struct buf *out = page->out;

	buf_text(out, "<fieldset>\n<legend>");
	sol_page_say(page, SOL_SAY_RATING, NULL);
	buf_text(out, "</legend>\n<div class=\"scale\">\n");
	for (int score = 1; score <= 5; score++) {
		buf_printf(out,
			   "<label><input type=\"radio\" name=\"score\" value=\"%d\" required%s>"
			   "<b>%d</b><span>",
			   score, score == chosen ? " checked" : "", score);
		sol_page_say(page, (enum sol_word)(SOL_SAY_SCORE_1 + score - 1), NULL);
		buf_text(out, "</span></label>\n");
	}
	buf_text(out, "</div>\n</fieldset>\n");
}

static void add_comment(const struct sol_page *page, const char *comment)
{
	struct buf *out = page->out;

	buf_text(out, "<div class=\"text\">\n<label class=\"label\" for=\"comment\">");
	sol_page_say(page, SOL_SAY_COMMENT, NULL);
	buf_text(out, " <span class=\"soft\">");
	sol_page_say(page, SOL_SAY_OPTIONAL, NULL);
	/* A parser drops the first line end inside a textarea: give it one to drop. */
	buf_printf(out,
		   "</span></label>\n<textarea id=\"comment\" name=\"comment\" maxlength=\"%d\" "
		   "rows=\"5\">\n",
		   SOL_COMMENT_MAX_CHARS);
	html_text(out, comment);
	buf_text(out, "</textarea>\n</div>\n");
}

void sol_page_form(const struct sol_page *page, const char *order, const struct sol_form *form,
		   enum sol_word complaint)
{
	sol_page_begin(page, SOL_SAY_FEEDBACK_TITLE);
	if (order[0])
		sol_page_paragraph(page, "class=\"soft\"", SOL_SAY_ORDER, order);
	if (complaint != SOL_SAY_NOTHING)
		sol_page_paragraph(page, "class=\"alert\" role=\"alert\"", complaint, NULL);
	sol_page_begin_form(page);
	add_scale(page, form->score);
	add_comment(page, form->comment);
	sol_page_button(page, "", SOL_SAY_SEND_FEEDBACK);
	buf_text(page->out, "</form>\n");
	sol_page_end(page);
}

/* Only the web: "javascript:" in a policy file would be a mistake or worse. */
static bool is_web_link(const char *link)
{
	return strncmp(link, "https://", 8) == 0 || strncmp(link, "http://", 7) == 0;
}

void sol_page_thanks(const struct sol_page *page)
{
	const char *link = page->policy->feedback.public_link;

	sol_page_begin(page, SOL_SAY_THANKS_TITLE);
	sol_page_paragraph(page, "role=\"status\"", SOL_SAY_THANKS, NULL);
	if (is_web_link(link)) {
		sol_page_paragraph(page, "", SOL_SAY_TELL_OTHERS, NULL);
		buf_text(page->out, "<a class=\"button\" rel=\"noopener noreferrer\" href=\"");
		html_text(page->out, link);
		buf_text(page->out, "\">");
		sol_page_say(page, SOL_SAY_PUBLIC_REVIEW, NULL);
		buf_text(page->out, "</a>\n");
	}
	sol_page_end(page);
}

/* Beside us, whatever is in front of us. */
static void add_preferences_link(const struct sol_page *page, const char *token, enum sol_word word)
{
	buf_text(page->out, "<p><a href=\"../p/");
	html_text(page->out, token);
	buf_printf(page->out, "?lang=%s\">", sol_language_tag(page->language));
	sol_page_say(page, word, NULL);
	buf_text(page->out, "</a></p>\n");
}

void sol_page_unsubscribe(const struct sol_page *page, const char *message_class,
			  const char *preferences)
{
	int found = policy_class(page->policy, slice_text(message_class));
	const char *title =
	    found < 0 ? message_class : sol_page_class_title(page, &page->policy->classes[found]);

	sol_page_begin(page, SOL_SAY_LEAVE_TITLE);
	sol_page_paragraph(page, "", SOL_SAY_LEAVE, title);
	sol_page_begin_form(page);
	sol_page_button(page, "", SOL_SAY_LEAVE_THIS);
	sol_page_button(page, "class=\"plain\" name=\"from\" value=\"all\"", SOL_SAY_LEAVE_ALL);
	buf_text(page->out, "</form>\n");
	add_preferences_link(page, preferences, SOL_SAY_LEAVE_LESS);
	sol_page_end(page);
}

void sol_page_unsubscribed(const struct sol_page *page, const char *preferences)
{
	sol_page_begin(page, SOL_SAY_LEFT_TITLE);
	sol_page_paragraph(page, "role=\"status\"", SOL_SAY_LEFT, NULL);
	add_preferences_link(page, preferences, SOL_SAY_LEFT_MORE);
	sol_page_end(page);
}

void sol_page_unknown(const struct sol_page *page)
{
	sol_page_begin(page, SOL_SAY_UNKNOWN_TITLE);
	sol_page_paragraph(page, "", SOL_SAY_UNKNOWN, NULL);
	sol_page_end(page);
}

void sol_page_unavailable(const struct sol_page *page)
{
	sol_page_begin(page, SOL_SAY_BUSY_TITLE);
	sol_page_paragraph(page, "role=\"alert\"", SOL_SAY_BUSY, NULL);
	sol_page_end(page);
}

void sol_page_too_often(const struct sol_page *page)
{
	sol_page_begin(page, SOL_SAY_BUSY_TITLE);
	sol_page_paragraph(page, "role=\"alert\"", SOL_SAY_TOO_OFTEN, NULL);
	sol_page_end(page);
}
