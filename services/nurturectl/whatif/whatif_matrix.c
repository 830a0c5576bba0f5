/* whatif_matrix.c - who makes whom wait: values of the comparison's page; see whatif_page.h. */
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

static void put_cell(size_t requests, size_t displaced, size_t most, struct model *cells)
{
	struct model cell = model_object(cells->arena);

	if (requests) {
		report_put_number(&cell, "waited", (int64_t)requests);
		model_printf(&cell, "shade", "%.2f", 0.08 + 0.5 * (double)requests / (double)most);
	}
	if (displaced)
		report_put_number(&cell, "never", (int64_t)displaced);
	model_add(cells, "", &cell);
}

static bool has_matrix(const struct whatif *whatif, unsigned side)
{
	for (size_t i = 0; i < whatif->programme_count * whatif->programme_count; i++)
		if (whatif->matrix[side][i].requests)
			return true;
	return false;
}

static void put_row(const struct whatif *whatif, unsigned side, size_t winner, size_t most,
		    struct model *rows)
{
	size_t count = whatif->programme_count;
	struct model row = model_object(rows->arena), cells = model_list(rows->arena);

	for (size_t k = 0; k < count; k++)
		put_cell(whatif->matrix[side][winner * count + k].requests,
			 whatif->matrix[side][winner * count + k].displaced, most, &cells);
	model_text(&row, "programme", whatif->programmes[winner].name);
	model_add(&row, "cells", &cells);
	model_add(rows, "", &row);
}

static void put_matrix(const struct whatif *whatif, unsigned side, size_t most, struct model *all)
{
	struct model matrix = model_object(all->arena), table = model_object(all->arena);
	struct model names = model_list(all->arena), rows = model_list(all->arena);

	model_text(&matrix, "letter", side ? "b" : "a");
	model_text(&matrix, "name", whatif->sides[side].name);
	if (has_matrix(whatif, side)) {
		for (size_t i = 0; i < whatif->programme_count; i++) {
			model_text(&names, "", whatif->programmes[i].name);
			put_row(whatif, side, i, most, &rows);
		}
		model_add(&table, "programmes", &names);
		model_add(&table, "rows", &rows);
		model_add(&matrix, "table", &table);
	}
	model_add(all, "", &matrix);
}

/* Writes the title: "tips makes welcome-back wait most". */
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

void whatif_put_matrices(const struct whatif *whatif, struct model *page)
{
	size_t most = matrix_most(whatif);
	struct model all = model_list(page->arena);
	struct buf title = BUF_MAX(4096);

	title_matrix(whatif, &title);
	model_buf(page, "matrix_title", &title);
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		put_matrix(whatif, side, most, &all);
	model_add(page, "matrices", &all);
}
