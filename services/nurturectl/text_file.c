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

static int write_to(const char *path, int flags, struct slice bytes)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | flags, 0666);
	int r;

	if (fd < 0)
		return -1;
	r = write_all(fd, bytes);
	if (close(fd) < 0)
		r = -1;
	return r;
}

int text_file_write(const char *path, struct slice bytes, struct err *err)
{
	char *beside = NULL;
	int r;

	if (strcmp(path, "-") == 0)
		return fwrite(bytes.bytes, 1, bytes.len, stdout) == bytes.len
			   ? 0
			   : fail("standard output", err);
	if (is_special(path))
		return write_to(path, 0, bytes) < 0 ? fail(path, err) : 0;
	if (asprintf(&beside, "%s.%ld.part", path, (long)getpid()) < 0)
		abort();
	r = write_to(beside, O_CREAT | O_TRUNC, bytes);
	if (r == 0)
		r = rename(beside, path);
	if (r < 0) {
		fail(path, err);
		unlink(beside);
	}
	free(beside);
	return r < 0 ? -1 : 0;
}
