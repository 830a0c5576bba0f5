/* report_consent.c - what was not sent for want of consent, and what would say it; see
 * report_page.h. */
#include "report_page.h"

/* "care 12, feedback 3" */
static void put_classes(const struct report_input *input, const struct report *report,
			struct buf *out)
{
	bool is_first = true;

	for (unsigned c = 0; c < input->policy->class_count; c++) {
		const char *name = input->policy->classes[c].name;
		size_t count = 0;

		for (size_t i = 0; i < report->programme_count; i++)
			if (strcmp(report->programmes[i].message_class, name) == 0)
				count += report->programmes[i].no_consent;
		if (count == 0)
			continue;
		buf_printf(out, "%s%s %zu", is_first ? "" : ", ", name, count);
		is_first = false;
	}
}

static void put_cure(const struct orders_assumed *assumed, struct buf *out)
{
	if (assumed->marketing)
		buf_printf(
		    out,
		    "A yes in the column \"%s\" is consent to the class promotion alone. Where "
		    "the words beside that box also name these kinds of mail, --columns "
		    "'consent=%s:no>' reads it as consent to every class, and so does "
		    "consent=all in NURTURE_SHOP_HOOKS for the shop's own webhooks; else ask "
		    "for them.",
		    assumed->marketing, assumed->marketing);
	else if (!assumed->consent)
		buf_text(out, "The column consent, or the events of these customers, say no, or "
			      "nothing.");
	else
		buf_text(out, "The events of these customers say no.");
}

const char *report_consent(const struct report_input *input, const struct report *report,
			   struct arena *arena)
{
	size_t count = report->by_status[STATUS_NO_CONSENT];
	struct buf text = BUF_MAX(4096);
	const char *ret;

	if (count == 0)
		return NULL;
	buf_printf(&text,
		   "%zu of %zu messages were not sent for want of consent, by class: ", count,
		   report->requests);
	put_classes(input, report, &text);
	buf_text(&text, ". ");
	put_cure(&input->orders->assumed, &text);
	ret = arena_copy(arena, text.bytes, text.len);
	buf_free(&text);
	return ret;
}
