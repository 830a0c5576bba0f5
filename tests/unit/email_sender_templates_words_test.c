/*
 * Words of templates: which mails never have something to say for them, and
 * that each has its place in the values that templates are filled with.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/policy/mail_words.h"
#include "services/email-sender/compose/templates.h"
#include "services/email-sender/compose/values.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static struct action action = {CHANNEL_EMAIL, "a"};
static struct variant with_coupon[] = {{.name = "x", .email = "", .coupon = "X"},
				       {.name = "y", .email = "", .coupon = ""}};
static const struct coupon source = {.name = "s"};

#define MAIL .actions = &action, .action_count = 1
#define EVENT .trigger = {.kind = TRIGGER_EVENT, .event = "order.placed"}
#define ENTER .trigger = {.kind = TRIGGER_ENTER, .event = ""}
#define DATE .trigger = {.kind = TRIGGER_DATE, .event = ""}
static const struct programme plain = {.name = "p", MAIL, EVENT, .coupon = "", .category = ""};
static const struct programme enter = {.name = "p", MAIL, ENTER, .coupon = "", .category = ""};
static const struct programme dated = {.name = "p", MAIL, DATE, .coupon = "", .category = ""};
static const struct programme offer = {.name = "p", MAIL, DATE, .coupon = "B", .category = "t"};
static const struct programme drawn = {
    .name = "p", MAIL, DATE, .coupon = "", .category = "", .source = &source};
static const struct programme arms = {.name = "p",
				      MAIL,
				      EVENT,
				      .coupon = "",
				      .category = "",
				      .variants = with_coupon,
				      .variant_count = 2};

#define AT(file, word, who) file ": {{" word "}} is always empty in mails of " who ": "
#define AROUND(word) ", or {{#" word "}} around it"
#define NO_ORDER "a date has no order; expected on: EVENT"
static const struct {
	const struct programme *programme; /* NULL: feedback */
	const char *text;                  /* of a.txt, or of feedback-rating.txt */
	const char *piece;                 /* of _b.txt */
	const char *error;
} rows[] = {
    {&plain, "{{order.id}} {{order.amount}} {{orders}} {{score}} {{years}}", "", ""},
    {&enter, "{{order.id}} {{score}}", "", ""},
    {&dated, "Hi\n{{order.id}}", "",
     AT("a.txt.mustache:2", "order.id", "p") NO_ORDER AROUND("order.id")},
    {&dated, "{{{order.product}}}", "",
     AT("a.txt.mustache:1", "order.product", "p") NO_ORDER AROUND("order.product")},
    {&dated, "{{score}}", "",
     AT("a.txt.mustache:1", "score",
	"p") "a date has no score; expected on: feedback.received" AROUND("score")},
    {&plain, "{{coupon}}", "",
     AT("a.txt.mustache:1", "coupon", "p") "it has no offer; expected offer" AROUND("coupon")},
    {&offer, "{{coupon}} {{category}}", "", ""},
    {&drawn, "{{coupon}}", "", ""},
    {&plain, "{{category}}", "",
     AT("a.txt.mustache:1", "category",
	"p") "it is about no category; expected category" AROUND("category")},
    {&plain, "{{page}}", "",
     AT("a.txt.mustache:1", "page",
	"p") "only requests for feedback have it; expected another word" AROUND("page")},
    {&arms, "{{coupon}}", "",
     AT("a.txt.mustache:1", "coupon",
	"p, variant y") "it has no offer; expected offer" AROUND("coupon")},
    /* Asking is no waiting, and what is never shown waits for nothing. */
    {&plain, "{{#coupon}}{{coupon}}{{/coupon}}{{^coupon}}none{{/coupon}}", "", ""},
    {&dated, "{{#order.id}}\n{{#orders}}{{order.amount}}{{/orders}}\n{{/order.id}}", "", ""},
    {&plain, "{{^coupon}}{{coupon}}{{/coupon}}", "",
     AT("a.txt.mustache:1", "coupon", "p") "it has no offer; expected offer" AROUND("coupon")},
    {&plain, "{{#coupon}}x{{/coupon}} {{coupon}}", "",
     AT("a.txt.mustache:1", "coupon", "p") "it has no offer; expected offer" AROUND("coupon")},
    {&plain, "{{#orders}}{{coupon}}{{/orders}}", "",
     AT("a.txt.mustache:1", "coupon", "p") "it has no offer; expected offer" AROUND("coupon")},
    {&plain, "{{> _b}}", "\n\n{{coupon}}",
     AT("_b.txt.mustache:3", "coupon", "p") "it has no offer; expected offer" AROUND("coupon")},
    {&plain, "{{#coupon}}{{> _b}}{{/coupon}}", "{{coupon}}", ""},
    {&plain, "{{#coupon}}{{> _b}}{{/coupon}}{{> _b}}", "{{coupon}}",
     AT("_b.txt.mustache:1", "coupon", "p") "it has no offer; expected offer" AROUND("coupon")},
    {NULL, "{{order.id}} {{page}}", "", ""},
    {NULL, "{{orders}}", "",
     AT("feedback-rating.txt.mustache:1", "orders",
	"feedback") "requests for feedback do not have it; expected another word" AROUND("orders")},
    {NULL, "{{public_link}}", "",
     AT("feedback-rating.txt.mustache:1", "public_link",
	"feedback") "feedback has no public_link; expected public_link" AROUND("public_link")},
};

static void add(struct template_set *set, const char *file, const char *text)
{
	struct err err;

	if (template_set_add(set, file, slice_text(text), &err) < 0)
		fail_msg("%s", err.text);
}

static struct template_set *set_of(const char *name, const char *text, const char *piece)
{
	static const char *const parts[] = {"subject", "html"};
	struct template_set *set = template_set_new();
	char file[100];
	struct err err;

	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		snprintf(file, sizeof(file), "%s.%s.mustache", name, parts[i]);
		add(set, file, "");
	}
	snprintf(file, sizeof(file), "%s.txt.mustache", name);
	add(set, file, text);
	add(set, "_b.txt.mustache", piece);
	if (template_set_check(set, &err) < 0)
		fail_msg("%s", err.text);
	return set;
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct programme *programme = rows[i].programme;
		struct policy policy = {.feedback = {.off = programme != NULL, .public_link = ""}};
		struct programme copy = programme ? *programme : plain;
		struct template_set *set =
		    set_of(programme ? "a" : "feedback-rating", rows[i].text, rows[i].piece);
		struct err err = {.text = ""};

		policy.programmes = &copy;
		policy.programme_count = programme != NULL;
		assert_int_equal(template_set_check_words(set, &policy, &err),
				 rows[i].error[0] ? -1 : 0);
		assert_string_equal(err.text, rows[i].error);
		template_set_free(set);
	}
}

static const struct mustache_value *member(const struct mustache_value *object, const char *name,
					   size_t len)
{
	for (size_t i = 0; i < object->count; i++)
		if (strlen(object->items[i].name) == len &&
		    memcmp(object->items[i].name, name, len) == 0)
			return &object->items[i];
	return NULL;
}

/* html and text are of the merged parts of the mail. */
static void test_each_word_has_a_value(void **state)
{
	static const struct shop shop = {
	    .name = "S", .sender_address = "s@s.example", .postal_address = "", .website = ""};
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	Nurture__V1__Dispatch dispatch = NURTURE__V1__DISPATCH__INIT;
	struct mail_values values = {0};

	(void)state;
	mail_values_fill(&values, &shop, &dispatch, &request, "", "", "");
	for (unsigned word = 0; word < MAIL_WORD_COUNT; word++) {
		const char *name = mail_words[word], *dot = strchr(name, '.');
		const struct mustache_value *value =
		    member(&values.top, name, dot ? (size_t)(dot - name) : strlen(name));

		assert_int_equal(mail_word_find(slice_text(name)), word);
		if (word == MAIL_HTML || word == MAIL_TEXT)
			continue;
		if (value && dot)
			value = member(value, dot + 1, strlen(dot + 1));
		if (!value)
			fail_msg("%s has no value", name);
	}
	assert_null(mail_words[MAIL_WORD_COUNT]);
	assert_int_equal(mail_word_find(slice_text("order")), MAIL_WORD_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_each_word_has_a_value),
	};

	return cmocka_run_group_tests_name("email_sender_templates_words", tests, NULL, NULL);
}
