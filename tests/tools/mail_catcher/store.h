/*
 * store.h - what was caught: DIR/mails.mbox (the mails, with a "From " line
 * before and a blank line behind each) and DIR/index.jsonl (one object a
 * mail).  store_flush() writes all that was added; the caller answers 250
 * only after it.  A line of the index that is torn (the catcher was killed)
 * is of a mail that nobody was told about: it is cut off at start, and the
 * last of the others are read, so that they are shown as before.
 */
#ifndef MAIL_CATCHER_STORE_H
#define MAIL_CATCHER_STORE_H

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "common/base/err.h"
#include "common/codec/json.h"
#include "mime.h"

enum { STORE_SHOWN = 200, STORE_PENDING_BYTES = 256 << 20, STORE_LINE_BYTES = 64 << 10 };

struct caught {
	uint64_t n; /* from 1 */
	int64_t received_ms;
	off_t offset;
	size_t bytes;
	char from[128], to[128], subject[192]; /* cut, for the list */
};

struct store {
	int mails_fd, index_fd;
	struct buf mails, index; /* added, not yet written */
	off_t mails_end;         /* where the next mail will stand */
	uint64_t added;
	_Atomic uint64_t written; /* both files have them */
	pthread_mutex_t lock;     /* of last */
	struct caught last[STORE_SHOWN];
};

static int store_open_file(const char *dir, const char *name, struct err *err)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		return err_environment(err, "%s: %s", path, strerror(errno));
	return fd;
}

static void store_copy_text(const cJSON *object, const char *key, char *ret, size_t size)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);

	snprintf(ret, size, "%s", cJSON_IsString(member) ? member->valuestring : "");
}

static double store_number(const cJSON *object, const char *key)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);

	return cJSON_IsNumber(member) && member->valuedouble > 0 ? member->valuedouble : 0;
}

/* The n-th line of the index as it was caught; what cannot be read is not shown. */
static void store_recall(struct store *store, uint64_t n, off_t from, off_t to)
{
	char line[STORE_LINE_BYTES];
	struct caught *caught = &store->last[n % STORE_SHOWN];
	size_t len = (size_t)(to - from);
	struct err ignored;
	cJSON *object;

	if (len >= sizeof(line) || pread(store->index_fd, line, len, from) != (ssize_t)len ||
	    json_parse_strict(slice_of(line, len), &object, &ignored) < 0)
		return;
	caught->n = n;
	caught->received_ms = (int64_t)store_number(object, "received_at");
	caught->offset = (off_t)store_number(object, "offset");
	caught->bytes = (size_t)store_number(object, "bytes");
	store_copy_text(object, "from", caught->from, sizeof(caught->from));
	store_copy_text(object, "to", caught->to, sizeof(caught->to));
	store_copy_text(object, "subject", caught->subject, sizeof(caught->subject));
	cJSON_Delete(object);
}

/* Counts the lines that are there, cuts a torn one off and reads the last. */
static int store_count(struct store *store, struct err *err)
{
	off_t ends[STORE_SHOWN + 1] = {0}; /* of the last lines, by their number */
	off_t end = 0, at = 0;
	char block[65536];
	ssize_t len;

	while ((len = pread(store->index_fd, block, sizeof(block), at)) > 0) {
		for (ssize_t i = 0; i < len; i++) {
			if (block[i] != '\n')
				continue;
			end = at + i + 1;
			ends[++store->added % (STORE_SHOWN + 1)] = end;
		}
		at += len;
	}
	if (len < 0 || ftruncate(store->index_fd, end) < 0)
		return err_environment(err, "index.jsonl: %s", strerror(errno));
	store->written = store->added;
	for (uint64_t n = store->added > STORE_SHOWN ? store->added - STORE_SHOWN + 1 : 1;
	     n <= store->added; n++)
		store_recall(store, n, n == 1 ? 0 : ends[(n - 1) % (STORE_SHOWN + 1)],
			     ends[n % (STORE_SHOWN + 1)]);
	return 0;
}

static int store_open(struct store *store, const char *dir, struct err *err)
{
	struct stat stat;

	*store = (struct store){.mails = BUF_MAX(STORE_PENDING_BYTES),
				.index = BUF_MAX(STORE_PENDING_BYTES)};
	pthread_mutex_init(&store->lock, NULL);
	if (mkdir(dir, 0755) < 0 && errno != EEXIST)
		return err_environment(err, "%s: %s", dir, strerror(errno));
	store->mails_fd = store_open_file(dir, "mails.mbox", err);
	store->index_fd = store->mails_fd < 0 ? -1 : store_open_file(dir, "index.jsonl", err);
	if (store->index_fd < 0)
		return -1;
	if (fstat(store->mails_fd, &stat) < 0)
		return err_environment(err, "%s/mails.mbox: %s", dir, strerror(errno));
	store->mails_end = stat.st_size;
	return store_count(store, err);
}

static void store_put(struct store *store, const char *key, const char *value)
{
	json_put_key(&store->index, key);
	json_put_text(&store->index, slice_text(value));
}

static void store_put_field(struct store *store, const char *key, struct slice mail,
			    const char *field)
{
	struct buf value = BUF_MAX(1 << 20);

	if (mime_header(mail, field, &value))
		store_put(store, key, value.bytes);
	buf_free(&value);
}

static void store_put_number(struct store *store, const char *key, long long number)
{
	json_put_key(&store->index, key);
	buf_printf(&store->index, "%lld", number);
}

static void store_add(struct store *store, const char *from, const char *to, struct slice mail,
		      int64_t now_ms)
{
	struct caught caught = {.n = ++store->added, .received_ms = now_ms, .bytes = mail.len};
	struct buf field = BUF_MAX(1 << 20), subject = BUF_MAX(1 << 20);
	time_t now_s = (time_t)(now_ms / 1000);
	char date[32];
	size_t before = store->mails.len;

	buf_printf(&store->mails, "From <%s> %s", from, asctime_r(gmtime(&now_s), date));
	caught.offset = store->mails_end + (off_t)(store->mails.len - before);
	buf_add(&store->mails, mail.bytes, mail.len);
	buf_char(&store->mails, '\n');
	store->mails_end += (off_t)(store->mails.len - before);

	buf_char(&store->index, '{');
	store_put_number(store, "bytes", (long long)mail.len);
	store_put(store, "from", from);
	store_put_field(store, "message_id", mail, "Message-ID");
	store_put_number(store, "n", (long long)caught.n);
	store_put_field(store, "nurture_send", mail, "X-Nurture-Send");
	store_put_number(store, "offset", (long long)caught.offset);
	store_put_number(store, "received_at", now_ms);
	if (mime_header(mail, "Subject", &field)) {
		mime_decode_words(buf_slice(&field), &subject);
		json_put_key(&store->index, "subject");
		json_put_text(&store->index, buf_slice(&subject));
	}
	store_put(store, "to", to);
	buf_text(&store->index, "}\n");

	snprintf(caught.from, sizeof(caught.from), "%s", from);
	snprintf(caught.to, sizeof(caught.to), "%s", to);
	snprintf(caught.subject, sizeof(caught.subject), "%s", subject.bytes ? subject.bytes : "");
	pthread_mutex_lock(&store->lock);
	store->last[caught.n % STORE_SHOWN] = caught;
	pthread_mutex_unlock(&store->lock);
	buf_free(&field);
	buf_free(&subject);
}

static int store_write(int fd, struct buf *bytes, const char *name, struct err *err)
{
	size_t at = 0;

	if (buf_failed(bytes))
		return err_environment(err, "%s: too much at once", name);
	while (at < bytes->len) {
		ssize_t n = write(fd, bytes->bytes + at, bytes->len - at);

		if (n < 0 && errno != EINTR)
			return err_environment(err, "%s: %s", name, strerror(errno));
		at += n > 0 ? (size_t)n : 0;
	}
	buf_reset(bytes);
	return 0;
}

static int store_flush(struct store *store, struct err *err)
{
	if (store_write(store->mails_fd, &store->mails, "mails.mbox", err) < 0 ||
	    store_write(store->index_fd, &store->index, "index.jsonl", err) < 0)
		return -1;
	store->written = store->added;
	return 0;
}

/* Any thread. false: not among the last, or not written yet. */
static bool store_find(struct store *store, uint64_t n, struct caught *ret)
{
	pthread_mutex_lock(&store->lock);
	*ret = store->last[n % STORE_SHOWN];
	pthread_mutex_unlock(&store->lock);
	return n > 0 && ret->n == n && n <= store->written;
}

/* Any thread. */
static bool store_read(struct store *store, const struct caught *caught, struct buf *out)
{
	char block[65536];

	while (out->len < caught->bytes) {
		size_t left = caught->bytes - out->len;
		ssize_t n =
		    pread(store->mails_fd, block, left < sizeof(block) ? left : sizeof(block),
			  caught->offset + (off_t)out->len);

		if (n <= 0)
			return false;
		buf_add(out, block, (size_t)n);
	}
	return !buf_failed(out);
}

static void store_close(struct store *store)
{
	buf_free(&store->mails);
	buf_free(&store->index);
	close(store->mails_fd);
	close(store->index_fd);
}

#endif
