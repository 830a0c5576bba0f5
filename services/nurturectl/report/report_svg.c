/* report_svg.c - the report's three pictures of everybody; see report_page.h. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "report_page.h"
#include "services/nurturectl/outcomes/labels.h"

enum {
	WIDTH = 1000,
	/* how much a customer hears */
	BUSY_HEIGHT = 230,
	BUSY_BASE = 190,
	BUSY_TOP = 26,
	/* rules */
	RULE_ROW = 46,
	RULE_BAR = 14,
	/* weeks */
	WEEKS_LEFT = 60,
	WEEKS_TOP = 16,
	WEEKS_BASE = 216,
	WEEKS_HEIGHT = 244,
};

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static void begin_svg(int height, const char *title, struct buf *out)
{
	buf_printf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n", WIDTH,
		   height, title);
}

static void put_bar(double x, double y, double width, double height, const char *class,
		    struct buf *out)
{
	buf_printf(out,
		   "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"3\" "
		   "class=\"%s\"/>\n",
		   x, y, width, height, class);
}

/* One of a pair of columns with its number on top; a column that is there is never invisible. */
static void put_column(double x, double width, size_t value, size_t most, const char *class,
		       struct buf *out)
{
	double height = sqrt((double)value / (double)most) * (BUSY_BASE - BUSY_TOP);

	if (value > 0 && height < 2)
		height = 2;
	if (value > 0)
		put_bar(x, BUSY_BASE - height, width, height, class, out);
	buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" class=\"t\">",
		   x + width / 2, BUSY_BASE - height - 6);
	html_number(out, (int64_t)value);
	buf_text(out, "</text>\n");
}

void report_busy_svg(const struct report *report, struct buf *out)
{
	const struct report_side *with = &report->with, *without = &report->without;
	double step = (double)WIDTH / REPORT_WEEK_BARS, width = step * 0.36;
	size_t most = 1;

	for (int i = 0; i < REPORT_WEEK_BARS; i++)
		most = larger(most, larger(with->busy[i], without->busy[i]));
	begin_svg(BUSY_HEIGHT, "customers' weeks by number of messages", out);
	buf_printf(out, "<line x1=\"0\" x2=\"%d\" y1=\"%d\" y2=\"%d\" class=\"grid\"/>\n", WIDTH,
		   BUSY_BASE, BUSY_BASE);
	for (int i = 0; i < REPORT_WEEK_BARS; i++) {
		int bar = (i + 1) % REPORT_WEEK_BARS; /* [0], the more, stands last */
		double x = step * i + step * 0.12;

		put_column(x, width, with->busy[bar], most, "with", out);
		put_column(x + width + step * 0.04, width, without->busy[bar], most, "without",
			   out);
		buf_printf(out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" class=\"s\">",
			   step * i + step / 2, BUSY_BASE + 20);
		if (bar == 0)
			buf_printf(out, "%d or more", REPORT_WEEK_BARS);
		else
			buf_printf(out, "%d message%s", bar, bar == 1 ? "" : "s");
		buf_text(out, "</text>\n");
	}
	buf_text(out, "</svg>\n");
}

static void put_rule_name(const struct report_input *input, const char *rule, int y,
			  struct buf *out)
{
	struct buf words = BUF_MAX(4096);

	words_rule(input->policy, rule, &words);
	buf_printf(out, "<text x=\"0\" y=\"%d\">", y);
	html_text(out, words.bytes ? words.bytes : "");
	buf_text(out, "</text>\n");
	buf_free(&words);
}

static void put_rule(const struct report_input *input, const struct report_rule *rule, int y,
		     double scale, struct buf *out)
{
	const struct {
		size_t count;
		const char *class;
	} pieces[] = {{rule->later, "with"}, {rule->ended, "never"}, {rule->waiting, "wait"}};
	double x = 0;

	put_rule_name(input, rule->rule, y + 12, out);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		double width = (double)pieces[i].count * scale;

		if (pieces[i].count == 0)
			continue;
		put_bar(x, y + 19, width < 2 ? 2 : width, RULE_BAR, pieces[i].class, out);
		x += (width < 2 ? 2 : width) + 1;
	}
	buf_printf(out, "<text x=\"%.1f\" y=\"%d\" class=\"s\">", x + 8, y + 31);
	html_number(out, (int64_t)rule->requests);
	buf_text(out, rule->requests == 1 ? " message: " : " messages: ");
	html_number(out, (int64_t)rule->later);
	buf_text(out, " later, ");
	html_number(out, (int64_t)rule->ended);
	buf_text(out, " never");
	if (rule->waiting) {
		buf_text(out, ", ");
		html_number(out, (int64_t)rule->waiting);
		buf_text(out, " waiting");
	}
	buf_text(out, "</text>\n");
}

void report_rules_svg(const struct report_input *input, const struct report *report,
		      struct buf *out)
{
	size_t most = report->rule_count ? larger(report->rules[0].requests, 1) : 1;

	begin_svg((int)report->rule_count * RULE_ROW + 4, "messages held back, by rule", out);
	for (size_t i = 0; i < report->rule_count; i++)
		put_rule(input, &report->rules[i], (int)i * RULE_ROW, 600.0 / (double)most, out);
	buf_text(out, "</svg>\n");
}

static double week_x(const struct report *report, size_t week)
{
	size_t last = report->weeks > 1 ? report->weeks - 1 : 1;

	return WEEKS_LEFT + (double)week / (double)last * (WIDTH - WEEKS_LEFT - 4);
}

static double week_y(size_t value, size_t most)
{
	return WEEKS_BASE - (double)value / (double)most * (WEEKS_BASE - WEEKS_TOP);
}

static void put_line(const struct report *report, const size_t *by_week, size_t most,
		     const char *colour, struct buf *out)
{
	buf_printf(out, "<polyline fill=\"none\" stroke=\"var(%s)\" stroke-width=\"2\" points=\"",
		   colour);
	for (size_t i = 0; i < report->weeks; i++)
		buf_printf(out, "%.1f,%.1f ", week_x(report, i), week_y(by_week[i], most));
	buf_text(out, "\"/>\n");
}

/* 1, 2 or 5 times a power of ten, so that about four lines fit. */
static size_t nice_step(size_t most)
{
	size_t step = 1;

	while (step * 10 <= most / 4)
		step *= 10;
	if (step * 5 <= most / 4)
		return step * 5;
	return step * 2 <= most / 4 ? step * 2 : step;
}

static void put_grid(size_t most, struct buf *out)
{
	size_t step = nice_step(most);

	for (size_t value = 0; value <= most; value += step) {
		double y = week_y(value, most);

		buf_printf(out,
			   "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" class=\"grid\"/>"
			   "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" class=\"s\">",
			   WEEKS_LEFT, WIDTH, y, y, WEEKS_LEFT - 8, y + 4);
		html_number(out, (int64_t)value);
		buf_text(out, "</text>\n");
	}
}

void report_weeks_svg(const struct report_input *input, const struct report *report,
		      struct buf *out)
{
	size_t most = 1, labels = report->weeks < 6 ? report->weeks : 6;

	for (size_t i = 0; i < report->weeks; i++)
		most = larger(most, larger(report->with.by_week[i], report->without.by_week[i]));
	begin_svg(WEEKS_HEIGHT, "messages a week", out);
	put_grid(most, out);
	put_line(report, report->without.by_week, most, "--without", out);
	put_line(report, report->with.by_week, most, "--with", out);
	for (size_t i = 0; i < labels; i++) {
		size_t week = labels > 1 ? i * (report->weeks - 1) / (labels - 1) : 0;
		char date[REPORT_DATE_BYTES];

		buf_printf(out,
			   "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\" class=\"s\">%s</text>\n",
			   week_x(report, week), WEEKS_BASE + 20,
			   i == 0            ? "start"
			   : i == labels - 1 ? "end"
					     : "middle",
			   report_date(input->policy, report->first_ms + (int64_t)week * 7 * DAY_MS,
				       date));
	}
	buf_text(out, "</svg>\n");
}
