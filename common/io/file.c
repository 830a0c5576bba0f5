/* file.c - a whole file into memory, with a maximum.  See config.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"

/* Reads to the end or to room bytes, whichever is first; -1 with errno. */
static ssize_t read_all(int fd, char *bytes, size_t room)
{
	size_t len = 0;

	while (len < room) {
		ssize_t got = read(fd, bytes + len, room - len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		len += (size_t)got;
	}
	return (ssize_t)len;
}

/* One byte more than allowed is asked for, so that a file that is too long is seen. */
static int read_into(int fd, const char *path, size_t max_bytes, char **ret, size_t *ret_len,
		     struct err *err)
{
	struct stat status;
	size_t room = max_bytes + 1;
	char *bytes;
	ssize_t len;

	if (fstat(fd, &status) < 0)
		return err_config(err, "%s: %s", path, strerror(errno));
	if (S_ISDIR(status.st_mode))
		return err_config(err, "%s: expected a file, found a directory", path);
	if (S_ISREG(status.st_mode) && (size_t)status.st_size < max_bytes)
		room = (size_t)status.st_size + 1;
	bytes = malloc(room + 1);
	if (!bytes)
		abort();
	len = read_all(fd, bytes, room);
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

int file_read(const char *path, size_t max_bytes, char **ret, size_t *ret_len, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int result;

	if (fd < 0)
		return err_config(err, "%s: %s", path, strerror(errno));
	result = read_into(fd, path, max_bytes, ret, ret_len, err);
	close(fd);
	return result;
}
