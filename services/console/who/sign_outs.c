/* sign_outs.c - see sign_outs.h. */
#include "sign_outs.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "common/base/buf.h"
#include "common/base/encoding.h"
#include "common/base/text.h"
#include "common/io/config/config.h"

#define TITLE "nurture console sign-outs v1 "

enum {
	ID_TEXT = 2 * CON_SESSION_ID_BYTES,
	LINE_MAX_BYTES = 20 + 1 + ID_TEXT + 2,
	FILE_MAX_BYTES = (CON_SIGN_OUTS_MAX + 1) * LINE_MAX_BYTES,
};

struct ended {
	uint8_t id[CON_SESSION_ID_BYTES];
	int64_t ends_ms; /* when it would have */
};

struct con_sign_outs {
	pthread_mutex_t lock;
	char *path;
	bool is_lost; /* the file is not what it should be */
	struct con_place place;
	struct ended *list;
	size_t count;
};

static struct slice take_line(struct slice *text)
{
	const uint8_t *end = text->len ? memchr(text->bytes, '\n', text->len) : NULL;
	size_t len = end ? (size_t)(end - text->bytes) : 0;
	struct slice line = slice_of(text->bytes, len);

	/* A line that was cut off in the middle was never answered for. */
	len = end ? len + 1 : text->len;
	*text = slice_of(text->bytes + len, text->len - len);
	return line;
}

static bool read_id(struct slice text, uint8_t ret[CON_SESSION_ID_BYTES])
{
	size_t len;

	return text.len == ID_TEXT && base16_read(text, ret, CON_SESSION_ID_BYTES, &len) &&
	       len == CON_SESSION_ID_BYTES;
}

static bool read_one(struct slice line, struct ended *ret)
{
	const uint8_t *blank = line.len ? memchr(line.bytes, ' ', line.len) : NULL;
	size_t len = blank ? (size_t)(blank - line.bytes) : 0;
	struct err ignored;

	return blank &&
	       text_int64(slice_of(line.bytes, len), 0, INT64_MAX, &ret->ends_ms, &ignored) == 0 &&
	       read_id(slice_of(blank + 1, line.len - len - 1), ret->id);
}

/* False: it is not one of these files, or not a whole one. */
static bool read_text(struct con_sign_outs *outs, struct slice text, int64_t now_ms)
{
	const size_t title = strlen(TITLE);
	struct slice line = take_line(&text);

	outs->count = 0;
	if (line.len < title || memcmp(line.bytes, TITLE, title) != 0 ||
	    !read_id(slice_of(line.bytes + title, line.len - title), outs->place.bytes))
		return false;
	while (text.len) {
		struct ended one;

		line = take_line(&text);
		if (!line.len && !text.len)
			break;
		if (outs->count == CON_SIGN_OUTS_MAX || !read_one(line, &one))
			return false;
		if (one.ends_ms > now_ms)
			outs->list[outs->count++] = one;
	}
	return true;
}

static void write_one(const struct ended *one, struct buf *out)
{
	char id[ID_TEXT + 1];

	base16_write(one->id, sizeof(one->id), id);
	buf_printf(out, "%" PRId64 " %s\n", one->ends_ms, id);
}

static int fail(const struct con_sign_outs *outs, struct err *err)
{
	return err_environment(err, "%s: %s", outs->path, strerror(errno));
}

static int write_all(const struct con_sign_outs *outs, int fd, struct slice bytes, struct err *err)
{
	while (bytes.len) {
		ssize_t len = write(fd, bytes.bytes, bytes.len);

		if (len < 0 && errno != EINTR)
			return fail(outs, err);
		if (len > 0)
			bytes = slice_of(bytes.bytes + len, bytes.len - (size_t)len);
	}
	return fsync(fd) < 0 ? fail(outs, err) : 0;
}

static int write_to(const struct con_sign_outs *outs, const char *path, int flags,
		    struct slice bytes, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | flags, 0600), r;

	if (fd < 0)
		return fail(outs, err);
	r = write_all(outs, fd, bytes, err);
	close(fd);
	return r;
}

/* A new name of a file is durable when its directory is. */
static int keep_directory(const struct con_sign_outs *outs, struct err *err)
{
	const char *end = strrchr(outs->path, '/');
	char *directory = end ? strndup(outs->path, (size_t)(end - outs->path) + 1) : strdup(".");
	int fd, r;

	if (!directory)
		abort();
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = fd < 0 || fsync(fd) < 0 ? fail(outs, err) : 0;
	if (fd >= 0)
		close(fd);
	free(directory);
	return r;
}

/* The file as it is to be, in the place of the one before. */
static int write_anew(const struct con_sign_outs *outs, struct err *err)
{
	struct buf text = BUF_MAX(FILE_MAX_BYTES), beside = BUF_MAX(8192);
	char place[ID_TEXT + 1];
	int r;

	base16_write(outs->place.bytes, sizeof(outs->place.bytes), place);
	buf_printf(&text, TITLE "%s\n", place);
	for (size_t i = 0; i < outs->count; i++)
		write_one(&outs->list[i], &text);
	buf_printf(&beside, "%s.new", outs->path);
	r = write_to(outs, beside.bytes, O_CREAT | O_TRUNC, buf_slice(&text), err);
	if (r == 0)
		r = rename(beside.bytes, outs->path) < 0 ? fail(outs, err)
							 : keep_directory(outs, err);
	buf_free(&text);
	buf_free(&beside);
	return r;
}

/* Another place: no session from before is good any more. */
static void move_away(struct con_sign_outs *outs)
{
	outs->count = 0;
	if (getrandom(outs->place.bytes, sizeof(outs->place.bytes), 0) !=
	    (ssize_t)sizeof(outs->place.bytes))
		abort();
}

int con_sign_outs_open(struct con_sign_outs **ret, const char *path, int64_t now_ms,
		       struct err *err)
{
	struct con_sign_outs *outs = calloc(1, sizeof(*outs));
	struct err ignored;
	char *text;
	size_t len;

	if (!outs || !(outs->path = strdup(path)) ||
	    !(outs->list = calloc(CON_SIGN_OUTS_MAX, sizeof(*outs->list))))
		abort();
	pthread_mutex_init(&outs->lock, NULL);
	if (file_read(path, FILE_MAX_BYTES, &text, &len, &ignored) < 0) {
		move_away(outs);
	} else {
		if (!read_text(outs, slice_of(text, len), now_ms))
			move_away(outs);
		free(text);
	}
	if (write_anew(outs, err) < 0) {
		con_sign_outs_close(&outs);
		return -1;
	}
	*ret = outs;
	return 0;
}

void con_sign_outs_close(struct con_sign_outs **address)
{
	struct con_sign_outs *outs = *address;

	if (!outs)
		return;
	*address = NULL;
	pthread_mutex_destroy(&outs->lock);
	free(outs->path);
	free(outs->list);
	free(outs);
}

struct con_place con_sign_outs_place(struct con_sign_outs *outs)
{
	struct con_place place;

	pthread_mutex_lock(&outs->lock);
	place = outs->place;
	pthread_mutex_unlock(&outs->lock);
	return place;
}

static bool has(const struct con_sign_outs *outs, const struct con_session *session)
{
	for (size_t i = 0; i < outs->count; i++)
		if (memcmp(outs->list[i].id, session->id, sizeof(session->id)) == 0)
			return true;
	return false;
}

bool con_sign_outs_has(struct con_sign_outs *outs, const struct con_session *session)
{
	bool ret;

	pthread_mutex_lock(&outs->lock);
	ret = has(outs, session);
	pthread_mutex_unlock(&outs->lock);
	return ret;
}

/* With the lock held: those that would have ended by now need not be known. */
static void make_room(struct con_sign_outs *outs, int64_t now_ms)
{
	size_t kept = 0;

	if (outs->count < CON_SIGN_OUTS_MAX)
		return;
	for (size_t i = 0; i < outs->count; i++)
		if (outs->list[i].ends_ms > now_ms)
			outs->list[kept++] = outs->list[i];
	outs->count = kept;
	outs->is_lost = true;
	if (kept == CON_SIGN_OUTS_MAX)
		move_away(outs);
}

static int append(const struct con_sign_outs *outs, const struct ended *one, struct err *err)
{
	struct buf line = BUF_MAX(LINE_MAX_BYTES);
	int r;

	write_one(one, &line);
	r = write_to(outs, outs->path, O_APPEND, buf_slice(&line), err);
	buf_free(&line);
	return r;
}

/* With the lock held. */
static int add(struct con_sign_outs *outs, const struct con_session *session, int64_t now_ms,
	       struct err *err)
{
	struct ended one = {.ends_ms = session->ends_ms};
	int r;

	make_room(outs, now_ms);
	memcpy(one.id, session->id, sizeof(one.id));
	outs->list[outs->count++] = one;
	r = outs->is_lost ? write_anew(outs, err) : append(outs, &one, err);
	outs->is_lost = r < 0;
	if (r < 0)
		unlink(outs->path);
	return r;
}

int con_sign_outs_add(struct con_sign_outs *outs, const struct con_session *session, int64_t now_ms,
		      struct err *err)
{
	int r = 0;

	pthread_mutex_lock(&outs->lock);
	if (!has(outs, session))
		r = add(outs, session, now_ms, err);
	pthread_mutex_unlock(&outs->lock);
	return r;
}
