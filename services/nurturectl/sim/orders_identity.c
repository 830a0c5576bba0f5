/* orders_identity.c - see orders_identity.h. */
#include "orders_identity.h"

#include <inttypes.h>
#include <stdio.h>

static struct slice text_or_none(const char *text)
{
	return slice_text(text ? text : "");
}

void orders_identity(const struct orders *orders, const struct orders_values *values,
		     const struct shop *shop, bool also_live, char ret[ID_TEXT_BYTES])
{
	char numbers[120];

	snprintf(numbers, sizeof(numbers), "%d %d %" PRId64 " %" PRId64 " %" PRId64,
		 values->has_lines, also_live, values->delivered_after_ms, values->live_from_ms,
		 values->until_ms);

	const struct slice parts[] = {
	    slice_of(orders->text ? orders->text : "", orders->text_len),
	    slice_of(orders->lines ? orders->lines : "", orders->lines_len),
	    text_or_none(values->columns),
	    text_or_none(values->format),
	    text_or_none(values->time_format),
	    text_or_none(values->decimal),
	    text_or_none(values->key),
	    text_or_none(shop->time_zone),
	    text_or_none(shop->currency),
	    slice_text(numbers),
	};

	id_of(ret, parts, sizeof(parts) / sizeof(*parts));
}
