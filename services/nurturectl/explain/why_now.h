/* why_now.h - how things stand with a customer, and why nothing was said: in words. Pure. */
#ifndef NURTURE_NURTURECTL_EXPLAIN_WHY_NOW_H
#define NURTURE_NURTURECTL_EXPLAIN_WHY_NOW_H

#include "scheduler_view.h"
#include "why.h"

/*
 * Tells the contact, the pause, the cases, and what waits until when; of one programme with
 * options->programme.
 */
void why_tell_now(const struct scheduler_view *view, const struct why_options *options,
		  struct buf *out);

/*
 * Tells of programmes about which nothing was ever decided and nothing waits: what would set them
 * off, and whether the customer is held out. Needs options->policy.
 */
void why_tell_unheard(const struct scheduler_view *view, const struct outcomes *outcomes,
		      const struct why_options *options, const char *customer, struct buf *out);

#endif
