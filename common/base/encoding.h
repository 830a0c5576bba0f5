/*
 * encoding.h - bytes as text and back: base16, base32 and base64url of RFC 4648, without padding,
 * and its base64 with padding, as HTTP headers have it.
 *
 * Each _write() ends its text with a NUL, for which there must be room, and
 * returns the length without it.  Each _read() takes only what its _write()
 * gives: false for anything else, and for more bytes than there is room for.
 * Pure.
 */
#ifndef NURTURE_BASE_ENCODING_H
#define NURTURE_BASE_ENCODING_H

#include "slice.h"

/* Lower case. */
size_t base16_write(const uint8_t *bytes, size_t len, char *ret);
bool base16_read(struct slice text, uint8_t *ret, size_t room, size_t *ret_len);

/* Lower case; read in any case, since mail servers change it. */
size_t base32_write(const uint8_t *bytes, size_t len, char *ret);
bool base32_read(struct slice text, uint8_t *ret, size_t room, size_t *ret_len);

size_t base64url_write(const uint8_t *bytes, size_t len, char *ret);
bool base64url_read(struct slice text, uint8_t *ret, size_t room, size_t *ret_len);

/* With padding: (len + 2) / 3 * 4 characters. */
size_t base64_write(const uint8_t *bytes, size_t len, char *ret);
bool base64_read(struct slice text, uint8_t *ret, size_t room, size_t *ret_len);

#endif
