/*
 * status.h - enhanced status codes (RFC 3463) and SMTP replies (RFC 5321 4.2)
 * in what mail servers write, and what they mean for the address.  Pure.
 */
#ifndef NURTURE_MAIL_STATUS_H
#define NURTURE_MAIL_STATUS_H

#include "../base/slice.h"
#include "bounce.h"

/* The first x.y.z of class 2, 4 or 5 that is no address of the internet. */
bool status_find(struct slice text, char ret[BOUNCE_STATUS_BYTES]);
/* The first reply code of 400 to 559 that stands for itself; 0: none. */
int status_reply(struct slice text);

/*
 * What code, reply and words say together.  status may be "", reply 0, text
 * anything.  NONE only for what was delivered (2.y.z).
 */
enum bounce_kind status_classify(const char *status, int reply, struct slice text);

#endif
