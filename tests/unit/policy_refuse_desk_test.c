/* policy_refuse_desk_test.c - what is wrong with `desk:`, and what it asks in vain. */
#include "policy_refusal.h"

/* The base has no tasks: this adds some, and a desk after them, on line 17. */
#define DESK(text)                                                                                 \
	"feedback:\n",                                                                             \
	    "  call: {owner: care, on: complaint.opened, task: phone-call, class: care, expires: " \
	    "3d}\n"                                                                                \
	    "  sorry: {owner: care, on: call.unanswered, email: tips, class: care}\n"              \
	    "  gift: {owner: shop, on: order.placed, task: gift, class: care, expires: 14d}\n"     \
	    "desk: {" text "}\n"                                                                   \
	    "feedback:\n"
#define HOURS "hours: {days: [monday, friday], from: \"09:00\", to: \"17:00\"}"
#define ACTION(text) DESK(HOURS ", actions: {gift: {" text "}}")

static const struct refusal hours[] = {
    {DESK(""), "17: desk: hours is missing; expected {days: [monday, friday], from: \"09:00\", to: "
	       "\"17:00\"}"},
    {DESK("hours: {from: \"09:00\", to: \"17:00\"}"),
     "17: desk.hours: days is missing; expected the days on which people work, such as [monday, "
     "tuesday]"},
    {DESK("hours: {days: [munday], from: \"09:00\", to: \"17:00\"}"),
     "17: desk.hours.days[0]: unknown weekday \"munday\"; did you mean \"monday\"?"},
    {DESK("hours: {days: [monday, monday], from: \"09:00\", to: \"17:00\"}"),
     "17: desk.hours.days[1]: monday is there twice"},
    {DESK("hours: {days: [monday], from: \"17:00\", to: \"09:00\"}"),
     "17: desk.hours.to: work ends before it begins; expected a later time of the same day, or "
     "\"00:00\" for midnight"},
    {DESK("hours: {days: [monday], from: \"09:00\", to: \"17:00\", time_zone: Europe/Londn}"),
     "17: desk.hours.time_zone: unknown time zone \"Europe/Londn\"; expected an IANA zone such as "
     "Europe/London"},
    {DESK("hours: {days: [monday], from: \"09:00\", to: \"17:00\", days_off: [sunday]}"),
     "17: desk.hours.days_off[0]: expected a day of each year such as \"12-25\" or of one such as "
     "\"2026-05-01\", found \"sunday\""},
};

static void test_hours(void **state)
{
	(void)state;
	refusal_check_all(hours, sizeof(hours) / sizeof(hours[0]));
}

static const struct refusal teams[] = {
    {DESK(HOURS ", teams: {lead: {}}"), "17: desk.teams: a team cannot be called \"lead\""},
    {DESK(HOURS ", teams: {care: {boss: x}}"),
     "17: desk.teams.care: unknown key \"boss\"; did you mean \"hours\"?"},
    {DESK(HOURS ", teams: {care: {lead: carl}}"),
     "17: desk.teams.care.lead: unknown team \"carl\"; did you mean \"care\"?"},
    {ACTION("within: 4h, escalate: [{after: 1h, to: lead}]"),
     "17: desk.actions.gift.escalate: goes to the lead, and shop, whose task it is, has none; "
     "expected desk.teams.shop.lead"},
    {ACTION("within: 4h, escalate: [{after: 1h, to: shopp}]"),
     "17: desk.actions.gift.escalate[0].to: unknown team \"shopp\"; did you mean \"shop\"?"},
};

#define PEOPLE(text) DESK(HOURS "}\npeople: {eve: {" text "}")
static const struct refusal people[] = {
    {PEOPLE("mail: nobody"), "18: people.eve.mail: expected \"Name <address>\", found \"nobody\""},
    {PEOPLE("teams: [car]"),
     "18: people.eve.teams[0]: unknown team \"car\"; did you mean \"care\"?"},
    {PEOPLE("hours: {days: [friday], from: \"09:00\", to: \"08:00\"}"),
     "18: people.eve.hours.to: work ends before it begins; expected a later time of the same day, "
     "or \"00:00\" for midnight"},
    {PEOPLE("phone: \"1\""),
     "18: people.eve: unknown key \"phone\"; expected one of: mail, webhook, teams, hours"},
};

static void test_people(void **state)
{
	(void)state;
	refusal_check_all(people, sizeof(people) / sizeof(people[0]));
}

static void test_teams(void **state)
{
	(void)state;
	refusal_check_all(teams, sizeof(teams) / sizeof(teams[0]));
}

static const struct refusal actions[] = {
    {DESK(HOURS ", actions: {phone-cal: {}}"),
     "17: desk.actions: no programme gives the task phone-cal"},
    {ACTION("remind: [1h]"), "17: desk.actions.gift.remind: reminders of nothing that is due; "
			     "expected within"},
    {ACTION("within: 4h, remind: [1h, 2h]"),
     "17: desk.actions.gift.remind[1]: expected the longest time first"},
    {ACTION("within: 4h, remind: [4h]"),
     "17: desk.actions.gift.remind[0]: not before the task itself; expected less than within"},
    {ACTION("escalate: [{after: 1h, to: care}]"),
     "17: desk.actions.gift.escalate: nothing can be missed; expected within or answer_within"},
    {ACTION("within: 4h, escalate: [{after: 1h, to: care}, {after: 1h, to: shop}]"),
     "17: desk.actions.gift.escalate[1]: expected a longer time than the step before"},
    {ACTION("within: 4h, escalate: [{after: 1h}]"),
     "17: desk.actions.gift.escalate[0]: to is missing; expected a team, or lead"},
    {ACTION("minutes: 0"), "17: desk.actions.gift.minutes: expected a whole number from 1 to 2400 "
			   "(without quotes), found \"0\""},
    {ACTION("answer_within: 5h, within: 4h"),
     "17: desk.actions.gift.answer_within: longer than within; expected at most as long"},
    {ACTION("answer_within: 1h, within: 4h"),
     "17: desk.actions.gift.answer_within: nobody hears when it is missed; expected escalate as "
     "well"},
    {ACTION("attempts: 2"), "17: desk.actions.gift: again_after is missing; expected the time from "
			    "one attempt to the next, such as 1d"},
    {ACTION("again_after: 4h"), "17: desk.actions.gift.again_after: nothing is tried again; "
				"expected attempts of 2 or more"},
    {ACTION("results: no_answer"),
     "17: desk.actions.gift.results: expected a list ([a, b] or lines with -), found a text"},
    {ACTION("attempts: 2, again_after: 1h, results: [reached, no_answer], again: [no answer]"),
     "17: desk.actions.gift.again[0]: unknown result \"no answer\"; did you mean \"no_answer\"?"},
    {ACTION("again: [no_answer]"), "17: desk.actions.gift.again: nothing is tried again; expected "
				   "attempts of 2 or more"},
    {ACTION("else: {email: tips}"),
     "17: desk.actions.gift.else: unknown key \"email\"; expected one of: event"},
    {ACTION("else: {event: gift.refused}"),
     "17: desk.actions.gift.else.event: no programme is on gift.refused; expected one that says "
     "what happens then"},
    {ACTION("else: {event: complaint.opened}"),
     "17: desk.actions.gift.else.event: complaint.opened means something else already; expected a "
     "name of your own, such as call.unanswered"},
    {ACTION("within: 20d"),
     "17: desk.actions.gift.within: gift of shop expires before that, whenever it is given; "
     "expected a shorter time, or a task that lives longer"},
};

static void test_actions(void **state)
{
	(void)state;
	refusal_check_all(actions, sizeof(actions) / sizeof(actions[0]));
}

/* A call that is given on a Monday evening and lives for three days is nobody's before Friday. */
static void tasks_that_expire_while_nobody_works_are_told(void **state)
{
	struct refusal desk = {DESK(HOURS), ""};
	struct zones *zones = fixture_zones();
	struct buf text = BUF_MAX(64 * 1024);
	struct policy *policy;
	struct err err;

	(void)state;
	refusal_text(&desk, &text);
	if (policy_load(buf_slice(&text), "t.yaml", zones, NULL, &policy, &err) < 0)
		fail_msg("%s", err.text);
	assert_true(policy->warning_count > 0);
	assert_string_equal(policy->warnings[0],
			    "t.yaml:14: programmes.call: the task phone-call expires before "
			    "anybody of its team works when it is given at 17 of the week's 168 "
			    "hours");
	policy_free(policy);
	buf_free(&text);
	zones_free(zones);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_hours),
	    cmocka_unit_test(test_teams),
	    cmocka_unit_test(test_people),
	    cmocka_unit_test(test_actions),
	    cmocka_unit_test(tasks_that_expire_while_nobody_works_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
