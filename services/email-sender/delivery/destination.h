/*
 * destination.h - what a domain has let us know lately, and so when it gets its next mail.
 *
 * A lane is the way to one domain, or to one house with several.  It becomes
 * slower when the server asks for that (421, 4.7.x): a pause that doubles, and
 * half the connections, which come back one by one.  It is closed like a
 * circuit breaker when the server refuses us rather than a person (5.7.x):
 * then nothing goes there but, after a while, one mail that tries.
 *
 * Pure: times are milliseconds on any clock that does not go back.
 */
#ifndef NURTURE_EMAIL_SENDER_DELIVERY_DESTINATION_H
#define NURTURE_EMAIL_SENDER_DELIVERY_DESTINATION_H

#include <stdbool.h>
#include <stdint.h>

/* What an answer says about the way, whatever it says about the mail. */
enum lane_news {
	LANE_NO_NEWS,
	LANE_WELL,          /* it works: a mail was taken, or a person's address refused */
	LANE_TOO_FAST,      /* less, please */
	LANE_REFUSED,       /* of us, it seems: some in a row open the circuit */
	LANE_REFUSED_SURELY /* no doubt: opens it at once */
};

struct lane {
	unsigned active;  /* mails under way */
	unsigned allowed; /* at the same time while it is slow; 0: no such limit */
	unsigned well;    /* in a row since it was last slowed or got back a connection */
	unsigned refused; /* in a row */
	unsigned slow_count, block_count; /* how often in a row: the doublings */
	int64_t paused_until_ms, blocked_until_ms;
	bool is_blocked; /* the circuit is open, or half open after blocked_until_ms */
};

enum {
	LANE_PAUSE_MS = 30 * 1000,
	LANE_PAUSE_MAX_MS = 15 * 60 * 1000,
	LANE_BLOCK_MS = 15 * 60 * 1000,
	LANE_BLOCK_MAX_MS = 4 * 60 * 60 * 1000,
	LANE_REFUSED_MAX = 3, /* in a row */
	LANE_WELL_COUNT = 20, /* mails until a connection more is tried */
};

enum lane_word { LANE_GO, LANE_FULL, LANE_PAUSED, LANE_BLOCKED };

/* May a mail begin?  LANE_PAUSED and LANE_BLOCKED: not before *ret_ms.  limit 0: no limit. */
enum lane_word lane_look(const struct lane *lane, unsigned limit, int64_t now_ms, int64_t *ret_ms);
/* A mail begins. */
void lane_begin(struct lane *lane);
/* It has ended.  Whether the circuit opened (1), closed (-1), or neither (0). */
int lane_end(struct lane *lane, enum lane_news news, int64_t now_ms);

#endif
