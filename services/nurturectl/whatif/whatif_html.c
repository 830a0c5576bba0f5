/* whatif_html.c - the comparison of two policies as one page; see whatif_page.h. */
#include <stdio.h>

#include "common/template/page_set.h"
#include "services/nurturectl/report/report_page.h"
#include "whatif_page.h"

static void put_answer(const struct whatif *whatif, struct model *page)
{
	struct model findings = model_list(page->arena);
	struct buf text = BUF_MAX(4096);

	whatif_answer(whatif, &text);
	model_buf(page, "answer", &text);
	for (unsigned i = 0; whatif_finding(whatif, i, &text); i++)
		model_buf(&findings, "", &text);
	model_add(page, "findings", &findings);
	buf_free(&text);
}

static void put_head(const struct whatif *whatif, struct model *page)
{
	const struct whatif_input *input = whatif->input;
	const struct policy *policy = input->sides[0].policy;

	model_text(page, "shop", policy->shop.name);
	model_text(page, "name_a", whatif->sides[0].name);
	model_text(page, "name_b", whatif->sides[1].name);
	model_text(page, "hash_a", input->sides[0].policy->hash);
	model_text(page, "hash_b", input->sides[1].policy->hash);
	put_answer(whatif, page);
	report_put_count(page, "orders", (int64_t)input->orders->placed, "real order",
			 "real orders");
	report_put_count(page, "customers", (int64_t)input->orders->customers, "customer",
			 "customers");
	report_put_date(page, "first_order", policy, input->orders->first_ms);
	report_put_date(page, "last_order", policy, input->orders->last_placed_ms);
	report_put_date(page, "end", policy, input->until_ms);
}

static void put_fact(size_t a, size_t b, const char *what, bool is_main, struct model *facts)
{
	struct model one = model_object(facts->arena);

	report_put_number(&one, "a", (int64_t)a);
	report_put_number(&one, "b", (int64_t)b);
	model_text(&one, "what", what);
	model_flag(&one, "is_main", is_main);
	model_add(facts, "", &one);
}

static void put_facts(const struct whatif *whatif, struct model *page)
{
	const struct whatif_side *a = &whatif->sides[0], *b = &whatif->sides[1];
	struct model facts = model_list(page->arena);

	put_fact(a->mails, b->mails, "messages in all", true, &facts);
	put_fact(a->most_30d, b->most_30d, "at most to anyone in any 30 days", true, &facts);
	put_fact(a->all.held, b->all.held, "held back at least once", false, &facts);
	put_fact(a->all.unsaid, b->all.unsaid, "never said", false, &facts);
	model_add(page, "facts", &facts);
}

static void put_quantiles(const char *what, const struct whatif *whatif,
			  const int64_t *const values[WHATIF_SIDES], bool is_e2, struct model *rows)
{
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		struct model row = model_object(rows->arena), cells = model_list(rows->arena);

		model_text(&row, "what", side ? "" : what);
		model_text(&row, "name", whatif->sides[side].name);
		for (int i = 0; i < WHATIF_QUANTILES; i++)
			if (is_e2)
				report_put_length(&cells, "", (double)values[side][i] / 100.0);
			else
				model_printf(&cells, "", "%lld", (long long)values[side][i]);
		model_add(&row, "values", &cells);
		model_add(rows, "", &row);
	}
}

static void put_quantile_table(const struct whatif *whatif, struct model *page)
{
	const struct whatif_side *a = &whatif->sides[0], *b = &whatif->sides[1];
	struct model rows = model_list(page->arena);

	put_quantiles("in all, at most", whatif,
		      (const int64_t *const[]){a->mails_quantiles, b->mails_quantiles}, false,
		      &rows);
	put_quantiles("most in any 30 days", whatif,
		      (const int64_t *const[]){a->most_30d_quantiles, b->most_30d_quantiles}, false,
		      &rows);
	put_quantiles("each 30 days, on average", whatif,
		      (const int64_t *const[]){a->rate_quantiles, b->rate_quantiles}, true, &rows);
	model_add(page, "quantiles", &rows);
}

static void put_busy_title(const struct whatif *whatif, struct model *page)
{
	const struct whatif_side *a = &whatif->sides[0], *b = &whatif->sides[1];
	struct buf title = BUF_MAX(4096);

	buf_printf(&title, "Nobody would hear more than %zu %s in 30 days", b->most_30d,
		   b->most_30d == 1 ? "message" : "messages");
	if (a->most_30d != b->most_30d)
		buf_printf(&title, "; under %s it is %zu", a->name, a->most_30d);
	model_buf(page, "busy_title", &title);
	model_text(page, "who_30d", b->who_30d);
	model_printf(page, "most_7d", "%zu", b->most_7d);
}

static void put_busy(const struct whatif *whatif, struct model *page)
{
	struct whatif_bar bars[WHATIF_BUSY] = {0};
	char labels[WHATIF_BUSY][32];
	size_t count = 0;

	put_busy_title(whatif, page);
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
	whatif_put_bars(bars, count, "customers by their most in 30 days", "busy", page);
	put_quantile_table(whatif, page);
}

static void put_assumed(const struct whatif *whatif, struct model *page)
{
	struct model sentences = model_list(page->arena);
	const char *sentence;

	for (unsigned i = 0; (sentence = whatif_assumed(whatif, i)); i++)
		model_text(&sentences, "", sentence);
	for (unsigned i = 0;
	     (sentence = orders_note_sentence(whatif->input->orders, i, page->arena)); i++)
		model_text(&sentences, "", sentence);
	model_add(page, "assumed", &sentences);
	model_text(page, "orders_file", whatif->input->orders_file);
}

void whatif_html(const struct whatif *whatif, struct buf *out)
{
	struct arena arena = {0};
	struct model page = model_object(&arena);

	put_head(whatif, &page);
	put_facts(whatif, &page);
	put_busy(whatif, &page);
	whatif_put_programmes(whatif, &page);
	whatif_put_rules(whatif, &page);
	whatif_put_matrices(whatif, &page);
	whatif_put_waits(whatif, &page);
	whatif_put_people(whatif, &page);
	whatif_put_worst(whatif, &page);
	whatif_put_statuses(whatif, &page);
	put_assumed(whatif, &page);
	page_render_embedded("deploy/pages/tools/", "what-if", &page, out);
	arena_free(&arena);
}
