/* whatif_json.c - the comparison's numbers as JSON; see whatif_page.h. */
#include "common/base/civil.h"
#include "common/codec/json.h"
#include "whatif_page.h"

enum { PEOPLE = 200 };

static void put_number(const char *key, size_t value, struct buf *out)
{
	json_put_key(out, key);
	buf_printf(out, "%zu", value);
}

static void put_text(const char *key, const char *value, struct buf *out)
{
	json_put_key(out, key);
	json_put_text(out, slice_text(value));
}

static void put_quantiles(const char *key, const int64_t values[WHATIF_QUANTILES], double unit,
			  struct buf *out)
{
	static const char *const names[WHATIF_QUANTILES] = {"p10", "p50", "p90", "p99", "max"};

	json_put_key(out, key);
	buf_char(out, '{');
	for (int i = 0; i < WHATIF_QUANTILES; i++) {
		json_put_key(out, names[i]);
		buf_printf(out, "%.10g", (double)values[i] / unit);
	}
	buf_char(out, '}');
}

static void put_counts(const struct whatif_counts *counts, struct buf *out)
{
	put_number("wanted", counts->wanted, out);
	put_number("said", counts->said, out);
	put_number("tasks", counts->tasks, out);
	put_number("never_said", counts->unsaid, out);
	put_number("waiting", counts->waiting, out);
	put_number("held_back", counts->held, out);
	json_put_key(out, "by_status");
	buf_char(out, '{');
	for (int status = 0; status < STATUS_COUNT; status++)
		if (counts->by_status[status])
			put_number(status == STATUS_DEFERRED ? "waiting"
							     : status_text((enum status)status),
				   counts->by_status[status], out);
	buf_char(out, '}');
	put_quantiles("waited_hours", counts->wait_quantiles_ms, HOUR_MS, out);
}

static void put_side(const struct whatif *whatif, unsigned side, struct buf *out)
{
	const struct whatif_side *one = &whatif->sides[side];

	buf_char(out, '{');
	put_text("name", one->name, out);
	put_text("policy", whatif->input->sides[side].policy->hash, out);
	put_number("mails", one->mails, out);
	put_number("customers", one->heard, out);
	put_number("most_7d", one->most_7d, out);
	put_number("most_30d", one->most_30d, out);
	if (one->who_30d)
		put_text("most_30d_customer", one->who_30d, out);
	put_quantiles("mails_per_customer", one->mails_quantiles, 1, out);
	put_quantiles("most_30d_per_customer", one->most_30d_quantiles, 1, out);
	put_quantiles("mails_per_30d", one->rate_quantiles, 100, out);
	json_put_key(out, "customers_by_most_30d");
	for (int i = 0; i < WHATIF_BUSY; i++)
		buf_printf(out, "%c%zu", i ? ',' : '[', one->busy[i]);
	buf_char(out, ']');
	put_counts(&one->all, out);
	buf_char(out, '}');
}

static void put_programmes(const struct whatif *whatif, struct buf *out)
{
	json_put_key(out, "programmes");
	buf_char(out, '[');
	for (size_t i = 0; i < whatif->programme_count; i++) {
		buf_text(out, i ? ",{" : "{");
		put_text("name", whatif->programmes[i].name, out);
		json_put_key(out, "sides");
		for (unsigned side = 0; side < WHATIF_SIDES; side++) {
			buf_text(out, side ? ",{" : "[{");
			put_counts(&whatif->programmes[i].sides[side], out);
			buf_char(out, '}');
		}
		buf_text(out, "]}");
	}
	buf_char(out, ']');
}

static void put_rules(const struct whatif *whatif, struct buf *out)
{
	json_put_key(out, "rules");
	buf_char(out, '[');
	for (size_t i = 0; i < whatif->rule_count; i++) {
		const struct whatif_rule *rule = &whatif->rules[i];

		buf_text(out, i ? ",{" : "{");
		put_text("name", rule->name, out);
		json_put_key(out, "sides");
		for (unsigned side = 0; side < WHATIF_SIDES; side++) {
			buf_text(out, side ? ",{" : "[{");
			put_number("held_back", rule->sides[side].requests, out);
			put_number("later", rule->sides[side].later, out);
			put_number("never", rule->sides[side].ended, out);
			put_number("waiting", rule->sides[side].waiting, out);
			buf_char(out, '}');
		}
		buf_text(out, "]}");
	}
	buf_char(out, ']');
}

static void put_pair(const struct whatif *whatif, unsigned side, size_t at, bool is_first,
		     struct buf *out)
{
	size_t count = whatif->programme_count;

	buf_text(out, is_first ? "{" : ",{");
	put_text("went_first", whatif->programmes[at / count].name, out);
	put_text("waited", whatif->programmes[at % count].name, out);
	put_number("messages", whatif->matrix[side][at].requests, out);
	put_number("never_said", whatif->matrix[side][at].displaced, out);
	buf_char(out, '}');
}

static void put_matrix(const struct whatif *whatif, struct buf *out)
{
	size_t count = whatif->programme_count;

	json_put_key(out, "displaced_by");
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		bool is_first = true;

		buf_text(out, side ? ",[" : "[[");
		for (size_t at = 0; at < count * count; at++) {
			if (whatif->matrix[side][at].requests == 0)
				continue;
			put_pair(whatif, side, at, is_first, out);
			is_first = false;
		}
		buf_char(out, ']');
	}
	buf_char(out, ']');
}

static void put_person(const struct whatif_person *person, struct buf *out)
{
	buf_char(out, '{');
	put_text("customer", person->id, out);
	put_number("orders", person->orders, out);
	put_number("difference", person->distance, out);
	json_put_key(out, "sides");
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		const struct whatif_life *life = &person->sides[side];

		buf_text(out, side ? ",{" : "[{");
		put_number("mails", life->mails, out);
		put_number("most_7d", life->most_7d, out);
		put_number("most_30d", life->most_30d, out);
		put_number("displaced", life->displaced, out);
		put_number("never_said", life->unsaid, out);
		put_number("held_back", life->held, out);
		json_put_key(out, "longest_wait_hours");
		buf_printf(out, "%.10g", (double)life->longest_ms / (double)HOUR_MS);
		buf_char(out, '}');
	}
	buf_text(out, "]}");
}

static void put_people(const struct whatif *whatif, struct buf *out)
{
	json_put_key(out, "customers");
	buf_char(out, '{');
	put_number("all", whatif->person_count, out);
	put_number("more", whatif->more, out);
	put_number("fewer", whatif->fewer, out);
	put_number("other_messages", whatif->other_messages, out);
	put_number("other_times", whatif->other_times, out);
	put_number("same", whatif->same, out);
	buf_char(out, '}');
	json_put_key(out, "most_different");
	buf_char(out, '[');
	for (size_t i = 0; i < whatif->person_count && i < PEOPLE; i++) {
		if (whatif->people[i].distance == 0 && !whatif->people[i].other_times)
			break;
		buf_text(out, i ? ",\n" : "\n");
		put_person(&whatif->people[i], out);
	}
	buf_char(out, ']');
}

static void put_worst(const struct whatif *whatif, struct buf *out)
{
	static const char *const names[WHATIF_STORIES] = {"most_sends", "most_displaced",
							  "longest_wait"};

	json_put_key(out, "worst");
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		buf_text(out, side ? ",{" : "[{");
		for (int kind = 0; kind < WHATIF_STORIES; kind++) {
			if (!whatif->worst[side][kind])
				continue;
			json_put_key(out, names[kind]);
			put_person(whatif->worst[side][kind], out);
		}
		buf_char(out, '}');
	}
	buf_char(out, ']');
}

void whatif_json(const struct whatif *whatif, struct buf *out)
{
	struct buf answer = BUF_MAX(4096);

	whatif_answer(whatif, &answer);
	buf_char(out, '{');
	put_text("shop", whatif->input->sides[0].policy->shop.name, out);
	put_text("answer", answer.bytes, out);
	put_number("orders", whatif->input->orders->placed, out);
	json_put_time(out, "from", whatif->input->orders->first_ms);
	json_put_time(out, "until", whatif->input->until_ms);
	json_put_key(out, "sides");
	buf_char(out, '[');
	put_side(whatif, 0, out);
	buf_char(out, ',');
	put_side(whatif, 1, out);
	buf_char(out, ']');
	put_programmes(whatif, out);
	put_rules(whatif, out);
	put_matrix(whatif, out);
	put_people(whatif, out);
	put_worst(whatif, out);
	buf_text(out, "}\n");
	buf_free(&answer);
}
