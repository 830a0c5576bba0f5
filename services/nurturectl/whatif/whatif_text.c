/* whatif_text.c - the comparison on a terminal; see whatif_page.h. */
#include "whatif_page.h"
#include "services/nurturectl/outcomes/labels.h"

static const char *number(size_t value, char text[32])
{
	return label_number((int64_t)value, text, 32);
}

static void put_pair(const char *what, size_t a, size_t b, struct buf *out)
{
	char from[32], to[32];

	buf_printf(out, "  %-44.44s %12s %12s   ", what, number(a, from), number(b, to));
	whatif_change((int64_t)a, (int64_t)b, out);
	buf_char(out, '\n');
}

static void put_heading(const char *what, const struct whatif *whatif, struct buf *out)
{
	buf_printf(out, "\n%-46s %12.12s %12.12s\n", what, whatif->sides[0].name,
		   whatif->sides[1].name);
}

static void put_programmes(const struct whatif *whatif, struct buf *out)
{
	put_heading("WHAT THE PROGRAMMES GET THROUGH", whatif, out);
	for (size_t i = 0; i < whatif->programme_count; i++)
		put_pair(whatif->programmes[i].name, whatif->programmes[i].sides[0].said,
			 whatif->programmes[i].sides[1].said, out);
}

static void put_rules(const struct whatif *whatif, struct buf *out)
{
	struct buf words = BUF_MAX(16384);

	put_heading("WHAT HELD MESSAGES BACK", whatif, out);
	for (size_t i = 0; i < whatif->rule_count; i++) {
		const struct whatif_rule *rule = &whatif->rules[i];

		buf_reset(&words);
		whatif_rule_label(whatif, rule, &words);
		put_pair(words.bytes, rule->sides[0].requests, rule->sides[1].requests, out);
	}
	buf_free(&words);
}

static void put_people(const struct whatif *whatif, struct buf *out)
{
	enum { SHOWN = 10 };

	put_heading("WHOSE MESSAGES CHANGE MOST", whatif, out);
	for (size_t i = 0; i < whatif->person_count && i < SHOWN; i++) {
		const struct whatif_person *person = &whatif->people[i];

		if (person->distance)
			put_pair(person->id, person->sides[0].mails, person->sides[1].mails, out);
	}
}

void whatif_text(const struct whatif *whatif, struct buf *out)
{
	const struct whatif_side *a = &whatif->sides[0], *b = &whatif->sides[1];
	const char *sentence;

	whatif_answer(whatif, out);
	buf_char(out, '\n');
	for (unsigned i = 0;; i++) {
		struct buf text = BUF_MAX(4096);
		bool is_there = whatif_finding(whatif, i, &text);

		if (is_there)
			buf_printf(out, "  - %s\n", text.bytes);
		buf_free(&text);
		if (!is_there)
			break;
	}
	put_heading("HOW MUCH ANYONE HEARS", whatif, out);
	put_pair("messages in all", a->mails, b->mails, out);
	put_pair("most in any 7 days", a->most_7d, b->most_7d, out);
	put_pair("most in any 30 days", a->most_30d, b->most_30d, out);
	put_pair("customers who hear anything", a->heard, b->heard, out);
	put_pair("held back at least once", a->all.held, b->all.held, out);
	put_pair("never said", a->all.unsaid, b->all.unsaid, out);
	put_programmes(whatif, out);
	put_rules(whatif, out);
	put_people(whatif, out);
	buf_text(out, "\nTAKEN FOR GRANTED\n");
	for (unsigned i = 0; (sentence = whatif_assumed(whatif, i)); i++)
		buf_printf(out, "  - %s\n", sentence);
}
