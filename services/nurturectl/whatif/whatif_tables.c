/* whatif_tables.c - the comparison's values about programmes and rules; see whatif_page.h. */
#include <stdio.h>
#include <stdlib.h>

#include "services/nurturectl/report/report_page.h"
#include "whatif_internal.h"
#include "whatif_page.h"
#include "services/nurturectl/outcomes/labels.h"

void *whatif_room(size_t count, size_t size)
{
	void *ret = calloc(count + 1, size);

	if (!ret)
		abort();
	return ret;
}

static void title_programmes(const struct whatif *whatif, struct buf *out)
{
	size_t gains = 0, losses = 0;

	for (size_t i = 0; i < whatif->programme_count; i++) {
		gains += whatif->programmes[i].sides[1].said > whatif->programmes[i].sides[0].said;
		losses += whatif->programmes[i].sides[1].said < whatif->programmes[i].sides[0].said;
	}
	if (gains + losses == 0)
		buf_text(out, "Every programme says as much as before");
	else if (gains == 0)
		buf_printf(out, "%zu of %zu programmes would say less, none more", losses,
			   whatif->programme_count);
	else if (losses == 0)
		buf_printf(out, "%zu of %zu programmes would say more, none less", gains,
			   whatif->programme_count);
	else
		buf_printf(out, "%zu of %zu programmes would say less, %zu more", losses,
			   whatif->programme_count, gains);
}

void whatif_put_programmes(const struct whatif *whatif, struct model *page)
{
	struct whatif_bar *bars = whatif_room(whatif->programme_count, sizeof(*bars));
	struct model key = model_list(page->arena);
	struct buf title = BUF_MAX(4096);

	title_programmes(whatif, &title);
	model_buf(page, "programmes_title", &title);
	for (size_t i = 0; i < whatif->programme_count; i++) {
		bars[i].label = whatif->programmes[i].name;
		for (unsigned side = 0; side < WHATIF_SIDES; side++)
			bars[i].values[side] = (int64_t)whatif->programmes[i].sides[side].said;
		report_put_colour(&key, whatif->input->sides[0].policy, bars[i].label);
	}
	whatif_put_bars(bars, whatif->programme_count, "messages said, by programme", "said", page);
	model_add(page, "programme_key", &key);
	free(bars);
}

static void put_rules_title(const struct whatif *whatif, struct model *page)
{
	size_t a = whatif->sides[0].all.held, b = whatif->sides[1].all.held;
	char before[32], after[32];

	model_printf(page, "rules_title",
		     "%s messages would be held back at least once; under %s it is %s",
		     label_number((int64_t)b, after, sizeof(after)), whatif->sides[0].name,
		     label_number((int64_t)a, before, sizeof(before)));
}

static const char *rule_labels(const struct whatif *whatif, const struct whatif_rule *rule,
			       struct arena *arena)
{
	struct buf words = BUF_MAX(16384);
	const char *ret;

	whatif_rule_label(whatif, rule, &words);
	ret = arena_text(arena, words.bytes ? words.bytes : "");
	buf_free(&words);
	return ret;
}

void whatif_put_rules(const struct whatif *whatif, struct model *page)
{
	struct whatif_bar *bars = whatif_room(whatif->rule_count, sizeof(*bars));
	char text[32];

	put_rules_title(whatif, page);
	for (size_t i = 0; i < whatif->rule_count; i++) {
		const struct whatif_rule *rule = &whatif->rules[i];

		bars[i].label = rule_labels(whatif, rule, page->arena);
		for (unsigned side = 0; side < WHATIF_SIDES; side++) {
			size_t never = rule->sides[side].ended;

			bars[i].values[side] = (int64_t)rule->sides[side].requests;
			if (never)
				bars[i].notes[side] =
				    arena_printf(page->arena, "\u00b7 %s never",
						 label_number((int64_t)never, text, sizeof(text)));
		}
	}
	whatif_put_bars(bars, whatif->rule_count, "messages held back, by rule", "rules", page);
	model_flag(page, "has_rules", whatif->rule_count > 0);
	free(bars);
}

static void put_wait_cells(const struct whatif_counts *counts, struct model *cells)
{
	for (int i = 1; i < WHATIF_QUANTILES; i++) {
		struct buf text = BUF_MAX(100);

		if (counts->said)
			whatif_wait(counts->wait_quantiles_ms[i], &text);
		model_buf(cells, "", &text);
	}
}

static void put_wait_row(const char *name, const struct whatif_counts *a,
			 const struct whatif_counts *b, bool is_sum, struct model *rows)
{
	struct model row = model_object(rows->arena), cells = model_list(rows->arena);

	put_wait_cells(a, &cells);
	put_wait_cells(b, &cells);
	model_text(&row, "programme", name);
	model_flag(&row, "is_sum", is_sum);
	model_add(&row, "cells", &cells);
	model_add(rows, "", &row);
}

void whatif_put_waits(const struct whatif *whatif, struct model *page)
{
	const struct whatif_side *sides = whatif->sides;
	struct model rows = model_list(page->arena);
	struct buf title = BUF_MAX(4096);

	buf_text(&title, "Nine of ten messages would be sent ");
	if (sides[1].all.wait_quantiles_ms[2] >= MINUTE_MS)
		buf_text(&title, "within ");
	whatif_wait(sides[1].all.wait_quantiles_ms[2], &title);
	buf_text(&title, "; the longest wait is ");
	whatif_wait(sides[1].all.wait_quantiles_ms[4], &title);
	model_buf(page, "waits_title", &title);
	whatif_put_waits_picture(whatif, page);
	for (size_t i = 0; i < whatif->programme_count; i++)
		put_wait_row(whatif->programmes[i].name, &whatif->programmes[i].sides[0],
			     &whatif->programmes[i].sides[1], false, &rows);
	put_wait_row("all", &sides[0].all, &sides[1].all, true, &rows);
	model_add(page, "wait_rows", &rows);
}

static bool has_status(const struct whatif *whatif, int status)
{
	return whatif->sides[0].all.by_status[status] + whatif->sides[1].all.by_status[status] > 0;
}

/* Puts each status under both policies; a 0 is left empty. */
static void put_status_row(const struct whatif *whatif, const char *name, const size_t *a,
			   const size_t *b, struct model *rows)
{
	struct model row = model_object(rows->arena), cells = model_list(rows->arena);

	for (int i = 0; i < 2 * STATUS_COUNT; i++) {
		size_t value = i % 2 ? b[i / 2] : a[i / 2];
		struct model cell = model_object(rows->arena);

		if (!has_status(whatif, i / 2))
			continue;
		if (value)
			report_put_number(&cell, "messages", (int64_t)value);
		model_add(&cells, "", &cell);
	}
	model_text(&row, "programme", name);
	model_add(&row, "cells", &cells);
	model_add(rows, "", &row);
}

void whatif_put_statuses(const struct whatif *whatif, struct model *page)
{
	struct model heads = model_list(page->arena), rows = model_list(page->arena);

	for (int status = 0; status < STATUS_COUNT; status++)
		if (has_status(whatif, status))
			model_text(&heads, "",
				   status == STATUS_DEFERRED ? "still waiting"
							     : label_status((enum status)status));
	for (size_t i = 0; i < whatif->programme_count; i++)
		put_status_row(whatif, whatif->programmes[i].name,
			       whatif->programmes[i].sides[0].by_status,
			       whatif->programmes[i].sides[1].by_status, &rows);
	put_status_row(whatif, "all", whatif->sides[0].all.by_status,
		       whatif->sides[1].all.by_status, &rows);
	model_add(page, "status_heads", &heads);
	model_add(page, "status_rows", &rows);
}
