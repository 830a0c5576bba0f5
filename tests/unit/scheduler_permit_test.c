/* scheduler_permit_test.c - what another tool was allowed: confirmed, given back or lapsed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "scheduler_rows.h"

static const struct row permit_rows[] = {
    {"a reserved permit lapses at that instant, and who waited is looked at", no_quiet,
     HELLO "0 ask x care 50 channel=external reserve=3\n1 ask a care 50\n30 run\n",
     "0 permitted x\n1 deferred a gap 1/1 until=20 by=x\n3 released x permit (lapsed)\n"
     "3 grant a\n"},
    {"a confirmed one stays, confirmed once or twice", no_quiet,
     HELLO "0 ask x care 50 channel=external reserve=3\n1 ask a care 50\n2 confirm x\n"
	   "2.5 confirm x\n30 run\n",
     "0 permitted x\n1 deferred a gap 1/1 until=20 by=x\n20 grant a\n"},
    {"who hoped for the lapse of one that is confirmed then has lost", no_quiet,
     HELLO "0 ask x care 50 channel=external reserve=3\n1 ask a care 50 expires=9\n"
	   "2 confirm x\n30 run\n",
     "0 permitted x\n1 deferred a gap 1/1 until=20 by=x\n9 displaced a gap until=20 by=x\n"},
    {"at the instant of the lapse it is too late to confirm", no_quiet,
     HELLO "0 ask x care 50 channel=external reserve=3\n3 confirm x\n3 run\n"
	   "4 confirm x\n4 ask y care 50 channel=external\n",
     "0 permitted x\n3 released x permit (lapsed)\n4 permitted y\n"},
    {"and whoever asks at that instant finds room", no_quiet,
     HELLO "0 ask x care 50 channel=external reserve=3\n"
	   "3 ask y care 50 channel=external reserve=3\n3 run\n",
     "0 permitted x\n3 released x permit (lapsed)\n3 permitted y\n"},
    {"a millisecond before there is none", no_quiet,
     HELLO "0 ask x care 50 channel=external reserve=3\n"
	   "2.9999998 ask y care 50 channel=external\n",
     "0 permitted x\n3 refused y gap 1/1 until=20 by=x\n"},
    {"given back once, whether reserved or confirmed or neither", no_quiet,
     HELLO "0 ask x care 50 channel=external reserve=9\n1 release x\n1 release x\n"
	   "2 ask y care 50 channel=external reserve=9\n3 confirm y\n4 release y\n"
	   "5 ask z care 50 channel=external\n6 release z\n20 run\n",
     "0 permitted x\n1 released x permit (released)\n2 permitted y\n"
     "4 released y permit (released)\n5 permitted z\n6 released z permit (released)\n"},
    {"a repeat of the question decides nothing, before and after", no_quiet,
     HELLO "0 ask x care 50 channel=external reserve=3\n"
	   "1 ask x care 50 channel=external reserve=3\n3 run\n"
	   "4 ask x care 50 channel=external reserve=3\n4 release x\n4 confirm x\n",
     "0 permitted x\n3 released x permit (lapsed)\n"},
    {"one that outlives what else is kept of a forgotten person wakes nobody before it lapses",
     no_quiet,
     HELLO "0 ask x care 50 channel=external reserve=2000\n1 contact erased\n1900 run\n2100 run\n",
     "0 permitted x\n2000 released x permit (lapsed)\n"},
    {"mail and unknown permits are not given back", no_quiet,
     HELLO "0 ask a care 50\n1 release a\n1 confirm a\n1 release q\n1 ask b care 50\n1 run\n",
     "0 grant a\n1 deferred b gap 1/1 until=20 by=a\n"},
    {"only other tools reserve", no_quiet, HELLO "0 ask a care 50 reserve=3\n",
     "0 refused: $.request.reserve_ms: expected nothing but on channel external, found a time "
     "on another one\n"},
};

static void permits(void **state)
{
	(void)state;
	PLAY(permit_rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(permits)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
