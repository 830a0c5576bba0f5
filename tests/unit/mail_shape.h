/* mail_shape.h - what every mail of the email-sender is, whatever went into it. */
#ifndef NURTURE_TESTS_MAIL_SHAPE_H
#define NURTURE_TESTS_MAIL_SHAPE_H

#include "services/email-sender/compose/compose.h"

static inline void check_shape(const struct mail *mail)
{
	const char *at = (const char *)mail->bytes.bytes, *end = at + mail->bytes.len;
	const char *body = memmem(at, mail->bytes.len, "\r\n\r\n", 4);
	unsigned subjects = 0, parts = 0;

	assert_non_null(body);
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len;

		assert_non_null(newline);
		assert_true(newline > at && newline[-1] == '\r');
		len = (size_t)(newline - 1 - at);
		assert_null(memchr(at, '\r', len));
		assert_true(len <= 76 ||
			    (len <= 998 && (strncmp(at, "List-Unsubscribe: ", 18) == 0 ||
					    strncmp(at, "Feedback-ID: ", 13) == 0 ||
					    strncmp(at, "DKIM-Signature: ", 16) == 0)));
		for (size_t i = 0; i < len; i++)
			assert_true((at[i] >= ' ' && at[i] < 0x7f) || at[i] == '\t');
		assert_true(len == 0 || at[0] != '.');
		if (at < body) {
			static const char *const known[] = {"Date: ",
							    "From: ",
							    "To: ",
							    "Subject: ",
							    "Message-ID: ",
							    "DKIM-Signature: ",
							    "Sender: ",
							    "Reply-To: ",
							    "List-Id: ",
							    "Feedback-ID: ",
							    "List-Unsubscribe: ",
							    "List-Unsubscribe-Post: ",
							    "X-Nurture-Send: ",
							    "Auto-Submitted: ",
							    "MIME-Version: ",
							    "Content-Type: ",
							    " ",
							    NULL};
			const char *const *name = known;

			while (*name && strncmp(at, *name, strlen(*name)) != 0)
				name++;
			assert_non_null(*name);
			subjects += strncmp(at, "Subject: ", 9) == 0;
		}
		parts += strncmp(at, "--=_", 4) == 0;
		at = newline + 1;
	}
	assert_int_equal(subjects, 1);
	assert_int_equal(parts, 3);
}

#endif
