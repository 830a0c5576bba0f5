/*
 * readers.c - readers of the view, each with a snapshot of its own; see view.h.
 *
 * One that has ended waits for whoever reads next, since opening the file costs more than most
 * queries.  None outlives the file that it has open: what began anew is of another generation.
 */
#include <stdlib.h>

#include "view_internal.h"

void view_free_idle(struct view *view)
{
	while (view->idle) {
		struct view_reader *reader = view->idle;

		view->idle = reader->next;
		sql_close(&reader->sql);
		free(reader);
	}
}

static struct view_reader *take_idle(struct view *view, uint64_t *ret_generation)
{
	struct view_reader *reader;

	pthread_mutex_lock(&view->lock);
	reader = view->idle;
	if (reader)
		view->idle = reader->next;
	*ret_generation = view->generation;
	pthread_mutex_unlock(&view->lock);
	return reader;
}

int view_begin(struct view *view, struct view_reader **ret, struct err *err)
{
	uint64_t generation;
	struct view_reader *reader = take_idle(view, &generation);

	if (!reader) {
		reader = calloc(1, sizeof(*reader));
		if (!reader)
			abort();
		reader->view = view;
		reader->generation = generation;
		if (sql_open(&reader->sql, view->options.path, false, err) < 0) {
			free(reader);
			return -1;
		}
		sql_script(reader->sql, "PRAGMA query_only=ON; PRAGMA cache_size=-16384;"
					"PRAGMA mmap_size=1073741824;");
	}
	sql_script(reader->sql, "BEGIN");
	*ret = reader;
	return 0;
}

void view_end(struct view_reader **reader_address)
{
	struct view_reader *reader = *reader_address;
	struct view *view;
	struct err ignored;
	bool is_good;

	if (!reader)
		return;
	*reader_address = NULL;
	view = reader->view;
	sql_script(reader->sql, "COMMIT");
	is_good = sql_check(reader->sql, &ignored) == 0;
	pthread_mutex_lock(&view->lock);
	if (reader->generation == view->generation && sql_is_damaged(reader->sql))
		view->is_damaged = true;
	is_good = is_good && reader->generation == view->generation;
	if (is_good) {
		reader->next = view->idle;
		view->idle = reader;
	}
	pthread_mutex_unlock(&view->lock);
	if (is_good)
		return;
	sql_close(&reader->sql);
	free(reader);
}
