/* whatif_svg.c - where the marks of the comparison's pictures are; see whatif_page.h. */
#include <stdio.h>

#include "services/nurturectl/report/report_page.h"
#include "whatif_page.h"

enum {
	ROW = 56, /* a label over two bars */
	LABEL_Y = 14,
	BAR_Y = 21,
	BAR = 13,
	WIDEST = 68, /* percent; the number stands behind it */
	CHANGE_ROW = 24,
};

static void put_percent(struct model *model, const char *name, double percent)
{
	model_printf(model, name, "%.2f", percent);
}

static void put_int(struct model *model, const char *name, int value)
{
	model_printf(model, name, "%d", value);
}

/* Returns the width of a bar; what is not 0 is never invisible. */
static double width_of(int64_t value, int64_t most, int widest)
{
	double width = (double)value * widest / (double)most;

	return value > 0 && width < 0.3 ? 0.3 : width;
}

static int bar_y(size_t row, unsigned side)
{
	return (int)row * ROW + BAR_Y + (int)side * (BAR + 3);
}

static struct model begin_row(struct arena *arena, size_t row, const char *label)
{
	struct model ret = model_object(arena);

	model_text(&ret, "label", arena_text(arena, label));
	put_int(&ret, "label_y", (int)row * ROW + LABEL_Y);
	return ret;
}

static void put_bar(const struct whatif_bar *bar, size_t row, unsigned side, int64_t most,
		    struct model *bars)
{
	struct model one = model_object(bars->arena);
	const char *note = bar->notes[side];
	int y = bar_y(row, side);

	put_percent(&one, "width", width_of(bar->values[side], most, WIDEST));
	put_int(&one, "y", y);
	put_int(&one, "text_y", y + BAR - 2);
	model_text(&one, "class", side ? "b" : "a");
	report_put_number(&one, "value", bar->values[side]);
	model_text(&one, "note", note ? arena_text(bars->arena, note) : "");
	model_add(bars, "", &one);
}

void whatif_put_bars(const struct whatif_bar *bars, size_t count, const char *what,
		     const char *name, struct model *page)
{
	struct model picture = model_object(page->arena), rows = model_list(page->arena);
	int64_t most = 1;

	for (size_t i = 0; i < count; i++)
		for (unsigned side = 0; side < WHATIF_SIDES; side++)
			if (bars[i].values[side] > most)
				most = bars[i].values[side];
	for (size_t i = 0; i < count; i++) {
		struct model row = begin_row(page->arena, i, bars[i].label);
		struct model both = model_list(page->arena);

		for (unsigned side = 0; side < WHATIF_SIDES; side++)
			put_bar(&bars[i], i, side, most, &both);
		model_add(&row, "bars", &both);
		model_add(&rows, "", &row);
	}
	put_int(&picture, "height", (int)count * ROW);
	model_text(&picture, "what", what);
	model_add(&picture, "rows", &rows);
	model_add(page, name, &picture);
}

/* Puts the waits of one programme under one policy, side by side to 100 %. */
static void put_parts(const struct whatif_counts *counts, int y, struct model *parts)
{
	double x = 0;

	for (int i = 0; counts->said && i < WHATIF_WAITS; i++) {
		double width = (double)counts->waits[i] * 100.0 / (double)counts->said;
		struct model part = model_object(parts->arena);

		if (counts->waits[i] == 0)
			continue;
		put_percent(&part, "x", x);
		put_int(&part, "y", y);
		put_percent(&part, "width", width);
		put_int(&part, "wait", i);
		model_add(parts, "", &part);
		x += width;
	}
}

static void put_waits_row(const struct whatif *whatif, const struct whatif_programme *programme,
			  size_t row, struct model *rows)
{
	struct model one = begin_row(rows->arena, row, programme->name);
	struct model parts = model_list(rows->arena), nothing = model_list(rows->arena);

	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		struct model note = model_object(rows->arena);
		int y = bar_y(row, side);

		put_parts(&programme->sides[side], y, &parts);
		if (programme->sides[side].said)
			continue;
		put_int(&note, "y", y + BAR - 2);
		model_text(&note, "name", whatif->sides[side].name);
		model_add(&nothing, "", &note);
	}
	model_add(&one, "parts", &parts);
	model_add(&one, "nothing", &nothing);
	model_add(rows, "", &one);
}

void whatif_put_waits_picture(const struct whatif *whatif, struct model *page)
{
	struct model waits = model_object(page->arena), rows = model_list(page->arena);

	for (size_t i = 0; i < whatif->programme_count; i++) {
		const struct whatif_programme *programme = &whatif->programmes[i];

		if (programme->sides[0].said + programme->sides[1].said)
			put_waits_row(whatif, programme, rows.count, &rows);
	}
	put_int(&waits, "height", (int)rows.count * ROW);
	model_add(&waits, "rows", &rows);
	model_add(page, "waits", &waits);
}

void whatif_put_changes(const struct whatif *whatif, struct model *page)
{
	static const char *const labels[WHATIF_CHANGES] = {
	    "10+ fewer", "5 to 9 fewer", "2 to 4 fewer", "1 fewer", "as many",
	    "1 more",    "2 to 4 more",  "5 to 9 more",  "10+ more"};
	struct model changes = model_list(page->arena);
	size_t most = 1;

	for (int i = 0; i < WHATIF_CHANGES; i++)
		most = whatif->changes[i] > most ? whatif->changes[i] : most;
	for (int i = 0; i < WHATIF_CHANGES; i++) {
		double width = width_of((int64_t)whatif->changes[i], (int64_t)most, 50);
		struct model row = model_object(page->arena);

		model_text(&row, "label", labels[i]);
		put_int(&row, "y", i * CHANGE_ROW + 4);
		put_int(&row, "text_y", i * CHANGE_ROW + 15);
		put_percent(&row, "width", width);
		put_percent(&row, "end", 32.5 + width);
		model_text(&row, "class",
			   i < WHATIF_CHANGES / 2   ? "fewer"
			   : i > WHATIF_CHANGES / 2 ? "more"
						    : "a");
		report_put_number(&row, "customers", (int64_t)whatif->changes[i]);
		model_add(&changes, "", &row);
	}
	model_add(page, "changes", &changes);
}
