/* compose.c - see compose.h. */
#include "compose.h"

#include <stdio.h>

#include "common/mail/inbox.h"
#include "common/token/unsubscribe_token.h"
#include "counted_links.h"
#include "frame.h"
#include "values.h"

enum { LINK_MAX_BYTES = 900 };

static bool needs_consent(const struct policy *policy, const char *class_name)
{
	int index = policy_class(policy, slice_text(class_name));

	return index < 0 || policy->classes[index].needs_consent;
}

/* The two links of a person. */
struct links {
	char unsubscribe[LINK_MAX_BYTES]; /* "" for a class that nobody can unsubscribe from */
	char preferences[LINK_MAX_BYTES];
};

static int check_base(const char *base, struct err *err)
{
	for (const char *c = base; *c; c++)
		if (*c <= ' ' || *c >= 0x7f || strchr("<>\"\\", *c))
			return err_set(err, "shop.public_url: not a proper URL");
	if (strlen(base) + 4 + UNSUBSCRIBE_TOKEN_BYTES > LINK_MAX_BYTES)
		return err_set(err, "shop.public_url: too long");
	return 0;
}

/* The links name the inbox to which the mail goes: what is said with them is said there. */
static int make_links(const struct composer *composer, struct slice customer,
		      const Nurture__V1__Dispatch *dispatch, struct links *ret, struct err *err)
{
	const char *base = composer->policy->shop.public_url;
	const char *class_name = dispatch->request->message_class;
	struct slice message_class = slice_text(class_name);
	char token[UNSUBSCRIBE_TOKEN_BYTES], inbox[INBOX_KEY_BYTES];

	if (!inbox_key(slice_text(dispatch->email), inbox))
		inbox[0] = '\0';
	ret->unsubscribe[0] = '\0';
	if (check_base(base, err) < 0 ||
	    preferences_token_make(composer->token_key, customer, message_class, slice_text(inbox),
				   token, err) < 0)
		return -1;
	snprintf(ret->preferences, LINK_MAX_BYTES, "%s/p/%s", base, token);
	if (!needs_consent(composer->policy, class_name))
		return 0;
	if (unsubscribe_token_make(composer->token_key, customer, message_class, slice_text(inbox),
				   token, err) < 0)
		return -1;
	snprintf(ret->unsubscribe, LINK_MAX_BYTES, "%s/u/%s", base, token);
	return 0;
}

static int render(const struct composer *composer, const Nurture__V1__Dispatch *dispatch,
		  enum template_part part, const struct mail_values *values, struct buf *out,
		  struct err *err)
{
	buf_reset(out);
	return template_set_render(composer->templates, dispatch->request->action,
				   slice_text(dispatch->locale), part, &values->top, out, err);
}

/* Takes off the line end, which a template file has and a subject must not have. */
static struct slice trim(struct slice text)
{
	while (text.len && text.bytes[text.len - 1] <= ' ')
		text.len--;
	return text;
}

/* Appends both blocks of one part, HTML first; *ret_html_end: where the HTML ends. */
static int render_part(const struct composer *composer, const Nurture__V1__Dispatch *dispatch,
		       const Nurture__V1__Part *merged, const struct mail_values *lead,
		       struct buf *out, size_t *ret_html_end, struct err *err)
{
	const char *template = merged->request->action;
	struct slice locale = slice_text(dispatch->locale);
	struct mail_values values;

	mail_values_fill(&values, &composer->policy->shop, dispatch, merged->request,
			 merged->coupon, "", "");
	values.root[ROOT_SUBJECT] = lead->root[ROOT_SUBJECT];
	values.root[ROOT_UNSUBSCRIBE] = lead->root[ROOT_UNSUBSCRIBE];
	values.root[ROOT_PREFERENCES] = lead->root[ROOT_PREFERENCES];
	if (template_set_render(composer->templates, template, locale, TEMPLATE_BLOCK_HTML,
				&values.top, out, err) < 0)
		return -1;
	*ret_html_end = out->len;
	return template_set_render(composer->templates, template, locale, TEMPLATE_BLOCK_TXT,
				   &values.top, out, err);
}

/* Fills `also` with what the parts say, each from its own template and data. */
static int add_parts(const struct composer *composer, const Nurture__V1__Dispatch *dispatch,
		     struct mail_values *values, struct buf *blocks, struct err *err)
{
	size_t ends[SHAPE_PARTS_MAX][2], from = 0;
	const uint8_t *bytes;

	if (dispatch->n_parts > SHAPE_PARTS_MAX)
		return err_set(err, "more than %d parts", SHAPE_PARTS_MAX);
	buf_reset(blocks);
	for (size_t i = 0; i < dispatch->n_parts; i++) {
		if (render_part(composer, dispatch, dispatch->parts[i], values, blocks, &ends[i][0],
				err) < 0)
			return -1;
		ends[i][1] = blocks->len;
	}
	bytes = buf_slice(blocks).bytes; /* from now on they stay where they are */
	for (size_t i = 0; i < dispatch->n_parts; from = ends[i++][1]) {
		struct slice html = slice_of(bytes + from, ends[i][0] - from);
		struct slice text = slice_of(bytes + ends[i][0], ends[i][1] - ends[i][0]);

		values->blocks[i][0] = mail_value_text("html", html);
		values->blocks[i][1] = mail_value_text("text", text);
		values->also[i] = mail_value_object("", values->blocks[i], 2);
	}
	values->root[ROOT_ALSO].count = dispatch->n_parts;
	return 0;
}

/* The HTML as it goes out. A mail that counting would make too large goes as it is. */
static const struct buf *lead_links(const struct composer *composer, struct slice customer,
				    const Nurture__V1__DeliveryEffect *effect,
				    struct compose_room *room)
{
	const struct counted_links links = {.token_key = composer->token_key,
					    .base = composer->policy->shop.public_url,
					    .message = effect->id,
					    .customer = customer};

	if (composer->policy->clicks == CLICKS_OFF || !effect->dispatch->count_clicks)
		return &room->rendered;
	buf_reset(&room->counted);
	counted_links_write(&links, buf_slice(&room->rendered), &room->counted);
	return buf_failed(&room->counted) ? &room->rendered : &room->counted;
}

int send_compose(const struct composer *composer, struct slice customer,
		 const Nurture__V1__DeliveryEffect *effect, struct compose_room *room,
		 struct mail *ret, struct err *err)
{
	const Nurture__V1__Dispatch *dispatch = effect->dispatch;
	const struct envelope_options options = {.shop = &composer->policy->shop,
						 .bounce_domain = composer->bounce_domain,
						 .token_key = composer->token_key,
						 .customer = customer,
						 .provider = composer->provider};
	struct envelope *envelope = &room->envelope;
	struct mail_values values;
	struct links links;

	if (envelope_fill(&options, effect, envelope, err) < 0 ||
	    make_links(composer, customer, dispatch, &links, err) < 0)
		return -1;
	mail_values_fill(&values, &composer->policy->shop, dispatch, dispatch->request,
			 dispatch->coupon, links.unsubscribe, links.preferences);
	if (render(composer, dispatch, TEMPLATE_SUBJECT, &values, &room->subject, err) < 0)
		return -1;
	values.root[ROOT_SUBJECT].text = trim(buf_slice(&room->subject));
	if (add_parts(composer, dispatch, &values, &room->blocks, err) < 0)
		return -1;
	frame_begin(room->signer, &room->out);
	headers_write(envelope, options.shop, effect, values.root[ROOT_SUBJECT].text,
		      links.unsubscribe, &room->out);
	if (render(composer, dispatch, TEMPLATE_TXT, &values, &room->rendered, err) < 0)
		return -1;
	frame_part(effect->id, "text/plain", &room->rendered, &room->out);
	if (render(composer, dispatch, TEMPLATE_HTML, &values, &room->rendered, err) < 0)
		return -1;
	frame_part(effect->id, "text/html", lead_links(composer, customer, effect, room),
		   &room->out);
	*ret = (struct mail){.from = envelope->return_path,
			     .to = envelope->to.text,
			     .needs_utf8 = envelope->needs_utf8};
	return frame_end(room->signer, effect, &room->out, &ret->bytes, err);
}

int send_render(const struct composer *composer, struct slice customer,
		const Nurture__V1__DeliveryEffect *effect, enum template_part part,
		struct compose_room *room, struct slice *ret, struct err *err)
{
	const Nurture__V1__Dispatch *dispatch = effect->dispatch;
	struct mail_values values;
	struct links links;

	if (make_links(composer, customer, dispatch, &links, err) < 0)
		return -1;
	mail_values_fill(&values, &composer->policy->shop, dispatch, dispatch->request,
			 dispatch->coupon, links.unsubscribe, links.preferences);
	if (render(composer, dispatch, TEMPLATE_SUBJECT, &values, &room->subject, err) < 0)
		return -1;
	values.root[ROOT_SUBJECT].text = buf_slice(&room->subject);
	*ret = buf_slice(&room->subject);
	if (part == TEMPLATE_SUBJECT)
		return 0;
	if (add_parts(composer, dispatch, &values, &room->blocks, err) < 0 ||
	    render(composer, dispatch, part, &values, &room->rendered, err) < 0)
		return -1;
	*ret = buf_slice(&room->rendered);
	return 0;
}

void compose_room_free(struct compose_room *room)
{
	dkim_signer_close(&room->signer);
	buf_free(&room->subject);
	buf_free(&room->rendered);
	buf_free(&room->counted);
	buf_free(&room->blocks);
	buf_free(&room->out);
}
