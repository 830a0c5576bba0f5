/* tracking_config.c - see tracking_config.h. */
#include "tracking_config.h"

const struct setting tracking_settings[] = {
    SETTING("NURTURE_TRACKING_KEYS", SECRET, tracking_config, keys_text,
	    "Write keys of tracking calls, as Segment and RudderStack make them: source=key, "
	    "separated by commas or lines, with types= as tokens have it; empty: off."),
    SETTING("NURTURE_TRACKING_EVENTS", TEXT, tracking_config, events_text,
	    "More names of tracked events: NAME=TYPE, separated by commas or lines; without a "
	    "type such events are left out."),
    SETTING("NURTURE_TRACKING_CONSENT", TEXT, tracking_config, consent_text,
	    "Traits that give or withdraw consent: TRAIT=CLASS of the policy, or all, separated "
	    "by commas; empty: none does."),
    SETTING("NURTURE_TRACKING_SENT_CLASS", TEXT, tracking_config, sent_class,
	    "Class of the policy as which a mail counts that another tool has sent (Email "
	    "Delivered).",
	    DEFAULT("promotion")),
    {0},
};

int tracking_config_check(struct tracking_config *config, struct err *err)
{
	config->names.sent_class = config->sent_class;
	if (config->keys_text[0] &&
	    ing_sources_parse(slice_text(config->keys_text), &config->keys, err) < 0)
		return err_prefix(err, "NURTURE_TRACKING_KEYS");
	if (ing_sources_sign(&config->keys))
		return err_config(err, "NURTURE_TRACKING_KEYS: expected keys that do not begin "
				       "with whsec_: tracking calls are not signed");
	if (ing_names_parse(slice_text(config->events_text), &config->names, err) < 0)
		return err_prefix(err, "NURTURE_TRACKING_EVENTS");
	if (ing_consents_parse(slice_text(config->consent_text), &config->names, err) < 0)
		return err_prefix(err, "NURTURE_TRACKING_CONSENT");
	return 0;
}

int tracking_config_open(const struct tracking_config *config, struct ing_tracking_options options,
			 struct ing_tracking **ret, struct err *err)
{
	options.keys = &config->keys;
	options.names = &config->names;
	return config->keys.count ? ing_tracking_open(ret, &options, err) : 0;
}
