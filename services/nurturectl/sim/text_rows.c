/* text_rows.c - see text_rows.h. */
#include "text_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"

enum {
	PIECE_BYTES = 1 << 20,
	ROOM_PER_BYTE = 3, /* of UTF-8, at most, in text_encoding_convert() */
	CHARACTER_BYTES_MAX = 4,
};

int text_rows_open(struct text_rows *ret, const char *path, enum text_encoding encoding,
		   struct err *err)
{
	*ret = (struct text_rows){.path = path, .encoding = encoding};
	ret->file = gzopen(path, "rb");
	return ret->file ? 0 : err_config(err, "%s: %s", path, strerror(errno));
}

static int read_piece(struct text_rows *rows, char *to, size_t *ret_len, struct err *err)
{
	int n = gzread(rows->file, to, PIECE_BYTES), number = Z_OK, system = errno;
	const char *text = n < 0 ? gzerror(rows->file, &number) : "";

	if (n < 0)
		return err_environment(err, "%s: %s", rows->path,
				       number == Z_ERRNO ? strerror(system) : text);
	rows->has_ended = n == 0;
	if (n == 0 && gzclose(rows->file) == Z_BUF_ERROR) {
		rows->file = NULL;
		return err_environment(err, "%s: the compressed file ends too early", rows->path);
	}
	if (n == 0)
		rows->file = NULL;
	*ret_len = (size_t)n;
	return 0;
}

/* How many bytes at the end are the beginning of a character. */
static size_t begun_character(struct slice bytes, enum text_encoding encoding)
{
	size_t back = 1, odd = bytes.len % 2;

	if (encoding == TEXT_UTF_8) {
		while (back < CHARACTER_BYTES_MAX && back < bytes.len &&
		       (bytes.bytes[bytes.len - back] & 0xc0) == 0x80)
			back++;
		return bytes.len && bytes.bytes[bytes.len - back] >= 0xc0 ? back : 0;
	}
	if (encoding == TEXT_WINDOWS_1252 || bytes.len < 2)
		return encoding == TEXT_WINDOWS_1252 ? 0 : odd;
	/* The first half of a pair of UTF-16 has its second one behind it. */
	back = bytes.len - odd - (encoding == TEXT_UTF_16_LE ? 1 : 2);
	return odd + ((bytes.bytes[back] & 0xfc) == 0xd8 ? 2 : 0);
}

/* Whatever is converted drops a byte order mark; behind the beginning of a file it is none. */
static size_t put_mark(struct text_rows *rows, struct slice bytes)
{
	const char *mark = rows->encoding == TEXT_UTF_16_LE ? "\xff\xfe" : "\xfe\xff";

	if (!rows->has_begun || bytes.len < 2 || memcmp(bytes.bytes, mark, 2) != 0)
		return 0;
	memcpy(rows->window + rows->to, "\xef\xbb\xbf", 3);
	rows->to += 3;
	return 2;
}

static int convert(struct text_rows *rows, struct slice bytes, struct err *err)
{
	size_t mark = rows->encoding == TEXT_WINDOWS_1252 ? 0 : put_mark(rows, bytes), len;
	char *text;

	if (text_encoding_convert(slice_of(bytes.bytes + mark, bytes.len - mark), rows->encoding,
				  &text, &len, err) < 0)
		return err_prefix(err, "%s", rows->path);
	memcpy(rows->window + rows->to, text, len);
	rows->to += len;
	free(text);
	return 0;
}

static void make_room(struct text_rows *rows)
{
	size_t wanted = (PIECE_BYTES + CHARACTER_BYTES_MAX) * ROOM_PER_BYTE;

	if (rows->from > 0)
		memmove(rows->window, rows->window + rows->from, rows->to - rows->from);
	rows->to -= rows->from;
	rows->from = 0;
	if (rows->room - rows->to >= wanted)
		return;
	rows->room = rows->to * 2 + wanted;
	rows->window = realloc(rows->window, rows->room);
	if (!rows->window)
		abort();
}

static int add_piece(struct text_rows *rows, struct err *err)
{
	size_t held = rows->held_bytes, len, begun = 0;
	char *piece = malloc(PIECE_BYTES + CHARACTER_BYTES_MAX);
	int r;

	if (!piece)
		abort();
	memcpy(piece, rows->held, held);
	r = read_piece(rows, piece + held, &len, err);
	if (r == 0) {
		struct slice bytes = slice_of(piece, held + len);

		begun = rows->has_ended ? 0 : begun_character(bytes, rows->encoding);
		r = convert(rows, slice_of(piece, bytes.len - begun), err);
		memcpy(rows->held, piece + bytes.len - begun, begun);
		rows->held_bytes = begun;
		rows->has_begun = true;
	}
	free(piece);
	return r;
}

int text_rows_more(struct text_rows *rows, struct slice *ret, struct err *err)
{
	int r = !rows->has_ended;

	if (r > 0 && rows->to - rows->from > TEXT_ROW_BYTES_MAX)
		return err_set(err, "%s: a row is longer than %d bytes; is a quote not closed?",
			       rows->path, TEXT_ROW_BYTES_MAX);
	if (r > 0) {
		make_room(rows);
		if (add_piece(rows, err) < 0)
			return -1;
	}
	*ret = slice_of(rows->window + rows->from, rows->to - rows->from);
	return r;
}

void text_rows_skip(struct text_rows *rows, size_t bytes)
{
	rows->from += bytes;
}

void text_rows_close(struct text_rows *rows)
{
	if (rows->file)
		gzclose(rows->file);
	free(rows->window);
	*rows = (struct text_rows){0};
}

int text_rows_guess(const char *path, enum text_encoding *ret, struct err *err)
{
	struct text_rows rows;
	struct slice text;
	bool is_first = true;
	int r = 1;

	if (text_rows_open(&rows, path, TEXT_UTF_8, err) < 0)
		return -1;
	*ret = TEXT_UTF_8;
	while (*ret == TEXT_UTF_8 && (r = text_rows_more(&rows, &text, err)) > 0) {
		/* Only its beginning says that a file is UTF-16. */
		if (is_first)
			*ret = text_encoding_guess(text);
		else if (!text_is_utf8(text))
			*ret = TEXT_WINDOWS_1252;
		text_rows_skip(&rows, text.len);
		is_first = false;
	}
	text_rows_close(&rows);
	return r < 0 ? -1 : 0;
}

/* Reads all of it; parts NULL: to know how long it is. */
static int read_all(const char *path, enum text_encoding encoding, struct id_parts *parts,
		    uint64_t *ret_bytes, struct err *err)
{
	struct text_rows rows;
	struct slice text;
	int r;

	*ret_bytes = 0;
	if (text_rows_open(&rows, path, encoding, err) < 0)
		return -1;
	while ((r = text_rows_more(&rows, &text, err)) > 0) {
		if (parts)
			id_parts_add(parts, text);
		*ret_bytes += text.len;
		text_rows_skip(&rows, text.len);
	}
	text_rows_close(&rows);
	return r;
}

int text_rows_identify(const char *path, enum text_encoding encoding, struct id_parts *parts,
		       struct err *err)
{
	uint64_t bytes = 0;

	if (path && read_all(path, encoding, NULL, &bytes, err) < 0)
		return -1;
	id_parts_next(parts, bytes);
	return path ? read_all(path, encoding, parts, &bytes, err) : 0;
}
