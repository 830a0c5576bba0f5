/* bounce.c - see bounce.h. */
#include "bounce.h"

#include "common/base/text.h"
#include "bounce_reading.h"
#include "bounce_text.h"
#include "eml.h"
#include "freeform_bounce.h"
#include "dsn_report.h"
#include "status.h"

enum { TEXT_MAX_BYTES = 64 * 1024 };

static struct slice freeform_part(const struct eml_part *part, struct arena *arena)
{
	struct slice text = eml_text(part, TEXT_MAX_BYTES, arena);
	uint8_t *out;

	if (strcmp(part->type, "text/html") != 0)
		return text;
	out = arena_alloc(arena, text.len + 1);
	return slice_of(out, freeform_of_html(text, out));
}

/* Chooses the first text part, plain rather than HTML, and the report. */
static void choose_parts(struct reading *reading)
{
	const struct eml_part *plain = NULL, *html = NULL;

	for (size_t i = 0; i < reading->eml->count; i++) {
		const struct eml_part *part = &reading->eml->parts[i];

		reading->brings_mail |= part->is_returned;
		if (strstr(part->type, "delivery-status") ||
		    strstr(part->type, "feedback-report")) {
			if (!reading->is_report)
				reading->report = eml_text(part, TEXT_MAX_BYTES, reading->arena);
			reading->is_report = true;
		} else if (!part->is_returned && !plain && strcmp(part->type, "text/html") != 0) {
			plain = part;
		} else if (!part->is_returned && !html && strcmp(part->type, "text/html") == 0) {
			html = part;
		}
	}
	if (plain || html) {
		struct slice text = freeform_part(plain ? plain : html, reading->arena);

		reading->freeform = freeform_before_copy(text);
		reading->brings_mail |= reading->freeform.len < text.len;
	}
}

/*
 * Reads an abuse report of a person or a filter; reports of DMARC and DKIM are about us, and not
 * from a person.
 */
static void read_abuse(struct reading *reading, const struct dsn_report *report)
{
	struct slice type = report->fields[DSN_FEEDBACK_TYPE];
	bool is_person = !eml_begins(type, "not-spam") && !eml_begins(type, "auth-failure");

	reading->ret->form = BOUNCE_FORM_ARF;
	reading->ret->kind = is_person ? BOUNCE_COMPLAINT : BOUNCE_NONE;
	bounce_put_recipient(dsn_address(report->fields[DSN_ORIGINAL_RCPT_TO]),
			     reading->ret->recipient);
	bounce_put_text(type, reading->ret->text);
}

/* The remote server's own code is better than the one that stands for all of its kind. */
static void read_status(const struct dsn_report *report, struct slice diagnostic,
			char ret[BOUNCE_STATUS_BYTES])
{
	char said[BOUNCE_STATUS_BYTES];

	if (!status_find(report->fields[DSN_STATUS], ret))
		ret[0] = '\0';
	if (status_find(diagnostic, said) && (said[0] == '4' || said[0] == '5'))
		memcpy(ret, said, sizeof(said));
}

static bool is_only_delayed(const struct reading *reading, const struct dsn_report *report)
{
	struct slice action = report->fields[DSN_ACTION];

	if (eml_begins(action, "delayed")) {
		reading->ret->form = BOUNCE_FORM_DELAY;
		return true;
	}
	if (eml_begins(action, "delivered") || eml_begins(action, "relayed") ||
	    eml_begins(action, "expanded")) {
		reading->ret->form = BOUNCE_FORM_DELIVERED;
		return true;
	}
	return false;
}

/* Does the text have words that mean something? */
static bool says(struct slice text)
{
	char prepared[PHRASES_TEXT_MAX_BYTES + 1];
	struct phrase_verdict verdict;

	phrases_prepare(text, slice_of("", 0), prepared);
	return phrases_judge(prepared, BOUNCE_NONE, &verdict) && !verdict.is_weak;
}

static void judge(struct bounce *bounce, int reply, struct slice text)
{
	struct refusal_verdict verdict =
	    refusal_judge(&(struct refusal){.status = bounce->status,
					    .reply = reply,
					    .text = text,
					    .recipient = bounce->recipient});

	bounce->kind = verdict.kind;
	bounce->phrase = verdict.phrase;
}

/* "5.0.0" and such: whoever writes them does not know. */
static bool is_vague(const char *status)
{
	return !status[0] || strcmp(status + 1, ".0.0") == 0 || strcmp(status + 1, ".3.0") == 0 ||
	       strcmp(status + 1, ".5.0") == 0;
}

/* Returns the reason: that of the report or, where it says nothing, that of the text for people. */
static struct slice reason_of(struct reading *reading, const struct dsn_report *report)
{
	struct slice diagnostic = report->fields[DSN_DIAGNOSTIC];
	struct slice status = report->fields[DSN_STATUS]; /* "5.2.1 (mailbox disabled)" */
	struct slice about;

	read_status(report, diagnostic, reading->ret->status);
	if (says(diagnostic))
		return diagnostic;
	if (says(status))
		return status;
	if (!is_vague(reading->ret->status))
		return diagnostic;
	about = freeform_about(reading->freeform, dsn_address(report->fields[DSN_FINAL_RECIPIENT]));
	if (!says(about))
		about = reading->freeform;
	if (!says(about) && diagnostic.len)
		return diagnostic;
	read_status(report, freeform_reason(about), reading->ret->status);
	return about;
}

static void read_delivery(struct reading *reading, const struct dsn_report *report)
{
	struct slice recipient = report->fields[DSN_ORIGINAL_RECIPIENT], reason;
	struct bounce *ret = reading->ret;

	if (!text_is_email(dsn_address(recipient)))
		recipient = report->fields[DSN_FINAL_RECIPIENT];
	ret->form = BOUNCE_FORM_DSN;
	bounce_put_recipient(dsn_address(recipient), ret->recipient);
	if (is_only_delayed(reading, report))
		return;
	reason = reason_of(reading, report);
	judge(ret, status_reply(freeform_reason(reason)), reason);
	if (ret->kind == BOUNCE_NONE)
		ret->form = BOUNCE_FORM_DELIVERED;
	if (report->fields[DSN_DIAGNOSTIC].len)
		reason = report->fields[DSN_DIAGNOSTIC];
	bounce_put_text(freeform_reason(reason), ret->text);
}

static void read_freeform(struct reading *reading)
{
	struct slice recipient, about, reason;
	struct bounce *ret = reading->ret;
	char prepared[PHRASES_TEXT_MAX_BYTES + 1];

	if (!eml_header(reading->eml->header, "X-Failed-Recipients", reading->arena, &recipient))
		recipient = reading->freeform;
	recipient = freeform_address(recipient);
	bounce_put_recipient(recipient, ret->recipient);
	phrases_prepare(reading->freeform, slice_of("", 0), prepared);
	if (freeform_subject_is_delay(reading->subject) || phrases_say_delayed(prepared)) {
		ret->form = BOUNCE_FORM_DELAY;
		return;
	}
	about = freeform_about(reading->freeform, recipient);
	if (!says(about))
		about = reading->freeform;
	reason = freeform_reason(about);
	ret->form = BOUNCE_FORM_FREEFORM;
	if (!status_find(reason, ret->status) || ret->status[0] == '2')
		ret->status[0] = '\0';
	judge(ret, status_reply(reason), about);
	bounce_put_text(reason, ret->text);
}

/* Nothing in the header says so, but it brings a mail back and gives a reason. */
static bool looks_returned(const struct reading *reading)
{
	return reading->brings_mail && says(reading->freeform);
}

static void read_report(struct reading *reading)
{
	struct dsn_report report;

	if (!dsn_report_read(reading->is_report ? reading->report : reading->freeform,
			     reading->arena, &report))
		report = (struct dsn_report){0};
	if (report.fields[DSN_FEEDBACK_TYPE].len)
		read_abuse(reading, &report);
	else if (report.fields[DSN_ACTION].len || report.fields[DSN_DIAGNOSTIC].len)
		read_delivery(reading, &report);
	else if (reading->is_report || reading_header_is_there(reading, "X-Failed-Recipients") ||
		 reading_header_has(reading, "Return-Path", "<>") ||
		 freeform_is_bounce(reading->from, reading->subject) || looks_returned(reading))
		read_freeform(reading);
}

/* Has a gateway wrapped the report into a mail of its own? */
static bool has_wrapped_report(const struct eml *eml, struct slice *ret)
{
	for (size_t i = 0; i < eml->count; i++) {
		const struct eml_part *part = &eml->parts[i];

		if (!part->is_returned || strcmp(part->type, "message/rfc822") != 0 ||
		    part->encoding != EML_PLAIN || !eml_is_report(part->body))
			continue;
		*ret = part->body;
		return true;
	}
	return false;
}

static void open_reading(struct slice mail, struct reading *reading)
{
	struct eml *eml = arena_alloc(reading->arena, sizeof(*eml));

	eml_parse(mail, eml);
	reading->eml = eml;
	reading->freeform = reading->report = reading->from = reading->subject = slice_of("", 0);
	eml_header(eml->header, "From", reading->arena, &reading->from);
	eml_header(eml->header, "Subject", reading->arena, &reading->subject);
	choose_parts(reading);
}

void bounce_read(struct slice mail, struct arena *arena, struct bounce *ret)
{
	struct reading reading = {.arena = arena, .ret = ret};
	struct slice wrapped;

	memset(ret, 0, sizeof(*ret));
	open_reading(mail, &reading);
	if (!reading.is_report && has_wrapped_report(reading.eml, &wrapped))
		open_reading(wrapped, &reading);
	if (reading_is_auto_reply(&reading))
		ret->form = BOUNCE_FORM_AUTO_REPLY;
	else if (!reading_is_microsoft(&reading) && !reading_is_sns(&reading))
		read_report(&reading);
}
