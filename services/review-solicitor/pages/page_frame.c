/* page_frame.c - what all pages have: the style, the head, the foot. */
#include "page_frame.h"

#include <stdlib.h>

#include <openssl/evp.h>

#include "common/template/html.h"

/* Allowed by its hash in the Content-Security-Policy, so nothing else can be slipped in. */
static const char style[] =
    ":root{color-scheme:light dark;--ink:#1d2733;--soft:#5a6675;--paper:#fff;--ground:#f2f4f7;"
    "--line:#c3cad3;--edge:#7a8594;--accent:#0b5cad;--on:#fff;--alert:#a61b1b}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e8ecf1;--soft:#a9b4c0;--paper:#1b222b;"
    "--ground:#11161c;--line:#465362;--edge:#8291a3;--accent:#7db8f5;--on:#0c1622;--alert:#ff9c9c}}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:var(--ground);color:var(--ink);"
    "font:1.0625rem/1.55 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}"
    "main{max-width:34rem;margin:0 auto;padding:1.25rem 1rem 3rem}"
    ".card{background:var(--paper);border:1px solid var(--line);border-radius:.9rem;"
    "padding:1.5rem 1.25rem;margin-top:.75rem}"
    ".shop{margin:1rem 0 0;font-weight:600;color:var(--soft);overflow-wrap:anywhere}"
    "h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem;text-wrap:balance}"
    "p{margin:.5rem 0}.soft{color:var(--soft);overflow-wrap:anywhere}"
    "fieldset{border:0;margin:1.25rem 0 0;padding:0}"
    "legend,.label{display:block;font-weight:600;padding:0;margin:0 0 .5rem}"
    ".scale{display:grid;grid-template-columns:repeat(5,1fr);gap:.4rem}"
    ".scale label{position:relative;display:flex;flex-direction:column;align-items:center;"
    "justify-content:center;min-height:4.25rem;padding:.4rem .1rem;border:2px solid var(--edge);"
    "border-radius:.7rem;cursor:pointer;text-align:center}"
    ".scale input{position:absolute;inset:0;width:100%;height:100%;margin:0;opacity:0;"
    "cursor:pointer}"
    ".scale b{font-size:1.35rem;line-height:1.2}.scale span{font-size:.8rem}"
    ".scale label:hover{border-color:var(--accent)}"
    ".scale label:has(:checked){background:var(--accent);border-color:var(--accent);"
    "color:var(--on)}"
    ".scale :checked~b{text-decoration:underline;text-underline-offset:.2em}"
    ".scale label:focus-within{outline:3px solid var(--accent);outline-offset:2px}"
    "textarea{display:block;width:100%;min-height:8rem;padding:.7rem;font:inherit;color:inherit;"
    "background:transparent;border:2px solid var(--edge);border-radius:.7rem;resize:vertical}"
    ".text{margin-top:1.25rem}"
    "button,.button{display:block;width:100%;margin-top:1.25rem;padding:.8rem 1rem;font:inherit;"
    "font-weight:600;text-align:center;text-decoration:none;color:var(--on);"
    "background:var(--accent);border:0;border-radius:.7rem;cursor:pointer}"
    "textarea:focus-visible,button:focus-visible,a:focus-visible{outline:3px solid var(--accent);"
    "outline-offset:2px}"
    "h2{font-size:1.15rem;line-height:1.3;margin:0 0 .5rem}"
    ".note{border-left:.3rem solid var(--accent);padding-left:.75rem;font-weight:600}"
    ".tick{display:flex;gap:.75rem;align-items:flex-start;padding:.6rem 0;cursor:pointer}"
    ".tick input{flex:none;width:1.4rem;height:1.4rem;margin:.1rem 0 0;accent-color:var(--accent)}"
    ".tick b{display:block;overflow-wrap:anywhere}"
    "select,.line{display:block;width:100%;min-height:3rem;padding:.6rem .7rem;font:inherit;"
    "color:inherit;background:var(--paper);border:2px solid var(--edge);border-radius:.7rem}"
    ".plain{color:var(--accent);background:transparent;border:2px solid var(--accent)}"
    ".grave{color:var(--alert);border-color:var(--alert)}"
    "a{color:var(--accent)}a.button{color:var(--on)}a.plain{color:var(--accent)}"
    "ul{list-style:none;margin:0;padding:0}"
    "li{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.1rem 1rem;padding:.4rem 0}"
    "li+li,.row+.row{border-top:1px solid var(--line)}"
    "dl{margin:0}.row{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.1rem 1rem;"
    "padding:.4rem 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}"
    ".foot{margin:1rem 0 0;font-size:.9rem;color:var(--soft)}.foot a{display:inline-block;"
    "padding:.5rem 1rem .5rem 0}"
    "input:focus-visible,select:focus-visible{outline:3px solid var(--accent);outline-offset:2px}"
    ".alert{border-left:.3rem solid var(--alert);padding-left:.75rem;color:var(--alert);"
    "font-weight:600}";

void sol_page_begin(const struct sol_page *page, enum sol_word title)
{
	struct buf *out = page->out;

	buf_printf(out,
		   "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
		   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		   "<meta name=\"robots\" content=\"noindex, nofollow\">\n<title>",
		   sol_language_tag(page->language));
	sol_page_say(page, title, NULL);
	buf_text(out, " - ");
	html_text(out, page->policy->shop.name);
	buf_text(out, "</title>\n<style>");
	buf_text(out, style);
	buf_text(out, "</style>\n</head>\n<body>\n<main>\n<p class=\"shop\">");
	html_text(out, page->policy->shop.name);
	buf_text(out, "</p>\n<div class=\"card\">\n<h1>");
	sol_page_say(page, title, NULL);
	buf_text(out, "</h1>\n");
}

void sol_page_end(const struct sol_page *page)
{
	struct buf *out = page->out;

	buf_text(out, "</div>\n<p class=\"foot\">");
	for (unsigned i = 0; i < SOL_LANGUAGE_COUNT; i++) {
		const char *tag = sol_language_tag((enum sol_language)i);

		if (i != page->language)
			buf_printf(out, "<a href=\"?lang=%s\" lang=\"%s\" hreflang=\"%s\">%s</a>",
				   tag, tag, tag, sol_language_name((enum sol_language)i));
	}
	buf_text(out, "</p>\n</main>\n</body>\n</html>\n");
}

void sol_page_card(const struct sol_page *page, enum sol_word title)
{
	buf_text(page->out, "</div>\n<div class=\"card\">\n<h2>");
	sol_page_say(page, title, NULL);
	buf_text(page->out, "</h2>\n");
}

void sol_page_say(const struct sol_page *page, enum sol_word word, const char *value)
{
	sol_add_said(page->out, page->language, word, value);
}

void sol_page_paragraph(const struct sol_page *page, const char *attributes, enum sol_word word,
			const char *value)
{
	buf_printf(page->out, "<p%s%s>", attributes[0] ? " " : "", attributes);
	sol_page_say(page, word, value);
	buf_text(page->out, "</p>\n");
}

void sol_page_begin_form(const struct sol_page *page)
{
	/* No action: the form goes back to where the page came from, whatever is in front of us. */
	buf_printf(page->out,
		   "<form method=\"post\" accept-charset=\"utf-8\">\n"
		   "<input type=\"hidden\" name=\"lang\" value=\"%s\">\n",
		   sol_language_tag(page->language));
}

void sol_page_button(const struct sol_page *page, const char *attributes, enum sol_word word)
{
	buf_printf(page->out, "<button type=\"submit\"%s%s>", attributes[0] ? " " : "", attributes);
	sol_page_say(page, word, NULL);
	buf_text(page->out, "</button>\n");
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

/* As the policy says it, or we do for a usual class, or else. */
static const char *class_text(const struct sol_page *page, const struct message_class *one,
			      bool is_about, const char *otherwise)
{
	const struct wording *wording = is_about ? &one->about : &one->title;

	if (wording->count)
		return policy_wording(wording, slice_text(sol_language_tag(page->language)));
	/* Our sentence under the shop's own title might be about something else. */
	if (is_about && one->title.count)
		return otherwise;
	for (size_t i = 0; i < sizeof(usual_classes) / sizeof(usual_classes[0]); i++)
		if (strcmp(one->name, usual_classes[i].name) == 0)
			return sol_say(page->language,
				       is_about ? usual_classes[i].about : usual_classes[i].title);
	return otherwise;
}

const char *sol_page_class_title(const struct sol_page *page, const struct message_class *one)
{
	return class_text(page, one, false, one->name);
}

const char *sol_page_class_about(const struct sol_page *page, const struct message_class *one)
{
	return class_text(page, one, true, "");
}

const char *sol_page_headers(struct arena *arena)
{
	uint8_t digest[EVP_MAX_MD_SIZE], text[EVP_MAX_MD_SIZE * 2];
	unsigned digest_len;

	if (!EVP_Digest(style, strlen(style), digest, &digest_len, EVP_sha256(), NULL))
		abort();
	EVP_EncodeBlock(text, digest, (int)digest_len);
	/* The page's address is a key: it must not go along when the public link is followed. */
	return arena_printf(arena,
			    "Content-Security-Policy: default-src 'none'; style-src 'sha256-%s'; "
			    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'\n"
			    "Referrer-Policy: no-referrer",
			    (const char *)text);
}
