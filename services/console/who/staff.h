/*
 * staff.h - who of the shop's people is known to the console: a file of lines.  Pure.
 *
 *	# who                   role    teams, as `owner` of the policy's programmes names them
 *	maria@shop.example      agent   guest-relations
 *	boss@shop.example       admin
 *	group:front-desk        agent   guest-relations, house-manager
 *
 * An address may sign in by mail.  A group is one that the proxy tells; who is of several has the
 * highest of their roles and all of their teams, and those of the own address besides.
 */
#ifndef NURTURE_CONSOLE_WHO_STAFF_H
#define NURTURE_CONSOLE_WHO_STAFF_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "roles.h"

enum {
	CON_STAFF_FILE_MAX_BYTES = 256 * 1024,
	CON_STAFF_MAX = 2000,
	CON_TEAMS_MAX = 32, /* of one line, and of one person */
	CON_WHO_MAX_BYTES = 200,
};

struct con_member {
	struct slice who; /* a group without "group:"; an address in lower case */
	bool is_group;
	enum con_role role;
	struct slice teams[CON_TEAMS_MAX];
	unsigned team_count;
};
struct con_staff {
	struct con_member *members;
	size_t count;
};

/* Somebody who is signed in.  A value: it borrows teams from the staff. */
struct con_identity {
	char address[CON_WHO_MAX_BYTES + 1]; /* in lower case; `by` of events */
	enum con_role role;                  /* CON_NOBODY: known to nobody */
	struct slice teams[CON_TEAMS_MAX];
	unsigned team_count;
};

/* path is for messages.  ERR_CONFIG says line and reason; *ret is the arena's. */
int con_staff_read(struct slice text, const char *path, struct arena *arena, struct con_staff *ret,
		   struct err *err);
/* Is it an address that may sign in by mail?  In any case of letters. */
bool con_staff_knows(const struct con_staff *staff, struct slice address);
/*
 * Who that is.  groups: names with commas between them, or nothing.  An address that no mail could
 * go to, or a longer one than CON_WHO_MAX_BYTES, is nobody.
 */
struct con_identity con_staff_identify(const struct con_staff *staff, struct slice address,
				       struct slice groups);

#endif
