/* whatif_html.c - the comparison of two policies as one page; see whatif_page.h. */
#include <stdio.h>

#include "services/nurturectl/report/report_page.h"
#include "whatif_page.h"
#include "services/nurturectl/outcomes/labels.h"

static void put_plain(struct buf *text, struct buf *out)
{
	html_text(out, text->bytes ? text->bytes : "");
	buf_reset(text);
}

static void put_answer(const struct whatif *whatif, struct buf *out)
{
	struct buf text = BUF_MAX(4096);

	whatif_answer(whatif, &text);
	buf_text(out, "<p class=\"answer\">");
	put_plain(&text, out);
	buf_text(out, "</p>\n<ul>");
	for (unsigned i = 0; whatif_finding(whatif, i, &text); i++) {
		buf_text(out, "<li>");
		put_plain(&text, out);
		buf_text(out, "</li>\n");
	}
	buf_text(out, "</ul>\n");
	buf_free(&text);
}

static void put_head(const struct whatif *whatif, struct buf *out)
{
	const struct whatif_input *input = whatif->input;
	const struct policy *policy = input->sides[0].policy;
	char first[REPORT_DATE_BYTES], last[REPORT_DATE_BYTES], end[REPORT_DATE_BYTES];

	buf_text(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
		      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
		      "<title>");
	html_text(out, policy->shop.name);
	buf_printf(out, ": what if?</title><style>%s%s</style></head><body><main>\n<h1>",
		   report_style, whatif_style);
	html_text(out, policy->shop.name);
	buf_text(out, ": what would be different?</h1>\n");
	put_answer(whatif, out);
	buf_text(out, "<p class=\"soft\" style=\"max-width:none;margin-top:10px\">");
	words_count((int64_t)input->orders->placed, "real order", "real orders", out);
	buf_text(out, " of ");
	words_count((int64_t)input->orders->customers, "customer", "customers", out);
	buf_printf(out, ", %s to %s; both policies simulated to %s.</p>\n",
		   report_date(policy, input->orders->first_ms, first),
		   report_date(policy, input->orders->last_placed_ms, last),
		   report_date(policy, input->until_ms, end));
	whatif_key_html(whatif, out);
}

static void put_fact(int64_t a, int64_t b, const char *what, bool is_main, struct buf *out)
{
	buf_printf(out, "<div class=\"fact%s\"><b>", is_main ? " main" : "");
	html_number(out, b);
	buf_text(out, "<span class=\"was\">instead of ");
	html_number(out, a);
	buf_printf(out, "</span></b><span>%s</span></div>\n", what);
}

static void put_facts(const struct whatif *whatif, struct buf *out)
{
	const struct whatif_side *a = &whatif->sides[0], *b = &whatif->sides[1];

	buf_text(out, "<div class=\"facts\">\n");
	put_fact((int64_t)a->mails, (int64_t)b->mails, "messages in all", true, out);
	put_fact((int64_t)a->most_30d, (int64_t)b->most_30d, "at most to anyone in any 30 days",
		 true, out);
	put_fact((int64_t)a->all.held, (int64_t)b->all.held, "held back at least once", false, out);
	put_fact((int64_t)a->all.unsaid, (int64_t)b->all.unsaid, "never said", false, out);
	buf_text(out, "</div>\n");
}

static void put_quantiles(const char *what, const struct whatif *whatif,
			  const int64_t *const values[WHATIF_SIDES], bool is_e2, struct buf *out)
{
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		buf_printf(out, "<tr><td>%s</td><td class=\"l\">", side ? "" : what);
		html_text(out, whatif->sides[side].name);
		buf_text(out, "</td>");
		for (int i = 0; i < WHATIF_QUANTILES; i++)
			if (is_e2)
				buf_printf(out, "<td>%.1f</td>", (double)values[side][i] / 100.0);
			else
				buf_printf(out, "<td>%lld</td>", (long long)values[side][i]);
		buf_text(out, "</tr>\n");
	}
}

static void put_quantile_table(const struct whatif *whatif, struct buf *out)
{
	const struct whatif_side *a = &whatif->sides[0], *b = &whatif->sides[1];

	buf_text(out, "<div class=\"scroll\"><table><tr><th>messages to one person</th><th></th>"
		      "<th>the quiet tenth</th><th>half of all</th><th>90 %</th><th>99 %</th>"
		      "<th>highest</th></tr>\n");
	put_quantiles("in all, at most", whatif,
		      (const int64_t *const[]){a->mails_quantiles, b->mails_quantiles}, false, out);
	put_quantiles("most in any 30 days", whatif,
		      (const int64_t *const[]){a->most_30d_quantiles, b->most_30d_quantiles}, false,
		      out);
	put_quantiles("each 30 days, on average", whatif,
		      (const int64_t *const[]){a->rate_quantiles, b->rate_quantiles}, true, out);
	buf_text(out, "</table></div>\n");
}

/* "; under a.yaml it is 10" */
static void put_instead(const struct whatif *whatif, size_t value, struct buf *out)
{
	buf_text(out, "; under ");
	html_text(out, whatif->sides[0].name);
	buf_printf(out, " it is %zu", value);
}

static void put_busy_title(const struct whatif *whatif, struct buf *out)
{
	const struct whatif_side *a = &whatif->sides[0], *b = &whatif->sides[1];

	buf_printf(out, "<section><h2>Nobody would hear more than %zu %s in 30 days", b->most_30d,
		   b->most_30d == 1 ? "message" : "messages");
	if (a->most_30d != b->most_30d)
		put_instead(whatif, a->most_30d, out);
	buf_text(out, "</h2>\n<p class=\"soft\">Customers by the most that they hear in any 30 "
		      "days.");
	if (b->who_30d) {
		buf_text(out, " The highest under ");
		html_text(out, b->name);
		buf_text(out, ": customer ");
		html_text(out, b->who_30d);
		buf_printf(out, "; in 7 days it is %zu.", b->most_7d);
	}
	buf_text(out, "</p>\n");
}

static void put_busy(const struct whatif *whatif, struct buf *out)
{
	struct whatif_bar bars[WHATIF_BUSY] = {0};
	char labels[WHATIF_BUSY][32];
	size_t count = 0;

	put_busy_title(whatif, out);
	whatif_key_html(whatif, out);
	for (int i = 0; i < WHATIF_BUSY; i++) {
		if (whatif->sides[0].busy[i] + whatif->sides[1].busy[i] == 0)
			continue;
		if (i == 0)
			snprintf(labels[count], sizeof(labels[0]), "no message");
		else
			snprintf(labels[count], sizeof(labels[0]), "%d%s message%s", i,
				 i == WHATIF_BUSY - 1 ? " or more" : "", i == 1 ? "" : "s");
		bars[count].label = labels[count];
		bars[count].values[0] = (int64_t)whatif->sides[0].busy[i];
		bars[count++].values[1] = (int64_t)whatif->sides[1].busy[i];
	}
	whatif_bars_svg(bars, count, "customers by their most in 30 days", out);
	put_quantile_table(whatif, out);
	buf_text(out, "</section>\n");
}

static void put_assumed(const struct whatif *whatif, struct buf *out)
{
	const struct whatif_input *input = whatif->input;
	const char *sentence;

	buf_text(out, "<section><h2>What was taken for granted</h2><ul>\n");
	for (unsigned i = 0; (sentence = whatif_assumed(whatif, i)); i++) {
		buf_text(out, "<li>");
		html_text(out, sentence);
		buf_text(out, "</li>\n");
	}
	buf_text(out, "</ul></section>\n<footer>Made by nurturectl from ");
	html_text(out, input->orders_file);
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		buf_text(out, side ? " and " : " under ");
		html_text(out, whatif->sides[side].name);
		buf_printf(out, " (policy %s)", input->sides[side].policy->hash);
	}
	buf_text(out, ".</footer>\n</main></body></html>\n");
}

void whatif_html(const struct whatif *whatif, struct buf *out)
{
	put_head(whatif, out);
	put_facts(whatif, out);
	put_busy(whatif, out);
	whatif_programmes_html(whatif, out);
	whatif_rules_html(whatif, out);
	whatif_matrix_html(whatif, out);
	whatif_waits_html(whatif, out);
	whatif_people_html(whatif, out);
	whatif_worst_html(whatif, out);
	whatif_statuses_html(whatif, out);
	put_assumed(whatif, out);
}
