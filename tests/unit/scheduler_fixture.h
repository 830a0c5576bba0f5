/*
 * scheduler_fixture.h - a customer who agrees to everything, and two policies.
 */
#ifndef NURTURE_TESTS_SCHEDULER_FIXTURE_H
#define NURTURE_TESTS_SCHEDULER_FIXTURE_H

#include "scheduler_story.h"

#define HEAD                                                                                       \
	"shop: {name: S, time_zone: Europe/London, sender: \"S <s@s.example>\", "                  \
	"postal_address: \"1 Quay\"}\n"
#define TAIL "quiet_hours: off\njust_bought: off\n"

static const char before[] = HEAD "classes: {care: {}, promotion: {}, news: {}}\n"
				  "caps: [{name: gap, min_gap: 20h, classes: [promotion]}]\n" TAIL;
/* The same, but promotion stands elsewhere and news is gone. */
static const char after[] = HEAD "classes: {promotion: {}, receipt: {}, care: {}}\n"
				 "caps: [{name: gap, min_gap: 20h, classes: [promotion]}]\n" TAIL;

static struct zones *zones;
static struct policy *old_policy, *new_policy;
static struct driver driver;

static struct policy *load(const char *text)
{
	struct policy *policy = NULL;
	struct err err;

	if (policy_load(slice_text(text), "test.yaml", zones, NULL, &policy, &err) < 0)
		fail_msg("%s", err.text);
	return policy;
}

static int set_up(void **state)
{
	(void)state;
	zones = fixture_zones();
	old_policy = load(before);
	new_policy = load(after);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	policy_free(old_policy);
	policy_free(new_policy);
	zones_free(zones);
	return 0;
}

static void begin(void)
{
	static Nurture__V1__ConsentState yes = NURTURE__V1__CONSENT_STATE__INIT;
	static Nurture__V1__ConsentState *consent[] = {&yes};
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;

	driver_open(&driver, old_policy);
	yes.message_class = "all";
	yes.given = true;
	contact.email = "someone@customers.example";
	contact.consent = consent;
	contact.n_consent = 1;
	assert_int_equal(driver_contact(&driver, STORY_BEGIN_MS, &contact), 0);
}

static int ask(int64_t at_ms, const char *id, const char *class, int64_t due_ms)
{
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;

	request.id = (char *)id;
	request.programme = "p";
	request.channel = "email";
	request.message_class = (char *)class;
	request.due_ms = due_ms;
	request.expires_ms = due_ms + 30 * DAY_MS;
	return driver_request(&driver, at_ms, &request);
}

static const Nurture__V1__Outcome *last_outcome(void)
{
	assert_true(driver.output_count > 0);
	assert_non_null(driver.outputs[driver.output_count - 1].outcome);
	return driver.outputs[driver.output_count - 1].outcome;
}

#endif
