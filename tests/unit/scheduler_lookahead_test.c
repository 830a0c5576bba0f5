/* scheduler_lookahead_test.c - look-ahead, followers and other channels, one short story each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "scheduler_rows.h"

static const struct row ahead_rows[] = {
    {"the allowance is kept for the higher one that comes later", no_quiet,
     HELLO "0 ask high care 80 due=10\n0 ask low care 20\n100 run\n",
     "0 deferred low look_ahead until=30 by=high\n10 grant high\n"
     "10 deferred low gap 1/1 until=30 by=high\n30 grant low\n"},
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
     "0 contact\n0 grant low\n"},
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
    {"may I? no, not before", no_quiet, HELLO "0 ask a care 50\n1 ask x care 50 channel=external\n",
     "0 grant a\n1 refused x gap 1/1 until=20 by=a\n"},
    {"may I? not without consent, not at night, not before it is due", usual,
     "0 contact all=0 care=1\n0 ask x feedback 50 channel=external\n"
     "1 ask v care 50 channel=external due=2\n10 ask w care 50 channel=external\n",
     "0 contact\n0 refused x consent (feedback)\n1 refused v due until=2\n"
     "10 refused w quiet_hours until=20\n"},
    {"may I? not when a better one will need it", no_quiet,
     HELLO "0 ask high care 80 due=10\n0 ask x care 50 channel=external\n",
     "0 refused x look_ahead until=30 by=high\n"},
    {"a permit that was not used makes room at once", no_quiet,
     HELLO "0 ask x care 50 channel=external\n1 ask a care 50\n2 release x\n2 run\n"
	   "3 ask x care 50 channel=external\n",
     "0 permitted x\n1 deferred a gap 1/1 until=20 by=x\n2 released x permit (released)\n"
     "2 grant a\n"},
    {"mail under way hears of a change for eight days", no_quiet,
     HELLO "0 ask a care 50\n1 contact all=1 country=GB\n2 contact all=0\n"
	   "3 contact all=0 email=z@y.example\n190 ask b transactional 50 channel=task\n"
	   "191 contact all=1\n192 contact all=0\n",
     /* a no is told the inbox at any time, and an address to the old one and the new one */
     "0 grant a\n1 contact\n2 contact\n3 contact\n3 contact\n190 task\n190 task_created b\n"
     "191 contact\n191 contact\n192 contact\n"},
    {"bad records", usual,
     HELLO "0 ask a promotoin 50\n0 ask a care 50 channel=pigeon\n"
	   "0 ask a care 50 due=2 expires=2\n0 ask a care 50 holdout=1001\n"
	   "0 ask a care 50 follows=a\n0 ask a care 50 channel=external follows=b\n"
	   "0 cancel reason=\n0 elsewhere x unheard\n0 run\n",
     "0 refused: $.request.message_class: expected a class of the policy (perhaps "
     "\"promotion\"), found \"promotoin\"\n"
     "0 refused: $.request.channel: expected email, task or external, found \"pigeon\"\n"
     "0 refused: $.request.expires_ms: expected a time after due_ms, found one not after it\n"
     "0 refused: $.request.holdout_permille: expected a whole number from 0 to 1000, found 1001\n"
     "0 refused: $.request.follows: expected another request, found its own id\n"
     "0 refused: $.request.follows: expected nothing on channel external, which is answered "
     "at once, found a request\n"
     "0 refused: $.cancel: expected a request, a programme, an order or a reason, found none of "
     "them\n"
     "0 refused: $.sent_elsewhere.message_class: expected a class of the policy, found "
     "\"unheard\"\n"},
};

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
	    cmocka_unit_test(look_ahead),
	    cmocka_unit_test(other_channels_and_records),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
