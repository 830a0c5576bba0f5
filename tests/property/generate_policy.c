/* generate_policy.c - a random policy; see generate.c. */
#include "generate.h"

static void make_rule(struct test_case *c, uint64_t *r, struct cap *rule, unsigned number)
{
	static const char *const names[CASE_RULES_MAX] = {"a", "b", "c", "d", "e", "f",
							  "g", "h", "i", "j", "k", "l"};
	int64_t window_ms = (1 + roll(r, 8)) * c->unit_ms + (chance(r, 10) ? SECOND_MS : 0);

	*rule = (struct cap){
	    .name = names[number],
	    .limit = chance(r, 2) ? 0 : 1 + roll(r, chance(r, 70) ? 2 : 5),
	    .window_ms = window_ms > 400 * DAY_MS ? 400 * DAY_MS : window_ms,
	    .classes = chance(r, 60) ? 14 : 1 + roll(r, 15),
	    .channels = chance(r, 70) ? 5 : 1 + roll(r, 7),
	    .programme = chance(r, 80) ? "" : programme_name((int)roll(r, CASE_PROGRAMMES)),
	    .category = chance(r, 80) ? "" : category_name(1 + (int)roll(r, 3)),
	    .counts_exempt = chance(r, 70),
	};
	rule->is_min_gap = rule->limit == 1 && chance(r, 50);
}

static void make_classes(struct test_case *c, uint64_t *r)
{
	for (int i = 0; i < CASE_CLASSES; i++)
		c->classes[i] = (struct message_class){
		    .name = class_name(i),
		    .needs_consent = i > 0,
		    .holds_on_open_case = i == 3,
		    .skips_just_bought = i == 3 || (i == 1 && chance(r, 10)),
		    .quiet_hours = i > 0 && chance(r, 90),
		};
	c->policy.class_count = CASE_CLASSES;
}

static void make_nights(struct test_case *c, uint64_t *r)
{
	struct policy *p = &c->policy;

	p->quiet_hours.off = chance(r, 40);
	p->quiet_hours.from_min = (int)roll(r, 96) * 15;
	p->quiet_hours.to_min = (p->quiet_hours.from_min + 15 + (int)roll(r, 44) * 15) % 1440;
	if (chance(r, 5)) {
		p->quiet_hours.from_min = (p->quiet_hours.from_min + 7) % 1440;
		p->quiet_hours.to_min = (p->quiet_hours.to_min + 13) % 1440;
	}
	p->quiet_day_count = chance(r, 15) ? 1 + roll(r, CASE_DAYS_MAX) : 0;
	for (unsigned i = 0; i < p->quiet_day_count; i++) {
		struct civil_date on = civil_from_days(c->begin_ms / DAY_MS + (int64_t)roll(r, 4));

		c->days[i] = (struct quiet_day){.kind = (enum quiet_day_kind)roll(r, 3),
						.weekday = 1 + (int)roll(r, 7),
						.year = on.year - (int)chance(r, 20),
						.month = on.month,
						.day = on.day};
	}
}

void make_policy(struct test_case *c, uint64_t *r, const struct zones *zones)
{
	struct policy *p = &c->policy;

	*p = (struct policy){.file = "", .hash = "0123456789abcdef", .zones = zones};
	case_bind(c);
	make_classes(c, r);
	p->cap_count = chance(r, 80) ? roll(r, 5) : roll(r, CASE_RULES_MAX + 1);
	for (unsigned i = 0; i < p->cap_count; i++)
		make_rule(c, r, &c->rules[i], i);
	p->ceiling = (struct cap){.name = "ceiling",
				  .limit = 1 + roll(r, 8),
				  .window_ms = chance(r, 50) ? DAY_MS : 2 * c->unit_ms,
				  .classes = ALL_CLASSES,
				  .counts_exempt = true,
				  .channels = 5,
				  .programme = "",
				  .category = ""};
	if (chance(r, 10))
		p->ceiling.limit = INT64_MAX;
	make_nights(c, r);
	p->just_bought.off = chance(r, 10);
	p->just_bought.default_ms = (1 + roll(r, 8)) * c->unit_ms;
	c->goods[0] = (struct category_window){"tents", (1 + roll(r, 8)) * c->unit_ms};
	p->just_bought.category_count = chance(r, 30);
	p->shop.time_zone = chance(r, 20) ? "America/Los_Angeles" : "Europe/London";
	p->shop_zone = zones_find(zones, slice_text(p->shop.time_zone));
}
