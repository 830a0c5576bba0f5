/* dkim_files.c - see dkim_files.h. */
#include "dkim_files.h"

#include <stdio.h>
#include <stdlib.h>

#include <openssl/crypto.h>

#include "common/io/config/config.h"

enum { PATH_MAX_BYTES = 1000 };

/* Adds one "selector:file". */
static int add_entry(struct dkim_keys *keys, struct slice entry, struct err *err)
{
	const uint8_t *colon = entry.len ? memchr(entry.bytes, ':', entry.len) : NULL;
	char path[PATH_MAX_BYTES];
	char *pem;
	size_t selector_len, len;
	int r;

	if (!colon || colon + 1 == entry.bytes + entry.len || entry.len >= sizeof(path))
		return err_config(err, "expected selector:file[,selector:file], found \"%.*s\"",
				  entry.len < 100 ? (int)entry.len : 100,
				  (const char *)entry.bytes);
	selector_len = (size_t)(colon - entry.bytes);
	snprintf(path, sizeof(path), "%.*s", (int)(entry.len - selector_len - 1),
		 (const char *)colon + 1);
	if (file_read(path, DKIM_PEM_MAX_BYTES, &pem, &len, err) < 0)
		return -1;
	r = dkim_keys_add(keys, slice_of(entry.bytes, selector_len), slice_of(pem, len), err);
	OPENSSL_cleanse(pem, len);
	free(pem);
	return r < 0 ? err_prefix(err, "%s", path) : 0;
}

int dkim_keys_open(const char *list, struct dkim_keys *keys, struct err *err)
{
	for (;;) {
		size_t len = strcspn(list, ",");

		if (add_entry(keys, slice_of(list, len), err) < 0) {
			dkim_keys_free(keys);
			return -1;
		}
		if (!list[len])
			return 0;
		list += len + 1;
	}
}
