/* scheduler_window_test.c - order, pauses, own allowances and send windows, one short story each. */
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
	 "0 grant a\n1 deferred b gap 1/1 until=20 by=a\n2 deferred b paused until=30\n"
	 "30 grant b\n"},
};

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
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
