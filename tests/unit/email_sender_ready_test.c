/*
 * The policies and mails that come with Nurture: they fit together, every mail is somebody's, and
 * each reads as it should, whoever it is for.  UPDATE_GOLDEN=1 writes tests/golden/rendered anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/template/html.h"
#include "common/io/config/config.h"
#include "services/email-sender/compose/compose.h"
#include "policy_fixture.h"

static const char *const files[] = {"deploy/policy/shop.yaml", "deploy/policy/hotel.yaml",
				    "deploy/policy/electronics.yaml"};
enum { POLICIES = sizeof(files) / sizeof(*files) };

static struct zones *zones;
static struct template_set *templates;
static struct policy *policies[POLICIES];

static int set_up(void **state)
{
	struct err err;

	(void)state;
	zones = fixture_zones();
	fixture_zone(zones, "Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3");
	zones_add_country(zones, "DE", "Europe/Berlin");
	if (template_set_open("deploy/templates", &templates, &err) < 0)
		fail_msg("%s", err.text);
	for (int i = 0; i < POLICIES; i++) {
		char *text;
		size_t len;

		if (file_read(files[i], 1 << 20, &text, &len, &err) < 0 ||
		    policy_load(slice_of(text, len), files[i], zones, template_set_names(templates),
				&policies[i], &err) < 0)
			fail_msg("%s", err.text);
		free(text);
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (int i = 0; i < POLICIES; i++)
		policy_free(policies[i]);
	template_set_free(templates);
	zones_free(zones);
	return 0;
}

static void merge_groups_have_blocks(void **state)
{
	struct err err;

	(void)state;
	for (int i = 0; i < POLICIES; i++)
		if (template_set_check_merges(templates, policies[i], &err) < 0)
			fail_msg("%s: %s", files[i], err.text);
}

static const struct programme *sender_of(const struct policy *policy, const char *template)
{
	for (unsigned i = 0; i < policy->programme_count; i++) {
		const struct programme *p = &policy->programmes[i];

		for (unsigned k = 0; k < p->action_count; k++)
			if (p->actions[k].channel == CHANNEL_EMAIL &&
			    strcmp(p->actions[k].name, template) == 0)
				return p;
		for (unsigned k = 0; k < p->variant_count; k++)
			if (strcmp(p->variants[k].email, template) == 0)
				return p;
	}
	return NULL;
}

/* Nothing lies about that nobody sends. */
static void every_mail_is_somebodys(void **state)
{
	(void)state;
	for (const char *const *name = template_set_names(templates); *name; name++) {
		bool found = strncmp(*name, "feedback-", 9) == 0;

		for (int i = 0; i < POLICIES; i++)
			found = found || sender_of(policies[i], *name);
		if (!found)
			fail_msg("no policy sends \"%s\"", *name);
	}
}

struct person {
	const char *what, *name, *first_name, *locale, *product;
};
static const struct person people[] = {
    {"somebody", "Ann Archer", "Ann", "en-GB", "Swift 14"},
    {"in German", "J\xc3\xbcrgen Wei\xc3\x9f", "J\xc3\xbcrgen", "de-AT", "Swift 14"},
    {"no name", "", "", "", ""},
    {"a long product", "Ann Archer", "Ann", "en",
     "Swift 14 Pro Max Ultra Limited Edition with 4K OLED Touch Display, 64 GB of Memory, 4 TB of "
     "Storage, Backlit Keyboard (British), Nightshade Blue, incl. Sleeve, Dock and a Second "
     "Charger"},
    {"right to left",
     "\xd9\x85\xd8\xb1\xd9\x8a\xd9\x85 \xd8\xa7\xd9\x84\xd8\xb2\xd9\x87\xd8\xb1\xd8\xa7\xd8\xa1",
     "\xd9\x85\xd8\xb1\xd9\x8a\xd9\x85", "ar", "Swift 14"},
    {"Chinese and a picture", "\xe6\x9d\x8e\xe5\xb0\x8f\xe9\xbe\x8d \xf0\x9f\x90\x89",
     "\xe6\x9d\x8e\xe5\xb0\x8f\xe9\xbe\x8d", "zh-Hant-TW", "Swift 14"},
    {"a script", "D'Arcy & Wood", "", "en", "\"><img src=x><script>alert('x')</script>"},
    {"an apostrophe", "D'Arcy Wood", "D'Arcy", "en", "\"><img src=x>"},
};
enum { PEOPLE = sizeof(people) / sizeof(*people) };

struct mail_room {
	struct compose_room room;
	Nurture__V1__DeliveryEffect effect;
	Nurture__V1__Dispatch dispatch;
	Nurture__V1__Request request, part_request;
	Nurture__V1__Part part, *parts[1];
	Nurture__V1__Datum data[10], *list[10];
};

#define TEXT(text) ((char *)(uintptr_t)(text))

static void put(struct mail_room *m, const char *name, const char *value)
{
	Nurture__V1__Datum *datum = &m->data[m->request.n_data];

	nurture__v1__datum__init(datum);
	datum->name = TEXT(name);
	datum->value = TEXT(value);
	m->list[m->request.n_data++] = datum;
}

/* Everything that a request can bring; mails that can show a part have one. */
static void fill(struct mail_room *m, const char *template, const struct person *person)
{
	nurture__v1__delivery_effect__init(&m->effect);
	nurture__v1__dispatch__init(&m->dispatch);
	nurture__v1__request__init(&m->request);
	nurture__v1__part__init(&m->part);
	put(m, "order.id", "10017");
	put(m, "order.product", person->product);
	put(m, "coupon", "BACK-7KQ2M9XT");
	put(m, "orders", "4");
	put(m, "years", "3");
	put(m, "page", "https://care.shop.example/f/T0KEN");
	put(m, "public_link", "https://reviews.example/shop?a=1&b=2");
	m->request.action = TEXT(template);
	m->request.message_class = TEXT("care");
	m->request.data = m->list;
	m->part_request = m->request;
	m->part_request.action = TEXT("thanks");
	m->part.request = &m->part_request;
	m->parts[0] = &m->part;
	m->dispatch.request = &m->request;
	m->dispatch.parts = m->parts;
	m->dispatch.n_parts = template_set_shows_parts(templates, template);
	m->dispatch.email = TEXT("ann@customers.example");
	m->dispatch.name = TEXT(person->name);
	m->dispatch.locale = TEXT(person->locale);
	m->effect.id = TEXT("5d41402abc4b2a76b9719d911017c592");
	m->effect.dispatch = &m->dispatch;
}

/* policy: of the shop that writes. */
static struct slice part_from(const struct policy *policy, struct mail_room *m,
			      const char *template, const struct person *person,
			      enum template_part part)
{
	const struct composer composer = {
	    .policy = policy, .templates = templates, .token_key = slice_text("0123456789abcdef")};
	struct slice ret;
	struct err err;

	fill(m, template, person);
	if (send_render(&composer, slice_text("c17"), &m->effect, part, &m->room, &ret, &err) < 0)
		fail_msg("%s for %s: %s", template, person->what, err.text);
	return ret;
}

static struct slice part_of(struct mail_room *m, const char *template, const struct person *person,
			    enum template_part part)
{
	return part_from(policies[0], m, template, person, part);
}

static void add(struct buf *out, struct slice text)
{
	buf_add(out, text.bytes, text.len);
}

static void golden(const char *template, struct slice found)
{
	char path[200], *old;
	size_t len;
	struct err err;
	FILE *file;

	snprintf(path, sizeof(path), "tests/golden/rendered/%s.txt", template);
	if (getenv("UPDATE_GOLDEN")) {
		file = fopen(path, "wb");
		assert_non_null(file);
		assert_int_equal(fwrite(found.bytes, 1, found.len, file), found.len);
		fclose(file);
	}
	if (file_read(path, 1 << 20, &old, &len, &err) < 0)
		fail_msg("%s", err.text);
	if (!slice_equal(slice_of(old, len), found))
		fail_msg("%s differs; UPDATE_GOLDEN=1 writes it anew", path);
	free(old);
}

/* The buttons of offers lead to the shop where there is an address of it. */
static void add_with_website(struct mail_room *m, const char *template, struct buf *out)
{
	const struct policy *policy = policies[POLICIES - 1];
	const char *website = policy->shop.website;
	struct slice html = part_from(policy, m, template, &people[0], TEMPLATE_HTML);

	assert_string_equal(policies[0]->shop.website, "");
	if (!memmem(html.bytes, html.len, website, strlen(website)))
		return;
	buf_printf(out, "=== %s, of a shop with a website: text\n", people[0].what);
	add(out, part_from(policy, m, template, &people[0], TEMPLATE_TXT));
	buf_printf(out, "=== %s, of a shop with a website: HTML\n", people[0].what);
	add(out, part_from(policy, m, template, &people[0], TEMPLATE_HTML));
}

/* Subject and text for everybody; HTML for two: the others differ in names alone, see below. */
static void every_mail_for_everybody(void **state)
{
	static struct mail_room m = {.room = COMPOSE_ROOM};
	struct buf all = BUF_MAX(1 << 20);

	(void)state;
	for (const char *const *name = template_set_names(templates); *name; name++) {
		buf_reset(&all);
		for (int i = 0; i < PEOPLE; i++) {
			buf_printf(&all, "=== %s: subject and text\n", people[i].what);
			add(&all, part_of(&m, *name, &people[i], TEMPLATE_SUBJECT));
			buf_char(&all, '\n');
			add(&all, part_of(&m, *name, &people[i], TEMPLATE_TXT));
			if (i > 1)
				continue;
			buf_printf(&all, "=== %s: HTML\n", people[i].what);
			add(&all, part_of(&m, *name, &people[i], TEMPLATE_HTML));
		}
		add_with_website(&m, *name, &all);
		golden(*name, buf_slice(&all));
	}
	buf_free(&all);
	compose_room_free(&m.room);
}

/* Adds html with every `from` replaced by `to`, escaped as a template does. */
static void replace(struct slice html, const char *from, const char *to, struct buf *out)
{
	struct slice escaped = slice_text(from);

	for (size_t i = 0; i < html.len;) {
		if (html.len - i >= escaped.len && memcmp(html.bytes + i, from, escaped.len) == 0) {
			html_slice(out, slice_text(to));
			i += escaped.len;
		} else {
			buf_char(out, (char)html.bytes[i++]);
		}
	}
}

/* Whatever the name and product are, the page around them is the same, byte by byte. */
static void html_differs_in_names_alone(void **state)
{
	static const struct person marked = {"marks", "NAMEX LASTX", "NAMEX", "en", "PRODUCT0"};
	static struct mail_room m = {.room = COMPOSE_ROOM};
	struct buf named = BUF_MAX(1 << 20), expected = BUF_MAX(1 << 20), page = BUF_MAX(1 << 20);

	(void)state;
	for (const char *const *name = template_set_names(templates); *name; name++) {
		buf_reset(&page);
		add(&page, part_of(&m, *name, &marked, TEMPLATE_HTML));
		for (int i = 3; i < PEOPLE; i++) {
			struct slice found;

			if (!people[i].first_name[0])
				continue;
			buf_reset(&named);
			buf_reset(&expected);
			replace(buf_slice(&page), "NAMEX", people[i].first_name, &named);
			replace(buf_slice(&named), "PRODUCT0", people[i].product, &expected);
			found = part_of(&m, *name, &people[i], TEMPLATE_HTML);
			if (!slice_equal(found, buf_slice(&expected)))
				fail_msg("%s: the HTML for %s", *name, people[i].what);
			assert_null(memmem(found.bytes, found.len, "<script", 7));
			assert_null(memmem(found.bytes, found.len, "<img", 4));
		}
	}
	buf_free(&named);
	buf_free(&expected);
	buf_free(&page);
	compose_room_free(&m.room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(merge_groups_have_blocks),
	    cmocka_unit_test(every_mail_is_somebodys),
	    cmocka_unit_test(every_mail_for_everybody),
	    cmocka_unit_test(html_differs_in_names_alone),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
