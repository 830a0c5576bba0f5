/* http_framing_fuzz.c - header lines of any bytes: "name\0value\n" again and again. */
#include <stdint.h>
#include <stdlib.h>

#include "common/io/http/http_framing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_framing framing = {0};
	size_t at = 0;

	while (at < size) {
		const uint8_t *end = memchr(data + at, '\n', size - at), *zero;
		size_t len = end ? (size_t)(end - data) - at : size - at;

		zero = memchr(data + at, '\0', len);
		if (zero)
			http_framing_header(
			    &framing, slice_of(data + at, (size_t)(zero - data) - at),
			    slice_of(zero + 1, len - (size_t)(zero + 1 - data - at)));
		at += len + 1;
	}
	if (http_framing_fault(&framing, "HTTP/1.1") == NULL &&
	    (framing.lengths + framing.codings > 1 || framing.hosts != 1 ||
	     framing.length_bytes < 0))
		abort();
	return 0;
}
