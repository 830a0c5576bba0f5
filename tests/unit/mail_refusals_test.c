/*
 * One answer of a mail server has one effect, whether it is said to us over SMTP or comes back in
 * a report: what servers of many kinds say, with every code, and every diagnostic of the corpus.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>

#include "common/base/err.h"
#include "common/io/config/config.h"
#include "common/io/smtp/smtp_reply.h"
#include "common/mail/eml.h"
#include "common/mail/dsn_report.h"
#include "common/mail/status.h"
#include "services/email-sender/delivery/classify.h"
#include "mail_refusals.h"

#define FOLDER "../shared/data/bounces"
#define RECIPIENT "ann@customers.example"

enum { MAIL_MAX_BYTES = 1 << 20, SAID_MAX_BYTES = 1000, CORPUS_MIN = 100 };

static struct bounce open_report(const char *said, const char *recipient)
{
	struct arena arena = {0};
	struct bounce bounce;
	char mail[4096];

	snprintf(mail, sizeof(mail),
		 "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\n"
		 "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
		 "--b\r\n\r\nThis is the mail system at host mx.example.\r\n--b\r\n"
		 "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n"
		 "\r\nFinal-Recipient: rfc822; %s\r\nAction: failed\r\nStatus: 5.0.0\r\n"
		 "Diagnostic-Code: smtp; %s\r\n\r\n--b--\r\n",
		 recipient, said);
	bounce_read(slice_text(mail), &arena, &bounce);
	arena_free(&arena);
	return bounce;
}

static enum bounce_kind read_report(const char *said, const char *recipient)
{
	return open_report(said, recipient).kind;
}

static struct send_judgement hear(const char *said, const char *recipient)
{
	struct smtp_answer answer = {.stage = SMTP_RCPT};
	char line[SAID_MAX_BYTES];

	snprintf(line, sizeof(line), "%.3s %s\r\n", said, said + 4);
	if (smtp_reply_parse(line, strlen(line), &answer) <= 0)
		fail_msg("not an answer: %s", said);
	send_redact(answer.text, recipient);
	return send_judge(&answer, recipient, true);
}

static void agree(const char *said, const char *recipient)
{
	enum bounce_kind kind = read_report(said, recipient);
	struct send_judgement judgement = hear(said, recipient);

	if (judgement.is_bad_address != (kind == BOUNCE_HARD))
		fail_msg("\"%s\" is %s in a report, and %s to us", said, bounce_kind_text(kind),
			 judgement.is_bad_address ? "the end of the address" : "not");
	if (judgement.is_soft != (kind == BOUNCE_SOFT))
		fail_msg("\"%s\" is %s in a report, and %s to us", said, bounce_kind_text(kind),
			 judgement.is_soft ? "soft" : "not");
}

static void every_answer_is_read_for_what_it_is(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		enum bounce_kind kind = read_report(refusals[i].said, RECIPIENT);

		if (kind != refusals[i].kind)
			print_message("\"%s\" expected %s found %s\n", refusals[i].said,
				      bounce_kind_text(refusals[i].kind), bounce_kind_text(kind));
		wrong += kind != refusals[i].kind;
		agree(refusals[i].said, RECIPIENT);
	}
	assert_int_equal(wrong, 0);
}

/* The words of an answer, behind its codes. */
static const char *words_of(const char *said)
{
	said += 4;
	return said + strspn(said, "0123456789. ");
}

static void both_agree_with_every_code(void **state)
{
	static const char *const codes[] = {"550 5.1.1", "550 5.1.0", "550 5.7.1", "554 5.0.0",
					    "550 5.2.1", "552 5.2.2", "550 5.4.1", "550",
					    "552",       "551",       "556",       "450 4.2.2",
					    "451 4.7.1", "421"};
	char said[SAID_MAX_BYTES], own[BOUNCE_STATUS_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		for (size_t k = 0; k < sizeof(codes) / sizeof(*codes); k++) {
			/* "450 no such user (#5.1.1)" contradicts itself. */
			if (codes[k][0] == '4' &&
			    status_find(slice_text(words_of(refusals[i].said)), own))
				continue;
			snprintf(said, sizeof(said), "%s %s", codes[k], words_of(refusals[i].said));
			agree(said, RECIPIENT);
		}
	}
}

/* What stands in names is no reason: neither in the recipient's nor in the server's. */
static void names_are_no_words(void **state)
{
	static const char *const names[] = {"helo",       "spam",         "attachment",
					    "quota.full", "policy",       "authentication",
					    "dmarc",      "relay-denied", "inbox"};
	static const char *const answers[] = {
	    "550 5.1.1 <%s@customers.example>: User unknown",
	    "550 5.1.1 unknown user: %s",
	    "550 5.1.1 \"%s\" is not a known user",
	    "550 5.1.1 No such user (%s)",
	    "550 5.1.1 %s... User unknown",
	    ("550 5.1.1 User unknown; from=<a@b.example> to=<%s@customers.example> "
	     "helo=<mx.shop.example>"),
	    "550 5.1.1 User %s@customers.example does not exist at mx.%s.example[192.0.2.1]:25",
	    "550 5.1.1 nobody here, see https://%s.example/%s?for=spam",
	};
	char said[SAID_MAX_BYTES], recipient[100];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		for (size_t k = 0; k < sizeof(answers) / sizeof(*answers); k++) {
			snprintf(recipient, sizeof(recipient), "%s@customers.example", names[i]);
			snprintf(said, sizeof(said), answers[k], names[i], names[i]);
			if (read_report(said, recipient) != BOUNCE_HARD)
				fail_msg("\"%s\" is not hard", said);
			agree(said, recipient);
		}
	}
}

/* Which words decided can be shown. */
static void the_words_that_decide_are_named(void **state)
{
	(void)state;
	assert_string_equal(open_report("550 5.1.1 Your mailbox is full", RECIPIENT).phrase,
			    "mailbox is full");
	assert_string_equal(open_report("550 #5.1.0 Address rejected", RECIPIENT).phrase,
			    "address rejected");
	assert_null(open_report("550 5.1.1 no", RECIPIENT).phrase);
	assert_null(open_report("550 5.1.1 Access denied", RECIPIENT).phrase);
}

/* What is said before RCPT says nothing of the recipient, and behind DATA only clear words do. */
static void an_answer_is_about_what_it_answers(void **state)
{
	static const struct {
		const char *said;
		enum bounce_kind kind;
	} rows[] = {
	    {"550 5.1.1 no (in reply to MAIL FROM command)", BOUNCE_POLICY},
	    {"550 User unknown (in reply to MAIL FROM command)", BOUNCE_POLICY},
	    {"550 User unknown (in reply to RCPT TO command)", BOUNCE_HARD},
	    {"550 User unknown (in reply to end of DATA command)", BOUNCE_HARD},
	    {"554 the link in it does not exist (in reply to end of DATA command)", BOUNCE_SOFT},
	    {"554 it does not exist (in reply to RCPT TO command)", BOUNCE_HARD},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(read_report(rows[i].said, RECIPIENT), rows[i].kind);
}

/* One line of printable ASCII: what an answer to us could look like. */
static bool as_answer(struct slice diagnostic, char ret[SAID_MAX_BYTES])
{
	const char *at;

	snprintf(ret, SAID_MAX_BYTES, "%.*s", (int)(diagnostic.len < 190 ? diagnostic.len : 190),
		 (const char *)diagnostic.bytes);
	at = strchr(ret, ';');
	at = at ? at + 1 + strspn(at + 1, " ") : ret;
	if (at[0] != '5' || status_reply(slice_text(at)) / 100 != 5 || !strchr(" -", at[3]) ||
	    strpbrk(at, "\r\n\x1b"))
		return false;
	memmove(ret, at, strlen(at) + 1);
	return true;
}

static unsigned compare_mail(const char *name, struct arena *arena)
{
	struct eml *eml = arena_alloc(arena, sizeof(*eml));
	char path[400], *bytes, said[SAID_MAX_BYTES];
	struct dsn_report report;
	unsigned count = 0;
	struct err err;
	size_t len;

	snprintf(path, sizeof(path), "%s/%.200s", FOLDER, name);
	assert_int_equal(file_read(path, MAIL_MAX_BYTES, &bytes, &len, &err), 0);
	eml_parse(slice_of(bytes, len), eml);
	for (size_t i = 0; i < eml->count; i++) {
		if (!strstr(eml->parts[i].type, "delivery-status") ||
		    !dsn_report_read(eml_text(&eml->parts[i], MAIL_MAX_BYTES, arena), arena,
				     &report) ||
		    !as_answer(report.fields[DSN_DIAGNOSTIC], said))
			continue;
		agree(said, RECIPIENT);
		count++;
	}
	free(bytes);
	arena_reset(arena);
	return count;
}

static void both_agree_on_the_corpus(void **state)
{
	DIR *folder = opendir(FOLDER);
	struct arena arena = {0};
	unsigned count = 0;

	(void)state;
	if (!folder) {
		print_message("skipped: no corpus of bounces at %s\n", FOLDER);
		skip();
	}
	for (struct dirent *entry; (entry = readdir(folder));)
		if (strstr(entry->d_name, ".eml"))
			count += compare_mail(entry->d_name, &arena);
	closedir(folder);
	arena_free(&arena);
	print_message("%u diagnostics\n", count);
	assert_true(count >= CORPUS_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_answer_is_read_for_what_it_is),
	    cmocka_unit_test(both_agree_with_every_code),
	    cmocka_unit_test(names_are_no_words),
	    cmocka_unit_test(the_words_that_decide_are_named),
	    cmocka_unit_test(an_answer_is_about_what_it_answers),
	    cmocka_unit_test(both_agree_on_the_corpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
