/* address.c - see address.h. */
#include "address.h"

#include <idn2.h>
#include <strings.h>

#include "common/base/buf.h"
#include "common/base/text.h"

static bool is_ascii(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.bytes[i] >= 0x80)
			return false;
	return true;
}

static char lower(uint8_t c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* Writes the domain to ret with its NUL; false when it is no name, or longer than max. */
static bool write_domain(struct slice domain, char *ret, size_t max)
{
	char name[ADDRESS_MAX_BYTES + 1];
	uint8_t *found = NULL;
	bool fits;

	if (is_ascii(domain)) {
		if (domain.len > max)
			return false;
		for (size_t i = 0; i < domain.len; i++)
			ret[i] = lower(domain.bytes[i]);
		ret[domain.len] = '\0';
		return true;
	}
	if (domain.len >= sizeof(name))
		return false;
	memcpy(name, domain.bytes, domain.len);
	name[domain.len] = '\0';
	if (idn2_lookup_u8((const uint8_t *)name, &found, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) !=
	    IDN2_OK)
		return false;
	fits = strlen((char *)found) <= max;
	if (fits)
		memcpy(ret, found, strlen((char *)found) + 1);
	idn2_free(found);
	return fits;
}

bool address_read(struct slice text, struct address *ret)
{
	const uint8_t *at;
	size_t local_len;

	if (!text_is_email(text))
		return false;
	at = memchr(text.bytes, '@', text.len);
	local_len = (size_t)(at - text.bytes);
	memcpy(ret->text, text.bytes, local_len + 1);
	ret->domain = ret->text + local_len + 1;
	ret->needs_utf8 = !is_ascii(slice_of(text.bytes, local_len));
	/* The mapping may have changed the name, so it is checked again. */
	return write_domain(slice_of(at + 1, text.len - local_len - 1), ret->text + local_len + 1,
			    ADDRESS_MAX_BYTES - local_len - 1) &&
	       text_is_email(slice_text(ret->text));
}

/* U+0300 to U+036F, which belong to the letter before them. */
static bool is_mark(const uint8_t *c)
{
	return c[0] == 0xcc || (c[0] == 0xcd && c[1] < 0xb0);
}

/*
 * A local part with what is beyond ASCII as an A-label, for which IDNA brings
 * it into NFC; what IDNA does not know stays as it is.
 */
static void add_normal(struct slice local, struct buf *out)
{
	size_t to;

	for (size_t from = 0; from < local.len; from = to) {
		char run[ADDRESS_MAX_BYTES + 1];
		uint8_t *found = NULL;

		for (to = from; to < local.len && local.bytes[to] < 0x80; to++)
			;
		if (to < local.len && to > from && is_mark(local.bytes + to))
			to--;
		buf_add(out, local.bytes + from, to - from);
		from = to;
		if (to < local.len && local.bytes[to] < 0x80)
			to++;
		while (to < local.len && local.bytes[to] >= 0x80)
			to++;
		memcpy(run, local.bytes + from, to - from);
		run[to - from] = '\0';
		if (to > from &&
		    idn2_lookup_u8((const uint8_t *)run, &found, IDN2_NFC_INPUT) == IDN2_OK)
			buf_printf(out, "\x01%s", (const char *)found);
		else
			buf_add(out, run, to - from);
		idn2_free(found);
	}
}

static bool is_same_local(struct slice a, struct slice b)
{
	struct buf first = BUF_MAX(64 * 64), second = BUF_MAX(64 * 64);
	bool ret;

	if (slice_equal(a, b) || is_ascii(a) || is_ascii(b))
		return slice_equal(a, b);
	add_normal(a, &first);
	add_normal(b, &second);
	ret = slice_equal(buf_slice(&first), buf_slice(&second));
	buf_free(&first);
	buf_free(&second);
	return ret;
}

bool address_equal(struct slice a, struct slice b)
{
	struct address first, second;

	if (slice_equal(a, b))
		return true;
	if (!address_read(a, &first) || !address_read(b, &second) ||
	    strcmp(first.domain, second.domain) != 0)
		return false;
	return is_same_local(slice_of(first.text, (size_t)(first.domain - first.text)),
			     slice_of(second.text, (size_t)(second.domain - second.text)));
}

void address_split(struct slice text, struct slice *ret_name, struct slice *ret_address)
{
	const uint8_t *open = text.len ? memchr(text.bytes, '<', text.len) : NULL;
	size_t name_len = open ? (size_t)(open - text.bytes) : 0;

	*ret_name = slice_of(text.bytes, name_len);
	*ret_address = text;
	if (open && text.bytes[text.len - 1] == '>')
		*ret_address = slice_of(open + 1, text.len - name_len - 2);
}

bool host_name_read(struct slice text, char ret[HOST_NAME_BYTES])
{
	char address[ADDRESS_MAX_BYTES + 1] = "a@";
	struct address found;

	/* An address has the same rules for what is behind the "@". */
	if (!text.len || text.len > ADDRESS_MAX_BYTES - 2 || !memchr(text.bytes, '.', text.len))
		return false;
	memcpy(address + 2, text.bytes, text.len);
	if (!address_read(slice_of(address, text.len + 2), &found))
		return false;
	memcpy(ret, found.domain, strlen(found.domain) + 1);
	return true;
}

bool host_name_equal(struct slice a, struct slice b)
{
	char first[HOST_NAME_BYTES], second[HOST_NAME_BYTES];

	if (host_name_read(a, first) && host_name_read(b, second))
		return strcmp(first, second) == 0;
	return a.len == b.len &&
	       strncasecmp((const char *)a.bytes, (const char *)b.bytes, a.len) == 0;
}
