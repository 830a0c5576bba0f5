/* orders_identity.c - see orders_identity.h. */
#include "orders_identity.h"

#include <inttypes.h>
#include <stdio.h>

static struct slice text_or_none(const char *text)
{
	return slice_text(text ? text : "");
}

static void add_part(struct id_parts *parts, struct slice part)
{
	id_parts_next(parts, part.len);
	id_parts_add(parts, part);
}

void orders_identity_add(struct id_parts *parts, const struct orders *orders)
{
	add_part(parts, slice_of(orders->text ? orders->text : "", orders->text_len));
	add_part(parts, slice_of(orders->lines ? orders->lines : "", orders->lines_len));
}

void orders_identity(struct id_parts *files, const struct orders_values *values,
		     const struct shop *shop, const struct catalogue *catalogue, bool also_live,
		     char ret[ID_TEXT_BYTES])
{
	char numbers[120];

	snprintf(numbers, sizeof(numbers), "%d %d %" PRId64 " %" PRId64 " %" PRId64,
		 values->has_lines, also_live, values->delivered_after_ms, values->live_from_ms,
		 values->until_ms);

	const struct slice parts[] = {
	    text_or_none(values->columns),     text_or_none(values->format),
	    text_or_none(values->time_format), text_or_none(values->decimal),
	    text_or_none(values->key),         text_or_none(shop->time_zone),
	    text_or_none(shop->currency),      slice_text(numbers),
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		add_part(files, parts[i]);
	if (catalogue)
		add_part(files, slice_text(catalogue->hash));
	id_parts_end(files, ret);
}
