/* mail.c - see mail.h. */
#include "mail.h"

#include <string.h>

#include "common/base/civil.h"
#include "common/base/encoding.h"

enum {
	LINE_BYTES = 57,    /* 76 characters of base64 */
	WORD_MAX_BYTES = 45 /* of an encoded word of 75 characters */
};

static void write_date(int64_t at_ms, struct buf *out)
{
	static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int64_t day = at_ms / DAY_MS, second = at_ms % DAY_MS / SECOND_MS;
	struct civil_date date = civil_from_days(day);

	buf_printf(out, "Date: %s, %d %s %04d %02d:%02d:%02d +0000\r\n", days[day % 7], date.day,
		   months[date.month - 1], date.year, (int)(second / 3600), (int)(second / 60 % 60),
		   (int)(second % 60));
}

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || (unsigned char)*text > '~' || *text == '"' ||
		    *text == '\\')
			return false;
	return true;
}

/* A name that fits into no encoded word is left out. */
static void write_from(const struct shop *shop, struct buf *out)
{
	char word[2 * WORD_MAX_BYTES];
	size_t len = strlen(shop->sender_name);

	buf_text(out, "From: ");
	if (len && is_plain(shop->sender_name)) {
		buf_printf(out, "\"%s\" ", shop->sender_name);
	} else if (len && len <= WORD_MAX_BYTES) {
		len = base64_write((const uint8_t *)shop->sender_name, len, word);
		buf_printf(out, "=?UTF-8?B?%.*s?= ", (int)len, word);
	}
	buf_printf(out, "<%s>\r\n", shop->sender_address);
}

static void write_text(struct slice text, struct buf *out)
{
	char line[2 * LINE_BYTES];

	while (text.len) {
		size_t len = text.len < LINE_BYTES ? text.len : LINE_BYTES;

		buf_add(out, line, base64_write(text.bytes, len, line));
		buf_text(out, "\r\n");
		text = slice_of(text.bytes + len, text.len - len);
	}
}

void dsk_mail_write(const struct dsk_mail *mail, const struct shop *shop, struct buf *out)
{
	const char *at = strrchr(shop->sender_address, '@');

	write_date(mail->at_ms, out);
	write_from(shop, out);
	buf_printf(out, "To: <%s>\r\n", mail->to);
	buf_printf(out, "Subject: %.*s\r\n", SLICE_ARGS(mail->subject));
	buf_printf(out, "Message-ID: <%s%s>\r\n", mail->id, at ? at : "@localhost");
	/* No answer of a machine is wanted (RFC 3834). */
	buf_text(out, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
		      "Content-Type: text/plain; charset=utf-8\r\n"
		      "Content-Transfer-Encoding: base64\r\n\r\n");
	write_text(mail->text, out);
}
