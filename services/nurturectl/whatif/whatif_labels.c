/* whatif_labels.c - what the comparison says, in sentences; see whatif_page.h. */
#include <stdio.h>
#include <stdlib.h>

#include "common/base/civil.h"
#include "whatif_page.h"
#include "services/nurturectl/outcomes/labels.h"

static const char *number(size_t value, char text[32])
{
	return label_number((int64_t)value, text, 32);
}

/* Writes "12" or, below ten, "3.4". */
static void put_percent(double percent, struct buf *out)
{
	if (percent >= 9.95)
		buf_printf(out, "%.0f %%", percent);
	else
		buf_printf(out, "%.1f %%", percent);
}

void whatif_change(int64_t from, int64_t to, struct buf *out)
{
	if (from == to) {
		buf_text(out, "as many");
	} else if (from == 0) {
		buf_text(out, "none before");
	} else {
		put_percent((double)llabs(to - from) * 100.0 / (double)from, out);
		buf_text(out, to > from ? " more" : " fewer");
	}
}

void whatif_wait(int64_t ms, struct buf *out)
{
	if (ms < MINUTE_MS)
		buf_text(out, "at once");
	else if (ms < HOUR_MS)
		buf_printf(out, "%d min", (int)(ms / MINUTE_MS));
	else if (ms < 2 * DAY_MS)
		buf_printf(out, "%d h", (int)((ms + HOUR_MS / 2) / HOUR_MS));
	else
		buf_printf(out, "%d days", (int)((ms + DAY_MS / 2) / DAY_MS));
}

const char *whatif_people(size_t count, char text[32])
{
	return count ? number(count, text) : "nobody";
}

static bool has_rule(const struct policy *policy, const char *name)
{
	for (unsigned i = 0; i < policy->cap_count; i++)
		if (strcmp(policy->caps[i].name, name) == 0)
			return true;
	return strcmp(policy->ceiling.name, name) == 0;
}

/* A cap that only one of the policies has is described in that policy's words. */
void whatif_rule_label(const struct whatif *whatif, const struct whatif_rule *rule, struct buf *out)
{
	const struct policy *a = whatif->input->sides[0].policy,
			    *b = whatif->input->sides[1].policy;
	struct buf first = BUF_MAX(4096), second = BUF_MAX(4096);

	label_rule(has_rule(a, rule->name) ? a : b, rule->name, &first);
	label_rule(has_rule(b, rule->name) ? b : a, rule->name, &second);
	buf_text(out, first.bytes);
	if (strcmp(first.bytes, second.bytes) != 0 && strchr(second.bytes, ':'))
		buf_printf(out, "; under %s%s", whatif->sides[1].name,
			   strchr(second.bytes, ':') + 1);
	buf_free(&first);
	buf_free(&second);
}

static bool is_same(const struct whatif *whatif)
{
	return whatif->same == whatif->person_count;
}

void whatif_answer(const struct whatif *whatif, struct buf *out)
{
	const struct whatif_side *a = &whatif->sides[0], *b = &whatif->sides[1];
	char from[32], to[32];

	if (is_same(whatif)) {
		buf_printf(out,
			   "Nobody would notice: under %s everybody hears what they hear "
			   "under %s, at the same times.",
			   b->name, a->name);
		return;
	}
	if (a->mails == b->mails) {
		buf_printf(out,
			   "Under %s people would hear as many messages as under %s, %s, but "
			   "not the same ones at the same times.",
			   b->name, a->name, number(a->mails, from));
		return;
	}
	buf_printf(out, "Under %s people would hear %s messages instead of %s under %s: ", b->name,
		   number(b->mails, to), number(a->mails, from), a->name);
	whatif_change((int64_t)a->mails, (int64_t)b->mails, out);
	buf_char(out, '.');
}

static void say_most(const struct whatif *whatif, struct buf *out)
{
	size_t a = whatif->sides[0].most_30d, b = whatif->sides[1].most_30d;

	if (a == b)
		buf_printf(out, "The most that anyone hears in any 30 days stays at %zu.", a);
	else
		buf_printf(out, "The most that anyone hears in any 30 days %s from %zu to %zu.",
			   b > a ? "rises" : "falls", a, b);
}

static void say_people(const struct whatif *whatif, struct buf *out)
{
	char more[32], fewer[32], all[32];

	buf_printf(out, "Of %s customers, %s would hear more and %s fewer; ",
		   number(whatif->person_count, all), whatif_people(whatif->more, more),
		   whatif_people(whatif->fewer, fewer));
	buf_printf(out, "%s would hear as many, but other ones or at other times, and for ",
		   number(whatif->other_messages + whatif->other_times, all));
	buf_printf(out, "%s nothing changes.", whatif_people(whatif->same, all));
}

static const struct whatif_programme *most_changed(const struct whatif *whatif, int sign)
{
	const struct whatif_programme *most = NULL;
	int64_t best = 0;

	for (size_t i = 0; i < whatif->programme_count; i++) {
		const struct whatif_programme *one = &whatif->programmes[i];
		int64_t change = sign * ((int64_t)one->sides[1].said - (int64_t)one->sides[0].said);

		if (change <= best)
			continue;
		best = change;
		most = one;
	}
	return most;
}

static void say_programme(const struct whatif_programme *one, struct buf *out)
{
	size_t a = one->sides[0].said, b = one->sides[1].said;
	char from[32], to[32], by[32];

	buf_printf(out, "%s %s most: %s messages %s, from %s to %s.", one->name,
		   b > a ? "gains" : "loses", number(b > a ? b - a : a - b, by),
		   b > a ? "more" : "fewer", number(a, from), number(b, to));
}

static void say_unsaid(const struct whatif *whatif, struct buf *out)
{
	size_t a = whatif->sides[0].all.by_status[STATUS_DISPLACED];
	size_t b = whatif->sides[1].all.by_status[STATUS_DISPLACED];
	char from[32], to[32];

	if (a == b)
		buf_printf(out,
			   "As many messages as before would never be said because others "
			   "went first: %s.",
			   number(a, from));
	else
		buf_printf(out,
			   "%s messages would never be said because others went first; "
			   "under %s it is %s.",
			   number(b, to), whatif->sides[0].name, number(a, from));
}

bool whatif_finding(const struct whatif *whatif, unsigned index, struct buf *out)
{
	const struct whatif_programme *loser = most_changed(whatif, -1),
				      *winner = most_changed(whatif, 1);

	if (is_same(whatif))
		return false;
	if (index == 0)
		say_most(whatif, out);
	else if (index == 1)
		say_people(whatif, out);
	else if (index == 2)
		say_unsaid(whatif, out);
	else if (index == 3 && loser)
		say_programme(loser, out);
	else if (index == (loser ? 4u : 3u) && winner)
		say_programme(winner, out);
	else
		return false;
	return true;
}

const char *whatif_assumed(const struct whatif *whatif, unsigned index)
{
	const struct orders_assumed *assumed = &whatif->input->orders->assumed;
	const struct {
		bool is_used;
		const char *text;
	} all[] = {
	    {true, "Orders are as they were: nobody buys more or less because of what they hear. "
		   "The comparison shows what is said, not what it is worth."},
	    {assumed->consent, "Every customer has agreed to every kind of message: the file of "
			       "orders does not say. Live, nobody has, until a source says so."},
	    {assumed->address, "Every customer can be reached by e-mail, under an address made "
			       "from the customer number: the file has none."},
	    {assumed->midnight, "Orders without a time of day were placed at midnight in the "
				"first policy's time zone."},
	    {whatif->input->orders->nameless > 0,
	     "Rows without a customer are left out: nobody can be written to."},
	    {assumed->delivery, "Every order was delivered, a fixed time after it was placed."},
	    {!assumed->delivery, "Only deliveries that are in the file count. Messages that wait "
				 "for a delivery need --delivered-after if there are none."},
	    {!whatif->input->outcomes_file && !whatif->input->orders->lines,
	     "The mail server takes every message at once, and nobody clicks, complains or "
	     "answers."},
	    {!whatif->input->outcomes_file && whatif->input->orders->lines,
	     "The mail server takes every message at once; what people and servers did is what "
	     "the file of events says."},
	    {true, "A message waits from the moment at which it could first be said until it is "
		   "sent. Messages in another one's mail count as said, but not as mail."},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i].is_used && index-- == 0)
			return all[i].text;
	return NULL;
}
