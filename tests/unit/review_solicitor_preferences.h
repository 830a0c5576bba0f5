/* review_solicitor_preferences.h - a shop with words of its own, and a person who has said a few
 * things. */
#ifndef NURTURE_TESTS_REVIEW_SOLICITOR_PREFERENCES_H
#define NURTURE_TESTS_REVIEW_SOLICITOR_PREFERENCES_H

#include "nurture/v1/ledger.pb-c.h"
#include "nurture/v1/request.pb-c.h"
#include "policy_fixture.h"
#include "services/review-solicitor/pages/page.h"

#define WORLD_KEY slice_text("sixteen bytes ok")
#define WORLD_KEYS (&(struct token_keys){.now = WORLD_KEY})
#define WORLD_NOW_MS INT64_C(1764590400000) /* 2025-12-01T12:00:00Z */

enum { TRANSACTIONAL, CARE, FEEDBACK, PROMOTION, CLUB };

static const char world_policy[] =
    "shop: {name: \"Tom & <Jerry's>\", time_zone: Europe/London, sender: \"S <s@s.example>\"}\n"
    "classes:\n"
    "  transactional: {}\n"
    "  care: {}\n"
    "  feedback: {}\n"
    "  promotion: {}\n"
    "  club: {title: {en: \"The <club>\", de: \"Der Club\"}, about: {de-AT: Servus, en: "
    "Evenings}}\n"
    "caps:\n"
    "  - {name: week, limit: 2, per: 7d}\n"
    "quiet_hours: off\n"
    "just_bought: off\n"
    "programmes:\n"
    "  tips: {owner: care, on: order.placed, email: tips, class: care,\n"
    "    title: {en: \"Tips for your tent\", de: \"Tipps zu Ihrem Zelt\"}}\n"
    "  win-back-3: {owner: growth, on: order.placed, email: x, class: promotion}\n";

struct world {
	struct zones *zones;
	struct policy *policy;
	struct arena arena;
	struct web_site site;
};

static inline void world_open(struct world *w)
{
	struct err err;

	*w = (struct world){.zones = fixture_zones()};
	if (policy_load(slice_text(world_policy), "w.yaml", w->zones, NULL, &w->policy, &err) < 0)
		fail_msg("%s", err.text);
	if (sol_site_begin(&w->site, &err) < 0 || sol_site_end(&w->site, &err) < 0)
		fail_msg("%s", err.text);
}

static inline void world_close(struct world *w)
{
	web_site_close(&w->site);
	policy_free(w->policy);
	zones_free(w->zones);
	arena_free(&w->arena);
}

static inline void world_wait(struct world *w, Nurture__V1__Ledger *ledger, const char *programme,
			      const char *message_class, const char *channel, int64_t due_ms,
			      Nurture__V1__Blocker blocker)
{
	Nurture__V1__Request request = NURTURE__V1__REQUEST__INIT;
	Nurture__V1__Waiting *waiting = arena_alloc(&w->arena, sizeof(*waiting));

	nurture__v1__waiting__init(waiting);
	request.programme = (char *)programme;
	request.message_class = (char *)message_class;
	request.channel = (char *)channel;
	waiting->request.data =
	    arena_alloc(&w->arena, nurture__v1__request__get_packed_size(&request));
	waiting->request.len = nurture__v1__request__pack(&request, waiting->request.data);
	waiting->due_ms = due_ms;
	waiting->blocked_by = blocker;
	ledger->waiting[ledger->n_waiting++] = waiting;
}

/* Her state as the scheduler would keep it. */
static inline struct slice world_state(struct world *w, Nurture__V1__Contact *contact)
{
	Nurture__V1__Ledger ledger = NURTURE__V1__LEDGER__INIT;
	uint8_t *bytes;

	ledger.contact.len = nurture__v1__contact__get_packed_size(contact);
	ledger.contact.data = arena_alloc(&w->arena, ledger.contact.len);
	nurture__v1__contact__pack(contact, ledger.contact.data);
	ledger.waiting = arena_alloc(&w->arena, 16 * sizeof(*ledger.waiting));
	world_wait(w, &ledger, "win-back-3", "promotion", "email", WORLD_NOW_MS, 0);
	world_wait(w, &ledger, "basket", "care", "task", WORLD_NOW_MS, 0);
	world_wait(w, &ledger, "thanks", "care", "email", 0, 0);
	world_wait(w, &ledger, "club-news", "club", "email", WORLD_NOW_MS,
		   NURTURE__V1__BLOCKER__OPEN_CASE);
	world_wait(w, &ledger, "tips", "care", "email", WORLD_NOW_MS + 9 * DAY_MS, 0);
	world_wait(w, &ledger, "feedback", "feedback", "email", WORLD_NOW_MS + 3600000, 0);
	bytes = arena_alloc(&w->arena, nurture__v1__ledger__get_packed_size(&ledger));
	return slice_of(bytes, nurture__v1__ledger__pack(&ledger, bytes));
}

/* Agreed to all but promotion, German of Austria. */
static inline struct sol_person world_person(struct world *w)
{
	static Nurture__V1__ConsentState all, promotion;
	Nurture__V1__ConsentState *consents[] = {&promotion, &all};
	Nurture__V1__Contact contact = NURTURE__V1__CONTACT__INIT;
	struct sol_person person;
	struct err err;

	nurture__v1__consent_state__init(&all);
	nurture__v1__consent_state__init(&promotion);
	all.message_class = (char *)"all";
	all.given = 1;
	promotion.message_class = (char *)"promotion";
	contact.consent = consents;
	contact.n_consent = 2;
	contact.email = (char *)"\xc3\xa4nne@mail.example";
	contact.locale = (char *)"de-AT";
	contact.country = (char *)"AT";
	if (sol_person_read(w->policy, world_state(w, &contact), &w->arena, &person, &err) < 0)
		fail_msg("%s", err.text);
	return person;
}

#endif
