/*
 * values.h - what a template may say about a person, as the tree of
 * mail_words.
 *
 * Pure; everything is borrowed from the shop and the dispatch.  A text that
 * nobody could read (not UTF-8, control characters) is empty.
 */
#ifndef NURTURE_EMAIL_SENDER_COMPOSE_VALUES_H
#define NURTURE_EMAIL_SENDER_COMPOSE_VALUES_H

#include "common/message/shapes.h"
#include "common/policy/policy.h"
#include "common/template/mustache.h"
#include "nurture/v1/dispatch.pb-c.h"

enum {
	ROOT_CUSTOMER,
	ROOT_SHOP,
	ROOT_ORDER,
	ROOT_SUBJECT,     /* the caller fills it in */
	ROOT_UNSUBSCRIBE, /* the caller fills it in */
	ROOT_PREFERENCES, /* the caller fills it in */
	ROOT_CATEGORY,
	ROOT_ALSO, /* the caller fills it in: items is also, without any yet */
	ROOT_FACTS,
	ROOT_COUNT = ROOT_FACTS + 8
};

struct mail_values {
	struct mustache_value top, root[ROOT_COUNT];
	struct mustache_value customer[2], shop[4], order[5];
	struct mustache_value also[SHAPE_PARTS_MAX], blocks[SHAPE_PARTS_MAX][2];
};

struct mustache_value mail_value_text(const char *name, struct slice text);
struct mustache_value mail_value_object(const char *name, const struct mustache_value *items,
					size_t count);

/*
 * Fills the values for one request of a dispatch, its own or a part's.  coupon is the code drawn
 * for this request; "": the one that it brings itself.  values must not move.
 */
void mail_values_fill(struct mail_values *values, const struct shop *shop,
		      const Nurture__V1__Dispatch *dispatch, const Nurture__V1__Request *request,
		      const char *coupon, const char *unsubscribe, const char *preferences);

#endif
