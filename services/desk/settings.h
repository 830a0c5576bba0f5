/* settings.h - the settings of the desk. */
#ifndef NURTURE_DESK_SETTINGS_H
#define NURTURE_DESK_SETTINGS_H

#include "common/io/config/config.h"
#include "step.h"
#include "tell/hooks.h"

struct dsk_config {
	struct common_config common;
	const char *hooks_text;
	struct arena arena; /* of the hooks */
	struct dsk_hooks hooks;
};

/*
 * Reads and checks all settings, and the policy; with --check-config the program ends after that.
 */
int dsk_config_load(int argc, char **argv, struct dsk_config *config, struct dsk_service *ret,
		    struct err *err);

#endif
