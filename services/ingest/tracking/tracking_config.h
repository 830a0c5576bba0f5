/* tracking_config.h - what ingest is told about tracking calls, checked. */
#ifndef NURTURE_INGEST_TRACKING_TRACKING_CONFIG_H
#define NURTURE_INGEST_TRACKING_TRACKING_CONFIG_H

#include "common/io/config/config.h"
#include "tracking.h"

struct tracking_config {
	const char *keys_text, *events_text, *consent_text, *sent_class;
	struct ing_sources keys;         /* count 0: tracking calls are off */
	struct ing_tracking_names names; /* of the texts */
};

extern const struct setting tracking_settings[]; /* offsets into struct tracking_config */

/* Reads keys and names out of the texts. -1: one of them is wrong. */
int tracking_config_check(struct tracking_config *config, struct err *err);
/* Opens what is on; else *ret stays as it is. The other options are the caller's. */
int tracking_config_open(const struct tracking_config *config, struct ing_tracking_options options,
			 struct ing_tracking **ret, struct err *err);

#endif
