/* scheduler_step_test.c - caps, quiet hours and ends, one short story each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "scheduler_rows.h"

#define X50 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X200 X50 X50 X50 X50

static const struct row caps_rows[] = {
    {"the first is granted, at its own instant", usual, HELLO "0 ask a care 50\n1 run\n",
     "0 grant a\n"},
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
     "0 grant a\n14 deferred b gap 1/1 until=20 by=a\n20 grant b\n"
     "44.5 deferred c week 2/2 until=168 by=b\n"
     "60 deferred d week 2/2 until=168 by=b\n"
     "168 grant d\n168 deferred c gap 1/1 until=188 by=d\n"
     "188 grant c\n"},
    {"no room before it expires: displaced at once, by whom", no_quiet,
     HELLO "0 ask a care 50\n1 ask b care 50 expires=20\n", "0 grant a\n"},
    {"... in the timer of the instant", no_quiet,
     HELLO "0 ask a care 50\n1 ask b care 50 expires=20\n1 run\n",
     "0 grant a\n1 displaced b gap 1/1 until=20 by=a\n"},
    {"room in the last millisecond is room", no_quiet,
     HELLO "0 ask a care 50\n1 ask b care 50 expires=20.0000003\n30 run\n",
     "0 grant a\n1 deferred b gap 1/1 until=20 by=a\n20 grant b\n"},
    {"the night outlasts it: expired", usual, HELLO "10 ask a care 50 expires=20\n10 run\n",
     "10 expired a quiet_hours until=20\n"},
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
    {"transactional mail knows no night", usual, HELLO "10 ask a transactional 10\n10 run\n",
     "10 grant a\n"},
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
     "0 contact\n0 no_consent b consent (feedback)\n0 grant a\n"},
    {"and the other way round", usual, "0 contact all=1 care=0\n0 ask a care 50\n0 run\n",
     "0 contact\n0 no_consent a consent (care)\n"},
    {"some classes and all tasks need none", usual,
     "0 contact all=0\n0 ask a transactional 50\n0 ask b care 50 channel=task\n0 run\n",
     "0 contact\n0 grant a\n0 task\n0 task_created b\n"},
    {"consent withdrawn ends what waits, at the timer of the instant", no_quiet,
     HELLO "0 ask a care 50 due=50\n1 contact all=0\n1.1 run\n",
     "1 contact\n1 no_consent a consent (care)\n"},
    {"new goods end nothing before it is due", usual,
     HELLO "0 ask a promotion 50 category=tents due=2000 expires=3000\n"
	   "1 contact all=1 bought=tents\n2013 run\n",
     "2000 just_bought a just_bought until=2161 (tents)\n"},
    {"no address", usual, "0 contact all=1 email=\n0 ask a care 50\n0 run\n",
     "0 undeliverable a address (no address)\n"},
    {"not an address", usual, "0 contact all=1 email=x>y@z\n0 ask a care 50\n0 run\n",
     "0 undeliverable a address (not an address)\n"},
    {"an address that takes no mail", usual,
     "0 contact all=1 undeliverable=hard\n0 ask a care 50\n"
     "0 ask b care 50 channel=task\n0 run\n",
     "0 contact\n0 undeliverable a address (hard)\n0 task\n0 task_created b\n"},
    {"just bought, until the window of the category is over", usual,
     "0 contact all=1 bought=coffee\n335.999 ask a promotion 50 category=coffee\n"
     "336 ask b promotion 50 category=coffee\n336 run\n",
     "335.999 just_bought a just_bought until=336 (coffee)\n336 grant b\n"},
    {"what was bought reaches mail under way that is about it, and no other", usual,
     "0 contact all=1\n0 ask a promotion 50 category=tents\n0 run\n"
     "1 contact all=1 bought=coffee\n2 contact all=1 bought=tents\n",
     "0 grant a\n2 contact\n"},
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
    {"an address that is only written otherwise is no news for mail under way", no_quiet,
     HELLO
     "0 ask a care 50\n1 contact all=1 email=x@Y.EXAMPLE\n2 contact all=1 email=z@y.example\n",
     "0 grant a\n2 contact\n2 contact\n"},
    {"a merged id ends all that waits, tasks as well, and hears nothing more", no_quiet,
     HELLO
     "0 ask a care 50\n1 ask b care 50\n1 ask c care 50 channel=task due=5\n"
     "2 contact all=1 undeliverable=merged merged\n2 cancel reason=customer.merged\n"
     "3 ask d care 50 channel=task\n3 ask e care 40\n4 ask f care 50 channel=external\n4 run\n",
     "0 grant a\n1 deferred b gap 1/1 until=20 by=a\n2 contact\n"
     "2 cancelled b cancel (customer.merged)\n2 cancelled c cancel (customer.merged)\n2 cancel\n"
     "3 cancelled d cancel (customer.merged)\n3 cancelled e cancel (customer.merged)\n"
     "4 refused f cancel (customer.merged)\n"},
    {"erasure ends everything at once and keeps the caps", no_quiet,
     HELLO "0 ask a care 50\n1 ask b care 50\n1 ask c care 50 channel=task due=5\n"
	   "2 contact erased\n3 ask d care 50\n3 run\n4 contact all=1\n"
	   "5 ask e care 50\n30 run\n",
     "0 grant a\n1 deferred b gap 1/1 until=20 by=a\n2 contact\n"
     "2 erased b erased\n2 erased c erased\n3 erased d erased\n4 contact\n"
     "5 deferred e gap 1/1 until=20 by=a\n20 grant e\n"},
    {"what was set off before the erasure ends, though the person is back", no_quiet,
     "0 contact all=1\n2 contact erased=1.5\n3 contact all=1\n"
     "4 ask a care 50 since=1\n4 ask b care 50 since=1.5\n4 ask c care 50 since=1.6\n"
     "4 ask t care 50 since=1 channel=task\n4 ask x care 50 since=1 channel=external\n4 run\n"
     "30 contact all=1 care=1\n31 ask d care 50 since=1\n31 run\n",
     "4 refused x erased\n4 erased a erased\n4 erased b erased\n4 erased t erased\n4 grant c\n"
     "31 erased d erased\n"},
    {"what is told late of an erased person does not wait until it is due", no_quiet,
     "0 contact all=1\n20 contact erased=20\n21 ask a care 50 since=10 due=500\n"
     "21 ask f care 50 since=10 follows=z\n21 run\n22 ask b care 50 since=21 due=500\n"
     "23 contact all=1\n24 ask c care 50 since=20 due=500\n24 run\n500 run\n",
     "21 erased a erased\n21 erased f erased\n24 erased c erased\n500 grant b\n"},
    {"an erasure is forgotten in its time", no_quiet,
     "0 contact all=1\n2 contact erased\n9600 run\n9602 run\n"
     "9603 ask a care 50 since=1\n9603 run\n",
     "9603 no_consent a consent (care)\n"},
    {"an open case holds promotion until it is closed", no_quiet,
     "0 contact all=1 case=late:1\n0 ask a promotion 50\n0 ask b care 40\n"
     "30 contact all=1\n30 run\n",
     "0 grant b\n0 deferred a open_case (late:1)\n30 contact\n30 grant a\n"},
    {"a case is called by its kind and an id, which may have 200 bytes", no_quiet,
     "0 contact all=1 case=complaint:" X200 "\n0 ask a promotion 50\n0 run\n30 contact\n30 run\n",
     "0 deferred a open_case (complaint:" X200 ")\n30 no_consent a consent (promotion)\n"},
    {"an ask for feedback waits for its end, whatever its class says", no_quiet,
     HELLO "0 ask a care 50\n1 ask b feedback 50 case=waits\n2 contact all=1 case=complaint:9\n"
	   "30 contact all=1\n30 run\n",
     "0 grant a\n1 deferred b gap 1/1 until=20 by=a\n2 contact\n"
     "2 deferred b open_case (complaint:9)\n30 contact\n30 grant b\n"},
    {"a task that a case or a low score is owed waits for no case", no_quiet,
     "0 contact all=1 case=complaint:9\n0 ask a promotion 50 channel=task case=goes\n"
     "0 ask b promotion 50 channel=task\n0 run\n",
     "0 task\n0 task_created a\n0 deferred b open_case (complaint:9)\n"},
    {"nor is it held out", no_quiet,
     HELLO
     "0 ask a care 50 channel=task holdout=1000 always\n0 ask b care 50 holdout=1000\n0 run\n",
     "0 holdout b holdout (p)\n0 task\n0 task_created a\n"},
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(caps_and_quiet_hours),
	    cmocka_unit_test(ends),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
