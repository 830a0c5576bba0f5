/*
 * sign_outs.h - which sessions were ended before their time, in a file that outlives the process.
 *
 * A cookie that somebody has copied would be as good after a sign-out as before, for nothing else
 * than its signature and its time says whether it is good.  So a session has an id, and those that
 * were signed out stand here until they would have ended anyhow.
 *
 *	nurture console sign-outs v1 PLACE
 *	ENDS_MS ID
 *	...
 *
 * The ids are 16 bytes of chance in base 16, and so is the place, which is in the signature of each
 * session (session.h).  Whoever loses the file, or cannot read or write it, begins another with
 * another place, and no session from before is good any more: nothing that was ended comes back.
 * Sessions of one place are good nowhere else: several instances know nothing of each other's.
 *
 * For any thread.
 */
#ifndef NURTURE_CONSOLE_WHO_SIGN_OUTS_H
#define NURTURE_CONSOLE_WHO_SIGN_OUTS_H

#include "common/base/err.h"
#include "session.h"

/* More would be whoever signs in and out by a program: all sessions end then. */
enum { CON_SIGN_OUTS_MAX = 4000 };

struct con_sign_outs;

/* The file at path is made when there is none.  ERR_ENVIRONMENT when it cannot be. */
int con_sign_outs_open(struct con_sign_outs **ret, const char *path, int64_t now_ms,
		       struct err *err);
/* NULL-safe, sets NULL. */
void con_sign_outs_close(struct con_sign_outs **outs);

/* Where sessions are signed and good. */
struct con_place con_sign_outs_place(struct con_sign_outs *outs);
bool con_sign_outs_has(struct con_sign_outs *outs, const struct con_session *session);
/*
 * Ends a session, durably.  ERR_ENVIRONMENT: it has ended here, and the file was removed, so that
 * a process after this one takes none of the sessions from before.
 */
int con_sign_outs_add(struct con_sign_outs *outs, const struct con_session *session, int64_t now_ms,
		      struct err *err);

#endif
