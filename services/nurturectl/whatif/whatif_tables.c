/* whatif_tables.c - the comparison's sections about programmes and rules; see whatif_page.h. */
#include <stdio.h>
#include <stdlib.h>

#include "services/nurturectl/report/report_page.h"
#include "whatif_internal.h"
#include "whatif_page.h"
#include "services/nurturectl/outcomes/labels.h"

void whatif_key_html(const struct whatif *whatif, struct buf *out)
{
	buf_text(out, "<div class=\"key\">");
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		buf_printf(out, "<span><i class=\"%s\"></i>", side ? "b" : "a");
		html_text(out, whatif->sides[side].name);
		buf_text(out, "</span>");
	}
	buf_text(out, "</div>\n");
}

void whatif_section(const char *title, struct buf *out)
{
	buf_text(out, "<section><h2>");
	html_text(out, title);
	buf_text(out, "</h2>\n");
}

static void put_cell(size_t value, struct buf *out)
{
	buf_text(out, "<td>");
	if (value)
		html_number(out, (int64_t)value);
	else
		buf_text(out, "<span class=\"soft\">0</span>");
	buf_text(out, "</td>");
}

/* The name of a policy over its columns. */
static void put_sides_head(const struct whatif *whatif, unsigned columns, struct buf *out)
{
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		buf_printf(out, "<th colspan=\"%u\" class=\"%s\">", columns, side ? "hb" : "ha");
		html_text(out, whatif->sides[side].name);
		buf_text(out, "</th>");
	}
	buf_text(out, "</tr>\n");
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

void whatif_programmes_html(const struct whatif *whatif, struct buf *out)
{
	struct whatif_bar *bars = whatif_room(whatif->programme_count, sizeof(*bars));
	struct buf title = BUF_MAX(4096);

	title_programmes(whatif, &title);
	whatif_section(title.bytes, out);
	buf_free(&title);
	buf_text(out, "<p class=\"soft\">Messages that each programme gets through to people.</p>");
	whatif_key_html(whatif, out);
	for (size_t i = 0; i < whatif->programme_count; i++) {
		bars[i].label = whatif->programmes[i].name;
		for (unsigned side = 0; side < WHATIF_SIDES; side++)
			bars[i].values[side] = (int64_t)whatif->programmes[i].sides[side].said;
	}
	whatif_bars_svg(bars, whatif->programme_count, "messages said, by programme", out);
	buf_text(out, "</section>\n");
	free(bars);
}

static void title_rules(const struct whatif *whatif, struct buf *out)
{
	size_t a = whatif->sides[0].all.held, b = whatif->sides[1].all.held;
	char text[32];

	html_number(out, (int64_t)b);
	buf_printf(out, " messages would be held back at least once; under %s it is %s",
		   whatif->sides[0].name, words_number((int64_t)a, text, sizeof(text)));
}

static char *rule_words(const struct whatif *whatif, const struct whatif_rule *rule)
{
	struct buf words = BUF_MAX(16384);

	whatif_rule_words(whatif, rule, &words);
	return words.bytes;
}

void whatif_rules_html(const struct whatif *whatif, struct buf *out)
{
	struct whatif_bar *bars = whatif_room(whatif->rule_count, sizeof(*bars));
	struct buf title = BUF_MAX(4096), notes = BUF_MAX(1 << 20);

	title_rules(whatif, &title);
	whatif_section(title.bytes, out);
	buf_free(&title);
	buf_text(out, "<p class=\"soft\">How often each rule held a message back, and how many of "
		      "those were never said. What several rules held back is in several rows."
		      "</p>");
	whatif_key_html(whatif, out);
	for (size_t i = 0; i < whatif->rule_count; i++) {
		const struct whatif_rule *rule = &whatif->rules[i];

		bars[i].label = rule_words(whatif, rule);
		for (unsigned side = 0; side < WHATIF_SIDES; side++) {
			char text[32];

			buf_reset(&notes);
			buf_printf(
			    &notes, "· %s never",
			    words_number((int64_t)rule->sides[side].ended, text, sizeof(text)));
			bars[i].values[side] = (int64_t)rule->sides[side].requests;
			bars[i].notes[side] = rule->sides[side].ended ? strdup(notes.bytes) : NULL;
		}
	}
	whatif_bars_svg(bars, whatif->rule_count, "messages held back, by rule", out);
	for (size_t i = 0; i < whatif->rule_count; i++) {
		free((char *)(uintptr_t)bars[i].label);
		free((char *)(uintptr_t)bars[i].notes[0]);
		free((char *)(uintptr_t)bars[i].notes[1]);
	}
	if (whatif->rule_count == 0)
		buf_text(out, "<p>Nothing was ever held back.</p>");
	buf_text(out, "</section>\n");
	buf_free(&notes);
	free(bars);
}

static void put_wait_cells(const struct whatif_counts *counts, struct buf *out)
{
	for (int i = 1; i < WHATIF_QUANTILES; i++) {
		buf_text(out, "<td>");
		if (counts->said)
			whatif_wait(counts->wait_quantiles_ms[i], out);
		buf_text(out, "</td>");
	}
}

static void put_waits_table(const struct whatif *whatif, struct buf *out)
{
	buf_text(out, "<div class=\"scroll\"><table><tr><th></th>");
	put_sides_head(whatif, WHATIF_QUANTILES - 1, out);
	buf_text(out, "<tr><th>programme</th>");
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		buf_text(out, "<th>half within</th><th>90 %</th><th>99 %</th><th>longest</th>");
	buf_text(out, "</tr>\n");
	for (size_t i = 0; i < whatif->programme_count; i++) {
		buf_text(out, "<tr><td>");
		html_text(out, whatif->programmes[i].name);
		buf_text(out, "</td>");
		for (unsigned side = 0; side < WHATIF_SIDES; side++)
			put_wait_cells(&whatif->programmes[i].sides[side], out);
		buf_text(out, "</tr>\n");
	}
	buf_text(out, "<tr class=\"sum\"><td>all</td>");
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		put_wait_cells(&whatif->sides[side].all, out);
	buf_text(out, "</tr></table></div>");
}

void whatif_waits_html(const struct whatif *whatif, struct buf *out)
{
	static const char *const labels[WHATIF_WAITS] = {"within an hour", "a day",   "3 days",
							 "a week",         "2 weeks", "longer"};
	struct buf title = BUF_MAX(4096);

	buf_text(&title, "Nine of ten messages would be sent ");
	if (whatif->sides[1].all.wait_quantiles_ms[2] >= MINUTE_MS)
		buf_text(&title, "within ");
	whatif_wait(whatif->sides[1].all.wait_quantiles_ms[2], &title);
	buf_text(&title, "; the longest wait is ");
	whatif_wait(whatif->sides[1].all.wait_quantiles_ms[4], &title);
	whatif_section(title.bytes, out);
	buf_free(&title);
	buf_text(out, "<p class=\"soft\">From the moment at which a message was due until it was "
		      "sent: above under ");
	html_text(out, whatif->sides[0].name);
	buf_text(out, ", below under ");
	html_text(out, whatif->sides[1].name);
	buf_text(out, ".</p><div class=\"key\">");
	for (int i = 0; i < WHATIF_WAITS; i++)
		buf_printf(out, "<span><i class=\"w%d\"></i>%s</span>", i, labels[i]);
	buf_text(out, "</div>\n");
	whatif_waits_svg(whatif, out);
	buf_text(out, "<details open><summary>in numbers</summary>");
	put_waits_table(whatif, out);
	buf_text(out, "</details></section>\n");
}

static void put_status_row(const struct whatif *whatif, const char *name,
			   const size_t *const by_status[WHATIF_SIDES], struct buf *out)
{
	buf_text(out, "<tr><td>");
	html_text(out, name);
	buf_text(out, "</td>");
	for (int status = 0; status < STATUS_COUNT; status++) {
		size_t a = by_status[0][status], b = by_status[1][status];

		if (whatif->sides[0].all.by_status[status] + whatif->sides[1].all.by_status[status])
			put_cell(a, out), put_cell(b, out);
	}
	buf_text(out, "</tr>\n");
}

void whatif_statuses_html(const struct whatif *whatif, struct buf *out)
{
	const struct whatif_side *sides = whatif->sides;

	whatif_section("What became of every message", out);
	buf_text(out, "<p class=\"soft\">Each column twice: under ");
	html_text(out, sides[0].name);
	buf_text(out, " and under ");
	html_text(out, sides[1].name);
	buf_text(out, ".</p><div class=\"scroll\"><table class=\"pairs\"><tr><th>programme</th>");
	for (int status = 0; status < STATUS_COUNT; status++)
		if (sides[0].all.by_status[status] + sides[1].all.by_status[status])
			buf_printf(out, "<th colspan=\"2\">%s</th>",
				   status == STATUS_DEFERRED ? "still waiting"
							     : words_status((enum status)status));
	buf_text(out, "</tr>\n");
	for (size_t i = 0; i < whatif->programme_count; i++)
		put_status_row(whatif, whatif->programmes[i].name,
			       (const size_t *const[]){whatif->programmes[i].sides[0].by_status,
						       whatif->programmes[i].sides[1].by_status},
			       out);
	put_status_row(whatif, "all",
		       (const size_t *const[]){sides[0].all.by_status, sides[1].all.by_status},
		       out);
	buf_text(out, "</table></div></section>\n");
}
