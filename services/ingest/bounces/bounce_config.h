/* bounce_config.h - what ingest is told about bounces, checked. */
#ifndef NURTURE_INGEST_BOUNCES_BOUNCE_CONFIG_H
#define NURTURE_INGEST_BOUNCES_BOUNCE_CONFIG_H

#include "common/io/config/config.h"
#include "common/mail/address.h"
#include "hooks.h"

struct bounce_config {
	const char *lmtp_listen, *domain, *token_key, *token_key_before, *hooks, *mailgun_key;
	char domain_name[HOST_NAME_BYTES]; /* domain in A-labels, as the email-sender writes it */
};

extern const struct setting bounce_settings[]; /* offsets into struct bounce_config */

/* Fills domain_name and what the secrets and keys say. -1: a setting is missing or wrong. */
int bounce_config_check(struct bounce_config *config, struct ing_hooks *ret, struct err *err);
/* Opens what is on; hooks->bounces is closed with ing_bounces_close(). */
int bounce_config_open(const struct bounce_config *config, const char *brokers,
		       const char *topic_prefix, struct ing_hooks *hooks, struct err *err);

#endif
