/* zoneinfo.c - see zoneinfo.h. */
#include "zoneinfo.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config.h"

enum { DEPTH_MAX = 4, TZIF_MAX_BYTES = 256 * 1024, TABLE_MAX_BYTES = 1024 * 1024 };

/*
 * Not zones of their own: the same again (posix), the same with leap seconds
 * (right), and what this one machine happens to be set to.
 */
static bool is_skipped(const char *name)
{
	static const char *const skipped[] = {"posix", "right", "localtime", "posixrules"};

	for (size_t i = 0; i < sizeof(skipped) / sizeof(skipped[0]); i++)
		if (strcmp(name, skipped[i]) == 0)
			return true;
	return name[0] == '.';
}

static int add_file(const char *path, const char *name, struct zones *zones, size_t *count,
		    struct err *err)
{
	struct zone *zone;
	char *bytes;
	size_t len;
	int result = 0;

	if (file_read(path, TZIF_MAX_BYTES, &bytes, &len, err) < 0)
		return -1;
	if (len >= 4 && memcmp(bytes, "TZif", 4) == 0) {
		result = zone_parse(slice_of(bytes, len), &zone, err);
		if (result == 0) {
			zones_add(zones, name, zone);
			++*count;
		} else {
			err->kind = ERR_CONFIG;
			err_prefix(err, "%s", path);
		}
	}
	free(bytes);
	return result;
}

static int add_directory(const char *path, size_t root_len, unsigned depth, struct zones *zones,
			 size_t *count, struct err *err);

/* Tables and notes that lie among the zones are larger than any zone or begin differently. */
static int add_entry(const char *path, size_t root_len, unsigned depth, struct zones *zones,
		     size_t *count, struct err *err)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return errno == ENOENT ? 0 : err_config(err, "%s: %s", path, strerror(errno));
	if (S_ISDIR(status.st_mode))
		return depth < DEPTH_MAX
			   ? add_directory(path, root_len, depth + 1, zones, count, err)
			   : 0;
	if (!S_ISREG(status.st_mode) || status.st_size > TZIF_MAX_BYTES)
		return 0;
	return add_file(path, path + root_len + 1, zones, count, err);
}

static int add_directory(const char *path, size_t root_len, unsigned depth, struct zones *zones,
			 size_t *count, struct err *err)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	char child[PATH_MAX];
	int result = 0;

	if (!directory)
		return err_config(err, "%s: %s", path, strerror(errno));
	while (result == 0 && (entry = readdir(directory))) {
		if (is_skipped(entry->d_name))
			continue;
		if (snprintf(child, sizeof(child), "%s/%s", path, entry->d_name) >=
		    (int)sizeof(child))
			result = err_config(err, "%s: the path is too long", path);
		else
			result = add_entry(child, root_len, depth, zones, count, err);
	}
	closedir(directory);
	return result;
}

/* "GB\t+513030-0000731\tEurope/London\t...": a country may have many lines. */
static int add_country(char *line, struct zones *zones)
{
	char *rest = NULL;
	const char *alpha2, *name;

	if (line[0] == '#' || !line[0])
		return 0;
	alpha2 = strtok_r(line, "\t", &rest);
	strtok_r(NULL, "\t", &rest);
	name = strtok_r(NULL, "\t", &rest);
	if (!alpha2 || strlen(alpha2) != 2 || !name)
		return -1;
	zones_add_country(zones, alpha2, name);
	return 0;
}

static int add_countries(const char *directory, struct zones *zones, struct err *err)
{
	char path[PATH_MAX], *text, *rest;
	size_t len;
	unsigned number = 0;
	int result = 0;

	snprintf(path, sizeof(path), "%s/zone.tab", directory);
	if (file_read(path, TABLE_MAX_BYTES, &text, &len, err) < 0)
		return -1;
	rest = text;
	while (result == 0 && rest) {
		char *line = strsep(&rest, "\n");

		number++;
		if (add_country(line, zones) < 0)
			result = err_config(
			    err, "%s:%u: expected country, place and zone with tabs", path, number);
	}
	free(text);
	return result;
}

int zoneinfo_load(const char *directory, struct zones **ret, struct err *err)
{
	struct zones *zones = zones_new();
	size_t count = 0;
	int result = add_directory(directory, strlen(directory), 0, zones, &count, err);

	if (result == 0 && !count)
		result = err_config(
		    err, "%s: expected TZif files, found none; is tzdata installed?", directory);
	if (result == 0)
		result = add_countries(directory, zones, err);
	if (result < 0) {
		zones_free(zones);
		return err_prefix(err, "NURTURE_ZONEINFO");
	}
	*ret = zones;
	return 0;
}
