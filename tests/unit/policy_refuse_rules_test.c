/* policy_refuse_rules_test.c - what is wrong with a shop, its classes and its hours. */
#include "policy_refusal.h"

static const struct refusal shop[] = {
    {"quiet_hours", "quiet_hour", "6: unknown key \"quiet_hour\"; did you mean \"quiet_hours\"?"},
    {"just_bought", "zzzzzzzzzzzz",
     "7: unknown key \"zzzzzzzzzzzz\"; expected one of: shop, classes, caps, ceiling, quiet_hours, "
     "quiet_days, send_time, clicks, just_bought, model, segments, coupons, addresses, programmes, "
     "merge, "
     "feedback, cases, desk, people, tags, settle, holdout, retry"},
    {"just_bought: {default: 90d}\n", "",
     "1: just_bought is missing; expected {default: 90d}, or off written out"},
    {"quiet_hours: {from: \"21:00\", to: \"08:00\"}\n", "",
     "1: quiet_hours is missing; expected {from: \"21:00\", to: \"08:00\"}, or off written out"},
    {"shop: {name: S, time_zone: Europe/London, sender: \"S <s@s.example>\"}", "shop: S",
     "1: shop: expected a mapping (key: value), found a text"},
    {"name: S, ", "", "1: shop: name is missing; expected the shop's name"},
    {"time_zone: Europe/London, ", "",
     "1: shop: time_zone is missing; expected an IANA zone such as Europe/London"},
    {"Europe/London", "Europe/Londn",
     "1: shop.time_zone: unknown time zone \"Europe/Londn\"; expected an IANA zone such as "
     "Europe/London"},
    {"Europe/London", "[Europe/London]", "1: shop.time_zone: expected a text, found a list"},
    {"name: S,", "name: \"\",", "1: shop.name: expected a text, found \"\""},
    {"name: S,", "nmae: S,", "1: shop: unknown key \"nmae\"; did you mean \"name\"?"},
    {"S <s@s.example>", "S s@s.example",
     "1: shop.sender: expected \"Name <address>\", found \"S s@s.example\""},
    {"S <s@s.example>", "<s@s>x", "1: shop.sender: expected \"Name <address>\", found \"<s@s>x\""},
    {"S <s@s.example>", "S <s@s.example",
     "1: shop.sender: expected \"Name <address>\", found \"S <s@s.example\""},
    {", sender: \"S <s@s.example>\"", "",
     "1: shop: sender is missing; expected \"Name <address>\", because \"tips\" sends mail"},
    {"name: S,", "name: S, country: UK,",
     "1: shop.country: expected the code that ISO 3166 assigns, GB, found \"UK\""},
    {"name: S,", "name: S, country: Germany,",
     "1: shop.country: expected a country of ISO 3166 in two capitals, such as DE, found "
     "\"Germany\""},
    {"name: S,", "name: S, country: de,",
     "1: shop.country: expected a country of ISO 3166 in two capitals, such as DE, found \"de\""},
    {"name: S,", "name: S, currency: XXX,",
     "1: shop.currency: expected a currency of ISO 4217 such as EUR, found \"XXX\""},
    {"name: S,", "name: S, currency: euro,",
     "1: shop.currency: expected a currency of ISO 4217 such as EUR, found \"euro\""},
    {"name: S,", "name: S, website: shop.example,",
     "1: shop.website: expected an address such as https://shop.example, found \"shop.example\""},
    {"name: S,", "name: S, website: \"http://shop.example\",",
     "1: shop.website: expected an address that begins with https://, found "
     "\"http://shop.example\""},
    {"name: S,", "name: S, public_url: shop.example,",
     "1: shop.public_url: expected an address such as https://shop.example, found "
     "\"shop.example\""},
    {"name: S,", "name: S, public_url: \"https:///\",",
     "1: shop.public_url: expected an address such as https://shop.example, found \"https:///\""},
};

static void test_shop(void **state)
{
	(void)state;
	refusal_check_all(shop, sizeof(shop) / sizeof(shop[0]));
}

static const struct refusal classes[] = {
    {"{transactional: {}, care: {}, feedback: {}, promotion: {holds_on_open_case: true}}", "{}",
     "2: classes: no class; expected at least one"},
    {"{transactional: {}, care: {}, feedback: {}, promotion: {holds_on_open_case: true}}", "[care]",
     "2: classes: expected a mapping (key: value), found a list"},
    {"holds_on_open_case: true", "holds_on_open_case: yes",
     "2: classes.promotion.holds_on_open_case: expected true or false (without quotes), found "
     "\"yes\""},
    {"holds_on_open_case: true", "holds_on_open_case: \"true\"",
     "2: classes.promotion.holds_on_open_case: expected true or false (without quotes), found "
     "\"true\""},
    {"holds_on_open_case", "hold_on_open_case",
     "2: classes.promotion: unknown key \"hold_on_open_case\"; did you mean "
     "\"holds_on_open_case\"?"},
    {"transactional:", "all:", "2: classes: a class cannot be called \"all\""},
    {"transactional:", "\"a b\":",
     "2: classes: expected a name (up to 64 letters, digits, - _ .), found \"a b\""},
};

static void test_classes(void **state)
{
	(void)state;
	refusal_check_all(classes, sizeof(classes) / sizeof(classes[0]));
}

static const struct refusal hours[] = {
    {"quiet_hours", "ceiling: 3\nquiet_hours",
     "6: ceiling: expected {limit: 20, per: 1d}, or off written out"},
    {"quiet_hours", "ceiling: {limit: 3, per: 1d, classes: [care]}\nquiet_hours",
     "6: ceiling: unknown key \"classes\"; expected one of: limit, per"},
    {"to: \"08:00\"", "to: \"21:00\"",
     "6: quiet_hours: from and to are the same time: always quiet or never? expected different "
     "times, or off"},
    {"to: \"08:00\"", "to: \"24:00\"",
     "6: quiet_hours.to: expected a time of day such as \"09:00\" (00:00 to 23:59), found "
     "\"24:00\""},
    {"to: \"08:00\"", "to: \"8:00\"",
     "6: quiet_hours.to: expected a time of day such as \"09:00\" (00:00 to 23:59), found "
     "\"8:00\""},
    {"to: \"08:00\"", "to: 8am",
     "6: quiet_hours.to: expected a time of day such as \"09:00\" (00:00 to 23:59), found \"8am\""},
    {", to: \"08:00\"", "",
     "6: quiet_hours: to is missing; expected a time of day such as \"08:00\""},
    {"{from: \"21:00\", to: \"08:00\"}", "\"off\"",
     "6: quiet_hours: expected {from: \"21:00\", to: \"08:00\"}, or off written out"},
    {"{default: 90d}", "never", "7: just_bought: expected {default: 90d}, or off written out"},
    {"{default: 90d}", "{}",
     "7: just_bought: default is missing; expected a duration such as 90d, for all other "
     "categories"},
    {"{default: 90d}", "{default: 90d, categories: [a]}",
     "7: just_bought.categories: expected a mapping (key: value), found a list"},
    {"{default: 90d}", "{default: 90d, categories: {tea: 2y}}",
     "7: just_bought.categories.tea: expected a duration from 0s to 400d such as 90s, 20h or 7d, "
     "found \"2y\""},
    {"quiet_hours", "settle: 2h\nquiet_hours",
     "6: settle: expected a duration from 0s to 1h such as 90s, 20h or 7d, found \"2h\""},
    {"quiet_hours", "holdout: 10\nquiet_hours",
     "6: holdout: expected a percentage from 0% to 100% with at most one decimal, such as 10%, "
     "found \"10\""},
    {"quiet_hours", "holdout: 100.1%\nquiet_hours",
     "6: holdout: expected a percentage from 0% to 100% with at most one decimal, such as 10%, "
     "found \"100.1%\""},
    {"quiet_hours", "holdout: 0.25%\nquiet_hours",
     "6: holdout: expected a percentage from 0% to 100% with at most one decimal, such as 10%, "
     "found \"0.25%\""},
    {"quiet_hours", "holdout: -1%\nquiet_hours",
     "6: holdout: expected a percentage from 0% to 100% with at most one decimal, such as 10%, "
     "found \"-1%\""},
    {"quiet_hours", "retry: {first: 1h, max: 1m}\nquiet_hours",
     "6: retry: max is shorter than first; expected at least as long"},
    {"quiet_hours", "retry: {attempts: 0}\nquiet_hours",
     "6: retry.attempts: expected a whole number from 1 to 100 (without quotes), found \"0\""},
};

static void test_hours(void **state)
{
	(void)state;
	refusal_check_all(hours, sizeof(hours) / sizeof(hours[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_shop),
	    cmocka_unit_test(test_classes),
	    cmocka_unit_test(test_hours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
