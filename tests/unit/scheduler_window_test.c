/* scheduler_window_test.c - order, pauses, own allowances and send windows, one short story
 * each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "scheduler_rows.h"

static const struct row order_rows[] = {
    {"between equal priorities the higher value goes first, before due and id", no_quiet,
     HELLO "0 ask a care 50 value=1\n0 ask b care 50 value=2\n0 ask c care 40 value=9\n0 run\n",
     "0 grant b\n0 deferred a gap 1/1 until=20 by=b\n0 deferred c gap 1/1 until=20 by=b\n"},
    {"and the allowance is kept for it", no_quiet,
     HELLO "0 ask high care 50 value=2 due=10\n0 ask low care 50 value=1\n0 run\n",
     "0 deferred low look_ahead until=30 by=high\n"},
    {"who waited for a higher one is looked at when that went out, however early", no_quiet,
     HELLO "0 ask x care 50 channel=external\n0 ask high care 80\n1 ask low promotion 20\n"
	   "1 run\n5 release x\n30 run\n",
     "0 permitted x\n0 deferred high gap 1/1 until=20 by=x\n"
     "1 deferred low gap 1/1 until=20 by=x\n5 released x permit (released)\n"
     "5 grant high\n5 deferred low gap 1/1 until=25 by=high\n25 grant low\n"},
};

static const struct row pause_rows[] = {
    {"who asked for quiet has it, until then", no_quiet,
     "0 contact all=1 paused=100\n0 ask a care 50\n0 ask b transactional 50\n"
     "0 ask c care 50 channel=task\n200 run\n",
     "0 grant b\n0 task\n0 task_created c\n0 deferred a paused until=100\n100 grant a\n"},
    {"at its end the night is still asked", usual,
     "0 contact all=1 paused=106\n0 ask a care 50\n200 run\n",
     "0 deferred a paused until=116\n106 deferred a quiet_hours until=116\n116 grant a\n"},
    {"it is taken back", no_quiet,
     "0 contact all=1 paused=100\n0 ask a care 50\n7 contact all=1\n7 run\n",
     "0 deferred a paused until=100\n7 grant a\n"},
    {"a pause beyond the end of it ends nothing before that", no_quiet,
     "0 contact all=1 paused=100\n0 ask a care 50 expires=50\n60 run\n",
     "0 deferred a paused until=100\n50 expired a paused until=100\n"},
    {"nothing is kept for who is paused", no_quiet,
     "0 contact all=1 paused=9\n0 ask high care 80\n0 ask low transactional 20\n"
     "0 ask x care 20 channel=external\n0 run\n",
     "0 refused x paused until=9\n0 grant low\n0 deferred high paused until=9\n"},
    {"what waits for a cap is not looked at for a pause, but hears of it in time", no_quiet,
     HELLO "0 ask a care 50\n1 ask b care 50\n2 contact all=1 paused=30\n40 run\n",
     "0 grant a\n1 deferred b gap 1/1 until=20 by=a\n2 contact\n"
     "2 deferred b paused until=30\n"
     "30 grant b\n"},
};

static const char quiet_days[] =
    CLASSES "caps:\n  - {name: gap, min_gap: 20h, classes: [care, feedback, promotion]}\n"
	    "quiet_hours: {from: \"21:00\", to: \"08:00\"}\nquiet_days: [sunday, \"01-07\"]\n"
	    "send_time: {fallback: \"10:00\", window: 2h}\njust_bought: off\n";

/* 0 is Monday noon; 36 the midnight that begins Wednesday the seventh; 132 that of Sunday. */
static const struct row hours_rows[] = {
    {"a window opens, and is open until just before its end", no_quiet,
     HELLO "0 ask a care 50 send=780-840\n1.99 ask b transactional 50 send=780-840\n"
	   "1.9999998 ask c transactional 50 send=780-840\n"
	   "2 ask d transactional 50 send=780-840\n30 run\n",
     "0 deferred a send_at until=1\n1 grant a\n1.99 grant b\n2 grant c\n"
     "2 deferred d send_at until=25\n25 grant d\n"},
    {"windows are for mail", no_quiet,
     HELLO "0 ask a care 50 send=780-840 channel=task\n"
	   "0 ask x care 50 send=780-840 channel=external\n0 run\n",
     "0 permitted x\n0 task\n0 task_created a\n"},
    {"the best hour, or the fallback", quiet_days,
     "0 contact all=1 hour=14\n0 ask a care 50 best\n3 contact all=1\n3 ask b care 50 best\n"
     "30 run\n",
     "0 deferred a send_at until=1.5\n1.5 grant a\n3 deferred b gap 1/1 until=22 by=a\n"
     "22 grant b\n"},
    {"the cap frees too late for today's window", no_quiet,
     HELLO "0 ask a care 50\n1 ask b care 50 send=780-840\n60 run\n",
     "0 grant a\n1 deferred b gap 1/1 until=25 by=a\n25 grant b\n"},
    {"the day and not the hour", quiet_days,
     HELLO "37 ask a care 50\n50 ask b care 50\n120 run\n142 ask c care 50\n200 run\n",
     "37 deferred a quiet_hours until=68\n50 deferred b quiet_days until=68\n68 grant a\n"
     "68 deferred b gap 1/1 until=92 by=a\n92 grant b\n142 deferred c quiet_days until=164\n"
     "164 grant c\n"},
    {"what needs no consent knows no quiet day, but keeps its window", quiet_days,
     HELLO "50 ask a transactional 50\n50 ask b transactional 50 send=900-960\n60 run\n",
     "50 grant a\n50 deferred b send_at until=51\n51 grant b\n"},
    {"nothing is kept for a higher one beyond its window's reach", no_quiet,
     HELLO "0 ask high care 80 send=480-500\n0 ask low care 20\n0 run\n",
     "0 grant low\n0 deferred high gap 1/1 until=20 by=low\n"},
    {"but it is within", no_quiet,
     HELLO "0.5 ask high care 80 send=480-500\n0.5 ask low care 20\n0.5 run\n",
     "0.5 deferred high send_at until=20\n0.5 deferred low look_ahead until=40 by=high\n"},
    {"no such instant before it expires", no_quiet,
     HELLO "0 ask a care 50 send=480-500 expires=20\n0 run\n", "0 expired a send_at until=20\n"},
    {"a window has two ends", no_quiet, HELLO "0 ask a care 50 send=480-480\n",
     "0 refused: $.request.send_to_min: expected a time of day after send_from_min, found one "
     "not after it\n"},
};

static const struct row own_rows[] = {
    {"the person's own limit", no_quiet,
     "0 contact all=1 allow=1/240\n0 ask a care 50\n30 ask b feedback 50\n"
     "30 ask c transactional 50\n30 ask x care 50 channel=external\n300 run\n",
     "0 grant a\n30 refused x own_allowance 1/1 until=240 by=a\n30 grant c\n"
     "30 deferred b own_allowance 1/1 until=240 by=a\n240 grant b\n"},
    {"mails that went long ago hear how far back it counts, and nothing else", no_quiet,
     "0 contact all=1 allow=1/720\n0 ask a care 50\n300 contact all=1 allow=2/720\n"
     "310 contact all=1 allow=2/480\n320 contact all=1 allow=2/480 paused=330\n"
     "340 contact erased\n340 run\n",
     "0 grant a\n310 contact\n340 contact\n"},
    {"longer than any window of the shop", no_quiet,
     "0 contact all=1 allow=1/720\n0 ask a care 50\n300 ask t transactional 50\n"
     "600 ask b care 50\n720 run\n",
     "0 grant a\n300 grant t\n600 deferred b own_allowance 1/1 until=720 by=a\n720 grant b\n"},
    {"mail of other tools counts, exempt mail is not held by it", no_quiet,
     "0 contact all=1 allow=1/240\n0 elsewhere x care\n1 ask a care 50\n"
     "1 ask b care 50 exempt\n1 run\n",
     "1 grant b\n1 deferred a own_allowance 2/1 until=241 by=b\n"},
    {"none at all, until it is taken back", no_quiet,
     "0 contact all=1 allow=0/240\n0 ask a care 50\n0 run\n", "0 displaced a own_allowance 0/0\n"},
    {"an own allowance that is dropped is heard at once", no_quiet,
     "0 contact all=1 allow=1/240\n0 ask a care 50\n30 ask b care 50\n31 contact all=1\n31 run\n",
     "0 grant a\n30 deferred b own_allowance 1/1 until=240 by=a\n31 contact\n31 grant b\n"},
};

static void hours(void **state)
{
	(void)state;
	PLAY(hours_rows);
}

static void own_allowances(void **state)
{
	(void)state;
	PLAY(own_rows);
}

static void order(void **state)
{
	(void)state;
	PLAY(order_rows);
}

static void pauses(void **state)
{
	(void)state;
	PLAY(pause_rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(order),
	    cmocka_unit_test(pauses),
	    cmocka_unit_test(hours),
	    cmocka_unit_test(own_allowances),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
