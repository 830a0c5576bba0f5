/*
 * outcome_plain.h - the canonical line of an outcome, written straight down.
 *
 * Nearly all outcomes are short and hold nothing that JSON escapes; services
 * write one for every decision.  What is not so goes by the table of
 * outcome.c, which says what the line must be.  Only for outcome.c.
 */
#ifndef NURTURE_MESSAGE_OUTCOME_PLAIN_H
#define NURTURE_MESSAGE_OUTCOME_PLAIN_H

#include "nurture/v1/outcome.pb-c.h"

enum { OUTCOME_PLAIN_BYTES = 4096 };

/* How long the line is; 0: it is not plain, or does not fit. */
size_t outcome_plain(const Nurture__V1__Outcome *outcome, char line[OUTCOME_PLAIN_BYTES]);

#endif
