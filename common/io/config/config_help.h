/* config_help.h - the pages of --help and --version; for config.c alone. */
#ifndef NURTURE_IO_CONFIG_CONFIG_HELP_H
#define NURTURE_IO_CONFIG_CONFIG_HELP_H

#include "config.h"

/* A default that is only known on the machine. No value can be written like it by accident. */
#define CONFIG_HOST_NAME "(the host name)"

/* The text that counts when the variable is not set; NULL when it is required. */
const char *config_default(const struct setting_table *table, const struct setting *setting);

/* Tells the version as a metric, nurture_build_info. */
void config_tell_version(void);

/* argument is "--help" or "--version". */
_Noreturn void config_print_and_exit(const char *argument, const char *manual,
				     const struct setting_table *tables);

#endif
