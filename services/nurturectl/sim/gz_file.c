/* gz_file.c - see gz_file.h. */
#include "gz_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { PIECE_BYTES = 1 << 20 };

static int fail(const char *path, gzFile file, struct err *err)
{
	int number = Z_OK, system = errno;
	const char *text = gzerror(file, &number);

	return err_environment(err, "%s: %s", path, number == Z_ERRNO ? strerror(system) : text);
}

static int read_all(const char *path, gzFile file, size_t max_bytes, char **ret, size_t *ret_len,
		    struct err *err)
{
	size_t room = 0, len = 0;

	for (;;) {
		int n;

		if (len > max_bytes)
			return err_config(err, "%s: expected at most %zu bytes", path, max_bytes);
		if (room - len < PIECE_BYTES + 1) {
			room = room * 2 + PIECE_BYTES + 1;
			*ret = realloc(*ret, room);
			if (!*ret)
				abort();
		}
		n = gzread(file, *ret + len, PIECE_BYTES);
		if (n < 0)
			return fail(path, file, err);
		if (n == 0)
			break;
		len += (size_t)n;
	}
	(*ret)[len] = '\0';
	*ret_len = len;
	return 0;
}

int gz_file_read(const char *path, size_t max_bytes, char **ret, size_t *ret_len, struct err *err)
{
	gzFile file = gzopen(path, "rb");
	int r, closed;

	if (!file)
		return err_environment(err, "%s: %s", path, strerror(errno));
	*ret = NULL;
	r = read_all(path, file, max_bytes, ret, ret_len, err);
	closed = gzclose(file);
	if (r == 0 && closed == Z_BUF_ERROR)
		r = err_environment(err, "%s: the compressed file ends too early", path);
	if (r == 0)
		return 0;
	free(*ret);
	*ret = NULL;
	return -1;
}
