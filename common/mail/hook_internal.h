/* hook_internal.h - what the files of hook.h share. */
#ifndef NURTURE_MAIL_HOOK_INTERNAL_H
#define NURTURE_MAIL_HOOK_INTERNAL_H

#include <cjson/cJSON.h>

#include "hook.h"

/* "" when it is not there or no text. */
const char *hook_text(const cJSON *object, const char *name);
/* The member, an object or array; NULL when it is not there: which these functions take. */
const cJSON *hook_member(const cJSON *object, const char *name);

/* Each of these reads one event. ret is zeroed, with kind NONE. */
void hook_mailgun(const cJSON *event, struct bounce *ret);
void hook_postmark(const cJSON *event, struct bounce *ret);
void hook_sendgrid(const cJSON *event, struct bounce *ret);
void hook_ses(const cJSON *event, struct bounce *ret);
void hook_sparkpost(const cJSON *event, struct bounce *ret);

/* recipient, code and text into ret; "" where there is none. */
void hook_facts(struct bounce *ret, const char *recipient, const char *status, const char *text);
/* Returns the kind of a mail that was given up for good, by code and words. */
enum bounce_kind hook_classify(const struct bounce *bounce, int reply);

#endif
