/* whatif_people_html.c - the comparison's sections about customers; see whatif_page.h. */
#include "common/base/civil.h"
#include "services/nurturectl/report/report_page.h"
#include "services/nurturectl/report/timeline.h"
#include "whatif_page.h"
#include "services/nurturectl/outcomes/labels.h"

enum {
	TABLE_PEOPLE = 20,
	SEARCH_PEOPLE = 5000,
	TIMELINE_PEOPLE = 5,
};

static const char *programme_of(const struct whatif *whatif, unsigned side,
				const struct whatif_life *life)
{
	return whatif->input->sides[side].book->programmes.texts[life->longest_programme];
}

/* "6 messages, at most 2 in 30 days; 4 gave way to others for good; tips waited 13 days" */
static void put_life(const struct whatif *whatif, unsigned side, const struct whatif_life *life,
		     struct buf *out)
{
	words_count((int64_t)life->mails, "message", "messages", out);
	buf_printf(out, ", at most %u in 30 days", life->most_30d);
	if (life->displaced)
		buf_printf(out, "; %u never said because others went first", life->displaced);
	if (life->longest_ms >= HOUR_MS && life->longest_programme != BOOK_NOBODY) {
		buf_text(out, "; the longest wait: ");
		html_text(out, programme_of(whatif, side, life));
		buf_text(out, ", ");
		whatif_wait(life->longest_ms, out);
	}
}

static void put_lists(const struct whatif *whatif, const struct timeline timelines[WHATIF_SIDES],
		      struct buf *out)
{
	buf_text(out, "<details><summary>the same as lists</summary><div class=\"two\">");
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		buf_text(out, "<div><h4>");
		html_text(out, whatif->sides[side].name);
		buf_text(out, "</h4>");
		report_timeline_list(&timelines[side], out);
		buf_text(out, "</div>");
	}
	buf_text(out, "</div></details>\n");
}

static void put_timelines(const struct whatif *whatif, const struct whatif_person *person,
			  bool has_lists, struct buf *out)
{
	struct timeline timelines[WHATIF_SIDES];

	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		timeline_open(&timelines[side], whatif->input->sides[0].policy,
			      whatif->input->orders, whatif->input->sides[side].book, person->id);
	timeline_choose_year(timelines, WHATIF_SIDES);
	for (unsigned side = 0; side < WHATIF_SIDES; side++) {
		buf_printf(out, "<p class=\"side\"><i class=\"%s\"></i> <b>", side ? "b" : "a");
		html_text(out, whatif->sides[side].name);
		buf_text(out, "</b>: ");
		put_life(whatif, side, &person->sides[side], out);
		buf_text(out, "</p><div class=\"wide\">");
		report_timeline_svg(&timelines[side], out);
		buf_text(out, "</div>");
	}
	if (has_lists)
		put_lists(whatif, timelines, out);
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		timeline_close(&timelines[side]);
}

static void put_programme_key(const struct whatif *whatif, struct buf *out)
{
	buf_text(out, "<p class=\"soft\">Dots are messages that were sent, rings those that were "
		      "not, triangles what people were asked to do, squares orders (empty: "
		      "cancelled, returned or complained about). A line before a mark: held back "
		      "so long. Of a long life, the busiest year. Point at a mark to read it.</p>"
		      "\n<div class=\"key\">");
	for (size_t i = 0; i < whatif->programme_count; i++) {
		const char *name = whatif->programmes[i].name;

		buf_printf(out, "<span><i style=\"background:var(--p%u)\"></i>",
			   report_colour(whatif->input->sides[0].policy, name));
		html_text(out, name);
		buf_text(out, "</span>");
	}
	buf_text(out, "</div>\n");
}

static void put_worst(const struct whatif *whatif, unsigned side, enum whatif_story_kind kind,
		      struct buf *out)
{
	static const char *const titles[WHATIF_STORIES] = {"Hears most", "Misses most",
							   "Waits longest"};
	const struct whatif_person *person = whatif->worst[side][kind];

	if (!person)
		return;
	buf_printf(out, "<div class=\"story\"><h3>%s under ", titles[kind]);
	html_text(out, whatif->sides[side].name);
	buf_text(out, ": customer ");
	html_text(out, person->id);
	buf_text(out, ", ");
	words_count((int64_t)person->orders, "order", "orders", out);
	buf_text(out, "</h3>");
	put_timelines(whatif, person, true, out);
	buf_text(out, "</div>\n");
}

void whatif_worst_html(const struct whatif *whatif, struct buf *out)
{
	buf_text(out, "<section><h2>Who would be treated worst</h2>");
	put_programme_key(whatif, out);
	for (int kind = 0; kind < WHATIF_STORIES; kind++)
		for (unsigned side = WHATIF_SIDES; side-- > 0;) {
			/* One life that is the worst of both is told once. */
			if (side == 0 && whatif->worst[0][kind] == whatif->worst[1][kind])
				continue;
			put_worst(whatif, side, (enum whatif_story_kind)kind, out);
		}
	buf_text(out, "</section>\n");
}

static void put_person_row(const struct whatif *whatif, const struct whatif_person *person,
			   struct buf *out)
{
	int64_t change = (int64_t)person->sides[1].mails - person->sides[0].mails;

	(void)whatif;
	buf_text(out, "<tr><td>");
	html_text(out, person->id);
	buf_printf(out, "</td><td>%u</td><td>%u</td><td>%u</td><td>%s%d</td><td>%u</td>",
		   person->orders, person->sides[0].mails, person->sides[1].mails,
		   change > 0 ? "+" : "", (int)change, person->distance);
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		buf_printf(out, "<td>%u</td>", person->sides[side].most_30d);
	for (unsigned side = 0; side < WHATIF_SIDES; side++)
		buf_printf(out, "<td>%u</td>", person->sides[side].displaced);
	buf_text(out, "</tr>\n");
}

/* [["00001",orders,a,b,distance,a30,b30,aNever,bNever],...]; no "<" can end the element. */
static void put_search_data(const struct whatif *whatif, size_t count, struct buf *out)
{
	buf_text(out, "<script type=\"application/json\" id=\"people\">[");
	for (size_t i = 0; i < count; i++) {
		const struct whatif_person *person = &whatif->people[i];
		const struct whatif_life *a = &person->sides[0], *b = &person->sides[1];

		buf_text(out, i ? ",\n[\"" : "[\"");
		for (const char *c = person->id; *c; c++)
			if (*c == '<' || *c == '"' || *c == '\\' || (unsigned char)*c < 0x20)
				buf_printf(out, "\\u%04x", (unsigned)*c);
			else
				buf_char(out, *c);
		buf_printf(out, "\",%u,%u,%u,%u,%u,%u,%u,%u]", person->orders, a->mails, b->mails,
			   person->distance, a->most_30d, b->most_30d, a->displaced, b->displaced);
	}
	buf_printf(out, "]</script><script>%s</script>\n", whatif_script);
}

static void put_table(const struct whatif *whatif, size_t count, struct buf *out)
{
	buf_text(out, "<div class=\"scroll\"><table id=\"rows\" class=\"pairs2\"><thead><tr>"
		      "<th>customer</th><th>orders</th><th colspan=\"3\">messages</th>"
		      "<th>not the same</th><th colspan=\"2\">most in 30 days</th>"
		      "<th colspan=\"2\">never said</th></tr>\n<tr><th></th><th></th>");
	for (int i = 0; i < 3; i++) {
		buf_text(out, "<th class=\"ha\">");
		html_text(out, whatif->sides[0].name);
		buf_text(out, "</th><th class=\"hb\">");
		html_text(out, whatif->sides[1].name);
		buf_text(out, i == 0 ? "</th><th></th><th></th>" : "</th>");
	}
	buf_text(out, "</tr></thead><tbody>\n");
	for (size_t i = 0; i < count; i++)
		put_person_row(whatif, &whatif->people[i], out);
	buf_text(out, "</tbody></table></div>\n");
}

/* With whom something is different; the list begins with them. */
static size_t different(const struct whatif *whatif)
{
	return whatif->person_count - whatif->same;
}

static size_t at_most(size_t count, size_t most)
{
	return count < most ? count : most;
}

static void put_title(const struct whatif *whatif, struct buf *out)
{
	char fewer[32], more[32];

	if (whatif->fewer + whatif->more == 0)
		buf_text(out, "<section><h2>Nobody would hear more or fewer messages</h2>");
	else if (whatif->more > whatif->fewer)
		buf_printf(out, "<section><h2>%s of %s customers would hear more messages, ",
			   words_number((int64_t)whatif->more, more, sizeof(more)),
			   words_number((int64_t)whatif->person_count, fewer, sizeof(fewer)));
	else
		buf_printf(out, "<section><h2>%s of %s customers would hear fewer messages, ",
			   words_number((int64_t)whatif->fewer, fewer, sizeof(fewer)),
			   words_number((int64_t)whatif->person_count, more, sizeof(more)));
	if (whatif->more > whatif->fewer)
		buf_printf(out, "%s fewer</h2>", whatif_people(whatif->fewer, fewer));
	else if (whatif->fewer)
		buf_printf(out, "%s more</h2>", whatif_people(whatif->more, more));
	buf_printf(out,
		   "<p class=\"soft\">Customers by how many messages more or fewer. For %s "
		   "the number is the same, but not the messages; for ",
		   whatif_people(whatif->other_messages, fewer));
	buf_text(out, whatif_people(whatif->other_times, fewer));
	buf_text(out, " the messages are the same, but not all at the same time; for ");
	buf_text(out, whatif_people(whatif->same, fewer));
	buf_text(out, " nothing changes.</p>\n");
}

void whatif_people_html(const struct whatif *whatif, struct buf *out)
{
	size_t count = different(whatif);
	size_t search = at_most(count, SEARCH_PEOPLE);

	put_title(whatif, out);
	whatif_changes_svg(whatif, out);
	buf_text(out, "</section>\n");
	if (count == 0)
		return;
	buf_text(out, "<section><h2>Person by person: who changes most</h2>"
		      "<p class=\"soft\">\"Not the same\" counts the messages that only one of "
		      "the two policies says, programme by programme.</p>"
		      "<p id=\"find\" hidden><label>Customer <input type=\"search\" "
		      "autocomplete=\"off\"></label> <span class=\"soft\">among the ");
	html_number(out, (int64_t)search);
	buf_text(out, " with the largest change</span></p>\n");
	put_table(whatif, at_most(count, TABLE_PEOPLE), out);
	put_search_data(whatif, search, out);
	for (size_t i = 0; i < at_most(count, TIMELINE_PEOPLE); i++) {
		const struct whatif_person *person = &whatif->people[i];

		buf_printf(out, "<details class=\"story\"%s><summary><b>Customer ",
			   i == 0 ? " open" : "");
		html_text(out, person->id);
		buf_printf(out, "</b>, %u orders: %u messages, or %u</summary>", person->orders,
			   person->sides[0].mails, person->sides[1].mails);
		put_timelines(whatif, person, false, out);
		buf_text(out, "</details>\n");
	}
	buf_text(out, "</section>\n");
}
