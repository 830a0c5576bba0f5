/* directory.c - see directory.h. */
#include "directory.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/io/process/log.h"
#include "config.h"

/* Whoever calls a file fr.yml waits in vain for its words, so what is left out is told. */
static bool is_wanted(const char *directory, const char *file, const char *ending)
{
	size_t len = strlen(file), end = strlen(ending);

	if (file[0] == '.')
		return false;
	if (len > end && strcmp(file + len - end, ending) == 0)
		return true;
	log_event(LOG_LEVEL_WARN, "file_not_read", "directory", directory, "file", file, "expected",
		  ending, NULL);
	return false;
}

static int read_one(const char *directory, const char *file, size_t max_bytes, directory_take take,
		    void *context, struct err *err)
{
	char path[4096];
	char *text;
	size_t len;
	int r;

	if (snprintf(path, sizeof(path), "%s/%s", directory, file) >= (int)sizeof(path))
		return err_config(err, "%.100s/%.100s: the path is too long", directory, file);
	if (file_read_regular(path, max_bytes, &text, &len, err) < 0)
		return -1;
	r = take(context, path, file, slice_of(text, len), err);
	free(text);
	return r;
}

int directory_read(const char *directory, const char *ending, size_t max_bytes, directory_take take,
		   void *context, struct err *err)
{
	struct dirent **entries;
	int count = scandir(directory, &entries, NULL, alphasort), r = 0;

	if (count < 0)
		return err_config(err, "%s: %s", directory, strerror(errno));
	for (int i = 0; i < count; i++) {
		if (r == 0 && is_wanted(directory, entries[i]->d_name, ending))
			r = read_one(directory, entries[i]->d_name, max_bytes, take, context, err);
		free(entries[i]);
	}
	free(entries);
	return r;
}
