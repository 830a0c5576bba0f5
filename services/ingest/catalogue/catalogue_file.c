/* catalogue_file.c - see catalogue_file.h. */
#include "catalogue_file.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "common/io/config/config.h"
#include "common/io/process/log.h"
#include "complete.h"

static volatile sig_atomic_t was_hung_up;

static void on_hangup(int number)
{
	(void)number;
	was_hung_up = 1;
}

static int read_path(const char *path, struct arena *arena, struct catalogue *ret, struct err *err)
{
	struct slice text;
	char *bytes;
	size_t len;
	int r;

	if (file_read(path, CATALOGUE_MAX_BYTES, &bytes, &len, err) < 0)
		return err_config(err, "%s: %s", path, strerror(errno));
	text = slice_of(arena_copy(arena, bytes, len), len);
	free(bytes);
	r = catalogue_read(text, arena, ret, err);
	return r < 0 ? err_prefix(err, "%s", path) : 0;
}

int catalogue_file_check(const char *path, struct err *err)
{
	struct catalogue catalogue;
	struct arena arena = {0};
	int r = *path ? read_path(path, &arena, &catalogue, err) : 0;

	arena_free(&arena);
	return r;
}

static void register_metrics(struct catalogue_file *file)
{
	static const char reads[] = "Readings of the catalogue's file, by what became of them.";
	static const char items[] = "Items that were looked up in the catalogue.";

	file->rows =
	    metric_gauge("nurture_ingest_catalogue_rows", "", "Rows of the catalogue in force.");
	file->taken =
	    metric_counter("nurture_ingest_catalogue_reads_total", "result=\"in_force\"", reads);
	file->refused =
	    metric_counter("nurture_ingest_catalogue_reads_total", "result=\"refused\"", reads);
	file->matched =
	    metric_counter("nurture_ingest_catalogue_items_total", "result=\"matched\"", items);
	file->unmatched =
	    metric_counter("nurture_ingest_catalogue_items_total", "result=\"unmatched\"", items);
}

/* Which catalogue is in force, as a label; what was in force before goes to 0. */
static void tell(struct catalogue_file *file)
{
	if (file->in_force)
		metric_set(file->in_force, 0);
	file->in_force = metric_gauge_with("nurture_ingest_catalogue_in_force",
					   metric_label("hash", file->current.hash),
					   "1: the catalogue with that hash is in force.");
	metric_set(file->in_force, 1);
	metric_set(file->rows, (int64_t)file->current.count);
	metric_add(file->taken, 1);
	log_event(LOG_LEVEL_INFO, "catalogue_in_force", "hash", file->current.hash, "rows",
		  log_number((int64_t)file->current.count), "encoding",
		  text_encoding_name(file->current.encoding), NULL);
}

static int read_again(struct catalogue_file *file, struct err *err)
{
	struct arena arena = {0}, before;
	struct catalogue catalogue;

	if (read_path(file->path, &arena, &catalogue, err) < 0) {
		arena_free(&arena);
		metric_add(file->refused, 1);
		return -1;
	}
	if (strcmp(catalogue.hash, file->current.hash) == 0) { /* touched, not changed */
		arena_free(&arena);
		return 0;
	}
	pthread_rwlock_wrlock(&file->lock);
	before = file->arena;
	file->arena = arena;
	file->current = catalogue;
	pthread_rwlock_unlock(&file->lock);
	arena_free(&before);
	tell(file);
	return 0;
}

int catalogue_file_open(struct catalogue_file *file, const char *path, struct err *err)
{
	struct sigaction action = {.sa_handler = on_hangup};

	*file = (struct catalogue_file){.path = path};
	pthread_rwlock_init(&file->lock, NULL);
	/* Without a catalogue SIGHUP still must not end the service: there is a habit of it. */
	sigemptyset(&action.sa_mask);
	sigaction(SIGHUP, &action, NULL);
	if (!*path)
		return 0;
	register_metrics(file);
	if (stat(path, &file->seen) < 0)
		return err_config(err, "NURTURE_CATALOGUE: %s: %s", path, strerror(errno));
	return read_again(file, err) < 0 ? err_prefix(err, "NURTURE_CATALOGUE") : 0;
}

static bool is_another(const struct stat *a, const struct stat *b)
{
	return a->st_ino != b->st_ino || a->st_dev != b->st_dev || a->st_size != b->st_size ||
	       a->st_mtim.tv_sec != b->st_mtim.tv_sec || a->st_mtim.tv_nsec != b->st_mtim.tv_nsec;
}

void catalogue_file_look(struct catalogue_file *file)
{
	struct stat now;
	struct err err;
	bool is_asked = was_hung_up;

	was_hung_up = 0;
	/* A file that is away for a moment is being replaced. */
	if (!*file->path || stat(file->path, &now) < 0)
		return;
	if (!is_asked && !is_another(&now, &file->seen))
		return;
	file->seen = now;
	if (read_again(file, &err) < 0)
		log_event(LOG_LEVEL_ERROR, "catalogue_refused", "why", err.text, "in_force",
			  file->current.hash, NULL);
}

void catalogue_file_close(struct catalogue_file *file)
{
	if (!file->path)
		return;
	pthread_rwlock_destroy(&file->lock);
	arena_free(&file->arena);
	*file = (struct catalogue_file){0};
}

const struct catalogue *catalogue_file_hold(struct catalogue_file *file)
{
	pthread_rwlock_rdlock(&file->lock);
	return *file->path ? &file->current : NULL;
}

void catalogue_file_release(struct catalogue_file *file)
{
	pthread_rwlock_unlock(&file->lock);
}

void catalogue_file_count(struct catalogue_file *file, size_t matched, size_t unmatched)
{
	if (!*file->path)
		return;
	metric_add(file->matched, (int64_t)matched);
	metric_add(file->unmatched, (int64_t)unmatched);
}

struct slice catalogue_file_complete(struct catalogue_file *file, struct slice value,
				     struct arena *arena)
{
	struct completed completed;

	/* The path never changes: without one no event waits for the lock. */
	if (!*file->path)
		return value;
	completed = catalogue_complete(catalogue_file_hold(file), value, arena);
	catalogue_file_release(file);
	catalogue_file_count(file, completed.matched, completed.unmatched);
	return completed.value;
}
