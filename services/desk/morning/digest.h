/*
 * digest.h - the list of a person's tasks, as it stands in their mail in the morning.  Pure.
 *
 * Of a customer the name is in it, and the id; with the console's address each task has a link.
 */
#ifndef NURTURE_DESK_MORNING_DIGEST_H
#define NURTURE_DESK_MORNING_DIGEST_H

#include "common/base/buf.h"
#include "common/policy/desk.h"
#include "nurture/v1/desk.pb-c.h"

/* A task without an end, or one that expired; borrowed. */
struct dsk_listed {
	const char *id, *owner, *action, *by;
	struct slice customer; /* of an open one */
	const char *name;      /* the customer's, plain; "": not known, or one that expired */
	int64_t due_ms; /* when it is due, else when it expires; of an expired one: when it did */
	bool is_expired;
};

enum { DSK_DIGEST_LINES_MAX = 200 }; /* of one part; the rest is counted */

struct dsk_digest {
	unsigned overdue, due_today, open, expired; /* open: what is neither of the two before */
};

/*
 * Appends what concerns the person to the text, and says how much of each there is; all 0: there is
 * nothing to say, and nothing is appended.  Of what expired only what did since_ms or later.  Times
 * are the person's own.  console_url: "" for none.  Sorts the list by due_ms.
 */
struct dsk_digest dsk_digest_write(const struct desk_person *person, struct dsk_listed *list,
				   size_t count, int64_t since_ms, int64_t now_ms,
				   const char *console_url, struct buf *out);
/* "Tasks on 2026-03-03: 2 overdue, 3 due today" */
void dsk_digest_subject(const struct dsk_digest *digest, const struct desk_person *person,
			int64_t now_ms, struct buf *out);

#endif
