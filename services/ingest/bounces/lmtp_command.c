/* lmtp_command.c - what a mail server asks for, a line at a time, see lmtp.h. */
#include "lmtp_internal.h"

#include <strings.h>

#include "common/base/text.h"
#include "common/mail/address.h"

void lmtp_say(struct buf *out, const char *line)
{
	buf_text(out, line);
	buf_text(out, "\r\n");
}

static enum lmtp_event mistake(struct lmtp *lmtp, struct buf *out, const char *line)
{
	if (++lmtp->mistakes > LMTP_MISTAKES_MAX) {
		lmtp_say(out, "421 4.7.0 too many mistakes");
		return LMTP_CLOSE;
	}
	lmtp_say(out, line);
	return LMTP_MORE;
}

/* The command's argument, without blanks around it; false when the line is another command. */
static bool is_command(struct slice line, const char *name, struct slice *ret)
{
	size_t len = strlen(name);

	if (line.len < len || strncasecmp((const char *)line.bytes, name, len) != 0 ||
	    (line.len > len && line.bytes[len] != ' '))
		return false;
	*ret = slice_trim(slice_of(line.bytes + len, line.len - len), " ");
	return true;
}

static enum lmtp_event hello(struct lmtp *lmtp, bool is_lmtp, bool has_extensions,
			     struct slice argument, struct buf *out)
{
	if (!argument.len)
		return mistake(lmtp, out, "501 5.5.4 expected the name of your machine");
	lmtp->phase = LMTP_HELLO;
	lmtp->is_lmtp = is_lmtp;
	lmtp_forget(lmtp);
	if (has_extensions)
		buf_printf(out,
			   "250-%s\r\n250-PIPELINING\r\n250-SIZE %d\r\n250-8BITMIME\r\n"
			   "250 ENHANCEDSTATUSCODES\r\n",
			   lmtp->options->name, LMTP_MAIL_MAX_BYTES);
	else
		buf_printf(out, "250 %s\r\n", lmtp->options->name);
	return LMTP_MORE;
}

/* "<path> PARAMETERS" behind "FROM:" or "TO:"; blanks between are forgiven. */
static bool read_path(struct slice argument, const char *keyword, struct slice *ret_path,
		      struct slice *ret_rest)
{
	size_t len = strlen(keyword);
	const uint8_t *end;

	if (argument.len < len || strncasecmp((const char *)argument.bytes, keyword, len) != 0)
		return false;
	argument = slice_of(argument.bytes + len, argument.len - len);
	while (argument.len && argument.bytes[0] == ' ')
		argument = slice_of(argument.bytes + 1, argument.len - 1);
	end = argument.len ? memchr(argument.bytes, '>', argument.len) : NULL;
	if (!end || argument.bytes[0] != '<')
		return false;
	*ret_path = slice_of(argument.bytes + 1, (size_t)(end - argument.bytes - 1));
	*ret_rest = slice_of(end + 1, (size_t)(argument.bytes + argument.len - end - 1));
	return true;
}

/* SIZE=n of MAIL FROM's parameters is more than we take. */
static bool says_too_large(struct slice rest)
{
	for (size_t i = 0; i + 6 < rest.len; i++) {
		size_t end = i + 6;
		struct err ignored;
		int64_t size;

		if (strncasecmp((const char *)rest.bytes + i, " SIZE=", 6) != 0)
			continue;
		while (end < rest.len && rest.bytes[end] != ' ')
			end++;
		return text_int64(slice_of(rest.bytes + i + 6, end - i - 6), 0, LMTP_MAIL_MAX_BYTES,
				  &size, &ignored) < 0;
	}
	return false;
}

static enum lmtp_event mail_from(struct lmtp *lmtp, struct slice argument, struct buf *out)
{
	struct slice path, rest;

	if (lmtp->phase == LMTP_GREETED)
		return mistake(lmtp, out, "503 5.5.1 say LHLO first");
	if (lmtp->phase != LMTP_HELLO)
		return mistake(lmtp, out, "503 5.5.1 one mail after the other: RSET first");
	if (!read_path(argument, "FROM:", &path, &rest))
		return mistake(lmtp, out, "501 5.5.4 expected MAIL FROM:<path>");
	if (says_too_large(rest))
		return mistake(lmtp, out, "552 5.3.4 more than 1 MiB");
	lmtp->phase = LMTP_SENDER;
	lmtp_say(out, "250 2.1.0 ok");
	return LMTP_MORE;
}

/* Is the recipient ours? Its domain must be, and a key of ours must have signed the rest. */
static bool is_ours(const struct lmtp *lmtp, struct slice path, struct return_token *ret)
{
	const uint8_t *at = path.len ? memchr(path.bytes, '@', path.len) : NULL;
	struct slice local, domain;

	if (!at)
		return false;
	local = slice_of(path.bytes, (size_t)(at - path.bytes));
	domain = slice_of(at + 1, path.len - local.len - 1);
	return host_name_equal(domain, slice_text(lmtp->options->domain)) && local.len > 7 &&
	       strncasecmp((const char *)local.bytes, "bounce+", 7) == 0 &&
	       return_token_open(&lmtp->options->keys, local, ret);
}

static enum lmtp_event rcpt_to(struct lmtp *lmtp, struct slice argument, struct buf *out)
{
	struct return_token found;
	struct slice path, rest;

	if (lmtp->phase != LMTP_SENDER)
		return mistake(lmtp, out, "503 5.5.1 say MAIL FROM first");
	if (!read_path(argument, "TO:", &path, &rest))
		return mistake(lmtp, out, "501 5.5.4 expected RCPT TO:<path>");
	if (!is_ours(lmtp, path, &found))
		return mistake(lmtp, out, "550 5.1.1 no return path of ours");
	if (lmtp->recipient_count == LMTP_RECIPIENTS_MAX) {
		lmtp_say(out, "452 4.5.3 too many recipients");
		return LMTP_MORE;
	}
	lmtp->recipients[lmtp->recipient_count++] = found;
	lmtp_say(out, "250 2.1.5 ok");
	return LMTP_MORE;
}

static enum lmtp_event data(struct lmtp *lmtp, struct slice argument, struct buf *out)
{
	if (argument.len)
		return mistake(lmtp, out, "501 5.5.4 DATA stands alone");
	if (lmtp->recipient_count == 0)
		return mistake(lmtp, out, "503 5.5.1 no recipient was taken");
	lmtp->phase = LMTP_DATA;
	lmtp_say(out, "354 end with a dot on a line of its own");
	return LMTP_MORE;
}

enum lmtp_event lmtp_command(struct lmtp *lmtp, struct slice line, struct buf *out)
{
	struct slice argument;

	if (is_command(line, "LHLO", &argument))
		return hello(lmtp, true, true, argument, out);
	if (is_command(line, "EHLO", &argument))
		return hello(lmtp, false, true, argument, out);
	if (is_command(line, "HELO", &argument))
		return hello(lmtp, false, false, argument, out);
	if (is_command(line, "MAIL", &argument))
		return mail_from(lmtp, argument, out);
	if (is_command(line, "RCPT", &argument))
		return rcpt_to(lmtp, argument, out);
	if (is_command(line, "DATA", &argument))
		return data(lmtp, argument, out);
	if (is_command(line, "QUIT", &argument)) {
		lmtp_say(out, "221 2.0.0 bye");
		return LMTP_CLOSE;
	}
	if (is_command(line, "RSET", &argument) || is_command(line, "NOOP", &argument)) {
		if (line.bytes[0] == 'R' || line.bytes[0] == 'r')
			lmtp_forget(lmtp);
		lmtp_say(out, "250 2.0.0 ok");
		return LMTP_MORE;
	}
	if (is_command(line, "VRFY", &argument)) {
		lmtp_say(out, "252 2.1.5 send some mail and see");
		return LMTP_MORE;
	}
	return mistake(lmtp, out, "500 5.5.1 no such command here");
}
