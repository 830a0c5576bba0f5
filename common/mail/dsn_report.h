/*
 * dsn_report.h - the machine-readable part of a report: delivery status (RFC 3464
 * 2, 6533) and abuse (RFC 5965 3), also where its lines stand in prose.  Pure.
 */
#ifndef NURTURE_MAIL_DSN_REPORT_H
#define NURTURE_MAIL_DSN_REPORT_H

#include "common/base/arena.h"
#include "common/base/slice.h"

#define DSN_FIELDS(X)                                                                              \
	X(ACTION, "Action")                                                                        \
	X(STATUS, "Status")                                                                        \
	X(DIAGNOSTIC, "Diagnostic-Code")                                                           \
	X(FINAL_RECIPIENT, "Final-Recipient")                                                      \
	X(ORIGINAL_RECIPIENT, "Original-Recipient")                                                \
	X(FEEDBACK_TYPE, "Feedback-Type")                                                          \
	X(ORIGINAL_RCPT_TO, "Original-Rcpt-To")
enum dsn_field {
#define X(name, text) DSN_##name,
	DSN_FIELDS(X)
#undef X
	    DSN_FIELD_COUNT
};

struct dsn_report {
	struct slice fields[DSN_FIELD_COUNT]; /* unfolded; empty when not there */
};

/*
 * Reads the fields of one recipient: the first for whom the delivery failed, else the
 * first.  Returns false when no line is a field of a report.
 */
bool dsn_report_read(struct slice text, struct arena *arena, struct dsn_report *ret);

/* "rfc822; <ann@shop.example>" -> "ann@shop.example". */
struct slice dsn_address(struct slice value);

#endif
