/*
 * settings.h - the settings of the scheduler.
 */
#ifndef NURTURE_SCHEDULER_SETTINGS_H
#define NURTURE_SCHEDULER_SETTINGS_H

#include "common/io/config/config.h"
#include "step.h"

struct scheduler_config {
	struct common_config common;
	const char *coupon_key;
};

/*
 * Reads and checks all settings, the policy and the files of codes included; with --check-config
 * the program ends after that.
 */
int scheduler_config_load(int argc, char **argv, struct scheduler_config *config,
			  struct scheduler *ret, struct err *err);

#endif
