/*
 * delivery.h - how much each domain is given: the file of NURTURE_DELIVERY.
 *
 * A rule is for a group of domains, whose limits they share (gmail.com and
 * googlemail.com are one mailbox provider), or it is the default, and then every other
 * domain has limits of its own.  Pure.
 */
#ifndef NURTURE_EMAIL_SENDER_DELIVERY_DELIVERY_H
#define NURTURE_EMAIL_SENDER_DELIVERY_DELIVERY_H

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/rate.h"
#include "common/base/slice.h"

enum { DELIVERY_RULES_MAX = 32, DELIVERY_DOMAINS_MAX = 64 /* of one rule */ };

struct delivery_rule {
	const char *name;     /* "gmail", "shop.example", "default" */
	unsigned connections; /* at the same time, of each instance; 0: as many as there are */
	int64_t per_minute;   /* of all instances together; 0: any number */
	int64_t burst;
	struct warm_up warm_up;
	const char **domains; /* in small letters */
	unsigned domain_count;
};

struct delivery {
	struct delivery_rule *rules; /* the default is the last */
	unsigned rule_count;
	unsigned local_share_permille; /* of a rate while Redis does not answer */
	unsigned mails_per_connection;
	int64_t idle_ms; /* an unused connection is closed then */
};

/* Returns what holds without a file. is_direct: the mails go to the domains' own servers. */
const struct delivery *delivery_default(bool is_direct);

/* Reads the text of the file. ERR_CONFIG with file, line and what was expected. */
int delivery_read(struct slice text, const char *file, bool is_direct, struct arena *arena,
		  const struct delivery **ret, struct err *err);

/* Returns the rule of a domain, never NULL. domain is in small letters, in A-labels. */
const struct delivery_rule *delivery_rule_of(const struct delivery *delivery, const char *domain);
bool delivery_is_default(const struct delivery *delivery, const struct delivery_rule *rule);
/* Does the rule ask for a count that all instances share? */
bool delivery_has_rate(const struct delivery_rule *rule);

/* The mailbox providers whose domains are known. */
enum { MAILBOX_PROVIDERS = 4 };
extern const char *const delivery_mailbox_providers[MAILBOX_PROVIDERS];
bool delivery_is_mailbox_provider(const char *name);
/* Returns the mailbox provider that the domain belongs to, or NULL. */
const char *delivery_mailbox_provider(const char *domain);

#endif
