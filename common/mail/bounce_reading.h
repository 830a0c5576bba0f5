/* bounce_reading.h - a mail on its way to a struct bounce; for bounce*.c alone. */
#ifndef NURTURE_MAIL_BOUNCE_READING_H
#define NURTURE_MAIL_BOUNCE_READING_H

#include "bounce.h"
#include "eml.h"

struct reading {
	const struct eml *eml;
	struct arena *arena;
	struct slice from, subject;
	struct slice freeform; /* what is written for people, without the copy of our mail */
	struct slice report;   /* the part for machines */
	bool is_report;        /* there is such a part */
	bool brings_mail;      /* there is a copy of our mail */
	struct bounce *ret;
};

bool reading_header_has(const struct reading *reading, const char *name, const char *value);
bool reading_header_is_there(const struct reading *reading, const char *name);

bool reading_is_auto_reply(const struct reading *reading);
/* Each of these fills reading->ret when the mail is of its kind. */
bool reading_is_microsoft(const struct reading *reading);
bool reading_is_sns(const struct reading *reading);

#endif
