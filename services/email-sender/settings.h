/* settings.h - what the email-sender is told by its environment, checked and put together. */
#ifndef NURTURE_EMAIL_SENDER_SETTINGS_H
#define NURTURE_EMAIL_SENDER_SETTINGS_H

#include "common/io/config/config.h"
#include "common/token/token_keys.h"
#include "services/email-sender/compose/dkim_key.h"
#include "services/email-sender/delivery/pool.h"
#include "step.h"

struct sender_config {
	struct common_config common;
	const char *smtp_url;                     /* SMTP_URL */
	const char *smtp_user;                    /* SMTP_USER */
	const char *smtp_password;                /* SMTP_PASSWORD */
	int64_t smtp_tls;                         /* SMTP_TLS, an enum smtp_tls */
	const char *smtp_hello;                   /* SMTP_HELLO */
	const char *smtp_mx_test;                 /* SMTP_MX_TEST */
	const char *delivery_file;                /* NURTURE_DELIVERY */
	const struct delivery *delivery;          /* the same, read */
	struct arena arena;                       /* of that */
	const char *smtp_ca_file;                 /* SMTP_CA_FILE */
	int64_t smtp_connections;                 /* SMTP_CONNECTIONS */
	const char *templates;                    /* NURTURE_TEMPLATES */
	const char *token_key, *token_key_before; /* NURTURE_TOKEN_KEY(_BEFORE) */
	struct token_keys token_keys;             /* of both */
	const char *dkim_domain;                  /* NURTURE_DKIM_DOMAIN */
	const char *dkim_keys;                    /* NURTURE_DKIM_KEYS */
	struct dkim_keys dkim;                    /* the same, read */
	const char *bounce_domain;                /* NURTURE_BOUNCE_DOMAIN */
	int64_t mail_provider;                    /* NURTURE_MAIL_PROVIDER, an enum mail_provider */
	char bounce_name[HOST_NAME_BYTES];        /* the same in A-labels */
	struct send_pool_options pool;            /* of all these */
};

/*
 * Reads and checks all settings and the templates, of which the policy's must all exist. Everything
 * lives as long as the process.
 */
int sender_config_load(int argc, char **argv, struct sender_config *config, struct sender *sender,
		       struct err *err);

#endif
