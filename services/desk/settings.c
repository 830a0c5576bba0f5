/* settings.c - see settings.h. */
#include "settings.h"

#include "common/io/config/config_tracing.h"

static const struct setting settings[] = {
    SETTING("NURTURE_DESK_WEBHOOKS", SECRET, dsk_config, hooks_text,
	    "Where notices go, by the policy's names of webhooks: NAME=URL a line each, and behind "
	    "it the secrets that sign (whsec_..., at most two)."),
    {0}};

static int read_hooks(struct dsk_config *config, const struct desk *desk, struct err *err)
{
	if (dsk_hooks_read(slice_text(config->hooks_text), &config->arena, &config->hooks, err) <
		0 ||
	    dsk_hooks_check(&config->hooks, desk, err) < 0)
		return err_prefix(err, "NURTURE_DESK_WEBHOOKS");
	return 0;
}

int dsk_config_load(int argc, char **argv, struct dsk_config *config, struct dsk_service *ret,
		    struct err *err)
{
	const struct setting_table tables[] = {
	    {common_settings, offsetof(struct dsk_config, common), ":8086"},
	    {tracing_settings, offsetof(struct dsk_config, common.tracing), NULL},
	    {settings, 0, NULL},
	    {0}};

	if (config_load(argc, argv, "desk - what became of every task", tables, config, err) < 0 ||
	    config_policy(&config->common, NULL, &ret->policy, err) < 0 ||
	    read_hooks(config, ret->policy->desk, err) < 0)
		return -1;
	ret->is_wall = config->common.clock == CLOCK_WALL;
	config_end_check(&config->common);
	return 0;
}
