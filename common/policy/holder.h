/*
 * holder.h - what one customer behind an inbox has said that binds whoever else is behind it.  Pure.
 *
 * An opt-out and a complaint are about the mailbox in which the mail was read, and a bounce is about
 * its address; neither knows of customer ids (docs/authority.md).  Only what was withdrawn, or given
 * by a word that can be shown, is kept: what a shop echoes says nothing of another account.
 */
#ifndef NURTURE_POLICY_HOLDER_H
#define NURTURE_POLICY_HOLDER_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "nurture/v1/delivery.pb-c.h"
#include "policy.h"

/* What of a contact binds the inbox.  Borrows of the contact; lists are the arena's. */
Nurture__V1__Holder *holder_of(const Nurture__V1__Contact *contact, const char *customer,
			       struct arena *arena);
/* Does the holder say nothing? */
bool holder_is_empty(const Nurture__V1__Holder *holder);
bool holder_equal(const Nurture__V1__Holder *a, const Nurture__V1__Holder *b);
/* Words that one holder is kept with: each class of a policy, "all", and as many of older policies. */
enum { HOLDER_WORDS_MAX = 2 * POLICY_CLASSES_MAX };
/*
 * Adds to *into, which is nobody's, what a customer has said whose name goes: who has another address
 * by now, or whom there is no more room for.  It decides as both did: of each class the newest word
 * holds, of two of one time the withdrawal; of all when nothing was said of the class.  Bounces that
 * an open would undo are not kept, since nobody's open would undo them any more.  Borrows of both;
 * lists are the arena's.
 */
void holder_join(Nurture__V1__Holder *into, const Nurture__V1__Holder *from, struct arena *arena);
/* Leaves what suppresses mail: who has gone may be remembered by that, and by nothing else. */
void holder_keep_suppressions(Nurture__V1__Holder *holder, struct arena *arena);
/* Mends what a version before kept of nobody in particular: soft bounces, for ever. */
void holder_heal(Nurture__V1__Holder *holder);

/*
 * Has somebody behind the inbox withdrawn the class, other than the customer whom the message is
 * for, and has nobody given it since, by a word that can be shown?
 */
bool holders_withdraw(Nurture__V1__Holder *const *holders, size_t count, const char *customer,
		      const char *message_class);
/* Why the inbox takes no mail, as far as others than the customer know; "": it takes mail. */
const char *holders_undeliverable(Nurture__V1__Holder *const *holders, size_t count,
				  const char *customer);

#endif
