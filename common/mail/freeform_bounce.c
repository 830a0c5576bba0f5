/* freeform_bounce.c - see freeform_bounce.h. */
#include "freeform_bounce.h"

#include "common/base/text.h"
#include "address.h"
#include "eml.h"
#include "status.h"

/* Where a line begins so, the copy of the mail begins. */
static const char *const copy_marks[] = {"--- below this line is a copy",
					 "--- enclosed is a copy",
					 "--- original message",
					 "--- this is a copy",
					 "------ this is a copy",
					 "----- original message",
					 "---- original message",
					 "----- unsent message follows",
					 "----- message header follows",
					 "-------original",
					 "-------original m",
					 "original message follows",
					 "original message headers",
					 "message headers follow",
					 "original message header",
					 "below is a copy of the original",
					 "included is a copy of the message",
					 "--- below the next line",
					 "--- mail header",
					 "your original message follows",
					 "the original message",
					 "return-path:",
					 "received:",
					 "dkim-signature:",
					 "x-received:",
					 NULL};

static bool begins_any(struct slice line, const char *const *prefixes)
{
	for (; *prefixes; prefixes++)
		if (eml_begins(line, *prefixes))
			return true;
	return false;
}

/* Returns the line without the marks of a forwarded mail. */
static struct slice unquoted(struct slice line)
{
	line = eml_trim(line);
	while (line.len && line.bytes[0] == '>')
		line = eml_trim(slice_of(line.bytes + 1, line.len - 1));
	return line;
}

/* Sendmail begins with "The original message was received at ..." and has its reasons behind. */
static bool is_copy_mark(struct slice line)
{
	return begins_any(line, copy_marks) &&
	       !eml_begins(line, "the original message was received");
}

struct slice freeform_before_copy(struct slice text)
{
	struct slice rest = text, line;
	size_t before = 0;

	while (eml_line(&rest, &line)) {
		if (before && is_copy_mark(unquoted(line)))
			return slice_of(text.bytes, before);
		if (eml_trim(line).len)
			before = text.len - rest.len;
	}
	return text;
}

size_t freeform_of_html(struct slice html, uint8_t *out)
{
	bool in_tag = false;
	size_t len = 0;

	for (size_t i = 0; i < html.len; i++) {
		uint8_t c = html.bytes[i];

		if (c == '<' || (in_tag && c != '>')) {
			in_tag = true;
			continue;
		}
		out[len++] = in_tag ? ' ' : c;
		in_tag = false;
	}
	return len;
}

static bool is_address_byte(uint8_t c)
{
	return c > ' ' && c < 0x7f && !strchr("<>()[]\",;:\\'", c);
}

/* Is the address that of the server itself, and not that of a recipient? */
static bool is_of_server(struct slice address)
{
	static const char *const local_parts[] = {
	    "postmaster@", "mailer-daemon@", "abuse@", "support@", "noreply@", "no-reply@", NULL};

	return begins_any(address, local_parts);
}

struct slice freeform_address(struct slice text)
{
	for (size_t at = 0; at < text.len; at++) {
		size_t from = at, to = at + 1;
		struct slice address;

		if (text.bytes[at] != '@')
			continue;
		while (from > 0 && at - from < 64 && is_address_byte(text.bytes[from - 1]))
			from--;
		while (to < text.len && to - at < 254 && is_address_byte(text.bytes[to]))
			to++;
		address = slice_of(text.bytes + from, to - from);
		while (address.len && address.bytes[address.len - 1] == '.')
			address.len--;
		if (text_is_email(address) && !is_of_server(address))
			return address;
	}
	return slice_of(text.bytes, 0);
}

struct slice freeform_reason(struct slice text)
{
	static const char *const starts[] = {
	    "<<<",   "remote host said", "(reason:",   "smtp error", "reason:",
	    "host ", "the error that",   "diagnostic", NULL};
	struct slice rest = text, line;
	char status[BOUNCE_STATUS_BYTES];

	while (true) {
		const uint8_t *at = rest.bytes;

		if (!eml_line(&rest, &line))
			return text;
		line = unquoted(line);
		if (begins_any(line, starts) || status_find(line, status) || status_reply(line))
			return slice_of(at, (size_t)(text.bytes + text.len - at));
	}
}

/* The line begins with an address: of the recipient that follows. */
static struct slice leading_address(struct slice line)
{
	size_t len = 0;

	line = unquoted(line);
	if (line.len && strchr("<\"*", line.bytes[0]))
		line = eml_trim(slice_of(line.bytes + 1, line.len - 1));
	while (len < line.len && is_address_byte(line.bytes[len]))
		len++;
	line.len = len;
	return text_is_email(line) ? line : slice_of("", 0);
}

struct slice freeform_about(struct slice text, struct slice address)
{
	struct slice rest = text, line, found;
	const uint8_t *begin = NULL;

	while (address.len) {
		const uint8_t *at = rest.bytes;

		if (!eml_line(&rest, &line))
			break;
		found = leading_address(line);
		if (!begin && address_equal(found, address))
			begin = at;
		else if (begin && found.len && !address_equal(found, address))
			return slice_of(begin, (size_t)(at - begin));
	}
	return begin ? slice_of(begin, (size_t)(text.bytes + text.len - begin)) : text;
}

static bool contains(struct slice text, const char *const *words)
{
	for (; *words; words++)
		for (size_t i = 0; i + strlen(*words) <= text.len; i++)
			if (eml_begins(slice_of(text.bytes + i, text.len - i), *words))
				return true;
	return false;
}

bool freeform_is_bounce(struct slice from, struct slice subject)
{
	static const char *const daemons[] = {
	    "mailer-daemon", "mailerdaemon",  "postmaster", "post_master", "mail delivery",
	    "mail-daemon",   "mailer daemon", "<>",         NULL};
	static const char *const subjects[] = {"undeliver",
					       "returned mail",
					       "delivery status",
					       "delivery failure",
					       "failure notice",
					       "delivery failed",
					       "mail could not be delivered",
					       "delivery report",
					       "delivery has failed",
					       "delivery notification",
					       "could not be delivered",
					       "error sending your mail",
					       "mail system error",
					       "non recapitabile",
					       NULL};

	if (from.len > 1024)
		from.len = 1024;
	if (subject.len > 1024)
		subject.len = 1024;
	return contains(from, daemons) || contains(subject, subjects);
}

bool freeform_subject_is_delay(struct slice subject)
{
	static const char *const words[] = {"(delay)", "delayed", "warning: could not send",
					    "warning: message", NULL};

	if (subject.len > 1024)
		subject.len = 1024;
	return contains(subject, words);
}
