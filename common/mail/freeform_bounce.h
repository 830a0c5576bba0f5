/*
 * freeform_bounce.h - bounces that are written for people.  Pure.
 */
#ifndef NURTURE_MAIL_FREEFORM_BOUNCE_H
#define NURTURE_MAIL_FREEFORM_BOUNCE_H

#include <stdbool.h>

#include "common/base/slice.h"

/* What the mail server wrote, without the copy of our mail behind it. */
struct slice prose_before_copy(struct slice text);

/* HTML without its tags, in out, which has room for all of it; returns the length. */
size_t prose_of_html(struct slice html, uint8_t *out);

/* The first address that the text is about; empty: it names none. */
struct slice prose_address(struct slice text);

/* Of several recipients what is said of this one; all of it when no line begins with him. */
struct slice prose_about(struct slice text, struct slice address);

/*
 * The lines that say why: from the first with a code, or of a server's answer,
 * on; else all of it.
 */
struct slice prose_reason(struct slice text);

/* Is this how mail servers speak of what they could not deliver? */
bool prose_is_bounce(struct slice from, struct slice subject);
bool prose_subject_is_delay(struct slice subject);

#endif
