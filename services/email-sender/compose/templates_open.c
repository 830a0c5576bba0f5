/* templates_open.c - reads a directory of templates.  See templates.h. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/io/config/config.h"
#include "templates.h"

static int add_file(struct template_set *set, const char *directory, const char *file,
		    struct err *err)
{
	char path[4096];
	char *text;
	size_t len;
	int r;

	if (snprintf(path, sizeof(path), "%s/%s", directory, file) >= (int)sizeof(path))
		return err_config(err, "%.100s/%.100s: the path is too long", directory, file);
	if (file_read_regular(path, MUSTACHE_SOURCE_MAX_BYTES, &text, &len, err) < 0)
		return -1;
	r = template_set_add(set, file, slice_of(text, len), err);
	free(text);
	return r;
}

static bool is_template(const char *file)
{
	static const char ending[] = ".mustache";
	size_t len = strlen(file);

	return file[0] != '.' && len > sizeof(ending) - 1 &&
	       strcmp(file + len - (sizeof(ending) - 1), ending) == 0;
}

static int add_all(struct template_set *set, const char *directory, DIR *dir, struct err *err)
{
	struct dirent *entry;

	while ((errno = 0, entry = readdir(dir)))
		if (is_template(entry->d_name) && add_file(set, directory, entry->d_name, err) < 0)
			return -1;
	if (errno)
		return err_config(err, "%s", strerror(errno));
	if (template_set_check(set, err) < 0)
		return -1;
	if (!template_set_names(set)[0])
		return err_config(err, "no templates (NAME.subject.mustache, NAME.txt.mustache, "
				       "NAME.html.mustache)");
	return 0;
}

int template_set_open(const char *directory, struct template_set **ret, struct err *err)
{
	struct template_set *set;
	DIR *dir = opendir(directory);
	int r;

	if (!dir)
		return err_config(err, "templates %s: %s", directory, strerror(errno));
	set = template_set_new();
	r = add_all(set, directory, dir, err);
	closedir(dir);
	if (r < 0) {
		template_set_free(set);
		return err_prefix(err, "templates %s", directory);
	}
	*ret = set;
	return 0;
}
