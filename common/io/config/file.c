/* file.c - a whole file into memory, with a maximum; a secret from its file.  See config.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"

enum { SECRET_MAX_BYTES = 64 * 1024 };

/*
 * Reads to the end, or one byte beyond max_bytes, so that a file that is too
 * long is seen.  room is a guess: a file may grow, and those of /proc say 0.
 */
static ssize_t read_all(int fd, size_t room, size_t max_bytes, char **bytes)
{
	size_t len = 0;

	for (;;) {
		ssize_t got;

		if (len == room || !*bytes) {
			if (*bytes)
				room = room > max_bytes / 2 ? max_bytes + 1 : 2 * room;
			*bytes = realloc(*bytes, room + 1);
			if (!*bytes)
				abort();
		}
		got = read(fd, *bytes + len, room - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		len += (size_t)got;
		if (got == 0 || len > max_bytes)
			return (ssize_t)len;
	}
}

static int read_file(int fd, const char *path, size_t max_bytes, char **ret, size_t *ret_len,
		     struct err *err)
{
	struct stat status;
	char *bytes = NULL;
	size_t room = 4096;
	ssize_t len;

	if (fstat(fd, &status) < 0)
		return err_config(err, "%s: %s", path, strerror(errno));
	if (S_ISDIR(status.st_mode))
		return err_config(err, "%s: expected a file, found a directory", path);
	if (S_ISREG(status.st_mode) && status.st_size > 0)
		room = (size_t)status.st_size + 1;
	if (room > max_bytes)
		room = max_bytes + 1;
	len = read_all(fd, room, max_bytes, &bytes);
	if (len < 0)
		err_config(err, "%s: %s", path, strerror(errno));
	else if ((size_t)len > max_bytes)
		err_config(err, "%s: expected at most %zu bytes, found more", path, max_bytes);
	if (len < 0 || (size_t)len > max_bytes) {
		free(bytes);
		return -1;
	}
	bytes[len] = '\0';
	*ret = bytes;
	*ret_len = (size_t)len;
	return 0;
}

static int open_and_read(const char *path, int flags, size_t max_bytes, char **ret, size_t *ret_len,
			 struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
	int result;

	if (fd < 0)
		return err_config(err, "%s: %s", path, strerror(errno));
	result = read_file(fd, path, max_bytes, ret, ret_len, err);
	close(fd);
	return result;
}

int file_read(const char *path, size_t max_bytes, char **ret, size_t *ret_len, struct err *err)
{
	return open_and_read(path, 0, max_bytes, ret, ret_len, err);
}

int file_read_regular(const char *path, size_t max_bytes, char **ret, size_t *ret_len,
		      struct err *err)
{
	struct stat status;

	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
		return err_config(err, "%s: expected a file, found a pipe, a socket or a device",
				  path);
	/* What becomes a pipe only now is opened without waiting for a writer. */
	return open_and_read(path, O_NONBLOCK, max_bytes, ret, ret_len, err);
}

int file_read_secret(const char *path, char **ret, struct err *err)
{
	char *bytes;
	size_t len;

	if (file_read(path, SECRET_MAX_BYTES, &bytes, &len, err) < 0)
		return -1;
	if (strlen(bytes) != len) {
		free(bytes);
		return err_config(err, "%s: expected text, found a zero byte", path);
	}
	if (len && bytes[len - 1] == '\n')
		bytes[--len] = '\0';
	if (len && bytes[len - 1] == '\r')
		bytes[--len] = '\0';
	*ret = bytes;
	return 0;
}
