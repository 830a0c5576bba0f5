/* whatif_matrix.c - who makes whom wait: a section of the comparison; see whatif_page.h. */
#include "services/nurturectl/report/report_page.h"
#include "whatif_page.h"

static size_t matrix_most(const struct whatif *whatif)
{
	size_t most = 1;

	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		for (size_t i = 0; i < whatif->programme_count * whatif->programme_count; i++)
			if (whatif->matrix[side][i].requests > most)
				most = whatif->matrix[side][i].requests;
	return most;
}

static void put_heat(size_t requests, size_t displaced, size_t most, struct buf *out)
{
	if (requests == 0) {
		buf_text(out, "<td class=\"soft\">·</td>");
		return;
	}
	buf_printf(out, "<td style=\"background:rgba(217,131,36,%.2f)\">",
		   0.08 + 0.5 * (double)requests / (double)most);
	html_number(out, (int64_t)requests);
	if (displaced) {
		buf_text(out, "<small> · ");
		html_number(out, (int64_t)displaced);
		buf_text(out, " never</small>");
	}
	buf_text(out, "</td>");
}

static bool has_matrix(const struct whatif *whatif, unsigned side)
{
	for (size_t i = 0; i < whatif->programme_count * whatif->programme_count; i++)
		if (whatif->matrix[side][i].requests)
			return true;
	return false;
}

static void put_matrix(const struct whatif *whatif, unsigned side, size_t most, struct buf *out)
{
	size_t count = whatif->programme_count;

	buf_printf(out, "<h3><i class=\"%s\"></i> ", side ? "b" : "a");
	html_text(out, whatif->sides[side].name);
	buf_text(out, "</h3>");
	if (!has_matrix(whatif, side)) {
		buf_text(out, "<p>No message made another one wait.</p>");
		return;
	}
	buf_text(out, "<div class=\"scroll\"><table class=\"heat\"><tr><th>went first "
		      "\xe2\x86\x93 &nbsp;had to wait \xe2\x86\x92</th>");
	for (size_t k = 0; k < count; k++) {
		buf_text(out, "<th>");
		html_text(out, whatif->programmes[k].name);
		buf_text(out, "</th>");
	}
	buf_text(out, "</tr>\n");
	for (size_t i = 0; i < count; i++) {
		buf_text(out, "<tr><td>");
		html_text(out, whatif->programmes[i].name);
		buf_text(out, "</td>");
		for (size_t k = 0; k < count; k++)
			put_heat(whatif->matrix[side][i * count + k].requests,
				 whatif->matrix[side][i * count + k].displaced, most, out);
		buf_text(out, "</tr>\n");
	}
	buf_text(out, "</table></div>\n");
}

/* "tips makes welcome-back wait most" */
static void title_matrix(const struct whatif *whatif, struct buf *out)
{
	size_t count = whatif->programme_count, best = 0, most = 0;

	for (size_t i = 0; i < count * count; i++)
		if (whatif->matrix[1][i].requests > most) {
			most = whatif->matrix[1][i].requests;
			best = i;
		}
	if (most == 0)
		buf_printf(out, "Under %s no message would make another one wait",
			   whatif->sides[1].name);
	else if (best / count == best % count)
		buf_printf(out, "Most of all, %s would wait for earlier messages of its own",
			   whatif->programmes[best / count].name);
	else
		buf_printf(out, "Most of all, %s would wait for %s",
			   whatif->programmes[best % count].name,
			   whatif->programmes[best / count].name);
}

void whatif_matrix_html(const struct whatif *whatif, struct buf *out)
{
	size_t most = matrix_most(whatif);
	struct buf title = BUF_MAX(4096);

	title_matrix(whatif, &title);
	whatif_section(title.bytes, out);
	buf_free(&title);
	buf_text(out, "<p class=\"soft\">How many messages of the programme in the column had to "
		      "wait at least once because one of the programme in the row had gone first, "
		      "and how many of them were then never said.</p>");
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		put_matrix(whatif, side, most, out);
	buf_text(out, "</section>\n");
}
