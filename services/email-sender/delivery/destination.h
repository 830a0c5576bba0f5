/*
 * destination.h - one destination's feedback, and when it gets its next mail.
 *
 * A destination is one domain, or one mailbox provider with several domains.  It is slowed when
 * its server asks for that (421, 4.7.x): the pause doubles, and half of the connections are
 * taken away and come back one by one.  A circuit breaker opens when the server refuses us
 * rather than a person (5.7.x): no mail goes there until, after a while, one mail tries.
 *
 * Pure: times are milliseconds on any clock that does not go back.
 */
#ifndef NURTURE_EMAIL_SENDER_DELIVERY_DESTINATION_H
#define NURTURE_EMAIL_SENDER_DELIVERY_DESTINATION_H

#include <stdbool.h>
#include <stdint.h>

/* What an answer says about the destination, whatever it says about the mail. */
enum destination_feedback {
	FEEDBACK_NONE,
	FEEDBACK_OK,              /* it works: a mail was taken, or a person's address refused */
	FEEDBACK_SLOW_DOWN,       /* the server asks for less */
	FEEDBACK_BLOCK_SUSPECTED, /* it seems to refuse us: some in a row open the circuit */
	FEEDBACK_BLOCKED          /* it refuses us: this opens the circuit at once */
};

struct destination {
	unsigned active;  /* mails under way */
	unsigned allowed; /* mails at the same time while it is slowed; 0: no such limit */
	unsigned well;    /* mails in a row since it was last slowed or got back a connection */
	unsigned refused; /* mails in a row */
	unsigned slow_count, block_count; /* how often in a row: the doublings */
	int64_t paused_until_ms, blocked_until_ms;
	bool is_blocked; /* the circuit is open, or half open after blocked_until_ms */
};

enum {
	DESTINATION_PAUSE_MS = 30 * 1000,
	DESTINATION_PAUSE_MAX_MS = 15 * 60 * 1000,
	DESTINATION_BLOCK_MS = 15 * 60 * 1000,
	DESTINATION_BLOCK_MAX_MS = 4 * 60 * 60 * 1000,
	DESTINATION_REFUSALS_MAX = 3,    /* in a row */
	DESTINATION_RECOVERY_COUNT = 20, /* mails until a connection more is tried */
};

enum destination_status {
	DESTINATION_READY,
	DESTINATION_FULL,
	DESTINATION_PAUSED,
	DESTINATION_BLOCKED
};

/*
 * May a mail begin?  DESTINATION_PAUSED and DESTINATION_BLOCKED: not before *ret_ms.  limit 0:
 * there is none.
 */
enum destination_status destination_status(const struct destination *destination, unsigned limit,
					   int64_t now_ms, int64_t *ret_ms);
/* Notes that a mail begins. */
void destination_begin(struct destination *destination);
/*
 * Notes that a mail has ended with that feedback.  Returns 1 when the circuit opened, -1 when it
 * closed, or 0.
 */
int destination_end(struct destination *destination, enum destination_feedback feedback,
		    int64_t now_ms);

#endif
