/* The conversation with mail servers: what is taken, what is refused, byte by byte and all at
 * once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "services/ingest/bounces/lmtp.h"

#define KEY "0123456789abcdef"
#define SEND "5d41402abc4b2a76b9719d911017c592"

static const struct lmtp_options options = {
    .domain = "b.shop.example",
    .name = "mx.shop.example",
    .keys = {.now = {(const uint8_t *)KEY, 16}},
};
static char ann[RETURN_LOCAL_BYTES + 32], bert[RETURN_LOCAL_BYTES + 32];

static int make_addresses(void **state)
{
	char local[RETURN_LOCAL_BYTES];
	struct err err;

	(void)state;
	assert_int_equal(
	    return_local_make(slice_text(KEY), slice_text(SEND), slice_text("ann"), local, &err),
	    0);
	snprintf(ann, sizeof(ann), "%s@b.shop.example", local);
	assert_int_equal(
	    return_local_make(slice_text(KEY), slice_text(SEND), slice_text("bert"), local, &err),
	    0);
	snprintf(bert, sizeof(bert), "%s@B.Shop.Example", local);
	return 0;
}

struct talk {
	struct lmtp lmtp;
	struct buf out, mails;
	bool stored[LMTP_RECIPIENTS_MAX];
	size_t step; /* bytes at a time; 0: all */
	bool is_closed;
};

static void feed(struct talk *talk, struct slice bytes)
{
	while (bytes.len && !talk->is_closed) {
		size_t len = talk->step && talk->step < bytes.len ? talk->step : bytes.len, used;
		enum lmtp_event event =
		    lmtp_feed(&talk->lmtp, slice_of(bytes.bytes, len), &used, &talk->out);

		bytes = slice_of(bytes.bytes + used, bytes.len - used);
		talk->is_closed = event == LMTP_CLOSE;
		if (event != LMTP_MAIL)
			continue;
		buf_printf(&talk->mails, "[%zu]", talk->lmtp.recipient_count);
		buf_add(&talk->mails, talk->lmtp.mail.bytes, talk->lmtp.mail.len);
		lmtp_answer(&talk->lmtp, talk->stored, &talk->out);
	}
}

/* Every line's code and no more: "220 250 ..."; "-" behind one that goes on. */
static void codes_of(struct slice out, char *ret, size_t size)
{
	size_t len = 0;

	ret[0] = '\0';
	for (size_t i = 0; i + 4 <= out.len && len + 6 < size; i++) {
		len += (size_t)snprintf(ret + len, size - len, "%s%.3s%s", len ? " " : "",
					(const char *)out.bytes + i,
					out.bytes[i + 3] == '-' ? "-" : "");
		while (i < out.len && out.bytes[i] != '\n')
			i++;
	}
}

/* $A and $B are addresses of ours. */
static void fill_in(const char *script, size_t len, struct buf *out)
{
	for (size_t i = 0; i < len; i++) {
		if (script[i] == '$' && i + 1 < len &&
		    (script[i + 1] == 'A' || script[i + 1] == 'B'))
			buf_text(out, script[++i] == 'A' ? ann : bert);
		else
			buf_char(out, script[i]);
	}
}

#define S(text) text, sizeof(text) - 1
#define TO_DATA "LHLO mx\r\nMAIL FROM:<>\r\nRCPT TO:<$A>\r\nDATA\r\n"
#define HELLO "250- 250- 250- 250- 250"
static const struct {
	const char *title, *script;
	size_t len;
	const char *codes, *mails;
	bool is_lost; /* Kafka does not take it */
} cases[] = {
    {"one bounce", S(TO_DATA "Subject: x\r\n\r\n..dot\r\n.\r\nQUIT\r\n"),
     "220 " HELLO " 250 250 354 250 221", "[1]Subject: x\r\n\r\n.dot\r\n", false},
    {"two recipients, two answers",
     S("LHLO mx\r\nMAIL FROM:<>\r\nRCPT TO:<$A>\r\nRCPT TO: <$B>\r\nDATA\r\nx\r\n.\r\n"),
     "220 " HELLO " 250 250 250 354 250 250", "[2]x\r\n", false},
    {"SMTP: one answer",
     S("EHLO mx\r\nMAIL FROM:<mx@x> SIZE=100 BODY=8BITMIME\r\nRCPT TO:<$A>\r\nRCPT TO:<$B>\r\n"
       "DATA\r\nx\r\n.\r\n"),
     "220 " HELLO " 250 250 250 354 250", "[2]x\r\n", false},
    {"HELO", S("HELO mx\r\nmail from:<>\r\nrcpt to:<$A>\r\ndata\r\nx\r\n.\r\nquit\r\n"),
     "220 250 250 250 354 250 221", "[1]x\r\n", false},
    {"two mails in one breath",
     S(TO_DATA "a\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<$B>\r\nDATA\r\nb\r\n.\r\n"),
     "220 " HELLO " 250 250 354 250 250 250 354 250", "[1]a\r\n[1]b\r\n", false},
    {"not stored: again later", S(TO_DATA "a\r\n.\r\n"), "220 " HELLO " 250 250 354 451",
     "[1]a\r\n", true},
    {"an empty mail", S(TO_DATA ".\r\n"), "220 " HELLO " 250 250 354 250", "[1]", false},
    /* Whom it is for. */
    {"not ours",
     S("LHLO mx\r\nMAIL FROM:<>\r\nRCPT TO:<care@b.shop.example>\r\n"
       "RCPT TO:<bounce+aaaa@b.shop.example>\r\nRCPT TO:<$A.example>\r\nRCPT TO:<>\r\nDATA\r\n"),
     "220 " HELLO " 250 550 550 550 550 503", "", false},
    {"some are ours",
     S("LHLO mx\r\nMAIL FROM:<>\r\nRCPT TO:<x@y>\r\nRCPT TO:<$A>\r\nDATA\r\n.\r\n"),
     "220 " HELLO " 250 550 250 354 250", "[1]", false},
    /* In which order. */
    {"no greeting", S("MAIL FROM:<>\r\nRCPT TO:<$A>\r\nDATA\r\n"), "220 503 503 503", "", false},
    {"no mail yet", S("LHLO mx\r\nRCPT TO:<$A>\r\nDATA\r\nRSET\r\nNOOP\r\nVRFY x\r\n"),
     "220 " HELLO " 503 503 250 250 252", "", false},
    {"RSET forgets", S("LHLO mx\r\nMAIL FROM:<>\r\nRCPT TO:<$A>\r\nRSET\r\nDATA\r\n"),
     "220 " HELLO " 250 250 250 503", "", false},
    {"words", S("LHLO\r\nGET / HTTP/1.1\r\nMAIL <>\r\n\r\nDATAX\r\n"), "220 501 500 503 500 500",
     "", false},
    {"too large, as said", S("LHLO mx\r\nMAIL FROM:<> SIZE=1048577\r\nMAIL FROM:<> SIZE=1e9\r\n"),
     "220 " HELLO " 552 552", "", false},
    /* Smuggling: no other end of a line, no other end of a mail. */
    {"LF dot LF", S(TO_DATA "a\n.\nMAIL FROM:<>\r\n.\r\n"), "220 " HELLO " 250 250 354 554", "",
     false},
    {"LF dot CRLF", S(TO_DATA "a\n.\r\nMAIL FROM:<>\r\n.\r\n"), "220 " HELLO " 250 250 354 554", "",
     false},
    {"CRLF dot LF", S(TO_DATA "a\r\n.\nMAIL FROM:<>\r\n.\r\n"), "220 " HELLO " 250 250 354 554", "",
     false},
    {"CR dot CRLF", S(TO_DATA "a\r\n\r.\r\nMAIL FROM:<>\r\n.\r\n"), "220 " HELLO " 250 250 354 554",
     "", false},
    {"CR dot CR", S(TO_DATA "a\r.\rMAIL FROM:<>\r\n.\r\n"), "220 " HELLO " 250 250 354 554", "",
     false},
    {"dot CR CR LF", S(TO_DATA "a\r\n.\r\r\nMAIL FROM:<>\r\n.\r\n"),
     "220 " HELLO " 250 250 354 554", "", false},
    {"NUL", S(TO_DATA "a\0\r\n.\r\n"), "220 " HELLO " 250 250 354 554", "", false},
    {"a refused mail leaves nothing behind", S(TO_DATA "a\nb\r\n.\r\nDATA\r\nMAIL FROM:<>\r\n"),
     "220 " HELLO " 250 250 354 554 503 250", "", false},
    {"a command that ends in LF", S("LHLO mx\nMAIL FROM:<>\r\n"), "220 500", "", false},
    {"a command with a bare CR", S("LHLO mx\rMAIL FROM:<>\r\n"), "220 500", "", false},
    {"a mail that does not end", S(TO_DATA "a\r\nb"), "220 " HELLO " 250 250 354", "", false},
};

static void run(size_t i, size_t step)
{
	struct talk talk = {.out = BUF_MAX(1 << 16), .mails = BUF_MAX(1 << 16), .step = step};
	struct buf script = BUF_MAX(1 << 16);
	char codes[500];

	for (size_t k = 0; k < LMTP_RECIPIENTS_MAX; k++)
		talk.stored[k] = !cases[i].is_lost;
	fill_in(cases[i].script, cases[i].len, &script);
	lmtp_open(&talk.lmtp, &options, &talk.out);
	feed(&talk, buf_slice(&script));
	codes_of(buf_slice(&talk.out), codes, sizeof(codes));
	if (strcmp(codes, cases[i].codes) != 0 ||
	    !slice_equal(buf_slice(&talk.mails), slice_text(cases[i].mails)))
		fail_msg("%s, %zu at a time: %s, mails \"%.*s\"", cases[i].title, step, codes,
			 SLICE_ARGS(buf_slice(&talk.mails)));
	lmtp_free(&talk.lmtp);
	buf_free(&talk.out);
	buf_free(&talk.mails);
	buf_free(&script);
}

static void conversations(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		for (size_t step = 0; step < 4; step++)
			run(i, step);
}

static struct talk long_talk(const char *begin, const char *piece, size_t times, const char *end)
{
	struct talk talk = {.out = BUF_MAX(1 << 16), .mails = BUF_MAX(4 << 20)};
	struct buf script = BUF_MAX(16 << 20);

	fill_in(begin, strlen(begin), &script);
	for (size_t i = 0; i < times; i++)
		buf_text(&script, piece);
	buf_text(&script, end);
	assert_false(buf_failed(&script));
	lmtp_open(&talk.lmtp, &options, &talk.out);
	memset(talk.stored, 1, sizeof(talk.stored));
	feed(&talk, buf_slice(&script));
	buf_free(&script);
	return talk;
}

/* What is sent is more than what is kept. */
static void bounded(void **state)
{
	static const struct {
		const char *begin, *piece;
		size_t times;
		const char *end, *codes;
	} floods[] = {
	    {TO_DATA, "0123456789", 99, "\r\n.\r\n", "220 " HELLO " 250 250 354 250"},
	    {TO_DATA, "0123456789", 100, "\r\n.\r\n", "220 " HELLO " 250 250 354 554"},
	    {TO_DATA, "0123456789", 900000, "\r\n.\r\n", "220 " HELLO " 250 250 354 554"},
	    {TO_DATA, "0123456789abcde\r\n", 200000, ".\r\n", "220 " HELLO " 250 250 354 552"},
	    {"LHLO ", "0123456789", 100, "\r\n", "220 500"},
	    {"", "0123456789", 900000, "", "220 500"},
	    {"", "x\r\n", 1000, "",
	     "220 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 500 "
	     "421"},
	};
	char codes[500];

	(void)state;
	for (size_t i = 0; i < sizeof(floods) / sizeof(*floods); i++) {
		struct talk talk =
		    long_talk(floods[i].begin, floods[i].piece, floods[i].times, floods[i].end);

		codes_of(buf_slice(&talk.out), codes, sizeof(codes));
		assert_string_equal(codes, floods[i].codes);
		assert_true(talk.lmtp.mail.room <= LMTP_MAIL_MAX_BYTES + 1);
		lmtp_free(&talk.lmtp);
		buf_free(&talk.out);
		buf_free(&talk.mails);
	}
}

static void many_recipients(void **state)
{
	struct talk talk = {.out = BUF_MAX(1 << 16), .mails = BUF_MAX(100)};
	struct buf script = BUF_MAX(1 << 16);
	char codes[500];

	(void)state;
	fill_in(S("LHLO mx\r\nMAIL FROM:<>\r\n"), &script);
	for (int i = 0; i < LMTP_RECIPIENTS_MAX + 2; i++)
		fill_in(S("RCPT TO:<$A>\r\n"), &script);
	lmtp_open(&talk.lmtp, &options, &talk.out);
	feed(&talk, buf_slice(&script));
	codes_of(buf_slice(&talk.out), codes, sizeof(codes));
	assert_non_null(strstr(codes, "250 452 452"));
	assert_int_equal(talk.lmtp.recipient_count, LMTP_RECIPIENTS_MAX);
	assert_string_equal(talk.lmtp.recipients[0].customer, "ann");
	lmtp_free(&talk.lmtp);
	buf_free(&talk.out);
	buf_free(&script);
}

/* The sender writes the domain in A-labels, whatever the setting is written in. */
static void a_domain_beyond_ascii(void **state)
{
	struct lmtp_options ours = options;
	struct buf script = BUF_MAX(4096);
	struct talk talk = {.out = BUF_MAX(4096), .mails = BUF_MAX(4096)};

	(void)state;
	ours.domain = "b.l\xc3\xa4"
		      "den.example";
	buf_printf(&script, "LHLO mx\r\nMAIL FROM:<>\r\nRCPT TO:<%.*s@b.xn--lden-loa.example>\r\n",
		   (int)strcspn(ann, "@"), ann);
	lmtp_open(&talk.lmtp, &ours, &talk.out);
	feed(&talk, buf_slice(&script));
	assert_int_equal(talk.lmtp.recipient_count, 1);
	lmtp_free(&talk.lmtp);
	buf_free(&talk.out);
	buf_free(&talk.mails);
	buf_free(&script);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(conversations),
	    cmocka_unit_test(bounded),
	    cmocka_unit_test(many_recipients),
	    cmocka_unit_test(a_domain_beyond_ascii),
	};

	return cmocka_run_group_tests(tests, make_addresses, NULL);
}
