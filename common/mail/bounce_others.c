/* bounce_others.c - mails that are neither a report nor a freeform bounce, see bounce_reading.h. */
#include "bounce_reading.h"

#include "common/base/buf.h"
#include "common/codec/json.h"
#include "bounce_text.h"
#include "hook_internal.h"
#include "freeform_bounce.h"

bool reading_header_has(const struct reading *reading, const char *name, const char *value)
{
	struct slice found;

	return eml_header(reading->eml->header, name, reading->arena, &found) &&
	       eml_begins(found, value);
}

bool reading_header_is_there(const struct reading *reading, const char *name)
{
	struct slice ignored;

	return eml_header(reading->eml->header, name, reading->arena, &ignored);
}

/* RFC 3834 5, and what was used before it. */
bool reading_is_auto_reply(const struct reading *reading)
{
	static const char *const subjects[] = {"automatic reply",
					       "auto reply",
					       "autoreply",
					       "auto-reply",
					       "autorespon",
					       "auto:",
					       "auto-respon",
					       "out of office",
					       "out of the office",
					       "vacation",
					       "=?utf-8?q?autorespon",
					       "abwesenheitsnotiz",
					       "automatische antwort",
					       "r\xc3\xa9ponse automatique",
					       "away from"};
	struct slice subject = reading->subject;

	if (reading->is_report)
		return false;
	if (reading_header_has(reading, "Auto-Submitted", "auto-replied") ||
	    reading_header_has(reading, "X-Auto-Response-Suppress", "all") ||
	    reading_header_is_there(reading, "X-Autoreply") ||
	    reading_header_is_there(reading, "X-Autorespond") ||
	    reading_header_has(reading, "Precedence", "auto_reply") ||
	    reading_header_has(reading, "X-Precedence", "auto_reply") ||
	    reading_header_has(reading, "Delivered-To", "autoresponder"))
		return !freeform_is_bounce(reading->from, subject);
	for (size_t i = 0; i < sizeof(subjects) / sizeof(*subjects); i++)
		if (eml_begins(subject, subjects[i]))
			return true;
	return false;
}

/* Microsoft's complaints are the mail and nothing else. */
bool reading_is_microsoft(const struct reading *reading)
{
	for (size_t i = 0; i < reading->eml->count; i++) {
		const struct eml_part *part = &reading->eml->parts[i];
		struct slice recipient;

		if (!part->is_returned ||
		    !eml_header(part->body, "X-HmXmrOriginalRecipient", reading->arena, &recipient))
			continue;
		reading->ret->form = BOUNCE_FORM_ARF;
		reading->ret->kind = BOUNCE_COMPLAINT;
		bounce_put_recipient(recipient, reading->ret->recipient);
		return true;
	}
	return false;
}

/* SES tells of bounces by mail, too: one line of JSON in a mail of SNS. */
bool reading_is_sns(const struct reading *reading)
{
	struct slice rest = reading->freeform, line;
	struct buf json = BUF_MAX(EML_MAX_BYTES);
	struct err ignored;
	cJSON *root;
	int r;

	if (!reading_header_is_there(reading, "x-amz-sns-message-id") ||
	    json_first_byte(reading->freeform) != '{')
		return false;
	/* It is broken into lines wherever one became too long. */
	while (eml_line(&rest, &line) && !eml_begins(line, "--"))
		buf_add(&json, line.bytes, line.len);
	r = json_parse_strict(buf_slice(&json), &root, &ignored);
	buf_free(&json);
	if (r < 0)
		return false;
	reading->ret->form = BOUNCE_FORM_WEBHOOK;
	hook_ses(root, reading->ret);
	cJSON_Delete(root);
	return true;
}
