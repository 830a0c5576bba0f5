/* lmtp.c - see lmtp.h. */
#include "lmtp.h"

#include "lmtp_internal.h"

void lmtp_forget(struct lmtp *lmtp)
{
	lmtp->recipient_count = 0;
	lmtp->is_broken = lmtp->is_large = false;
	buf_reset(&lmtp->mail);
	if (lmtp->phase != LMTP_GREETED)
		lmtp->phase = LMTP_HELLO;
}

void lmtp_open(struct lmtp *lmtp, const struct lmtp_options *options, struct buf *out)
{
	*lmtp = (struct lmtp){.options = options, .mail = BUF_MAX(LMTP_MAIL_MAX_BYTES)};
	buf_printf(out, "220 %s LMTP ready for bounces\r\n", options->name);
}

void lmtp_free(struct lmtp *lmtp)
{
	buf_free(&lmtp->mail);
}

/* A whole line of a mail, CRLF taken off. */
static enum lmtp_event mail_line(struct lmtp *lmtp, struct slice line)
{
	if (line.len == 1 && line.bytes[0] == '.')
		return LMTP_MAIL;
	if (line.len && line.bytes[0] == '.')
		line = slice_of(line.bytes + 1, line.len - 1);
	if (lmtp->mail.len + line.len + 2 > LMTP_MAIL_MAX_BYTES) {
		lmtp->is_large = true;
		return LMTP_MORE;
	}
	buf_add(&lmtp->mail, line.bytes, line.len);
	buf_add(&lmtp->mail, "\r\n", 2);
	return LMTP_MORE;
}

/* The dot came: what is wrong with the mail is said now, for each recipient. */
static enum lmtp_event end_of_mail(struct lmtp *lmtp, struct buf *out)
{
	size_t answers = lmtp->is_lmtp ? lmtp->recipient_count : 1;

	if (!lmtp->is_broken && !lmtp->is_large)
		return LMTP_MAIL;
	for (size_t i = 0; i < answers; i++)
		lmtp_say(out,
			 lmtp->is_broken
			     ? "554 5.6.0 a bare CR or LF, a NUL, or a line of more than 1000 bytes"
			     : "552 5.3.4 more than 1 MiB");
	lmtp_forget(lmtp);
	return LMTP_MORE;
}

void lmtp_answer(struct lmtp *lmtp, const bool *stored, struct buf *out)
{
	bool all = true;

	for (size_t i = 0; i < lmtp->recipient_count; i++)
		all &= stored[i];
	for (size_t i = 0; i < (lmtp->is_lmtp ? lmtp->recipient_count : 1); i++)
		lmtp_say(out, (lmtp->is_lmtp ? stored[i] : all)
				  ? "250 2.0.0 stored"
				  : "451 4.3.0 not stored, try again");
	lmtp_forget(lmtp);
}

static enum lmtp_event line_done(struct lmtp *lmtp, struct buf *out)
{
	struct slice line = slice_of(lmtp->line, lmtp->line_len);

	lmtp->line_len = 0;
	if (lmtp->phase != LMTP_DATA)
		return lmtp_command(lmtp, line, out);
	return mail_line(lmtp, line) == LMTP_MAIL ? end_of_mail(lmtp, out) : LMTP_MORE;
}

/* A byte that no line may have, or one too many. */
static enum lmtp_event bad_byte(struct lmtp *lmtp, struct buf *out)
{
	if (lmtp->phase == LMTP_DATA) {
		lmtp->is_broken = true;
		return LMTP_MORE;
	}
	lmtp_say(out, "500 5.5.2 a line has at most 1000 bytes and ends in CR LF");
	return LMTP_CLOSE;
}

/* Two bytes of a line are its CR LF. */
static enum lmtp_event keep(struct lmtp *lmtp, uint8_t c, struct buf *out)
{
	if (lmtp->line_len == LMTP_LINE_MAX_BYTES - 2)
		return bad_byte(lmtp, out);
	lmtp->line[lmtp->line_len++] = (char)c;
	return LMTP_MORE;
}

/*
 * A bare CR, LF or NUL is kept as a byte of its line, so that no line with one
 * can be the dot that ends a mail.
 */
static enum lmtp_event eat(struct lmtp *lmtp, uint8_t c, struct buf *out)
{
	bool after_cr = lmtp->after_cr;

	lmtp->after_cr = c == '\r';
	if (c == '\n' && after_cr)
		return line_done(lmtp, out);
	if (after_cr && (bad_byte(lmtp, out) == LMTP_CLOSE || keep(lmtp, '\r', out) == LMTP_CLOSE))
		return LMTP_CLOSE;
	if (c == '\r')
		return LMTP_MORE;
	if ((c == '\n' || c == '\0') && bad_byte(lmtp, out) == LMTP_CLOSE)
		return LMTP_CLOSE;
	return keep(lmtp, c, out);
}

enum lmtp_event lmtp_feed(struct lmtp *lmtp, struct slice bytes, size_t *ret_used, struct buf *out)
{
	enum lmtp_event event = LMTP_MORE;
	size_t used = 0;

	while (used < bytes.len && event == LMTP_MORE)
		event = eat(lmtp, bytes.bytes[used++], out);
	*ret_used = used;
	return event;
}
