/*
 * console_pages_test.c - the console's pages: byte by byte (UPDATE_GOLDEN=1 writes
 * tests/golden/console-*.html anew), with hostile texts in every field, in every language.
 */
#include <math.h>

#include "golden.h"
#include "policy_fixture.h"

#include "common/policy/event_type.h"
#include "services/console/pages/page.h"
#include "services/console/pages/page_voices.h"
#include "services/console/pages/site.h"
#include "services/console/say/change.h"

#define NOW_MS INT64_C(1764590400000) /* 2025-12-01T12:00:00Z */
#define DAY(n) (NOW_MS + (n) * DAY_MS)

static const char policy_text[] =
    "shop: {name: \"Tom & <Jerry's>\", time_zone: Europe/London, currency: GBP,\n"
    "  sender: \"S <s@s.example>\"}\n"
    "classes:\n"
    "  transactional: {}\n"
    "  care: {title: {en: Tips, de: Tipps}}\n"
    "  promotion: {}\n"
    "caps:\n"
    "  - {name: week, limit: 2, per: 7d}\n"
    "quiet_hours: off\n"
    "just_bought: off\n"
    "programmes:\n"
    "  tips: {owner: care, on: order.placed, email: tips, class: care}\n"
    "tags:\n"
    "  Product: {phrases: [kettle]}\n";

/* Everything that a page shows of people, each text by itself. */
struct world {
	struct zones *zones;
	struct policy *policy;
	struct web_site site;
	struct con_identity who;
	Nurture__V1__Card card;
	Nurture__V1__CardOrder order, *orders[1];
	Nurture__V1__CardCase one_case, *cases[1];
	char *segments[1];
	const char *other_ids[1];
	Nurture__V1__Contact contact;
	Nurture__V1__ConsentState consent, *consents[1];
	Nurture__V1__Task task;
	Nurture__V1__Datum datum, *data[1];
	char *missing[1];
	Nurture__V1__DeskTask desk;
	struct view_task items[1];
	Nurture__V1__Event event;
	Nurture__V1__Customer customer;
	Nurture__V1__Feedback feedback;
	Nurture__V1__Interaction interaction;
	Nurture__V1__Event note;
	Nurture__V1__Outcome outcome;
	Nurture__V1__Reason reason;
	Nurture__V1__End end;
	Nurture__V1__Notice notice;
	struct view_moment moments[5];
	Nurture__V1__Waiting wait;
	Nurture__V1__Request request;
	struct view_waiting waiting[1];
	struct con_person person;
	struct con_today today;
	struct view_found found[2];
	struct view_programme programmes[1];
	struct view_lift lifts[2];
	Nurture__V1__FeedbackItem item;
	char *tags[1], *suggested[2];
	struct view_item said[1];
	struct view_facet facet[1], score[1];
	struct con_voices voices;
};

static char *t(const char *text)
{
	return (char *)(uintptr_t)text;
}

static void fill_person(struct world *w, const char *x)
{
	nurture__v1__card__init(&w->card);
	nurture__v1__card_order__init(&w->order);
	nurture__v1__card_case__init(&w->one_case);
	w->card.name = w->card.email = w->card.phone = w->card.address = w->card.locale =
	    w->card.birthday = t(x);
	w->card.orders = 4;
	w->card.spent_e4 = 5180000;
	w->card.first_ms = DAY(-900);
	w->card.last_ms = DAY(-12);
	w->order.id = w->order.currency = t(x);
	w->order.state = t("delivered");
	w->order.amount_e4 = 1295000;
	w->order.at_ms = DAY(-12);
	w->orders[0] = &w->order;
	w->card.recent = w->orders;
	w->card.n_recent = 1;
	w->one_case.name = t(x);
	w->cases[0] = &w->one_case;
	w->card.cases = w->cases;
	w->card.n_cases = 1;
	w->segments[0] = t(x);
	w->card.segments = w->segments;
	w->card.n_segments = 1;
	nurture__v1__contact__init(&w->contact);
	nurture__v1__consent_state__init(&w->consent);
	w->consent.message_class = t("care");
	w->consent.given = true;
	w->consents[0] = &w->consent;
	w->contact.consent = w->consents;
	w->contact.n_consent = 1;
	w->contact.undeliverable = t(x);
	w->contact.paused_until_ms = DAY(20);
	w->other_ids[0] = x;
	w->person.person = (struct view_person){.id = x,
						.other_ids = w->other_ids,
						.other_count = 1,
						.card = &w->card,
						.contact = &w->contact,
						.heard_7d = 1,
						.heard_30d = 3,
						.tasks_open = 1};
}

static void fill_task(struct world *w, const char *x)
{
	nurture__v1__task__init(&w->task);
	nurture__v1__datum__init(&w->datum);
	nurture__v1__desk_task__init(&w->desk);
	w->task.id = w->task.customer = w->task.programme = w->task.owner = w->task.action =
	    w->task.name = w->task.phone = w->task.address = w->task.coupon = t(x);
	w->task.expires_ms = DAY(3);
	w->datum.name = w->datum.value = t(x);
	w->data[0] = &w->datum;
	w->task.data = w->data;
	w->task.n_data = 1;
	w->missing[0] = t(x);
	w->task.missing = w->missing;
	w->task.n_missing = 1;
	w->desk.by = t(x);
	w->desk.taken = true;
	w->items[0] = (struct view_task){.task = &w->task,
					 .desk = &w->desk,
					 .due_ms = NOW_MS - HOUR_MS,
					 .is_open = true,
					 .is_overdue = true};
	w->person.tasks = w->today.tasks =
	    (struct view_tasks){.items = w->items, .count = 1, .has_more = true};
}

static void fill_events(struct world *w, const char *x)
{
	nurture__v1__event__init(&w->event);
	nurture__v1__event__init(&w->note);
	nurture__v1__customer__init(&w->customer);
	nurture__v1__feedback__init(&w->feedback);
	nurture__v1__interaction__init(&w->interaction);
	w->customer.id = t(x);
	w->event.type = t("feedback.received");
	w->event.customer = &w->customer;
	w->feedback.score = 1;
	w->feedback.comment = w->feedback.order = t(x);
	w->event.feedback = &w->feedback;
	w->note.type = t(x);
	w->interaction.channel = w->interaction.words = t(x);
	w->note.interaction = &w->interaction;
	w->note.by = t(x);
}

static void fill_moments(struct world *w, const char *x)
{
	nurture__v1__outcome__init(&w->outcome);
	nurture__v1__reason__init(&w->reason);
	nurture__v1__end__init(&w->end);
	nurture__v1__notice__init(&w->notice);
	w->outcome.programme = w->outcome.template_ = w->outcome.order = w->outcome.coupon =
	    w->outcome.owner = t(x);
	w->outcome.triggered_ms = DAY(-1);
	w->outcome.status = t("deferred");
	w->reason.rule = w->reason.detail = t(x);
	w->reason.count = w->reason.limit = 2;
	w->reason.window_s = 7 * DAY_S;
	w->reason.eligible_at_ms = DAY(2);
	w->outcome.reason = &w->reason;
	w->end.action = w->end.owner = w->end.result = w->end.by = w->end.reason = t(x);
	w->end.status = t("expired");
	w->notice.action = w->notice.to = w->notice.programme = w->notice.by = t(x);
	w->notice.kind = t("escalation");
	w->notice.due_ms = DAY(-1);
	for (int i = 0; i < 5; i++)
		w->moments[i] = (struct view_moment){
		    .at_ms = NOW_MS - i * HOUR_MS, .number = 5 - i, .customer = x, .winner = x};
	w->moments[0].event = &w->event;
	w->moments[1].outcome = &w->outcome;
	w->moments[2].end = &w->end;
	w->moments[3].notice = &w->notice;
	w->moments[4].event = &w->note;
	w->person.moments =
	    (struct view_moments){.items = w->moments, .count = 5, .has_more = true};
	w->person.person.last_words = (struct view_moments){.items = w->moments, .count = 1};
	w->today.low[0] = (struct con_named){w->moments[0], x};
	w->today.escalated[0] = (struct con_named){w->moments[3], x};
	w->today.low_count = w->today.escalated_count = 1;
}

static void fill_rest(struct world *w, const char *x)
{
	nurture__v1__waiting__init(&w->wait);
	nurture__v1__request__init(&w->request);
	w->wait.rule = w->wait.detail = t(x);
	w->wait.eligible_ms = DAY(1);
	w->request.programme = w->request.action = t(x);
	w->waiting[0] = (struct view_waiting){&w->wait, &w->request, x};
	w->person.waiting = (struct view_waitings){w->waiting, 1};
	for (int i = 0; i < 2; i++)
		w->found[i] = (struct view_found){.id = x,
						  .name = i ? "" : x,
						  .email = x,
						  .phone = x,
						  .address = x,
						  .match = i ? VIEW_BY_ORDER : VIEW_BY_WORDS,
						  .order = i ? x : "",
						  .orders = 2,
						  .last_order_ms = DAY(-3)};
	w->programmes[0] = (struct view_programme){.name = x, .owner = x, .waiting = 3};
	w->programmes[0].planned[1] = 2;
	w->programmes[0].outcomes[1] = 17;
	for (int i = 0; i < 2; i++)
		w->lifts[i] = (struct view_lift){.programme = x,
						 .variant = i ? x : "",
						 .people = 9,
						 .held = 4,
						 .low = i ? NAN : -1};
	w->today.counts = (struct view_counts){1000, 3, 1, 1, 1, 12};
}

static void fill_voices(struct world *w, const char *x)
{
	nurture__v1__feedback_item__init(&w->item);
	w->item.id = w->item.kind = w->item.source = w->item.by = w->item.order = w->item.sku =
	    w->item.title = w->item.text = w->item.state = t(x);
	w->item.score = 1;
	w->item.at_ms = DAY(-1);
	w->tags[0] = w->suggested[0] = t(x);
	w->suggested[1] = t("Suggested");
	w->item.tags = w->tags;
	w->item.n_tags = 1;
	w->item.suggested_tags = w->suggested;
	w->item.n_suggested_tags = 2;
	w->said[0] = (struct view_item){
	    .place = 4711, .customer = x, .person = x, .name = x, .item = &w->item};
	w->facet[0] = (struct view_facet){x, 3};
	w->score[0] = (struct view_facet){"4", 2};
	w->voices = (struct con_voices){.asked = {.words = x,
						  .customer = x,
						  .tag = x,
						  .score = "4-5",
						  .product = x,
						  .kind = x,
						  .state = x,
						  .source = x,
						  .sort = "",
						  .before = VIEW_FROM_NEWEST},
					.items = {w->said, 1, true},
					.facets = {.tags = {w->facet, 1},
						   .products = {w->facet, 1},
						   .kinds = {w->facet, 1},
						   .states = {w->facet, 1},
						   .sources = {w->facet, 1},
						   .scores = {w->score, 1},
						   .hits = 12345,
						   .is_of_newest = true},
					.draft = {.is_open = true,
						  .who = x,
						  .kind = "praise",
						  .words = x,
						  .order = x,
						  .sku = x,
						  .score = 4}};
}

static void open_world(struct world *w, const char *x)
{
	struct err err;

	*w = (struct world){.zones = fixture_zones()};
	if (policy_load(slice_text(policy_text), "w.yaml", w->zones, NULL, &w->policy, &err) < 0 ||
	    con_site_open(&w->site, &err) < 0)
		fail_msg("%s", err.text);
	w->who = (struct con_identity){.address = "maria@shop.example",
				       .role = CON_ADMIN,
				       .teams = {slice_text(x)},
				       .team_count = 1};
	fill_person(w, x);
	fill_task(w, x);
	fill_events(w, x);
	fill_moments(w, x);
	fill_rest(w, x);
	fill_voices(w, x);
}

static void close_world(struct world *w)
{
	web_site_close(&w->site);
	policy_free(w->policy);
	zones_free(w->zones);
}

static struct con_page page_of(const struct world *w, unsigned language, struct buf *out)
{
	return (struct con_page){.site = &w->site,
				 .policy = w->policy,
				 .language = language,
				 .who = &w->who,
				 .key = slice_text("sixteen bytes ok"),
				 .can_sign_out = true,
				 .now_ms = NOW_MS,
				 .form = "0123456789abcdef",
				 .said = "note",
				 .view = {.is_built = true},
				 .out = out};
}

static const char *const plain_pages[] = {
    "sign-in", "sign-in-sent", "sign-in-link", "sign-in-stale", "refused",     "stranger",
    "outside", "unreadable",   "unknown",      "nobody",        "unavailable", "no-result"};
enum { PAGES = 8, PLAIN = sizeof(plain_pages) / sizeof(plain_pages[0]) };

/* Renders page number i; returns its name. */
static const char *render(const struct world *w, const struct con_page *page, unsigned i,
			  const char *query)
{
	const struct view_people people = {NULL, 0, false};
	struct view_people found = people;
	const struct view_programmes programmes = {(struct view_programme *)w->programmes, 1};
	const struct view_lifts lifts = {(struct view_lift *)w->lifts, 2};

	found.items = (struct view_found *)w->found;
	found.count = 2;
	switch (i) {
	case 0:
		return con_page_today(page, &w->today), "today";
	case 1:
		return con_page_people(page, query, NULL), "people";
	case 2:
		return con_page_people(page, query, &found), "found";
	case 3:
		return con_page_person(page, &w->person), "person";
	case 4:
		return con_page_merge(page, &w->person.person, &w->person.person), "merge";
	case 5:
		return con_page_erase(page, &w->person.person, "erase-wrong"), "erase";
	case 6:
		return con_page_programmes(page, &programmes, &lifts), "programmes";
	case 7:
		return con_page_voices(page, &w->voices), "voices";
	default:
		return con_page_plain(page, plain_pages[i - PAGES]), plain_pages[i - PAGES];
	}
}

static void test_golden(void **state)
{
	struct buf out = BUF_MAX(CON_PAGE_MAX_BYTES);
	struct world w;
	char file[80];

	(void)state;
	open_world(&w, "Ann O'Neill");
	for (unsigned language = 0; language < words_languages(w.site.words); language++)
		for (unsigned i = 0; i < PAGES; i++) {
			struct con_page page = page_of(&w, language, &out);

			buf_reset(&out);
			snprintf(file, sizeof(file), "console-%s%s%s.html",
				 render(&w, &page, i, "ann"), language ? "." : "",
				 language ? words_tag(w.site.words, language) : "");
			assert_false(buf_failed(&out));
			/* The policy's hash differs with every word of it. */
			golden(file, &out);
		}
	buf_free(&out);
	close_world(&w);
}

static size_t count_of(const struct buf *out, char c)
{
	size_t count = 0;

	for (size_t i = 0; i < out->len; i++)
		count += out->bytes[i] == c;
	return count;
}

/* Whatever stands in the fields, the page has the same tags and the same quotes. */
static void test_hostile(void **state)
{
	static const char *const hostile[] = {
	    "<script>alert(1)</script>",          "\"><img src=x onerror=alert(1)>",
	    "' autofocus onfocus='alert(1)",      "</textarea></style></title><script>",
	    "{{words.today}}{{{card}}}{{#card}}", "{address}{rule}",
	    "\xe2\x80\xae gnirts \xe2\x80\xac",   "javascript:alert(1)",
	    "--><svg/onload=alert(1)>",           "a\x01\x1f\x7f-b",
	};
	struct buf plain = BUF_MAX(CON_PAGE_MAX_BYTES), out = BUF_MAX(CON_PAGE_MAX_BYTES);

	(void)state;
	for (size_t h = 0; h < sizeof(hostile) / sizeof(hostile[0]); h++) {
		struct world harmless, w;

		open_world(&harmless, "x");
		open_world(&w, hostile[h]);
		for (unsigned i = 0; i < PAGES + PLAIN; i++) {
			struct con_page a = page_of(&harmless, 0, &plain);
			struct con_page b = page_of(&w, 0, &out);
			const char *name;

			buf_reset(&plain);
			buf_reset(&out);
			render(&harmless, &a, i, "x");
			name = render(&w, &b, i, hostile[h]);
			assert_false(buf_failed(&out));
			if (count_of(&plain, '<') != count_of(&out, '<') ||
			    count_of(&plain, '>') != count_of(&out, '>') ||
			    count_of(&plain, '"') != count_of(&out, '"') ||
			    count_of(&plain, '\'') != count_of(&out, '\''))
				fail_msg("%s: %s gets out of its field", name, hostile[h]);
			assert_null(strstr(out.bytes, "href=\"javascript"));
		}
		close_world(&harmless);
		close_world(&w);
	}
	buf_free(&plain);
	buf_free(&out);
}

/* Nothing of the shop's people is in an address. */
static void test_no_id_in_links(void **state)
{
	struct buf out = BUF_MAX(CON_PAGE_MAX_BYTES);
	struct world w;

	(void)state;
	open_world(&w, "SECRET-NAME");
	/* These are the shop's own words. */
	w.voices.asked.tag = w.voices.asked.product = w.voices.asked.kind = w.voices.asked.state =
	    w.voices.asked.source = "tent";
	for (unsigned i = 0; i < PAGES; i++) {
		struct con_page page = page_of(&w, 0, &out);

		buf_reset(&out);
		render(&w, &page, i, "x");
		for (const char *at = out.bytes; (at = strstr(at, "href=\""));) {
			const char *end = strchr(at + 6, '"');

			assert_null(memmem(at, (size_t)(end - at), "SECRET", 6));
			at = end;
		}
		for (const char *at = out.bytes; (at = strstr(at, "action=\""));) {
			const char *end = strchr(at + 8, '"');

			assert_null(memmem(at, (size_t)(end - at), "SECRET", 6));
			at = end;
		}
	}
	buf_free(&out);
	close_world(&w);
}

/* A viewer has no forms but the search, an agent none that merges or erases. */
static void test_forms_by_role(void **state)
{
	static const struct {
		enum con_role role;
		bool notes, erases;
	} cases[] = {{CON_VIEWER, false, false},
		     {CON_AGENT, true, false},
		     {CON_APPROVER, true, false},
		     {CON_ADMIN, true, true}};
	struct buf out = BUF_MAX(CON_PAGE_MAX_BYTES);
	struct world w;

	(void)state;
	open_world(&w, "ann");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct con_page page = page_of(&w, 0, &out);

		w.who.role = cases[i].role;
		buf_reset(&out);
		con_page_person(&page, &w.person);
		assert_int_equal(strstr(out.bytes, "value=\"note\">") != NULL, cases[i].notes);
		assert_int_equal(strstr(out.bytes, "value=\"done\"") != NULL, cases[i].notes);
		assert_int_equal(strstr(out.bytes, "value=\"erase\"") != NULL, cases[i].erases);
		assert_int_equal(strstr(out.bytes, "value=\"merge\"") != NULL, cases[i].erases);
		buf_reset(&out);
		con_page_voices(&page, &w.voices);
		assert_int_equal(strstr(out.bytes, "value=\"feedback\"") != NULL, cases[i].notes);
		assert_int_equal(strstr(out.bytes, "value=\"answered\"") != NULL, cases[i].notes);
		assert_int_equal(strstr(out.bytes, "value=\"tag Suggested\"") != NULL,
				 cases[i].role >= CON_MARKETER);
		assert_int_equal(strstr(out.bytes, "value=\"archive\"") != NULL,
				 cases[i].role >= CON_MARKETER);
	}
	buf_free(&out);
	close_world(&w);
}

static void has_word(const struct web_site *site, const char *prefix, const char *name)
{
	char key[100];

	snprintf(key, sizeof(key), "%s-%s", prefix, name);
	if (!words_has(site->words, slice_text(key)))
		fail_msg("there is no word %s", key);
}

/* Every type, status and rule that we know is said in words, in every language. */
static void test_words(void **state)
{
	static const char *const rules[] = {
	    "ceiling", "own_allowance", "paused",  "waiting_limit", "quiet_hours", "quiet_days",
	    "send_at", "due",           "settle",  "look_ahead",    "follows",     "open_case",
	    "expires", "cancel",        "consent", "class_removed", "address",     "just_bought",
	    "holdout", "erased",        "permit",  "coupons",       "retry",       "greylisted",
	    "slowed",  "blocked",       "rate",    "warm_up",       "busy"};
	struct web_site site;
	struct err err;

	(void)state;
	if (con_site_open(&site, &err) < 0)
		fail_msg("%s", err.text);
	for (int type = 0; type < EVENT_TYPE_COUNT; type++)
		has_word(&site, "e", event_type_text((enum event_type)type));
	for (int status = 0; status < STATUS_COUNT; status++)
		has_word(&site, "o", status_text((enum status)status));
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		has_word(&site, "r", rules[i]);
	for (int action = CON_DO_CLAIM; action < CON_ACTION_COUNT; action++)
		if (action != CON_DO_MERGE && action != CON_DO_ERASE)
			has_word(&site, "said", con_action_text((enum con_action)action));
	for (unsigned i = 0; i < words_languages(site.words); i++) {
		size_t at = 0;
		const char *missing = words_next_missing(site.words, i, &at);

		if (missing)
			fail_msg("%s.yaml has no %s", words_tag(site.words, i), missing);
	}
	/* Only our own script runs, and it is known by its hash. */
	assert_non_null(strstr(site.headers, "script-src 'sha256-"));
	assert_null(strstr(site.headers, "unsafe"));
	web_site_close(&site);
}

/* Enter in the line of a task's result presses the form's first button: what is written there came
 * of the task, and is no claim. */
static void test_enter_is_done(void **state)
{
	static const char begin[] = "action=\"/tasks\"", button[] = "<button type=\"submit\"";
	struct buf out = BUF_MAX(CON_PAGE_MAX_BYTES);
	unsigned forms = 0;
	struct world w;

	(void)state;
	open_world(&w, "ann");
	for (unsigned i = 0; i < PAGES; i++) {
		struct con_page page = page_of(&w, 0, &out);

		buf_reset(&out);
		render(&w, &page, i, "");
		assert_false(buf_failed(&out));
		for (const char *at = out.bytes; (at = strstr(at, begin)); forms++) {
			const char done[] = "<button type=\"submit\" name=\"do\" value=\"done\">";

			assert_non_null(at = strstr(at, button));
			assert_memory_equal(at, done, sizeof(done) - 1);
		}
	}
	assert_true(forms >= 2);
	buf_free(&out);
	close_world(&w);
}

/* A page says which clock it goes by, where that is not the wall's, and to whoever is signed in. */
static void test_clock(void **state)
{
	struct buf out = BUF_MAX(CON_PAGE_MAX_BYTES);
	struct world w;

	(void)state;
	open_world(&w, "ann");
	for (int turned = 0; turned < 2; turned++) {
		struct con_page page = page_of(&w, 0, &out);

		page.view.clock_ms = turned ? page.now_ms : 0;
		buf_reset(&out);
		render(&w, &page, 0, "");
		assert_int_equal(strstr(out.bytes, "Here it is 20") != NULL, turned);
	}
	buf_free(&out);
	close_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_golden),         cmocka_unit_test(test_hostile),
	    cmocka_unit_test(test_no_id_in_links), cmocka_unit_test(test_forms_by_role),
	    cmocka_unit_test(test_enter_is_done),  cmocka_unit_test(test_words),
	    cmocka_unit_test(test_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
