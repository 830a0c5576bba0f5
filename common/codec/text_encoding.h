/*
 * text_encoding.h - a file's bytes as UTF-8: UTF-16 and Windows-1252 are what spreadsheets save.
 * Pure.
 */
#ifndef NURTURE_CODEC_TEXT_ENCODING_H
#define NURTURE_CODEC_TEXT_ENCODING_H

#include "common/base/err.h"
#include "common/base/slice.h"

enum text_encoding { TEXT_UTF_8, TEXT_UTF_16_LE, TEXT_UTF_16_BE, TEXT_WINDOWS_1252 };

/* "Windows-1252" and the like, for people. */
const char *text_encoding_name(enum text_encoding encoding);
/* "utf-8", "utf-16", "latin-1" (read as Windows-1252, as WHATWG has it) or "windows-1252". */
int text_encoding_of(const char *name, enum text_encoding *ret, struct err *err);

/*
 * What the bytes are: by their byte order mark; without one UTF-16 when every other byte of the
 * beginning is a NUL, UTF-8 when they are that, else Windows-1252.
 */
enum text_encoding text_encoding_guess(struct slice bytes);

/*
 * The text in UTF-8, in memory of its own that the caller frees. -1: an odd number of bytes or half
 * a surrogate pair, with its place.
 */
int text_encoding_convert(struct slice bytes, enum text_encoding encoding, char **ret,
			  size_t *ret_len, struct err *err);

#endif
