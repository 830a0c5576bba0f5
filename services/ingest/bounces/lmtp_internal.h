/* lmtp_internal.h - what lmtp.c and lmtp_command.c share. */
#ifndef NURTURE_INGEST_BOUNCES_LMTP_INTERNAL_H
#define NURTURE_INGEST_BOUNCES_LMTP_INTERNAL_H

#include "lmtp.h"

/* A line of an answer, with its CRLF. */
void lmtp_say(struct buf *out, const char *line);
/* Forgets the mail, which is over or not wanted. */
void lmtp_forget(struct lmtp *lmtp);
/* Handles one line, its CRLF taken off. */
enum lmtp_event lmtp_command(struct lmtp *lmtp, struct slice line, struct buf *out);

#endif
