/*
 * load.h - private to this folder: one function per part of the policy file.
 *
 * Each fills its part of loader->policy from a node of the file.  They are
 * called in the order of this header, because the later ones name what the
 * earlier ones have read.
 */
#ifndef NURTURE_POLICY_LOAD_LOAD_H
#define NURTURE_POLICY_LOAD_LOAD_H

#include "common/base/arena.h"
#include "common/policy/file/document.h"
#include "common/policy/policy.h"

enum {
	POLICY_CAPS_MAX = 256,
	POLICY_SEGMENTS_MAX = 256,
	POLICY_PROGRAMMES_MAX = 1024,
	POLICY_ACTIONS_MAX = 16, /* of one programme */
};

struct loader {
	struct arena *arena; /* the policy's */
	struct policy *policy;
	const struct node *root;
	const struct policy_part *model; /* the file that `model` names; NULL: it was not read */
	const char *const *templates;    /* NULL: not checked */
	/* the names of what was read, for look-ups and suggestions */
	const char **classes, **segments, **coupons, **programmes;
};

/* What a condition may look at: NULL when it may, else the reason why not. */
struct condition_scope {
	const char *no_score, *no_order_amount, *no_order_category, *no_channel;
};

int policy_load_shop(struct loader *l, const struct node *node, struct err *err);
int policy_load_classes(struct loader *l, const struct node *node, struct err *err);
int policy_load_wording(struct loader *l, const struct node *node, struct wording *ret,
			struct err *err);
int policy_load_model(struct loader *l, const struct node *node, struct err *err);
int policy_load_segments(struct loader *l, const struct node *node, struct err *err);
int policy_load_condition(struct loader *l, const struct node *node,
			  const struct condition_scope *scope, struct condition *ret,
			  struct err *err);
int policy_load_coupons(struct loader *l, const struct node *node, struct err *err);
int policy_load_addresses(struct loader *l, const struct node *node, struct err *err);
int policy_load_send_time(struct loader *l, const struct node *node, struct err *err);
int policy_load_programmes(struct loader *l, const struct node *node, struct err *err);
int policy_load_trigger(struct loader *l, const struct node *node, struct programme *programme,
			struct err *err);
int policy_load_actions(struct loader *l, const struct node *node, struct programme *programme,
			struct err *err);
int policy_load_offer(struct loader *l, const struct node *node, struct programme *programme,
		      struct err *err);
int policy_load_variants(struct loader *l, const struct node *node, struct programme *programme,
			 struct err *err);
int policy_load_send_at(struct loader *l, const struct node *node, struct programme *programme,
			struct err *err);
int policy_load_merge(struct loader *l, const struct node *node, struct err *err);
int policy_load_feedback(struct loader *l, const struct node *node, struct err *err);
/* node NULL: the file says nothing of it. */
int policy_load_desk(struct loader *l, const struct node *node, struct err *err);
int policy_load_tags(struct loader *l, const struct node *node, struct err *err);
int policy_load_people(struct loader *l, const struct node *node, struct err *err);
int policy_load_caps(struct loader *l, const struct node *node, struct err *err);
int policy_load_ceiling(struct loader *l, const struct node *node, struct err *err);
int policy_load_quiet_hours(struct loader *l, const struct node *node, struct err *err);
int policy_load_quiet_days(struct loader *l, const struct node *node, struct err *err);
int policy_load_just_bought(struct loader *l, const struct node *node, struct err *err);
/* Reads `instead` of all programmes, once all programmes and just_bought are known. */
int policy_load_instead(struct loader *l, struct err *err);

/*
 * Checks what only the whole file shows: caps that let nothing out, mail without a sender,
 * programmes for nobody. What is legal and surely not meant becomes a warning.
 */
int policy_check(struct loader *l, struct err *err);

/* Shared by several parts. */
int policy_load_class_name(const struct loader *l, const struct node *node, unsigned *ret,
			   struct err *err);
int policy_load_windows(struct loader *l, const struct node *node, struct category_window **ret,
			unsigned *ret_count, struct err *err);
/* Has the programme an action of the channel? */
bool policy_has_channel(const struct programme *programme, enum channel channel);
/* Reads any event type that can be published. */
int policy_load_event(const struct node *node, const char **ret, struct err *err);
/*
 * Returns the type of the contract that differs by a slip or two; NULL when `type` is of the
 * contract, or none is near.
 */
const char *policy_near_event(const char *type);
/*
 * Reads the name of a template, which must exist when the loader knows the templates; node is where
 * it is asked for.
 */
int policy_load_template(const struct loader *l, const struct node *node, const char *name,
			 struct err *err);
/* Reads the keys of a mapping as names, at most max; `what` says what they are names of. */
int policy_load_names(struct loader *l, const struct node *map, const char *what, unsigned max,
		      const char ***ret, struct err *err);

#endif
