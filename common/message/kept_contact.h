/*
 * kept_contact.h - a contact as it stands in a ledger: nurture.v1.KeptContact, in which words
 * (words.h) stand for texts.  Pure.
 */
#ifndef NURTURE_MESSAGE_KEPT_CONTACT_H
#define NURTURE_MESSAGE_KEPT_CONTACT_H

#include "nurture/v1/ledger.pb-c.h"
#include "nurture/v1/request.pb-c.h"
#include "words.h"

/*
 * Into an initialised message; both borrow from each other.  false: a word that nobody knows, or
 * columns of unequal length.
 */
bool kept_contact_read(const struct words *words, const Nurture__V1__KeptContact *kept,
		       struct arena *arena, Nurture__V1__Contact *ret);
void kept_contact_write(struct words *words, const Nurture__V1__Contact *contact,
			struct arena *arena, Nurture__V1__KeptContact *ret);

#endif
