/* Any bytes from a mail server: never more kept than the limits, whole lines answered. */
#include "services/ingest/bounces/lmtp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct lmtp_options options = {
	    .domain = "b",
	    .name = "mx",
	    .keys = {.now = {(const uint8_t *)"0123456789abcdef", 16}},
	};
	static const bool stored[LMTP_RECIPIENTS_MAX] = {true};
	struct buf out = BUF_MAX(64 << 20);
	struct slice rest = slice_of(data, size);
	struct lmtp lmtp;

	lmtp_open(&lmtp, &options, &out);
	/* As if somebody had a return path of ours. */
	lmtp.phase = LMTP_SENDER;
	lmtp.recipient_count = 1;
	while (rest.len) {
		size_t used;
		enum lmtp_event event = lmtp_feed(&lmtp, rest, &used, &out);

		rest = slice_of(rest.bytes + used, rest.len - used);
		if (event == LMTP_MAIL)
			lmtp_answer(&lmtp, stored, &out);
		if (event == LMTP_CLOSE)
			break;
	}
	if (lmtp.recipient_count > LMTP_RECIPIENTS_MAX || lmtp.mail.len > LMTP_MAIL_MAX_BYTES ||
	    buf_failed(&out) || out.bytes[out.len - 1] != '\n')
		__builtin_trap();
	lmtp_free(&lmtp);
	buf_free(&out);
	return 0;
}
