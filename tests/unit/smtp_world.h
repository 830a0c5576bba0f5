/*
 * smtp_world.h - one mail, impatient timeouts and the usual lines of a server,
 * for the tests of the SMTP dialogue.
 */
#ifndef NURTURE_TESTS_SMTP_WORLD_H
#define NURTURE_TESTS_SMTP_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/io/smtp/smtp.h"
#include "services/email-sender/delivery/classify.h"
#include "smtp_script.h"

#define HELLO ">220 test ESMTP", "<EHLO ", "!250-test\r\n250-PIPELINING\r\n250 SIZE 1000000\r\n"
#define PLAIN_HELLO ">220 test ESMTP", "<EHLO ", ">250 test"
#define GROUP "<MAIL FROM:<care@harbour.example> SIZE=", "<RCPT TO:<ann@x.example>", "<DATA"
#define YES ">250 2.1.0 ok", ">250 2.1.5 ok", ">354 go"
#define BODY "Subject: x\r\n\r\nhello\r\n.dot\r\n"

static const struct smtp_mail mail = {.from = "care@harbour.example",
				      .to = "ann@x.example",
				      .bytes = {(const uint8_t *)BODY, sizeof(BODY) - 1}};

static const struct smtp_timeouts impatient = {.connect_ms = 300,
					       .command_ms = 200,
					       .data_ms = 200,
					       .block_ms = 200,
					       .dot_ms = 200,
					       .quit_ms = 100};

static inline struct smtp *open_to(const char *url, const struct smtp_timeouts *timeouts,
				   int stop_fd)
{
	struct smtp_options options = {.url = url, .timeouts = *timeouts, .stop_fd = stop_fd};
	struct smtp *smtp;
	struct err err;

	if (smtp_open(&smtp, &options, &err) < 0)
		fail_msg("%s", err.text);
	return smtp;
}

#endif
