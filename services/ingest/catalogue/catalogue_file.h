/*
 * catalogue_file.h - the catalogue in force, read again when its file changes or on SIGHUP.
 *
 * A file that is wrong is refused at start (exit 100); later the one before stays in force, and
 * log and metrics say so. Readers hold it for as long as they ask: a new one waits for them.
 */
#ifndef NURTURE_INGEST_CATALOGUE_CATALOGUE_FILE_H
#define NURTURE_INGEST_CATALOGUE_CATALOGUE_FILE_H

#include <pthread.h>
#include <sys/stat.h>

#include "catalogue.h"
#include "common/io/process/metrics.h"

struct catalogue_file {
	const char *path; /* "": there is no catalogue */
	pthread_rwlock_t lock;
	struct catalogue current; /* lock */
	struct arena arena;       /* lock: what current is made of */
	struct stat seen;         /* of the file that was read last */
	struct metric *rows, *in_force, *taken, *refused, *unmatched, *matched;
};

/* Reads the file and begins to hear SIGHUP; "" is no catalogue. path is kept by reference. */
int catalogue_file_open(struct catalogue_file *file, const char *path, struct err *err);
/* Reads it without opening anything: is it right? */
int catalogue_file_check(const char *path, struct err *err);
/* Looks whether the file is another one now; to be called twice a second. */
void catalogue_file_look(struct catalogue_file *file);
void catalogue_file_close(struct catalogue_file *file);

/* The catalogue in force, or NULL; it stays until catalogue_file_release(). */
const struct catalogue *catalogue_file_hold(struct catalogue_file *file);
void catalogue_file_release(struct catalogue_file *file);
/*
 * The event as it came, with what the catalogue in force adds to its items (complete.h), which are
 * counted. Without a catalogue it is value itself.
 */
struct slice catalogue_file_complete(struct catalogue_file *file, struct slice value,
				     struct arena *arena);
/* Counts items that were looked up. Without a file nothing is. */
void catalogue_file_count(struct catalogue_file *file, size_t matched, size_t unmatched);

#endif
