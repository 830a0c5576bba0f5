/* bounce_text.h - what others wrote, cleaned and cut into a struct bounce. */
#ifndef NURTURE_MAIL_BOUNCE_TEXT_H
#define NURTURE_MAIL_BOUNCE_TEXT_H

#include "bounce.h"

/* Writes one line of UTF-8, cut, without what cannot be printed. */
void bounce_put_text(struct slice text, char ret[BOUNCE_TEXT_BYTES]);
/* Writes the recipient; ret stays as it is when the text is no address. */
void bounce_put_recipient(struct slice address, char ret[BOUNCE_RECIPIENT_BYTES]);

#endif
