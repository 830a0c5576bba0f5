/* letter.c - see letter.h. */
#include "letter.h"

#include "common/mail/mime.h"

void con_letter_write(const struct con_letter *letter, struct buf *out)
{
	const struct shop *shop = &letter->policy->shop;
	const char *host = strrchr(shop->sender_address, '@');

	mime_mailbox_header("From", slice_text(shop->sender_name), shop->sender_address, out);
	mime_mailbox_header("To", slice_text(""), letter->to, out);
	mime_text_header("Subject", slice_text(letter->subject), out);
	mime_date_header(letter->now_ms, out);
	buf_printf(out, "Message-ID: <%s@%s>\r\n", letter->id, host ? host + 1 : "localhost");
	buf_text(out, "Auto-Submitted: auto-generated\r\n"
		      "MIME-Version: 1.0\r\n"
		      "Content-Type: text/plain; charset=utf-8\r\n"
		      "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
	mime_quoted_printable(slice_text(letter->text), out);
}
