/* email_sender_inbox_test.c - two accounts with one address: what binds the inbox binds both. */
#include "common/mail/inbox.h"
#include "email_sender_world.h"

static struct world w;
static char key[INBOX_KEY_BYTES];

#define ADDRESS "family@mail.example"

static int set_up(void **state)
{
	(void)state;
	world_open(&w);
	assert_true(inbox_key(slice_text(ADDRESS), key));
	w.inbox = key;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world_close(&w);
	return 0;
}

/* However the address is written, it is the same inbox. */
static void mail(const char *customer, struct ask ask)
{
	w.customer = customer;
	if (!ask.email)
		ask.email = strcmp(customer, "ann") == 0 ? "Family@MAIL.example" : ADDRESS;
	world_dispatch(&w, ask);
}

static void sent(const char *id)
{
	world_result(&w, id, 1, SEND_SENT, 250, "");
}

/* What the customer says at this moment, by a word that can be shown. */
static void says(const char *customer, const char *consent)
{
	w.customer = customer;
	w.contact_said_ms = w.now_ms;
	world_contact(&w, ADDRESS, consent, false, "");
}

static void bounces(const char *customer, const char *address)
{
	w.customer = customer;
	world_contact(&w, address, NULL, false, "hard bounce");
}

static void caps_count_what_went_to_the_inbox(void **state)
{
	(void)state;
	mail("ann", (struct ask){.id = "a"});
	sent("a");
	w.now_ms = T0 + DAY_MS;
	mail("bob", (struct ask){.id = "b"});
	sent("b");
	/* Neither of the two has had more than one: the inbox has had both. */
	mail("bob", (struct ask){.id = "c"});
	assert_said(&w, "bob:deferred@86400(inbox:week until 604800)");
	mail("bob", (struct ask){.id = "d", .expires_ms = 2 * DAY_MS});
	assert_said(&w, "bob:displaced@86400(inbox:week until 604800)");
	mail("bob", (struct ask){.id = "e", .class_name = "transactional"});
	assert_said(&w, "effect:e/1");
	sent("e");
	w.now_ms = T0 + 7 * DAY_MS - 1;
	world_timer(&w);
	assert_said(&w, "");
	w.now_ms++;
	world_timer(&w);
	assert_said(&w, "effect:c/1");
	/* Where the customer's own mails are as many as may be, the rule has its own name. */
	sent("c");
	mail("bob", (struct ask){.id = "f"});
	assert_said(&w, "bob:deferred@604800(week until 691200)");
}

static void who_is_alone_is_asked_as_ever(void **state)
{
	(void)state;
	for (const char *id = "ab"; *id; id++) {
		char name[] = {*id, '\0'};

		mail("ann", (struct ask){.id = arena_text(&w.arena, name)});
		sent(name);
	}
	mail("ann", (struct ask){.id = "c"});
	assert_said(&w, "ann:deferred@0(week until 604800)");
	says("ann", "-promotion");
	assert_said(&w, "ann:no_consent@0");
}

static void an_opt_out_under_one_id_binds_the_other(void **state)
{
	(void)state;
	says("ann", "-promotion");
	assert_said(&w, "");
	w.now_ms = T0 + DAY_MS;
	mail("bob", (struct ask){.id = "a"});
	assert_said(&w, "bob:no_consent@86400(inbox:consent until 0)");
	mail("bob", (struct ask){.id = "b", .class_name = "transactional"});
	assert_said(&w, "effect:b/1");
	mail("bob", (struct ask){.id = "c", .class_name = "care"});
	assert_said(&w, "effect:c/1");
	says("ann", "-all");
	assert_said(&w, "recall:c/1");
}

static void an_opt_out_ends_what_waits_under_the_other_id(void **state)
{
	(void)state;
	mail("bob", (struct ask){.id = "a"});
	mail("ann", (struct ask){.id = "b"});
	mail("bob", (struct ask){.id = "c"});
	assert_said(&w, "bob:deferred@0(inbox:week until 604800)");
	sent("a");
	says("ann", "-promotion");
	/* Her own that is under way is called back, and his that waits is over. */
	assert_said(&w, "recall:b/1 bob:no_consent@0(inbox:consent until 0)");
}

static void a_later_word_that_can_be_shown_opens_the_inbox_again(void **state)
{
	(void)state;
	says("ann", "-promotion");
	w.now_ms = T0 + HOUR_MS;
	w.customer = "bob"; /* a shop's echo is no word of his */
	w.contact_said_ms = 0;
	world_contact(&w, ADDRESS, "promotion", false, "");
	mail("bob", (struct ask){.id = "a"});
	assert_said(&w, "bob:no_consent@3600(inbox:consent until 0)");
	says("bob", "care"); /* of another class */
	mail("bob", (struct ask){.id = "b"});
	assert_said(&w, "bob:no_consent@3600(inbox:consent until 0)");
	says("cleo", "promotion");
	mail("bob", (struct ask){.id = "c"});
	assert_said(&w, "effect:c/1");
	w.now_ms++;
	says("ann", "-promotion");
	assert_said(&w, "recall:c/1");
}

static void of_one_instant_the_withdrawal_holds(void **state)
{
	(void)state;
	says("ann", "-promotion");
	says("bob", "promotion");
	mail("bob", (struct ask){.id = "a"});
	assert_said(&w, "bob:no_consent@0(inbox:consent until 0)");
}

static void a_dead_address_is_dead_for_all(void **state)
{
	(void)state;
	bounces("ann", ADDRESS);
	mail("bob", (struct ask){.id = "a", .class_name = "transactional"});
	assert_said(&w, "bob:undeliverable@0(inbox:address until 0)[hard bounce]");
	/* Also when she has another one: what bounced was this one. */
	w.customer = "ann";
	world_contact(&w, "ann@new.example", NULL, false, "");
	mail("bob", (struct ask){.id = "b", .class_name = "transactional"});
	assert_said(&w, "bob:undeliverable@0(inbox:address until 0)[hard bounce]");
}

static void who_leaves_takes_no_mail_along_and_leaves_the_no(void **state)
{
	(void)state;
	says("ann", "-care");
	mail("ann", (struct ask){.id = "a"});
	world_result(&w, "a", 1, SEND_LATER, 451, "later");
	w.customer = "ann";
	world_contact(&w, "ann@new.example", "-care", false, "");
	assert_said(&w, "ann:undeliverable@0[the address has changed]");
	mail("bob", (struct ask){.id = "b", .class_name = "care"});
	assert_said(&w, "bob:no_consent@0(inbox:consent until 0)");
}

static void who_is_forgotten_binds_nobody(void **state)
{
	(void)state;
	says("ann", "-promotion");
	w.customer = "ann";
	world_contact(&w, "", NULL, true, "");
	assert_true(w.step.forgets);
	assert_int_equal(w.state_len, 0);
	mail("bob", (struct ask){.id = "a"});
	assert_said(&w, "effect:a/1");
}

static bool is_kept(const char *text)
{
	return memmem(w.state, w.state_len, text, strlen(text)) != NULL;
}

/* The one who lives says it under its own name; of the other nothing is left but the no. */
static void who_is_merged_leaves_the_no_without_a_name(void **state)
{
	(void)state;
	says("old-ann", "-promotion");
	says("bob", "-care");
	w.now_ms = T0 + HOUR_MS;
	says("older-ann", "care");
	mail("bob", (struct ask){.id = "a", .class_name = "care"});
	assert_said(&w, "effect:a/1");
	sent("a");
	w.contact_merged = true;
	w.customer = "old-ann";
	world_contact(&w, "", NULL, false, "");
	w.customer = "older-ann";
	world_contact(&w, "", NULL, false, "");
	w.contact_merged = false;
	assert_false(is_kept("old-ann"));
	assert_false(is_kept("older-ann"));
	mail("bob", (struct ask){.id = "b"});
	assert_said(&w, "bob:no_consent@3600(inbox:consent until 0)");
	mail("cleo", (struct ask){.id = "c", .class_name = "care"});
	assert_said(&w, "cleo:no_consent@3600(inbox:consent until 0)");
}

/* Nobody's open would end them any more. */
static void soft_bounces_go_with_the_name(void **state)
{
	(void)state;
	for (int is_merged = 0; is_merged < 2; is_merged++) {
		w.customer = "ann";
		world_contact(&w, ADDRESS, NULL, false, "soft bounces");
		mail("bob",
		     (struct ask){.id = is_merged ? "c" : "a", .class_name = "transactional"});
		assert_non_null(strstr(w.said, "bob:undeliverable@0(inbox:address"));
		w.customer = "ann";
		w.contact_merged = is_merged;
		world_contact(&w, is_merged ? "" : "ann@new.example", NULL, false, "");
		w.contact_merged = false;
		mail("bob",
		     (struct ask){.id = is_merged ? "d" : "b", .class_name = "transactional"});
		assert_non_null(strstr(w.said, "effect:"));
	}
}

/* As a version before kept them. */
static void soft_bounces_of_nobody_are_healed(void **state)
{
	Nurture__V1__Holder holder = NURTURE__V1__HOLDER__INIT, *holders[] = {&holder};
	Nurture__V1__Deliveries kept = NURTURE__V1__DELIVERIES__INIT;

	(void)state;
	holder.undeliverable = (char *)"soft bounces";
	kept.holders = holders;
	kept.n_holders = 1;
	w.state_len = nurture__v1__deliveries__pack(&kept, w.state);
	mail("bob", (struct ask){.id = "a"});
	assert_said(&w, "effect:a/1");
}

/* Of a customer who has moved away: what was said in a mail that lies here. */
static int hears(const char *inbox, const char *message_class, const char *undeliverable)
{
	Nurture__V1__DispatchRecord record = NURTURE__V1__DISPATCH_RECORD__INIT;
	Nurture__V1__ConsentState no = NURTURE__V1__CONSENT_STATE__INIT, *list[] = {&no};
	Nurture__V1__InboxWord word = NURTURE__V1__INBOX_WORD__INIT;
	uint8_t bytes[512];
	struct err err;

	no.message_class = (char *)(uintptr_t)message_class;
	no.said_ms = w.now_ms;
	word.inbox = (char *)(uintptr_t)inbox;
	word.consent = list;
	word.n_consent = message_class[0] != '\0';
	word.undeliverable = (char *)(uintptr_t)undeliverable;
	record.time_ms = (uint64_t)w.now_ms;
	record.customer = (char *)"ann";
	record.body_case = NURTURE__V1__DISPATCH_RECORD__BODY_INBOX_WORD;
	record.inbox_word = &word;
	return world_step(&w, STEP_RECORD,
			  slice_of(bytes, nurture__v1__dispatch_record__pack(&record, bytes)),
			  &err);
}

static void what_is_said_in_an_old_mail_binds_its_inbox(void **state)
{
	char other[INBOX_KEY_BYTES];

	(void)state;
	says("cleo", "promotion");
	mail("bob", (struct ask){.id = "a"});
	assert_said(&w, "effect:a/1");
	w.now_ms += HOUR_MS;
	assert_int_equal(hears(key, "promotion", ""), 0);
	assert_said(&w, "recall:a/1");
	assert_false(is_kept("ann"));
	mail("bob", (struct ask){.id = "b", .class_name = "care"});
	assert_said(&w, "effect:b/1");
	assert_int_equal(hears(key, "", "hard bounce"), 0);
	assert_said(&w, "recall:b/1");
	mail("bob", (struct ask){.id = "c", .class_name = "transactional"});
	assert_said(&w, "bob:undeliverable@3600(inbox:address until 0)[hard bounce]");
	/* it goes where it is about */
	assert_true(inbox_key(slice_text("x@mail.example"), other));
	assert_int_equal(hears(other, "promotion", ""), -1);
}

/* A version before kept mails by their customer's id, and its records name nobody. */
static void what_is_kept_by_the_id_is_gone_on_with(void **state)
{
	(void)state;
	w.inbox = "ann";
	mail("ann", (struct ask){.id = "a"}); /* the key says it already */
	w.customer = NULL;
	world_dispatch(&w, (struct ask){.id = "b", .email = "ann@old.example"});
	world_result(&w, "b", 1, SEND_LATER, 451, "later");
	world_contact(&w, "ann@new.example", "promotion", false, "");
	assert_said(&w, "");
	w.contact_said_ms = w.now_ms;
	world_contact(&w, "ann@new.example", "-promotion", false, "");
	assert_said(&w, "recall:a/1 ann:no_consent@0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(caps_count_what_went_to_the_inbox, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(who_is_alone_is_asked_as_ever, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(an_opt_out_under_one_id_binds_the_other, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(an_opt_out_ends_what_waits_under_the_other_id, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(a_later_word_that_can_be_shown_opens_the_inbox_again,
					    set_up, tear_down),
	    cmocka_unit_test_setup_teardown(of_one_instant_the_withdrawal_holds, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_dead_address_is_dead_for_all, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(who_leaves_takes_no_mail_along_and_leaves_the_no,
					    set_up, tear_down),
	    cmocka_unit_test_setup_teardown(who_is_forgotten_binds_nobody, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(who_is_merged_leaves_the_no_without_a_name, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(soft_bounces_go_with_the_name, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(soft_bounces_of_nobody_are_healed, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_is_said_in_an_old_mail_binds_its_inbox, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(what_is_kept_by_the_id_is_gone_on_with, set_up,
					    tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
