/*
 * dsn_report.h - the machine-readable part of a report: delivery status (RFC 3464
 * 2, 6533) and abuse (RFC 5965 3), also where its lines stand in prose.  Pure.
 */
#ifndef NURTURE_MAIL_DSN_REPORT_H
#define NURTURE_MAIL_DSN_REPORT_H

#include "common/base/arena.h"
#include "common/base/slice.h"

#define REPORT_FIELDS(X)                                                                           \
	X(ACTION, "Action")                                                                        \
	X(STATUS, "Status")                                                                        \
	X(DIAGNOSTIC, "Diagnostic-Code")                                                           \
	X(FINAL_RECIPIENT, "Final-Recipient")                                                      \
	X(ORIGINAL_RECIPIENT, "Original-Recipient")                                                \
	X(FEEDBACK_TYPE, "Feedback-Type")                                                          \
	X(ORIGINAL_RCPT_TO, "Original-Rcpt-To")
enum report_field {
#define X(name, text) REPORT_##name,
	REPORT_FIELDS(X)
#undef X
	    REPORT_FIELD_COUNT
};

struct report {
	struct slice fields[REPORT_FIELD_COUNT]; /* unfolded; empty when not there */
};

/*
 * The fields of one recipient: of the first for whom it failed, else of the
 * first at all.  False when no line is a field of a report.
 */
bool report_read(struct slice text, struct arena *arena, struct report *ret);

/* "rfc822; <ann@shop.example>" -> "ann@shop.example". */
struct slice report_address(struct slice value);

#endif
