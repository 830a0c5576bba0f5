/* page.c - see page.h; the form's way back is in form.c. */
#include "page.h"

#include <stdlib.h>

#include <openssl/evp.h>

#include "common/base/html.h"

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
    ".alert{border-left:.3rem solid var(--alert);padding-left:.75rem;color:var(--alert);"
    "font-weight:600}";

static void begin(const struct policy *policy, const char *title, struct buf *out)
{
	buf_text(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		      "<meta name=\"robots\" content=\"noindex, nofollow\">\n<title>");
	html_text(out, title);
	buf_text(out, " - ");
	html_text(out, policy->shop.name);
	buf_text(out, "</title>\n<style>");
	buf_text(out, style);
	buf_text(out, "</style>\n</head>\n<body>\n<main>\n<p class=\"shop\">");
	html_text(out, policy->shop.name);
	buf_text(out, "</p>\n<div class=\"card\">\n<h1>");
	html_text(out, title);
	buf_text(out, "</h1>\n");
}

static void end(struct buf *out)
{
	buf_text(out, "</div>\n</main>\n</body>\n</html>\n");
}

static void add_scale(int chosen, struct buf *out)
{
	static const char *const words[] = {"Bad", "Poor", "Okay", "Good", "Great"};

	buf_text(out, "<fieldset>\n<legend>Your rating</legend>\n<div class=\"scale\">\n");
	for (int score = 1; score <= 5; score++)
		buf_printf(out,
			   "<label><input type=\"radio\" name=\"score\" value=\"%d\" required%s>"
			   "<b>%d</b><span>%s</span></label>\n",
			   score, score == chosen ? " checked" : "", score, words[score - 1]);
	buf_text(out, "</div>\n</fieldset>\n");
}

void sol_page_form(const struct policy *policy, const char *order, const struct sol_form *form,
		   const char *complaint, struct buf *out)
{
	begin(policy, "How was your order?", out);
	if (order[0]) {
		buf_text(out, "<p class=\"soft\">Order ");
		html_text(out, order);
		buf_text(out, "</p>\n");
	}
	if (complaint) {
		buf_text(out, "<p class=\"alert\" role=\"alert\">");
		html_text(out, complaint);
		buf_text(out, "</p>\n");
	}
	/* No action: the form goes back to where the page came from, whatever is in front of us. */
	buf_text(out, "<form method=\"post\" accept-charset=\"utf-8\">\n");
	add_scale(form->score, out);
	/* A parser drops the first line end inside a textarea: give it one to drop. */
	buf_printf(
	    out,
	    "<div class=\"text\">\n<label class=\"label\" for=\"comment\">"
	    "Anything you would like to tell us? <span class=\"soft\">(optional)</span>"
	    "</label>\n<textarea id=\"comment\" name=\"comment\" maxlength=\"%d\" rows=\"5\">\n",
	    SOL_COMMENT_MAX_CHARS);
	html_text(out, form->comment);
	buf_text(out, "</textarea>\n</div>\n<button type=\"submit\">Send feedback</button>\n"
		      "</form>\n");
	end(out);
}

/* Only the web: "javascript:" in a policy file would be a mistake or worse. */
static bool is_web_link(const char *link)
{
	return strncmp(link, "https://", 8) == 0 || strncmp(link, "http://", 7) == 0;
}

void sol_page_thanks(const struct policy *policy, struct buf *out)
{
	const char *link = policy->feedback.public_link;

	begin(policy, "Thank you", out);
	buf_text(out, "<p role=\"status\">Your feedback has arrived.</p>\n");
	if (is_web_link(link)) {
		buf_text(out, "<p>If you like, tell others too, in your own words:</p>\n"
			      "<a class=\"button\" rel=\"noopener noreferrer\" href=\"");
		html_text(out, link);
		buf_text(out, "\">Write a public review</a>\n");
	}
	end(out);
}

void sol_page_unsubscribe(const struct policy *policy, const char *message_class, struct buf *out)
{
	begin(policy, "Unsubscribe?", out);
	buf_text(out, "<p>This mail was of the kind \u201c");
	html_text(out, message_class);
	buf_text(out, "\u201d. You can hear no more of that, or nothing more at all, except what "
		      "belongs to an order.</p>\n<form method=\"post\" accept-charset=\"utf-8\">\n"
		      "<button type=\"submit\">No more of this</button>\n"
		      "<button type=\"submit\" name=\"from\" value=\"all\">Nothing more at all"
		      "</button>\n</form>\n");
	end(out);
}

void sol_page_unsubscribed(const struct policy *policy, struct buf *out)
{
	begin(policy, "You are unsubscribed", out);
	buf_text(out, "<p role=\"status\">It counts from now on. A mail that is on its way "
		      "already may still arrive.</p>\n");
	end(out);
}

void sol_page_unknown(const struct policy *policy, struct buf *out)
{
	begin(policy, "This link does not work", out);
	buf_text(out, "<p>It may have been cut off on its way. Please open it from the e-mail "
		      "again, or simply reply to that e-mail.</p>\n");
	end(out);
}

void sol_page_unavailable(const struct policy *policy, struct buf *out)
{
	begin(policy, "Please try again in a moment", out);
	buf_text(out, "<p role=\"alert\">This could not be stored just now. Go back, "
		      "and send it again: it will be counted once.</p>\n");
	end(out);
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
