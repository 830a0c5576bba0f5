/* address.c - see address.h. */
#include "address.h"

#include <idn2.h>

#include "../../common/base/text.h"

static bool is_ascii(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.bytes[i] >= 0x80)
			return false;
	return true;
}

/* Into ret with its NUL; false when it is no name, or longer than max. */
static bool write_domain(struct slice domain, char *ret, size_t max)
{
	char name[ADDRESS_MAX_BYTES + 1];
	uint8_t *found = NULL;
	bool fits;

	if (is_ascii(domain)) {
		if (domain.len > max)
			return false;
		memcpy(ret, domain.bytes, domain.len);
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
	/* Mapping may have made something else of it. */
	return write_domain(slice_of(at + 1, text.len - local_len - 1), ret->text + local_len + 1,
			    ADDRESS_MAX_BYTES - local_len - 1) &&
	       text_is_email(slice_text(ret->text));
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
