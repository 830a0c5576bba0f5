/* scheduler_step_test.c - the arbiter's decisions, one short story each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "scheduler_story.h"

#define CLASSES                                                                                    \
	"shop: {name: S, time_zone: Europe/London, sender: \"S <s@s.example>\", "                  \
	"postal_address: \"1 Quay\"}\n"                                                            \
	"classes:\n  transactional: {needs_consent: false}\n  care: {}\n  feedback: {}\n"          \
	"  promotion: {holds_on_open_case: true}\n"

static const char usual[] = CLASSES
	"caps:\n"
	"  - {name: gap, min_gap: 20h, classes: [care, feedback, promotion]}\n"
	"  - {name: week, limit: 2, per: 7d, classes: [care, feedback, promotion]}\n"
	"  - {name: promotion-month, limit: 1, per: 30d, classes: [promotion]}\n"
	"quiet_hours: {from: \"21:00\", to: \"08:00\"}\n"
	"just_bought: {default: 90d, categories: {coffee: 14d}}\n";

static const char no_quiet[] = CLASSES
	"caps:\n"
	"  - {name: gap, min_gap: 20h, classes: [care, feedback, promotion]}\n"
	"quiet_hours: off\njust_bought: off\n";

static const char exempt_free[] = CLASSES
	"caps:\n"
	"  - {name: gap, min_gap: 20h, classes: [care, promotion], counts_exempt: false}\n"
	"quiet_hours: off\njust_bought: off\n";

static const char none_of_it[] = CLASSES
	"caps:\n"
	"  - {name: never, limit: 0, per: 1d, classes: [promotion]}\n"
	"  - {name: calls, limit: 1, per: 1d, classes: [care], channels: [task]}\n"
	"quiet_hours: off\njust_bought: off\n";

#define HELLO "0 contact all=1\n"

struct row {
	const char *name, *policy, *story, *answer;
};

static const struct row caps_rows[] = {
	{"the first is granted, at its own instant", usual,
	 HELLO "0 ask a care 50\n1 run\n", "0 grant a\n"},
	{"what arrives together is weighed together: priority, due, id", usual,
	 HELLO "0 ask b care 50\n0 ask c care 60\n0 ask a care 50\n0 run\n",
	 "0 grant c\n0 deferred a gap 1/1 until=20 by=c\n0 deferred b gap 1/1 until=20 by=c\n"},
	{"deferred to the exact instant at which the gap is over", no_quiet,
	 HELLO "0 ask a care 50\n1 ask b care 50\n100 run\n",
	 "0 grant a\n1 deferred b gap 1/1 until=20 by=a\n20 grant b\n"},
	{"due is not before; nothing is said about it", no_quiet,
	 HELLO "0 ask a care 50 due=5\n4.9 run\n6 run\n", "5 grant a\n"},
	{"a window is not a calendar: the third waits for the first to leave it", usual,
	 HELLO "0 ask a care 50\n24 ask b care 50\n48 ask c care 50\n200 run\n",
	 "0 grant a\n24 grant b\n48 deferred c week 2/2 until=168 by=b\n168 grant c\n"},
	{"caps end in the night: quiet hours put it off until eight", usual,
	 HELLO "0 ask a care 50\n10 run\n14 ask b care 50\n44 run\n"
	       "44.5 ask c care 50\n60 ask d promotion 90\n1000 run\n",
	 "0 grant a\n14 deferred b quiet_hours until=20\n20 grant b\n"
	 "44.5 deferred c week 2/2 until=168 by=b\n"
	 "60 deferred d week 2/2 until=168 by=b\n"
	 "168 grant d\n168 deferred c gap 1/1 until=188 by=d\n"
	 "188 grant c\n"},
	{"no room before it expires: displaced at once, by whom", no_quiet,
	 HELLO "0 ask a care 50\n1 ask b care 50 expires=20\n",
	 "0 grant a\n"},
	{"... in the timer of the instant", no_quiet,
	 HELLO "0 ask a care 50\n1 ask b care 50 expires=20\n1 run\n",
	 "0 grant a\n1 displaced b gap 1/1 until=20 by=a\n"},
	{"room in the last millisecond is room", no_quiet,
	 HELLO "0 ask a care 50\n1 ask b care 50 expires=20.0000003\n30 run\n",
	 "0 grant a\n1 deferred b gap 1/1 until=20 by=a\n20 grant b\n"},
	{"the night outlasts it: expired", usual,
	 HELLO "10 ask a care 50 expires=20\n10 run\n", "10 expired a quiet_hours until=20\n"},
	{"a limit of none displaces at once, nobody won", none_of_it,
	 HELLO "0 ask a promotion 50\n0 run\n", "0 displaced a never 0/0\n"},
	{"other classes have other caps, several are granted in one instant", usual,
	 HELLO "0 ask a care 50\n0 ask b transactional 10\n0 run\n", "0 grant a\n0 grant b\n"},
	{"a window longer than anything else is remembered to its end", usual,
	 HELLO "0 ask a promotion 50\n245 ask b care 50\n300 ask c promotion 50\n720 run\n",
	 "0 grant a\n245 grant b\n300 deferred c promotion-month 1/1 until=720 by=a\n"
	 "720 grant c\n"},
	{"exempt passes the caps, and counts", no_quiet,
	 HELLO "0 ask a care 50\n1 ask b care 50 exempt\n10 ask c care 50\n100 run\n",
	 "0 grant a\n1 grant b\n10 deferred c gap 2/1 until=21 by=b\n21 grant c\n"},
	{"exempt is not counted where the rule says so", exempt_free,
	 HELLO "0 ask a care 50\n1 ask b care 50 exempt\n10 ask c care 50\n100 run\n",
	 "0 grant a\n1 grant b\n10 deferred c gap 1/1 until=20 by=a\n20 grant c\n"},
	{"mail of other tools counts, once, at its own time", no_quiet,
	 HELLO "5 elsewhere x care at=3\n6 elsewhere x care at=6\n7 ask a care 50\n100 run\n",
	 "7 deferred a gap 1/1 until=23 by=x\n23 grant a\n"},
	{"what was sent was not sent in the future", no_quiet,
	 HELLO "5 elsewhere x care at=9\n6 ask a care 50\n25 run\n",
	 "6 deferred a gap 1/1 until=25 by=x\n25 grant a\n"},
	{"transactional mail knows no night", usual,
	 HELLO "10 ask a transactional 10\n10 run\n", "10 grant a\n"},
	{"the night is the customer's", usual,
	 "0 contact all=1 zone=Europe/Vienna\n8.5 ask a care 50\n19 run\n",
	 "8.5 deferred a quiet_hours until=19\n19 grant a\n"},
	{"who moves is looked at again", usual,
	 "0 contact all=1 zone=Europe/Vienna\n8.5 ask a care 50\n8.6 contact all=1\n8.6 run\n",
	 "8.5 deferred a quiet_hours until=19\n8.6 grant a\n"},
	{"erased or not, a second look that comes to the same is no second deferral", usual,
	 "0 contact all=1 zone=Europe/Vienna\n8.5 ask a care 50\n"
	 "8.6 contact all=1 zone=Europe/Vienna country=AT\n19 run\n",
	 "8.5 deferred a quiet_hours until=19\n19 grant a\n"},
};

static const struct row ends_rows[] = {
	{"nothing is known: no consent", usual, "0 ask a care 50\n0 run\n",
	 "0 no_consent a consent (care)\n"},
	{"the explicit word on the class counts more than all", usual,
	 "0 contact all=0 care=1\n0 ask a care 50\n0 ask b feedback 40\n0 run\n",
	 "0 no_consent b consent (feedback)\n0 grant a\n"},
	{"and the other way round", usual,
	 "0 contact all=1 care=0\n0 ask a care 50\n0 run\n", "0 no_consent a consent (care)\n"},
	{"some classes and all tasks need none", usual,
	 "0 contact all=0\n0 ask a transactional 50\n0 ask b care 50 channel=task\n0 run\n",
	 "0 grant a\n0 task\n0 task_created b\n"},
	{"consent withdrawn ends what waits, at the timer of the instant", no_quiet,
	 HELLO "0 ask a care 50 due=50\n1 contact all=0\n1.1 run\n",
	 "1 no_consent a consent (care)\n"},
	{"new goods end nothing before it is due", usual,
	 HELLO "0 ask a promotion 50 category=tents due=2000 expires=3000\n"
	       "1 contact all=1 bought=tents\n2013 run\n",
	 "2000 just_bought a just_bought until=2161 (tents)\n"},
	{"no address", usual, "0 contact all=1 email=\n0 ask a care 50\n0 run\n",
	 "0 undeliverable a address (no address)\n"},
	{"not an address", usual, "0 contact all=1 email=x>y@z\n0 ask a care 50\n0 run\n",
	 "0 undeliverable a address (not an address)\n"},
	{"an address that takes no mail", usual,
	 "0 contact all=1 undeliverable=hard\n0 ask a care 50\n0 ask b care 50 channel=task\n0 run\n",
	 "0 undeliverable a address (hard)\n0 task\n0 task_created b\n"},
	{"just bought, until the window of the category is over", usual,
	 "0 contact all=1 bought=coffee\n335.999 ask a promotion 50 category=coffee\n"
	 "336 ask b promotion 50 category=coffee\n336 run\n",
	 "335.999 just_bought a just_bought until=336 (coffee)\n336 grant b\n"},
	{"just bought is for promotion", usual,
	 "0 contact all=1 bought=tents\n0 ask a care 50 category=tents\n0 run\n", "0 grant a\n"},
	{"everybody is in a holdout of everybody", usual,
	 HELLO "0 ask a care 50 holdout=1000\n0 ask b transactional 50 holdout=1000\n0 run\n",
	 "0 holdout a holdout (p)\n0 grant b\n"},
	{"it came too late", usual, HELLO "5 ask a care 50 due=1 expires=3\n5 run\n",
	 "5 expired a expires\n"},
	{"a refund cancels what is about the order, and only that", no_quiet,
	 HELLO "0 ask a care 50 due=9 order=17\n0 ask b care 40 due=9 order=18\n"
	       "0 ask c care 30 due=9 order=17 programme=q\n"
	       "1 cancel order=17 programme=p\n9 run\n",
	 "1 cancelled a cancel (order.refunded)\n9 grant b\n"
	 "9 deferred c gap 1/1 until=29 by=b\n"},
	{"erasure ends everything at once and keeps the caps", no_quiet,
	 HELLO "0 ask a care 50\n1 ask b care 50\n1 ask c care 50 channel=task due=5\n"
	       "2 contact erased\n3 ask d care 50\n3 run\n4 contact all=1\n"
	       "5 ask e care 50\n30 run\n",
	 "0 grant a\n1 deferred b gap 1/1 until=20 by=a\n2 contact\n"
	 "2 erased b erased\n2 erased c erased\n3 erased d erased\n4 contact\n"
	 "5 deferred e gap 1/1 until=20 by=a\n20 grant e\n"},
	{"an open case holds promotion until it is closed", no_quiet,
	 "0 contact all=1 case=late:1\n0 ask a promotion 50\n0 ask b care 40\n"
	 "30 contact all=1\n30 run\n",
	 "0 deferred a open_case (late:1)\n0 grant b\n30 grant a\n"},
	{"or until it expires", no_quiet,
	 "0 contact all=1 case=late:1\n0 ask a promotion 50 expires=10\n10 run\n",
	 "0 deferred a open_case (late:1)\n10 expired a open_case (late:1)\n"},
	{"a repeat changes nothing", no_quiet,
	 HELLO "0 ask a care 50\n0 ask a care 50\n1 ask a care 50\n100 ask a care 50\n"
	       "800 ask a care 50\n800 run\n",
	 "0 grant a\n"},
	{"nor does one of what ended", no_quiet,
	 "0 ask a care 50\n1 ask a care 50\n2 contact all=1\n3 ask a care 50\n100 run\n",
	 "0 no_consent a consent (care)\n"},
};

static const struct row ahead_rows[] = {
	{"the allowance is kept for the higher one that comes later", no_quiet,
	 HELLO "0 ask high care 80 due=10\n0 ask low care 20\n100 run\n",
	 "0 deferred low look_ahead until=30 by=high\n10 grant high\n30 grant low\n"},
	{"not when there is room for both", no_quiet,
	 HELLO "0 ask high care 80 due=20\n0 ask low care 20\n100 run\n",
	 "0 grant low\n20 grant high\n"},
	{"one millisecond earlier there is none", no_quiet,
	 HELLO "0 ask high care 80 due=19.9999998\n0 ask low care 20\n0 run\n",
	 "0 deferred low look_ahead until=40 by=high\n"},
	{"nor for an equal one", no_quiet,
	 HELLO "0 ask high care 20 due=10\n0 ask low care 20\n0 run\n", "0 grant low\n"},
	{"nor for one that will have expired", usual,
	 HELLO "0 ask first promotion 20\n1 ask high promotion 80 due=30 expires=200\n"
	       "25 ask low care 20\n25 run\n",
	 "0 grant first\n25 grant low\n"},
	{"nor for one that nobody may send", no_quiet,
	 "0 contact all=1 care=0\n0 ask high care 80 due=10\n0 ask low feedback 20\n0 run\n",
	 "0 grant low\n"},
	{"nor for one that an open case holds", no_quiet,
	 "0 contact all=1 case=late:1\n0 ask high promotion 80 due=10\n0 ask low care 20\n0 run\n",
	 "0 grant low\n"},
	{"nor for another kind of message", usual,
	 HELLO "0 ask high transactional 80 due=10\n0 ask low care 20\n0 run\n", "0 grant low\n"},
	{"the month's promotion goes to the better one", usual,
	 HELLO "0 ask high promotion 80 due=200\n0 ask low promotion 20 expires=240\n"
	       "0 ask other care 20\n300 run\n",
	 "0 grant other\n0 deferred low gap 1/1 until=20 by=other\n"
	 "20 displaced low look_ahead until=920 by=high\n200 grant high\n"},
	{"the higher one is cancelled: the lower one goes at once", no_quiet,
	 HELLO "0 ask high care 80 due=10\n0 ask low care 20\n5 cancel request=high\n5 run\n",
	 "0 deferred low look_ahead until=30 by=high\n"
	 "5 cancelled high cancel (order.refunded)\n5 grant low\n"},
	{"a case opens: what is held needs nothing", no_quiet,
	 HELLO "0 ask high promotion 80 due=10\n0 ask low care 20\n"
	       "5 contact all=1 case=late:1\n5 run\n",
	 "0 deferred low look_ahead until=30 by=high\n5 grant low\n"},
	{"exempt does not keep anything free", no_quiet,
	 HELLO "0 ask high care 80 due=10\n0 ask low care 20 exempt\n0 run\n", "0 grant low\n"},
};

static const struct row other_rows[] = {
	{"a reminder follows by so long", no_quiet,
	 HELLO "0 ask b feedback 50 follows=a after=48\n2 ask a feedback 50\n100 run\n",
	 "2 grant a\n50 grant b\n"},
	{"it arrives after what it follows was granted", no_quiet,
	 HELLO "0 ask a feedback 50\n30 ask b feedback 50 follows=a after=48\n100 run\n",
	 "0 grant a\n48 grant b\n"},
	{"what it follows was cancelled", no_quiet,
	 HELLO "0 ask a feedback 50 due=9\n0 ask b feedback 50 follows=a after=48\n"
	       "0 ask c feedback 50 follows=b after=48\n"
	       "1 cancel request=a\n1 run\n9 ask d feedback 50 follows=a\n9 run\n",
	 "1 cancelled a cancel (order.refunded)\n1 cancelled b follows (a)\n"
	 "1 cancelled c follows (b)\n9 cancelled d follows (a)\n"},
	{"what it follows never comes", no_quiet,
	 HELLO "0 ask b feedback 50 follows=a expires=7\n7 run\n", "7 expired b follows (a)\n"},
	{"its place is that of the due time that it gets", no_quiet,
	 HELLO "0 ask b feedback 50 follows=a after=48\n0 ask d feedback 50 due=50\n"
	       "0 ask a feedback 50\n40 elsewhere x care\n60 run\n",
	 "0 grant a\n48 deferred b gap 1/1 until=60 by=x\n50 deferred d gap 1/1 until=60 by=x\n"
	 "60 grant b\n60 deferred d gap 1/1 until=80 by=b\n"},
	{"no time in between: the caps decide", no_quiet,
	 HELLO "0 ask b feedback 50 follows=a\n0 ask a transactional 50\n0 run\n",
	 "0 grant a\n0 grant b\n"},
	{"a task is counted where a cap lists tasks", none_of_it,
	 HELLO "0 ask a care 50 channel=task\n0 ask b care 40 channel=task\n"
	       "0 ask c feedback 40 channel=task\n24 run\n",
	 "0 task\n0 task_created a\n0 task\n0 task_created c\n"
	 "0 deferred b calls 1/1 until=24 by=a\n24 task\n24 task_created b\n"},
	{"may I? yes, and it counts", no_quiet,
	 HELLO "0 ask x care 50 channel=external\n1 ask a care 50\n1 run\n",
	 "0 permitted x\n1 deferred a gap 1/1 until=20 by=x\n"},
	{"may I? no, not before", no_quiet,
	 HELLO "0 ask a care 50\n1 ask x care 50 channel=external\n",
	 "0 grant a\n1 refused x gap 1/1 until=20 by=a\n"},
	{"may I? not without consent, not at night, not before it is due", usual,
	 "0 contact all=0 care=1\n0 ask x feedback 50 channel=external\n"
	 "1 ask v care 50 channel=external due=2\n10 ask w care 50 channel=external\n",
	 "0 refused x consent (feedback)\n1 refused v due until=2\n"
	 "10 refused w quiet_hours until=20\n"},
	{"may I? not when a better one will need it", no_quiet,
	 HELLO "0 ask high care 80 due=10\n0 ask x care 50 channel=external\n",
	 "0 refused x look_ahead until=30 by=high\n"},
	{"a permit that was not used makes room at once", no_quiet,
	 HELLO "0 ask x care 50 channel=external\n1 ask a care 50\n2 release x\n2 run\n"
	       "3 ask x care 50 channel=external\n",
	 "0 permitted x\n1 deferred a gap 1/1 until=20 by=x\n2 grant a\n"},
	{"mail under way hears of a change for eight days", no_quiet,
	 HELLO "0 ask a care 50\n1 contact all=1 country=GB\n2 contact all=0\n"
	       "3 contact all=0 email=z@y.example\n190 ask b transactional 50 channel=task\n"
	       "191 contact all=1\n192 contact all=0\n",
	 "0 grant a\n2 contact\n3 contact\n190 task\n190 task_created b\n191 contact\n"},
	{"bad records", usual,
	 HELLO "0 ask a promotoin 50\n0 ask a care 50 channel=pigeon\n"
	       "0 ask a care 50 due=2 expires=2\n0 ask a care 50 holdout=1001\n"
	       "0 ask a care 50 follows=a\n0 ask a care 50 channel=external follows=b\n"
	       "0 cancel\n0 elsewhere x unheard\n0 run\n",
	 "0 refused: $.request.message_class: expected a class of the policy (perhaps "
	 "\"promotion\"), found \"promotoin\"\n"
	 "0 refused: $.request.channel: expected email, task or external, found \"pigeon\"\n"
	 "0 refused: $.request.expires_ms: expected a time after due_ms, found one not after it\n"
	 "0 refused: $.request.holdout_permille: expected a whole number from 0 to 1000, found 1001\n"
	 "0 refused: $.request.follows: expected another request, found its own id\n"
	 "0 refused: $.request.follows: expected nothing on channel external, which is answered "
	 "at once, found a request\n"
	 "0 refused: $.cancel: expected a request, a programme or an order, found none of them\n"
	 "0 refused: $.sent_elsewhere.message_class: expected a class of the policy, found "
	 "\"unheard\"\n"},
};

static struct zones *zones;

static int set_up(void **state)
{
	(void)state;
	zones = fixture_zones();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	zones_free(zones);
	return 0;
}

static struct policy *load(const char *text)
{
	struct policy *policy = NULL;
	struct err err;

	if (policy_load(slice_text(text), "test.yaml", zones, NULL, &policy, &err) < 0)
		fail_msg("%s", err.text);
	return policy;
}

static void play(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct policy *policy = load(rows[i].policy);
		char *answer = story_play(policy, rows[i].story);

		if (strcmp(answer, rows[i].answer) != 0)
			fail_msg("%s\nstory:\n%sexpected:\n%sfound:\n%s", rows[i].name,
				 rows[i].story, rows[i].answer, answer);
		free(answer);
		policy_free(policy);
	}
}

#define PLAY(rows) play(rows, sizeof(rows) / sizeof((rows)[0]))

static void caps_and_quiet_hours(void **state)
{
	(void)state;
	PLAY(caps_rows);
}

static void ends(void **state)
{
	(void)state;
	PLAY(ends_rows);
}

static void look_ahead(void **state)
{
	(void)state;
	PLAY(ahead_rows);
}

static void other_channels_and_records(void **state)
{
	(void)state;
	PLAY(other_rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(caps_and_quiet_hours),
		cmocka_unit_test(ends),
		cmocka_unit_test(look_ahead),
		cmocka_unit_test(other_channels_and_records),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
