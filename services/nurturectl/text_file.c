/* text_file.c - see text_file.h. */
#include "text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(const char *path, struct err *err)
{
	return err_environment(err, "%s: %s", path, strerror(errno));
}

static int write_all(int fd, struct slice bytes)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.bytes, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes = slice_of(bytes.bytes + n, bytes.len - (size_t)n);
	}
	return 0;
}

/* A pipe or /dev/null is written to as it is; a regular file, or none, is replaced. */
static int is_special(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

int text_file_begin(const char *path, struct text_file *ret, struct err *err)
{
	int flags = O_WRONLY | O_CLOEXEC;

	*ret = (struct text_file){.path = path, .fd = -1};
	if (strcmp(path, "-") == 0)
		return 0;
	if (!is_special(path)) {
		flags |= O_CREAT | O_TRUNC;
		if (asprintf(&ret->beside, "%s.%ld.part", path, (long)getpid()) < 0)
			abort();
	}
	ret->fd = open(ret->beside ? ret->beside : path, flags, 0666);
	if (ret->fd >= 0)
		return 0;
	fail(path, err);
	free(ret->beside);
	return -1;
}

int text_file_put(struct text_file *file, struct slice bytes, struct err *err)
{
	if (file->fd < 0)
		return fwrite(bytes.bytes, 1, bytes.len, stdout) == bytes.len
			   ? 0
			   : fail("standard output", err);
	return write_all(file->fd, bytes) < 0 ? fail(file->path, err) : 0;
}

int text_file_end(struct text_file *file, bool is_whole, struct err *err)
{
	int r = 0;

	if (file->fd >= 0 && close(file->fd) < 0 && is_whole)
		r = fail(file->path, err);
	if (file->beside) {
		if (r == 0 && is_whole && rename(file->beside, file->path) < 0)
			r = fail(file->path, err);
		if (r < 0 || !is_whole)
			unlink(file->beside);
		free(file->beside);
	}
	return r;
}

int text_file_write(const char *path, struct slice bytes, struct err *err)
{
	struct text_file file;
	struct err ignored;
	bool is_whole;

	if (text_file_begin(path, &file, err) < 0)
		return -1;
	is_whole = text_file_put(&file, bytes, err) == 0;
	if (text_file_end(&file, is_whole, is_whole ? err : &ignored) < 0)
		return -1;
	return is_whole ? 0 : -1;
}
