/* every_zone.h - calls a test once for each different zone of the system. */
#ifndef NURTURE_TESTS_EVERY_ZONE_H
#define NURTURE_TESTS_EVERY_ZONE_H

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/hash.h"
#include "common/base/zone.h"
#include "common/io/config/config.h"

#define ZONE_ROOT "/usr/share/zoneinfo"
enum { EVERY_ZONE_MAX = 1000 };

typedef void (*zone_visitor)(const char *name, const struct zone *zone);

struct every_zone {
	zone_visitor visit;
	uint64_t seen[EVERY_ZONE_MAX]; /* many names are links to the same bytes */
	size_t seen_count;
	size_t visited;
};

static inline bool every_zone_is_new(struct every_zone *every, uint64_t hash)
{
	for (size_t i = 0; i < every->seen_count; i++)
		if (every->seen[i] == hash)
			return false;
	if (every->seen_count < EVERY_ZONE_MAX)
		every->seen[every->seen_count++] = hash;
	return true;
}

static inline void every_zone_file(struct every_zone *every, const char *path)
{
	struct zone *zone;
	struct err err;
	char *bytes;
	size_t len;

	if (file_read(path, 1 << 20, &bytes, &len, &err) < 0)
		return;
	if (len > 4 && memcmp(bytes, "TZif", 4) == 0 &&
	    every_zone_is_new(every, hash64(slice_of(bytes, len)))) {
		if (zone_parse(slice_of(bytes, len), &zone, &err) < 0)
			fail_msg("%s: %s", path, err.text);
		every->visit(path + sizeof(ZONE_ROOT), zone);
		zone_free(zone);
		every->visited++;
	}
	free(bytes);
}

static inline void every_zone_below(struct every_zone *every, const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	char child[PATH_MAX];
	struct stat status;

	while (directory && (entry = readdir(directory))) {
		if (entry->d_name[0] == '.' || strcmp(entry->d_name, "right") == 0)
			continue;
		if (snprintf(child, sizeof(child), "%s/%s", path, entry->d_name) >=
		    (int)sizeof(child))
			continue;
		if (stat(child, &status) == 0 && S_ISDIR(status.st_mode))
			every_zone_below(every, child);
		else
			every_zone_file(every, child);
	}
	if (directory)
		closedir(directory);
}

/* How many were visited; 0 when the system has none. */
static inline size_t every_zone(zone_visitor visit)
{
	static struct every_zone every;

	every = (struct every_zone){.visit = visit};
	every_zone_below(&every, ZONE_ROOT);
	return every.visited;
}

#endif
