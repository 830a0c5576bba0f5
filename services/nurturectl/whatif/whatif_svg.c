/* whatif_svg.c - the comparison's pictures; see whatif_page.h. */
#include <stdio.h>

#include "whatif_page.h"
#include "services/nurturectl/outcomes/labels.h"

enum {
	ROW = 56, /* a label over two bars */
	LABEL_Y = 14,
	BAR_Y = 21,
	BAR = 13,
	WIDEST = 68, /* percent; the number stands behind it */
	CHANGE_ROW = 24,
};

static void put_number(int64_t value, struct buf *out)
{
	char text[40];

	buf_text(out, words_number(value, text, sizeof(text)));
}

static void begin(int height, const char *title, struct buf *out)
{
	buf_printf(out,
		   "<svg class=\"px\" width=\"100%%\" height=\"%d\" role=\"img\" "
		   "aria-label=\"%s\">\n",
		   height, title);
}

static void put_rect(double x, int y, double width, int height, const char *class, struct buf *out)
{
	buf_printf(out, "<rect x=\"%.2f%%\" y=\"%d\" width=\"%.2f%%\" height=\"%d\" class=\"%s\"/>",
		   x, y, width, height, class);
}

static void put_label(const char *label, int y, struct buf *out)
{
	buf_printf(out, "<text x=\"0\" y=\"%d\">", y);
	html_text(out, label);
	buf_text(out, "</text>");
}

/* What is there is never invisible. */
static double width_of(int64_t value, int64_t most)
{
	double width = (double)value * WIDEST / (double)most;

	return value > 0 && width < 0.3 ? 0.3 : width;
}

static void put_bar(const struct whatif_bar *bar, unsigned side, int64_t most, int top,
		    struct buf *out)
{
	double width = width_of(bar->values[side], most);
	int y = top + BAR_Y + (int)side * (BAR + 3);

	put_rect(0, y, width, BAR, side ? "b" : "a", out);
	buf_printf(out, "<text x=\"%.2f%%\" y=\"%d\" dx=\"6\" class=\"s\">", width, y + BAR - 2);
	put_number(bar->values[side], out);
	if (bar->notes[side]) {
		buf_text(out, " ");
		html_text(out, bar->notes[side]);
	}
	buf_text(out, "</text>\n");
}

void whatif_bars_svg(const struct whatif_bar *bars, size_t count, const char *title,
		     struct buf *out)
{
	int64_t most = 1;

	for (size_t i = 0; i < count; i++)
		for (unsigned side = 0; side < WHATIF_SIDES; side++)
			if (bars[i].values[side] > most)
				most = bars[i].values[side];
	begin((int)count * ROW, title, out);
	for (size_t i = 0; i < count; i++) {
		put_label(bars[i].label, (int)i * ROW + LABEL_Y, out);
		for (unsigned side = 0; side < WHATIF_SIDES; side++)
			put_bar(&bars[i], side, most, (int)i * ROW, out);
	}
	buf_text(out, "</svg>\n");
}

static void put_waits(const struct whatif *whatif, const struct whatif_counts *counts,
		      unsigned side, int top, struct buf *out)
{
	int y = top + BAR_Y + (int)side * (BAR + 3);
	double x = 0;

	for (int i = 0; counts->said && i < WHATIF_WAITS; i++) {
		double width = (double)counts->waits[i] * 100.0 / (double)counts->said;
		char class[16];

		if (counts->waits[i] == 0)
			continue;
		snprintf(class, sizeof(class), "w%d", i);
		put_rect(x, y, width, BAR, class, out);
		x += width;
	}
	if (counts->said == 0) {
		buf_printf(out, "<text x=\"0\" y=\"%d\" class=\"s\">nothing said under ",
			   y + BAR - 2);
		html_text(out, whatif->sides[side].name);
		buf_text(out, "</text>\n");
	}
}

void whatif_waits_svg(const struct whatif *whatif, struct buf *out)
{
	size_t row = 0;

	begin((int)whatif->programme_count * ROW, "time from due to sent", out);
	for (size_t i = 0; i < whatif->programme_count; i++) {
		const struct whatif_programme *programme = &whatif->programmes[i];

		if (programme->sides[0].said + programme->sides[1].said == 0)
			continue;
		put_label(programme->name, (int)row * ROW + LABEL_Y, out);
		for (unsigned side = 0; side < WHATIF_SIDES; side++)
			put_waits(whatif, &programme->sides[side], side, (int)row * ROW, out);
		row++;
	}
	buf_text(out, "</svg>\n");
}

void whatif_changes_svg(const struct whatif *whatif, struct buf *out)
{
	static const char *const labels[WHATIF_CHANGES] = {
	    "10+ fewer", "5 to 9 fewer", "2 to 4 fewer", "1 fewer", "as many",
	    "1 more",    "2 to 4 more",  "5 to 9 more",  "10+ more"};
	size_t most = 1;

	for (int i = 0; i < WHATIF_CHANGES; i++)
		most = whatif->changes[i] > most ? whatif->changes[i] : most;
	begin(WHATIF_CHANGES * CHANGE_ROW, "customers by change in messages", out);
	for (int i = 0; i < WHATIF_CHANGES; i++) {
		double width = (double)whatif->changes[i] * 50.0 / (double)most;
		int y = i * CHANGE_ROW;

		if (whatif->changes[i] && width < 0.3)
			width = 0.3;
		buf_printf(out,
			   "<text x=\"31%%\" y=\"%d\" text-anchor=\"end\" class=\"s\">%s"
			   "</text>",
			   y + 15, labels[i]);
		put_rect(32.5, y + 4, width, CHANGE_ROW - 9,
			 i < WHATIF_CHANGES / 2   ? "fewer"
			 : i > WHATIF_CHANGES / 2 ? "more"
						  : "a",
			 out);
		buf_printf(out, "<text x=\"%.2f%%\" y=\"%d\" dx=\"6\" class=\"s\">", 32.5 + width,
			   y + 15);
		put_number((int64_t)whatif->changes[i], out);
		buf_text(out, "</text>\n");
	}
	buf_text(out, "</svg>\n");
}
