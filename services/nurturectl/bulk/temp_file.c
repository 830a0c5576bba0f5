/* temp_file.c - see temp_file.h. */
#include "temp_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *directory(void)
{
	const char *said = getenv("TMPDIR");

	return said && *said ? said : "/tmp";
}

/* Where the file system cannot make a file without a name, it loses its name at once. */
static int open_named(const char *where)
{
	char path[PATH_MAX];
	int fd;

	if (snprintf(path, sizeof(path), "%s/nurturectl_XXXXXX", where) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

int temp_file_open(struct temp_file *ret, struct err *err)
{
	const char *where = directory();

	*ret = (struct temp_file){.fd = open(where, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)};
	if (ret->fd < 0 && errno != EMFILE && errno != ENFILE && errno != ENOSPC)
		ret->fd = open_named(where);
	if (ret->fd >= 0)
		return 0;
	if (errno == EMFILE || errno == ENFILE || errno == ENOSPC || errno == EDQUOT)
		return err_environment(err, "TMPDIR %s: %s", where, strerror(errno));
	return err_config(err,
			  "TMPDIR %s: %s; expected a directory for what does not fit into memory",
			  where, strerror(errno));
}

static int fail(const struct temp_file *file, struct err *err)
{
	return err_environment(err, "TMPDIR %s: %s, after %" PRIu64 " KiB", directory(),
			       strerror(errno), file->bytes >> 10);
}

int temp_file_add(struct temp_file *file, struct slice bytes, struct err *err)
{
	while (bytes.len > 0) {
		ssize_t n = write(file->fd, bytes.bytes, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(file, err);
		file->bytes += (uint64_t)n;
		bytes = slice_of(bytes.bytes + n, bytes.len - (size_t)n);
	}
	return 0;
}

int temp_file_read(const struct temp_file *file, uint64_t at, void *to, size_t len, size_t *ret_len,
		   struct err *err)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pread(file->fd, (char *)to + done, len - done, (off_t)(at + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(file, err);
		if (n == 0)
			break;
		done += (size_t)n;
	}
	*ret_len = done;
	return 0;
}

void temp_file_close(struct temp_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}
