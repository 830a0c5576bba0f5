/* content_coding.c - see content_coding.h. */
#include "content_coding.h"

#include <strings.h>

#include "common/base/text.h"
#include "common/codec/inflate.h"

static const struct {
	const char *name;
	enum ing_content_coding coding;
} known[] = {
    {"", ING_IDENTITY},       {"identity", ING_IDENTITY},
    {"gzip", ING_GZIP},       {"x-gzip", ING_GZIP}, /* RFC 9110 8.4.1.3: the same */
    {"deflate", ING_DEFLATE},
};

int ing_content_coding_parse(const char *content_encoding, enum ing_content_coding *ret,
			     struct err *err)
{
	struct slice name;
	char shown[TEXT_SHOWN_BYTES];

	*ret = ING_IDENTITY;
	if (!content_encoding)
		return 0;
	name = slice_trim(slice_text(content_encoding), " \t");
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (name.len != strlen(known[i].name) ||
		    strncasecmp((const char *)name.bytes, known[i].name, name.len) != 0)
			continue;
		*ret = known[i].coding;
		return 0;
	}
	return err_set(err, "expected Content-Encoding gzip, deflate or none, found %s",
		       text_shown(name, shown));
}

static int refuse(struct ing_fault *fault, int http_status, const char *code)
{
	fault->http_status = http_status;
	fault->code = code;
	return -1;
}

int ing_content_decode(enum ing_content_coding coding, struct slice body, size_t max_bytes,
		       struct arena *arena, struct slice *ret, struct ing_fault *fault)
{
	const char *name = coding == ING_GZIP ? "gzip" : "deflate";

	*ret = body;
	if (coding == ING_IDENTITY && body.len > max_bytes) {
		err_set(&fault->why, "expected at most %zu bytes of body", max_bytes);
		return refuse(fault, 413, "too_large");
	}
	if (coding == ING_IDENTITY)
		return 0;
	switch (inflate_bytes(coding == ING_GZIP ? INFLATE_GZIP : INFLATE_DEFLATE, body, max_bytes,
			      arena, ret, &fault->why)) {
	case INFLATE_BROKEN:
		err_prefix(&fault->why, "expected a body compressed by %s", name);
		return refuse(fault, 400, "invalid_coding");
	case INFLATE_TOO_LARGE:
		err_set(&fault->why, "expected at most %zu bytes of body before %s", max_bytes,
			name);
		return refuse(fault, 413, "too_large");
	case INFLATE_WHOLE:
		break;
	}
	return 0;
}
