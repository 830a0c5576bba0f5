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
 * What is beyond ASCII, in lower case and in NFC, into which IDNA brings it (UTS 46); what IDNA does
 * not know stays as it is.
 */
static void add_composed(const char *run, struct buf *out)
{
	uint8_t *label = NULL;
	char *found = NULL;

	if (idn2_lookup_u8((const uint8_t *)run, &label, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) ==
		IDN2_OK &&
	    idn2_to_unicode_8z8z((const char *)label, &found, 0) == IDN2_OK)
		buf_text(out, found);
	else
		buf_text(out, run);
	idn2_free(label);
	idn2_free(found);
}

static void add_lower(struct slice ascii, struct buf *out)
{
	char text[ADDRESS_MAX_BYTES];

	for (size_t i = 0; i < ascii.len; i++)
		text[i] = lower(ascii.bytes[i]);
	buf_add(out, text, ascii.len);
}

/* A local part in one writing, piece by piece: one of ASCII, then one that begins beyond it. */
static void add_local(struct slice local, struct buf *out)
{
	size_t to;

	for (size_t from = 0; from < local.len; from = to) {
		char run[ADDRESS_MAX_BYTES + 1];

		for (to = from; to < local.len && local.bytes[to] < 0x80; to++)
			;
		if (to < local.len && to > from && is_mark(local.bytes + to))
			to--;
		add_lower(slice_of(local.bytes + from, to - from), out);
		from = to;
		if (to < local.len && local.bytes[to] < 0x80)
			to++;
		while (to < local.len && local.bytes[to] >= 0x80)
			to++;
		memcpy(run, local.bytes + from, to - from);
		run[to - from] = '\0';
		run[0] = lower((uint8_t)run[0]);
		if (to > from)
			add_composed(run, out);
	}
}

void address_add_plain(const struct address *address, struct buf *out)
{
	size_t local_len = (size_t)(address->domain - address->text);

	if (!address->needs_utf8) {
		add_lower(slice_text(address->text), out);
		return;
	}
	add_local(slice_of(address->text, local_len), out);
	buf_text(out, address->domain);
}

bool address_equal(struct slice a, struct slice b)
{
	struct buf first_plain = BUF_MAX(ADDRESS_PLAIN_BYTES);
	struct buf second_plain = BUF_MAX(ADDRESS_PLAIN_BYTES);
	struct address first, second;
	bool is_equal;

	if (slice_equal(a, b))
		return true;
	if (!address_read(a, &first) || !address_read(b, &second) ||
	    strcmp(first.domain, second.domain) != 0)
		return false;
	if (!first.needs_utf8 && !second.needs_utf8)
		return strcasecmp(first.text, second.text) == 0;
	address_add_plain(&first, &first_plain);
	address_add_plain(&second, &second_plain);
	is_equal = slice_equal(buf_slice(&first_plain), buf_slice(&second_plain));
	buf_free(&first_plain);
	buf_free(&second_plain);
	return is_equal;
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
