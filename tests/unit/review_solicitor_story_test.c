/* review_solicitor_story_test.c - stories of one customer, and what she is asked. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "review_solicitor_world.h"

#define ASK_A "7 email feedback-rating for rating A\n"
#define REMIND_A "12 email feedback-reminder for reminder:1 A\n"
#define REVIEW_A "14 email feedback-review for review A\n"
#define ANSWER_A "cancel rating A because feedback.received\n"

static const struct story {
	const char *name, *story, *told;
} stories[] =
    {
	{"asked once, reminded once", "0 order.delivered A", ASK_A REMIND_A REVIEW_A},
	{"a repeated delivery changes nothing",
	 "0 order.delivered A id=x\n1 order.delivered A id=x\n2 order.delivered A",
	 ASK_A REMIND_A REVIEW_A},
	{"a repeat after the ask neither",
	 "0 order.delivered A id=x\n8 order.delivered A id=x time=0", ASK_A REMIND_A REVIEW_A},
	{"the longest wait decides", "0 order.delivered A items=coffee,tents",
	 "30 email feedback-rating for rating A\n"
	 "35 email feedback-reminder for reminder:1 A\n"
	 "37 email feedback-review for review A\n"},
	{"a shorter one alone", "0 order.delivered A items=coffee",
	 "2 email feedback-rating for rating A\n"
	 "7 email feedback-reminder for reminder:1 A\n"
	 "9 email feedback-review for review A\n"},
	{"goods without a wait of their own count with the usual one",
	 "0 order.delivered A items=coffee,socks", ASK_A REMIND_A REVIEW_A},
	{"what was bought is remembered when the delivery does not say",
	 "0 order.placed A items=tents\n2 order.delivered A",
	 "32 email feedback-rating for rating A\n"
	 "37 email feedback-reminder for reminder:1 A\n"
	 "39 email feedback-review for review A\n"},
	{"a late record counts from its own time", "3 order.delivered A time=0",
	 ASK_A REMIND_A REVIEW_A},
	{"a very late one is asked about at once", "10 order.delivered A time=0",
	 "10 email feedback-rating for rating A\n"
	 "15 email feedback-reminder for reminder:1 A\n"
	 "17 email feedback-review for review A\n"},
	{"one too late is not", "28 order.delivered A time=0", ""},
	{"refunded before the ask: silence", "0 order.delivered A\n6 order.refunded A", ""},
	{"refunded at the instant of the ask", "0 order.delivered A\n7 order.refunded A", ""},
	{"refunded after it", "0 order.delivered A\n8 order.refunded A\n9 order.refunded A",
	 ASK_A "8 cancel all feedback of A because order.refunded\n"},
	{"cancelled before it was delivered", "0 order.cancelled A\n1 order.delivered A", ""},
	{"cancelled, and nobody has heard of it",
	 "0 order.cancelled A\n0 order.placed A amount=90\n1 order.delivered A", ""},
	{"given back before it was there",
	 "0 order.placed A amount=90\n1 order.refunded A\n3 order.delivered A", ""},
	{"given back by parts before it was there",
	 "0 order.placed A amount=90\n1 order.refunded A amount=40\n2 order.refunded A "
	 "amount=50\n3 order.delivered A",
	 ""},
	{"given back before its second parcel was there",
	 "0 order.placed A amount=90\n1 order.delivered A parcel=1 parcels=2\n2 order.refunded A\n"
	 "3 order.delivered A parcel=2",
	 ""},
	{"a part given back before its second parcel was there",
	 "0 order.placed A amount=90\n0 order.delivered A parcel=1 parcels=2\n0 order.refunded A "
	 "amount=40\n"
	 "0 order.delivered A parcel=2",
	 ASK_A REMIND_A REVIEW_A},
	{"what is rated twice and was given back in between leads to no review",
	 "0 order.delivered A\n1 feedback.received A score=1\n2 order.refunded A\n3 "
	 "feedback.received A score=2",
	 "1 task phone-call for low A\n"},
	{"what was given back and is rated twice leads to no review",
	 "0 order.delivered A\n1 order.refunded A\n2 feedback.received A score=1\n3 "
	 "feedback.received A score=2",
	 "2 task phone-call for low A\n"},
	{"a stay is over when it ends, however early it was booked",
	 "0 order.placed A ends=180\n190 order.delivered A",
	 "187 email feedback-rating for rating A\n"
	 "192 email feedback-reminder for reminder:1 A\n"
	 "194 email feedback-review for review A\n"},
	{"unless it is told before", "0 order.placed A ends=180\n179 order.delivered A",
	 "186 email feedback-rating for rating A\n"
	 "191 email feedback-reminder for reminder:1 A\n"
	 "193 email feedback-review for review A\n"},
	{"it may be moved, and the newest word counts",
	 "0 order.placed A ends=80 items=coffee\n10 order.updated A ends=20\n11 order.updated A "
	 "ends=99 time=5",
	 "22 email feedback-rating for rating A\n"
	 "27 email feedback-reminder for reminder:1 A\n"
	 "29 email feedback-review for review A\n"},
	{"cancelled, it does not end", "0 order.placed A ends=80\n70 order.cancelled A", ""},
	{"one that was over for long is history", "200 order.placed A ends=10", ""},
	{"two orders", "0 order.delivered A\n1 order.delivered B",
	 ASK_A "8 email feedback-rating for rating B\n" REMIND_A
	       "13 email feedback-reminder for reminder:1 B\n" REVIEW_A},
	{"an answer ends the reminder",
	 "0 order.delivered A\n9 feedback.received A score=3 rung=review",
	 ASK_A "9 " ANSWER_A "39 email feedback-referral for referral A\n"},
	{"an answer before the ask", "0 order.delivered A\n1 feedback.received A", ""},
	{"an answer before the delivery", "0 feedback.received A\n1 order.delivered A", ""},
	{"words without a score lead to no favour", "0 order.delivered A\n9 feedback.received A",
	 ASK_A "9 " ANSWER_A REVIEW_A},
	{"a published review is an answer", "0 order.delivered A\n13 review.published A",
	 ASK_A REMIND_A "13 cancel rating A because review.published\n"
			"13 cancel reminder:1 A because review.published\n"},

	{"a low score is for a human, once",
	 "0 order.delivered A\n9 feedback.received A score=2 id=f\n9 feedback.received A score=2 "
	 "id=f\n"
	 "10 feedback.received A score=1\n11 feedback.received A score=5",
	 ASK_A "9 " ANSWER_A "9 task phone-call for low A\n" REVIEW_A},
	{"a low score takes back the favour, never the review",
	 "0 order.delivered A\n9 feedback.received A score=5\n10 feedback.received A score=1",
	 ASK_A "9 " ANSWER_A "10 task phone-call for low A\n" REVIEW_A},
	{"a low score is not taken back by a refund",
	 "0 order.delivered A\n9 feedback.received A score=1\n10 order.refunded A",
	 ASK_A "9 " ANSWER_A "9 task phone-call for low A\n"},
	{"a refund after a low score takes back the review, and leaves the call",
	 "0 order.delivered A\n9 feedback.received A score=1\n15 order.refunded A",
	 ASK_A "9 " ANSWER_A "9 task phone-call for low A\n" REVIEW_A
	       "15 cancel review A because order.refunded\n"},
	{"who has published a review is not asked for one",
	 "0 order.delivered A\n8 review.published A\n20 order.delivered B",
	 ASK_A "8 cancel rating A because review.published\n"
	       "27 email feedback-rating for rating B\n"
	       "32 email feedback-reminder for reminder:1 B\n"},
	{"an unknown order too", "0 feedback.received A score=1",
	 "0 task phone-call for low A\n"
	 "7 email feedback-review for review A\n"},
	{"an old low score is history", "20 feedback.received A score=1 time=0",
	 "20 email feedback-review for review A\n"},

	{"up the ladder",
	 "0 order.delivered A\n9 feedback.received A score=5\n"
	 "10 feedback.received A score=5 rung=review\n50 feedback.received A score=4 "
	 "rung=referral\n"
	 "150 feedback.received A score=5 rung=testimonial\n400 feedback.received A score=5 "
	 "rung=event",
	 ASK_A "9 " ANSWER_A "44 email feedback-referral for referral A\n"
	       "50 cancel referral A because feedback.received\n"
	       "134 email feedback-testimonial for testimonial A\n"
	       "150 cancel testimonial A because feedback.received\n"
	       "314 email feedback-event for event A\n"
	       "400 cancel event A because feedback.received\n"},
	{"a score given twice leads up once",
	 "0 order.delivered A\n9 feedback.received A score=5\n9.5 feedback.received A score=4",
	 ASK_A "9 " ANSWER_A REVIEW_A "44 email feedback-referral for referral A\n"},
	{"another order leads to the next rung",
	 "0 feedback.received A score=5\n1 feedback.received B score=5",
	 "7 email feedback-review for review A\n"
	 "37 email feedback-referral for referral A\n"
	 "127 email feedback-testimonial for testimonial B\n"},
	{"each rung once a year",
	 "0 feedback.received A score=5 rung=event\n0 feedback.received B score=5\n"
	 "364 feedback.received C score=5\n367 feedback.received D score=5",
	 "7 email feedback-review for review B\n"
	 "37 email feedback-referral for referral B\n"
	 "364 email feedback-testimonial for testimonial C\n"},
	{"a refund takes the rung to come",
	 "0 feedback.received A score=5\n1 feedback.received B score=5\n2 order.refunded B",
	 "7 email feedback-review for review A\n"
	 "37 email feedback-referral for referral A\n"},
	{"a refund takes back the rung that was asked",
	 "0 feedback.received A score=5\n1 order.refunded A", ""},
	{"who refers is not asked to",
	 "0 feedback.received A score=5\n1 feedback.received B score=5\n2 referral.made -",
	 "7 email feedback-review for review A\n"
	 "127 email feedback-testimonial for testimonial B\n"},

	{"an open return holds the ask",
	 "0 order.delivered A\n6 return.opened A\n9 return.closed A",
	 "9 email feedback-rating for rating A\n"
	 "14 email feedback-reminder for reminder:1 A\n"
	 "16 email feedback-review for review A\n"},
	{"a case about something else too",
	 "0 order.delivered A\n6 complaint.opened X case=9\n6.5 complaint.closed X case=9",
	 ASK_A REMIND_A REVIEW_A},
	{"all of them must close",
	 "0 order.delivered A\n6 complaint.opened X case=9\n6 return.opened X case=9\n"
	 "9 complaint.closed X case=9\n10 return.closed X case=9",
	 "10 email feedback-rating for rating A\n"
	 "15 email feedback-reminder for reminder:1 A\n"
	 "17 email feedback-review for review A\n"},
	{"the reminder is held", "0 order.delivered A\n11 return.opened A\n20 return.closed A",
	 ASK_A "20 email feedback-reminder for reminder:1 A\n"
	       "20 email feedback-review for review A\n"},
	{"what comes next is held",
	 "0 return.opened A\n1 feedback.received B score=5\n4 return.closed A",
	 "8 email feedback-review for review B\n"
	 "38 email feedback-referral for referral B\n"},
	{"a late parcel", "0 order.late B\n0 order.delivered A\n9 order.delivered B",
	 "9 email feedback-rating for rating A\n"
	 "14 email feedback-reminder for reminder:1 A\n"
	 "16 email feedback-rating for rating B\n"
	 "16 email feedback-review for review A\n"
	 "21 email feedback-reminder for reminder:1 B\n"},
	{"late news of a late parcel", "0 order.delivered A\n1 order.late A time=0",
	 ASK_A REMIND_A REVIEW_A},
	{"delivered, with an earlier time than late", "0 order.late A\n1 order.delivered A time=-1",
	 "6 email feedback-rating for rating A\n"
	 "11 email feedback-reminder for reminder:1 A\n"
	 "13 email feedback-review for review A\n"},
	{"a late parcel that is cancelled",
	 "0 order.late B\n0 order.delivered A\n9 order.cancelled B",
	 "9 email feedback-rating for rating A\n"
	 "14 email feedback-reminder for reminder:1 A\n"
	 "16 email feedback-review for review A\n"},
	{"closed before it was opened",
	 "0 order.delivered A\n2 return.closed A case=1\n3 return.opened A case=1 time=1",
	 ASK_A REMIND_A REVIEW_A},
	{"opened again",
	 "0 order.delivered A\n2 return.opened A case=1\n3 return.closed A case=1\n"
	 "4 return.opened A case=1\n8 return.closed A case=1",
	 "8 email feedback-rating for rating A\n"
	 "13 email feedback-reminder for reminder:1 A\n"
	 "15 email feedback-review for review A\n"},
	{"held no longer than a case lasts",
	 "0 order.delivered A\n6 return.opened A\n130 return.closed A",
	 "66 email feedback-rating for rating A\n"
	 "71 email feedback-reminder for reminder:1 A\n"
	 "73 email feedback-review for review A\n"},
	{"a late parcel holds 30 days, however often that is said",
	 "0 order.delivered A\n1 order.late B\n20 order.late B",
	 "31 email feedback-rating for rating A\n"
	 "36 email feedback-reminder for reminder:1 A\n"
	 "38 email feedback-review for review A\n"},
	{"a return is closed by its order",
	 "0 order.delivered A\n1 return.opened A case=9\n2 return.closed A",
	 ASK_A REMIND_A REVIEW_A},
	{"a return of another kind is not",
	 "0 order.delivered A\n1 complaint.opened A case=9\n2 return.closed A\n8 complaint.closed "
	 "X case=9",
	 "8 email feedback-rating for rating A\n"
	 "13 email feedback-reminder for reminder:1 A\n"
	 "15 email feedback-review for review A\n"},
	{"its closing is told first",
	 "0 order.delivered A\n2 return.closed A\n3 return.opened A case=9 time=1",
	 ASK_A REMIND_A REVIEW_A},
	{"opened by its order and closed by its id",
	 "0 order.delivered A\n1 return.opened A\n2 return.closed A case=9",
	 ASK_A REMIND_A REVIEW_A},

	{"a part given back ends nothing",
	 "0 order.placed A amount=90\n0 order.delivered A\n5 order.refunded A amount=5",
	 ASK_A REMIND_A REVIEW_A},
	{"nor before the delivery",
	 "0 order.placed A amount=90\n0 order.refunded A amount=5\n0 order.delivered A",
	 ASK_A REMIND_A REVIEW_A},
	{"nothing given back is nothing",
	 "0 order.placed A amount=90\n0 order.delivered A\n5 order.refunded A amount=0.00",
	 ASK_A REMIND_A REVIEW_A},
	{"all parts together are the whole",
	 "0 order.placed A amount=90\n0 order.delivered A\n5 order.refunded A amount=-50\n6 "
	 "order.refunded A amount=40",
	 ""},
	{"one of them told again is not two",
	 "0 order.placed A amount=90\n0 order.delivered A\n5 order.refunded A amount=50 id=r\n"
	 "6 order.refunded A amount=50 id=r time=5",
	 ASK_A REMIND_A REVIEW_A},
	{"in other money nobody can tell",
	 "0 order.placed A amount=90 currency=GBP\n0 order.delivered A\n5 order.refunded A "
	 "amount=500 currency=JPY",
	 ASK_A REMIND_A REVIEW_A},
	{"what it costs is told last",
	 "0 order.delivered A\n1 order.refunded A amount=90\n2 order.placed A amount=90", ""},
	{"the newest word about that counts",
	 "0 order.placed A amount=90\n0 order.delivered A\n1 order.updated A amount=110\n2 "
	 "order.refunded A amount=90",
	 ASK_A REMIND_A REVIEW_A},
	{"a late parcel is late after a part was given back",
	 "0 order.delivered B\n1 order.placed A amount=90\n1 order.late A\n2 order.refunded A "
	 "amount=5\n9 order.delivered A",
	 "9 email feedback-rating for rating B\n"
	 "14 email feedback-reminder for reminder:1 B\n"
	 "16 email feedback-rating for rating A\n"
	 "16 email feedback-review for review B\n"
	 "21 email feedback-reminder for reminder:1 A\n"},

	{"delivered when the last parcel is",
	 "0 order.shipped A parcels=2\n0 order.delivered A parcel=1\n3 order.delivered A parcel=2",
	 "10 email feedback-rating for rating A\n"
	 "15 email feedback-reminder for reminder:1 A\n"
	 "17 email feedback-review for review A\n"},
	{"one parcel twice is one",
	 "0 order.shipped A parcels=2\n0 order.delivered A parcel=1\n3 order.delivered A parcel=1",
	 ""},
	{"every parcel that was shipped",
	 "0 order.shipped A parcel=1\n0 order.shipped A parcel=2\n0 order.delivered A parcel=2\n"
	 "1 order.delivered A parcel=1",
	 "8 email feedback-rating for rating A\n"
	 "13 email feedback-reminder for reminder:1 A\n"
	 "15 email feedback-review for review A\n"},
	{"a delivery that names none is of all", "0 order.shipped A parcels=2\n0 order.delivered A",
	 ASK_A REMIND_A REVIEW_A},
	{"edited goods have another wait",
	 "0 order.placed A items=tents\n1 order.updated A items=coffee\n2 order.delivered A",
	 "4 email feedback-rating for rating A\n"
	 "9 email feedback-reminder for reminder:1 A\n"
	 "11 email feedback-review for review A\n"},

	{"a delivery that was imported is not asked about", "0 order.delivered A live=1", ""},
	{"... nor when the shop tells it again", "0 order.delivered A live=1\n1 order.delivered A",
	 ""},
	{"what was placed before and comes afterwards is",
	 "-3 order.placed A live=-1\n0 order.delivered A", ASK_A REMIND_A REVIEW_A},
	{"... and what was delivered after live events began", "0 order.delivered A live=-1",
	 ASK_A REMIND_A REVIEW_A},
	{"an answer that was imported leads to no favour",
	 "-3 order.delivered A live=1\n0 feedback.received A score=5 rung=rating live=1", ""},
	{"a low score that was imported is nobody's task",
	 "-3 order.delivered A live=1\n0 feedback.received A score=1 rung=rating live=1", ""},
	{"... but one since live events began is",
	 "-3 order.delivered A live=-1\n0 feedback.received A score=1 rung=rating live=-1",
	 "0 task phone-call for low A\n7 email feedback-review for review A\n"},
	{"a stay that had ended is not asked about", "-9 order.placed A ends=-2 live=0", ""},
	{"erased", "0 order.delivered A\n3 customer.erased -", ""},
	{"somebody else's record", "0 order.delivered A customer=bob", ""},
	{"what cannot be read", "0 order.delivered A id=", ""},
	{"what means nothing here", "0 message.opened A", ""},
},
  merged_stories[] = {
      {"who goes on under another id is not asked any more",
       "0 order.delivered A\n1 customer.merged -\n2 order.delivered B\n3 feedback.received B "
       "score=1",
       ""},
      {"... nor reminded", "0 order.delivered A\n8 customer.merged -", ASK_A},
};

/* However it goes, after a while nothing is left but so many bytes. */
static void play(const struct story *story, size_t left)
{
	struct world world;
	const char *told;

	world_open(&world);
	world_tell(&world, story->story, 450);
	told = world.told.bytes ? world.told.bytes : "";
	if (strcmp(told, story->told) != 0)
		fail_msg("%s: expected\n%sfound\n%s", story->name, story->told, told);
	world_advance(&world, STORY_MS + 2000 * DAY_MS);
	if (world_left(&world) != left || world.due_ms != NEVER_MS)
		fail_msg("%s: %zu bytes are left", story->name, world_left(&world));
	world_close(&world);
}

static void test_stories(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++)
		play(&stories[i], 0);
}

/* That one is not asked any more must not be forgotten. */
static void test_merged_stories(void **state)
{
	enum { FLAG_BYTES = 4 };

	(void)state;
	for (size_t i = 0; i < sizeof(merged_stories) / sizeof(merged_stories[0]); i++)
		play(&merged_stories[i], FLAG_BYTES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_stories),
	    cmocka_unit_test(test_merged_stories),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
