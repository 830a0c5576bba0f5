/* page_names.c - see page_names.h: the table that docs/pages.md explains. */
#include "page_names.h"

#include <string.h>

static const struct {
	const char *page; /* "": all pages */
	const char *names;
} tables[] = {
    {"", ". language shop shop.name shop.website shop.email other_languages tag own_name"},
    {"feedback", "order complaint scores score is_chosen label comment comment_max"},
    {"thanks", "public_link"},
    {"unsubscribe", "class_title preferences_url"},
    {"unsubscribed", "preferences_url"},
    {"preferences",
     "signed_state notice alert address bounces classes name title about often choices "
     "value label is_chosen "
     "languages other_locale no_locale has_agreed paused_until has_plans plans when "
     "country time_zone "
     "locale"},
    {"preferences-unreadable", "signed_state notice alert"},
    {"preferences-nobody", "notice alert"},
    {"forget", "signed_state complaint has_address"},
};

static bool is_among(const char *names, struct slice name)
{
	for (size_t len; *names; names += len + (names[len] == ' ')) {
		len = strcspn(names, " ");
		if (len == name.len && memcmp(names, name.bytes, len) == 0)
			return true;
	}
	return false;
}

bool sol_page_knows(const char *page, struct slice name)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if ((!tables[i].page[0] || strcmp(tables[i].page, page) == 0) &&
		    is_among(tables[i].names, name))
			return true;
	return false;
}
