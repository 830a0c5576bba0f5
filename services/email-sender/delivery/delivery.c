/* delivery.c - see delivery.h: the mailbox providers that everybody knows, and which rule is
 * whose. */
#include "delivery.h"

#include <string.h>

enum {
	DIRECT_CONNECTIONS = 4,
	MAILS_PER_CONNECTION = 100,
	LOCAL_SHARE_PERMILLE = 250,
	IDLE_MS = 30000
};

static struct delivery_rule relayed_rule = {.name = "default"};
static struct delivery_rule direct_rule = {.name = "default", .connections = DIRECT_CONNECTIONS};
static const struct delivery relayed = {.rules = &relayed_rule,
					.rule_count = 1,
					.local_share_permille = LOCAL_SHARE_PERMILLE,
					.mails_per_connection = MAILS_PER_CONNECTION,
					.idle_ms = IDLE_MS};
static const struct delivery direct = {.rules = &direct_rule,
				       .rule_count = 1,
				       .local_share_permille = LOCAL_SHARE_PERMILLE,
				       .mails_per_connection = MAILS_PER_CONNECTION,
				       .idle_ms = IDLE_MS};

const struct delivery *delivery_default(bool is_direct)
{
	return is_direct ? &direct : &relayed;
}

enum { GMAIL, MICROSOFT, YAHOO, ICLOUD };
const char *const delivery_mailbox_providers[MAILBOX_PROVIDERS] = {
    [GMAIL] = "gmail", [MICROSOFT] = "microsoft", [YAHOO] = "yahoo", [ICLOUD] = "icloud"};

bool delivery_is_mailbox_provider(const char *name)
{
	for (int i = 0; i < MAILBOX_PROVIDERS; i++)
		if (strcmp(name, delivery_mailbox_providers[i]) == 0)
			return true;
	return false;
}

/* A name that ends in a dot stands for all its top-level domains: yahoo.co.uk, hotmail.fr. */
static const struct {
	const char *domain;
	int provider;
} provider_domains[] = {
    {"gmail.com", GMAIL},        {"googlemail.com", GMAIL},      {"outlook.", MICROSOFT},
    {"hotmail.", MICROSOFT},     {"live.", MICROSOFT},           {"msn.com", MICROSOFT},
    {"passport.com", MICROSOFT}, {"windowslive.com", MICROSOFT}, {"yahoo.", YAHOO},
    {"ymail.com", YAHOO},        {"rocketmail.com", YAHOO},      {"aol.", YAHOO},
    {"aim.com", YAHOO},          {"icloud.com", ICLOUD},         {"me.com", ICLOUD},
    {"mac.com", ICLOUD},
};

/* Is it like "com", "fr", "co.uk" or "com.br", two labels at most, and short ones? */
static bool is_top_level(const char *text)
{
	const char *dot = strchr(text, '.');

	if (!dot)
		return text[0] && strlen(text) <= 3;
	return dot - text >= 2 && dot - text <= 3 && strlen(dot + 1) == 2;
}

const char *delivery_mailbox_provider(const char *domain)
{
	for (size_t i = 0; i < sizeof(provider_domains) / sizeof(provider_domains[0]); i++) {
		size_t len = strlen(provider_domains[i].domain);

		if (provider_domains[i].domain[len - 1] != '.'
			? strcmp(domain, provider_domains[i].domain) == 0
			: strncmp(domain, provider_domains[i].domain, len) == 0 &&
			      is_top_level(domain + len))
			return delivery_mailbox_providers[provider_domains[i].provider];
	}
	return NULL;
}

static bool is_for(const struct delivery_rule *rule, const char *domain, const char *provider)
{
	if (rule->domain_count == 0)
		return provider && strcmp(rule->name, provider) == 0;
	for (unsigned i = 0; i < rule->domain_count; i++)
		if (strcmp(rule->domains[i], domain) == 0)
			return true;
	return false;
}

const struct delivery_rule *delivery_rule_of(const struct delivery *delivery, const char *domain)
{
	const struct delivery_rule *last = &delivery->rules[delivery->rule_count - 1];
	const char *provider = delivery_mailbox_provider(domain);

	/* A rule with the domain's own name comes before one of its mailbox provider. */
	for (int by_provider = 0; by_provider < 2; by_provider++)
		for (const struct delivery_rule *rule = delivery->rules; rule < last; rule++)
			if ((rule->domain_count == 0) == by_provider &&
			    is_for(rule, domain, provider))
				return rule;
	return last;
}

bool delivery_is_default(const struct delivery *delivery, const struct delivery_rule *rule)
{
	return rule == &delivery->rules[delivery->rule_count - 1];
}

bool delivery_has_rate(const struct delivery_rule *rule)
{
	return rule->per_minute > 0 || rule->warm_up.is_on;
}
