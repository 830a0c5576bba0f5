/* print.c - a case for people to read. */

#include "case.h"

static void print_set(FILE *out, uint64_t set, const char *(*name)(int), int count)
{
	const char *between = "";

	fprintf(out, "[");
	for (int i = 0; i < count; i++) {
		if (!(set >> i & 1))
			continue;
		fprintf(out, "%s%s", between, name(i));
		between = ", ";
	}
	fprintf(out, "]");
}

static const char *channel_name(int channel)
{
	return channel_text((enum channel)channel);
}

static void print_rule(const struct cap *rule, FILE *out)
{
	fprintf(out, "  - {name: %s, limit: %lld, per: %llds, classes: ", rule->name,
		(long long)rule->limit, (long long)(rule->window_ms / SECOND_MS));
	print_set(out, rule->classes, class_name, CASE_CLASSES);
	fprintf(out, ", channels: ");
	print_set(out, rule->channels, channel_name, CHANNEL_COUNT);
	if (rule->programme[0])
		fprintf(out, ", programme: %s", rule->programme);
	if (rule->category[0])
		fprintf(out, ", category: %s", rule->category);
	fprintf(out, "%s}\n", rule->counts_exempt ? "" : ", counts_exempt: false");
}

static void print_policy(const struct test_case *c, FILE *out)
{
	const struct policy *p = &c->policy;

	fprintf(out, "caps (shop in %s):\n", p->shop.time_zone);
	for (unsigned i = 0; i < p->cap_count; i++)
		print_rule(&p->caps[i], out);
	print_rule(&p->ceiling, out);
	if (!p->quiet_hours.off)
		fprintf(out, "quiet_hours: %02d:%02d to %02d:%02d\n", p->quiet_hours.from_min / 60,
			p->quiet_hours.from_min % 60, p->quiet_hours.to_min / 60,
			p->quiet_hours.to_min % 60);
	for (unsigned i = 0; i < p->quiet_day_count; i++)
		fprintf(out, "quiet day: kind %d weekday %d or %04d-%02d-%02d\n",
			(int)c->days[i].kind, c->days[i].weekday, c->days[i].year, c->days[i].month,
			c->days[i].day);
	for (int i = 0; i < CASE_CLASSES; i++)
		fprintf(out, "class %s: consent %d, case holds %d, skips bought %d, night %d\n",
			class_name(i), c->classes[i].needs_consent,
			c->classes[i].holds_on_open_case, c->classes[i].skips_just_bought,
			c->classes[i].quiet_hours);
	if (!p->just_bought.off)
		fprintf(out, "just bought: %llds%s\n",
			(long long)(p->just_bought.default_ms / SECOND_MS),
			p->just_bought.category_count ? ", tents otherwise" : "");
}

static void print_ask(const struct test_case *c, const struct happening *e, FILE *out)
{
	const struct ask *a = &e->ask;
	char due[RFC3339_BYTES], expires[RFC3339_BYTES];

	fprintf(out, "%s: %s %s %s%s%s priority %d due %s expires %s", request_name(c, e->number),
		channel_text(a->channel), class_name(a->message_class),
		programme_name(a->programme), a->category ? " about " : "",
		category_name(a->category), a->priority, rfc3339_text(a->due_ms, due),
		rfc3339_text(a->expires_ms, expires));
	fprintf(out, " set off %s", rfc3339_text(a->triggered_ms, expires));
	if (a->value_e4)
		fprintf(out, " value %lld", (long long)a->value_e4);
	if (a->order)
		fprintf(out, " order %s", order_name(a->order));
	if (a->on_open_case)
		fprintf(out, a->on_open_case == 1 ? " waits for cases" : " waits for no case");
	if (a->always)
		fprintf(out, " held out by nothing");
	if (a->group)
		fprintf(out, " merge %s", group_name(a->group));
	if (a->follows != NOBODY)
		fprintf(out, " follows %s after %llds", request_name(c, a->follows),
			(long long)(a->follow_after_ms / SECOND_MS));
	if (a->window.to_min)
		fprintf(out, " at %02d:%02d to %02d:%02d", a->window.from_min / 60,
			a->window.from_min % 60, a->window.to_min / 60, a->window.to_min % 60);
	if (a->reserve_ms)
		fprintf(out, " reserved %llds", (long long)(a->reserve_ms / SECOND_MS));
	fprintf(out, "%s%s", a->exempt ? " exempt" : "", a->held_out ? " held out" : "");
}

static void print_person(const struct person *p, FILE *out)
{
	char time[RFC3339_BYTES];

	fprintf(out, "contact%s%s%s%s", p->has_address ? "" : " no address",
		p->bounces ? " bounces" : "",
		p->erased   ? " ERASED"
		: p->merged ? " MERGED"
			    : "",
		p->has_case ? " open case" : "");
	if (p->zone[0] || p->country[0])
		fprintf(out, " in \"%s\" \"%s\"", p->zone, p->country);
	for (int i = 0; i <= CASE_CLASSES; i++)
		if (p->consent[i])
			fprintf(out, " %s %s", i == CASE_CLASSES ? "all" : class_name(i),
				p->consent[i] > 0 ? "yes" : "no");
	for (int i = 1; i < CASE_CATEGORIES; i++)
		if (p->bought_ms[i])
			fprintf(out, " bought %s %s", category_name(i),
				rfc3339_text(p->bought_ms[i], time));
	if (p->paused_until_ms)
		fprintf(out, " paused until %s", rfc3339_text(p->paused_until_ms, time));
	for (unsigned i = 0; i < p->own_count; i++)
		fprintf(out, " own %lld per %llds", (long long)p->own[i].limit,
			(long long)(p->own[i].window_ms / SECOND_MS));
}

static void print_cancel(const struct happening *e, FILE *out)
{
	if (e->by_programme != NOBODY)
		fprintf(out, " programme %s", programme_name(e->by_programme));
	if (e->by_order != NOBODY)
		fprintf(out, " order %s", order_name(e->by_order));
}

static void print_event(const struct test_case *c, const struct happening *e, FILE *out)
{
	static const char *const words[] = {"",        "",        "cancel", "sent elsewhere",
					    "release", "confirm", "again",  "done"};
	char time[RFC3339_BYTES];

	fprintf(out, "%s ", rfc3339_text(e->at_ms, time));
	switch (e->kind) {
	case ASKED:
		print_ask(c, e, out);
		break;
	case PERSON_CHANGED:
		print_person(&e->person, out);
		break;
	case SENT_ELSEWHERE:
		fprintf(out, "sent elsewhere at %s: %s %s %s", rfc3339_text(e->sent_ms, time),
			class_name(e->ask.message_class), channel_text(e->ask.channel),
			category_name(e->ask.category));
		break;
	case CANCELLED:
	case RELEASED:
	case CONFIRMED:
	case ASKED_AGAIN:
	case DONE:
		fprintf(out, "%s %s", words[e->kind],
			e->number == NOBODY ? "" : request_name(c, e->number));
		print_cancel(e, out);
		break;
	}
	fprintf(out, "\n");
}

void case_print(const struct test_case *c, FILE *out)
{
	print_policy(c, out);
	for (unsigned i = 0; i < c->event_count; i++)
		if (!c->events[i].dropped)
			print_event(c, &c->events[i], out);
}
