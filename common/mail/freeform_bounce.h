/*
 * freeform_bounce.h - bounces that are written for people, without fields for machines.  Pure.
 */
#ifndef NURTURE_MAIL_FREEFORM_BOUNCE_H
#define NURTURE_MAIL_FREEFORM_BOUNCE_H

#include <stdbool.h>

#include "common/base/slice.h"

/* What the mail server wrote, without the copy of our mail behind it. */
struct slice freeform_before_copy(struct slice text);

/* HTML without its tags, in out, which has room for all of it; returns the length. */
size_t freeform_of_html(struct slice html, uint8_t *out);

/* The first address that the text is about; empty: it names none. */
struct slice freeform_address(struct slice text);

/* The text about this one of several recipients; the whole text when no line begins with it. */
struct slice freeform_about(struct slice text, struct slice address);

/*
 * The lines that say why: from the first that has a code or a server's answer on; the whole
 * text when no line has one.
 */
struct slice freeform_reason(struct slice text);

/* Do mail servers use such a sender and subject for mails that they could not deliver? */
bool freeform_is_bounce(struct slice from, struct slice subject);
bool freeform_subject_is_delay(struct slice subject);

#endif
