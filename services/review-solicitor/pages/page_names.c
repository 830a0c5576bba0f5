/* page_names.c - see page_names.h: the table that docs/pages.md explains. */
#include "page_names.h"

const struct web_names sol_page_names[] = {
    {"", ". language shop shop.name shop.website shop.email other_languages tag own_name"},
    {"feedback", "order complaint scores score is_chosen label comment comment_max"},
    {"thanks", "public_link"},
    {"unsubscribe", "class_title preferences_url"},
    {"unsubscribed", "preferences_url"},
    {"preferences",
     "signed_state notice alert address bounces classes name title about often choices "
     "value label is_chosen "
     "clicks languages other_locale no_locale has_agreed paused_until has_plans plans when "
     "country time_zone "
     "locale"},
    {"preferences-unreadable", "signed_state notice alert"},
    {"preferences-nobody", "notice alert"},
    {"forget", "signed_state complaint has_address"},
};

const size_t sol_page_name_count = sizeof(sol_page_names) / sizeof(sol_page_names[0]);
