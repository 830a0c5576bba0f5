/* headers.c - see headers.h. */
#include "headers.h"

#include <stdio.h>

#include "common/base/text.h"
#include "common/mail/mime.h"

enum {
	ID_MAX_BYTES = 64, /* RFC 2046 5.1.1: a boundary has at most 70 */
	NAME_MAX_BYTES = 200,
	WORD_MAX_BYTES = 40,
	SENDER_ID_MIN_BYTES = 5, /* what Gmail asks of a Feedback-ID's last part */
	SENDER_ID_MAX_BYTES = 15,
};

struct slice readable(struct slice text)
{
	return text_is_utf8(text) && text_is_printable(text) ? text : slice_of("", 0);
}

/* Returns the name, or "" when people cannot read it or it is longer than anybody's. */
static struct slice readable_name(struct slice text)
{
	return text.len <= NAME_MAX_BYTES ? readable(text) : slice_of("", 0);
}

static bool is_word_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '-';
}

/* Can the id of a send be a part of Message-ID and boundary? */
static bool is_send_id(const char *id)
{
	size_t len = strlen(id);

	for (size_t i = 0; i < len; i++)
		if (!is_word_byte(id[i]))
			return false;
	return len > 0 && len <= ID_MAX_BYTES;
}

/* Reads "Name <address>" of a dispatch. */
static int read_mailbox(const char *text, const char *what, struct slice *ret_name,
			struct address *ret, struct err *err)
{
	struct slice address;

	address_split(slice_text(text), ret_name, &address);
	*ret_name = readable_name(*ret_name);
	if (!address_read(address, ret))
		return err_set(err, "%s: expected \"Name <address>\"", what);
	return 0;
}

static int fill_from(const struct shop *shop, const Nurture__V1__Dispatch *dispatch,
		     struct envelope *ret, struct err *err)
{
	if (!address_read(slice_text(shop->sender_address), &ret->shop))
		return err_set(err, "shop.sender: not an address that mail can come from");
	if (dispatch->sender[0])
		return read_mailbox(dispatch->sender, "the mail's own sender", &ret->from_name,
				    &ret->from, err);
	address_read(slice_text(shop->sender_address), &ret->from);
	ret->from_name = readable_name(slice_text(shop->sender_name));
	return 0;
}

/* Fills in what a bounce brings back: the return path itself, or a token in a header. */
static int fill_return_path(const struct envelope_options *options, const char *id,
			    struct envelope *ret, struct err *err)
{
	struct slice key = options->token_key, customer = options->customer;
	bool has_domain = options->bounce_domain && options->bounce_domain[0];

	ret->return_token[0] = '\0';
	ret->provider = options->provider;
	if (has_domain || ret->provider != MAIL_PROVIDER_NONE) {
		if (return_local_make(key, slice_text(id), customer, ret->return_local, err) < 0 ||
		    return_token_make(key, slice_text(id), customer, ret->return_token, err) < 0)
			return -1;
	}
	if (has_domain)
		snprintf(ret->return_path, sizeof(ret->return_path), "%s@%s", ret->return_local,
			 options->bounce_domain);
	else
		memcpy(ret->return_path, ret->shop.text, strlen(ret->shop.text) + 1);
	return 0;
}

int envelope_fill(const struct envelope_options *options, const Nurture__V1__DeliveryEffect *effect,
		  struct envelope *ret, struct err *err)
{
	const Nurture__V1__Dispatch *dispatch = effect->dispatch;

	if (!is_send_id(effect->id))
		return err_set(err, "the send's id is none: expected 1 to %d letters, digits or -",
			       ID_MAX_BYTES);
	if (fill_from(options->shop, dispatch, ret, err) < 0)
		return -1;
	if (!address_read(slice_text(dispatch->email), &ret->to))
		return err_set(err, "the customer's address is none that mail can be sent to");
	ret->to_name = readable_name(slice_text(dispatch->name));
	ret->reply_to.needs_utf8 = false;
	ret->has_reply_to = dispatch->reply_to[0] != '\0';
	if (ret->has_reply_to && read_mailbox(dispatch->reply_to, "the mail's own reply-to",
					      &ret->reply_name, &ret->reply_to, err) < 0)
		return -1;
	ret->has_sender = strcasecmp(ret->from.domain, ret->shop.domain) != 0;
	ret->needs_utf8 = ret->shop.needs_utf8 || ret->from.needs_utf8 || ret->to.needs_utf8 ||
			  ret->reply_to.needs_utf8;
	return fill_return_path(options, effect->id, ret, err);
}

/* Writes what may stand between dots and colons of an identifier; returns the length of it. */
static size_t write_word(const char *text, size_t max_bytes, char *ret)
{
	size_t len = 0;

	for (; text[len] && len < max_bytes; len++)
		ret[len] = is_word_byte(text[len]) ? text[len] : '-';
	ret[len] = '\0';
	return len;
}

static void add_word(const char *text, size_t max_bytes, struct buf *out)
{
	char word[WORD_MAX_BYTES + 1];

	buf_add(out, word, write_word(text, max_bytes, word));
}

/* Adds List-Id (RFC 2919): each class of mail that people subscribe to is a list. */
static void add_list_id(const struct envelope *envelope, const struct shop *shop,
			const char *message_class, struct buf *out)
{
	struct slice name = readable_name(slice_text(shop->name));
	char id[WORD_MAX_BYTES + 1 + HOST_NAME_BYTES];
	size_t len = write_word(message_class, WORD_MAX_BYTES, id);

	snprintf(id + len, sizeof(id) - len, ".%s", envelope->shop.domain);
	mime_mailbox_header("List-Id", name.len ? name : slice_text("List"), id, out);
}

/*
 * Adds Feedback-ID: programme:class:variant or template:who sends; the last is the same for all
 * mail of a shop.  It is one line, since its readers expect no blank in it.
 */
static void add_feedback_id(const struct envelope *envelope, const Nurture__V1__Request *request,
			    struct buf *out)
{
	const char *domain = envelope->shop.domain;

	buf_text(out, "Feedback-ID: ");
	add_word(request->programme, WORD_MAX_BYTES, out);
	buf_char(out, ':');
	add_word(request->message_class, WORD_MAX_BYTES, out);
	buf_char(out, ':');
	add_word(request->variant[0] ? request->variant : request->action, WORD_MAX_BYTES, out);
	buf_char(out, ':');
	add_word(domain, SENDER_ID_MAX_BYTES, out);
	for (size_t len = strlen(domain); len < SENDER_ID_MIN_BYTES; len++)
		buf_char(out, '-');
	buf_text(out, "\r\n");
}

static void add_addresses(const struct envelope *envelope, const struct shop *shop, struct buf *out)
{
	mime_mailbox_header("From", envelope->from_name, envelope->from.text, out);
	if (envelope->has_sender)
		mime_mailbox_header("Sender", readable_name(slice_text(shop->sender_name)),
				    envelope->shop.text, out);
	if (envelope->has_reply_to)
		mime_mailbox_header("Reply-To", envelope->reply_name, envelope->reply_to.text, out);
	mime_mailbox_header("To", envelope->to_name, envelope->to.text, out);
}

void headers_write(const struct envelope *envelope, const struct shop *shop,
		   const Nurture__V1__DeliveryEffect *effect, struct slice subject,
		   const char *unsubscribe, struct buf *out)
{
	const Nurture__V1__Request *request = effect->dispatch->request;

	mime_date_header(effect->intended_ms, out);
	add_addresses(envelope, shop, out);
	mime_text_header("Subject", subject, out);
	buf_printf(out, "Message-ID: <%s@%s>\r\n", effect->id, envelope->shop.domain);
	if (unsubscribe[0]) {
		add_list_id(envelope, shop, request->message_class, out);
		/*
		 * This is one line however long: relays have broken the signatures of folded ones.
		 */
		buf_printf(out,
			   "List-Unsubscribe: <%s>\r\n"
			   "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
			   unsubscribe);
	} else {
		buf_text(out, "Auto-Submitted: auto-generated\r\n");
	}
	add_feedback_id(envelope, request, out);
	/* Bounces and complaints bring this header back, and with it whose mail it was. */
	if (envelope->return_token[0]) {
		buf_printf(out, "X-Nurture-Return: %s\r\n", envelope->return_token);
		mail_provider_header(envelope->provider, envelope->return_token,
				     envelope->return_local, out);
	}
	buf_printf(out,
		   "X-Nurture-Send: %s\r\n"
		   "MIME-Version: 1.0\r\n"
		   "Content-Type: multipart/alternative;\r\n boundary=\"=_%s\"\r\n\r\n",
		   effect->id, effect->id);
}
