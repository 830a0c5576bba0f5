/*
 * hooks.h - where the policy's webhooks are, and what they are signed with.  Pure.
 *
 *	NAME=URL [whsec_SECRET [whsec_SECRET]]
 *
 * a line each; '#' begins a comment line.  An address is often a secret itself, so none of this
 * stands in the policy, and no error shows it.
 */
#ifndef NURTURE_DESK_TELL_HOOKS_H
#define NURTURE_DESK_TELL_HOOKS_H

#include "common/base/arena.h"
#include "common/policy/desk.h"
#include "common/token/webhook.h"

struct dsk_hook {
	const char *name, *url;
	struct webhook_key keys[WEBHOOK_KEYS_MAX];
	size_t key_count; /* 0: what is posted is not signed, as chats want it */
};

struct dsk_hooks {
	struct dsk_hook *list; /* the arena's */
	size_t count;
};

enum { DSK_HOOKS_SETTING_MAX = 256 };

/* ERR_CONFIG says which line, and what was expected. */
int dsk_hooks_read(struct slice text, struct arena *arena, struct dsk_hooks *ret, struct err *err);
/* NULL: there is none of that name. */
const struct dsk_hook *dsk_hooks_find(const struct dsk_hooks *hooks, const char *name);
/* ERR_CONFIG: the policy names a webhook that has no address. */
int dsk_hooks_check(const struct dsk_hooks *hooks, const struct desk *desk, struct err *err);

#endif
