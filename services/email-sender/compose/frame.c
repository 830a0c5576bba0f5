/* frame.c - see frame.h. */
#include "frame.h"

#include "common/base/civil.h"
#include "common/mail/mime.h"

static size_t gap_bytes(const struct dkim_signer *signer)
{
	return signer ? dkim_max_bytes(signer) : 0;
}

void frame_begin(const struct dkim_signer *signer, struct buf *out)
{
	static const char zeros[1024];
	size_t left = gap_bytes(signer);

	buf_reset(out);
	while (left) {
		size_t len = left < sizeof(zeros) ? left : sizeof(zeros);

		buf_add(out, zeros, len);
		left -= len;
	}
}

/* "=_" cannot occur in quoted-printable, so neither part can contain the boundary. */
void frame_part(const char *id, const char *type, const struct buf *rendered, struct buf *out)
{
	buf_printf(out,
		   "--=_%s\r\n"
		   "Content-Type: %s; charset=utf-8\r\n"
		   "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
		   id, type);
	mime_quoted_printable(buf_slice(rendered), out);
}

int frame_end(struct dkim_signer *signer, const Nurture__V1__DeliveryEffect *effect,
	      struct buf *out, struct slice *ret, struct err *err)
{
	size_t gap = gap_bytes(signer);
	struct slice fields;

	buf_printf(out, "--=_%s--\r\n", effect->id);
	if (buf_failed(out))
		return err_set(err, "the mail is larger than %zu bytes", out->max_bytes);
	*ret = slice_of(out->bytes + gap, out->len - gap);
	if (!signer)
		return 0;
	if (dkim_sign(signer, *ret, effect->intended_ms / SECOND_MS, &fields, err) < 0)
		return -1;
	memcpy(out->bytes + gap - fields.len, fields.bytes, fields.len);
	*ret = slice_of(out->bytes + gap - fields.len, out->len - gap + fields.len);
	return 0;
}
