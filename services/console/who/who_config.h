/* who_config.h - what the console is told about who may use it, checked. */
#ifndef NURTURE_CONSOLE_WHO_WHO_CONFIG_H
#define NURTURE_CONSOLE_WHO_WHO_CONFIG_H

#include "common/io/config/config.h"
#include "common/io/smtp/smtp.h"
#include "proxy.h"
#include "staff.h"

struct con_who_config {
	const char *key, *key_before, *staff_file, *proxies, *proxy_secret, *url;
	const char *smtp_url, *smtp_user, *smtp_password, *smtp_ca_file;
	int64_t smtp_tls;
	/* Made of these: */
	struct arena arena;
	struct token_keys keys;
	struct con_staff staff; /* count 0: nobody may sign in, and there are no pages */
	struct con_proxy proxy;
	struct smtp_options smtp; /* with a url: links are mailed */
};

extern const struct setting con_who_settings[]; /* offsets into struct con_who_config */

/* Reads the staff's file and checks all of it.  ERR_CONFIG names the setting. */
int con_who_config_check(struct con_who_config *config, struct err *err);

#endif
