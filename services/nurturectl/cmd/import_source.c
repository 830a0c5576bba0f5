/* import_source.c - see import_source.h. */
#include "import_source.h"

#include <stdlib.h>

#include "common/codec/text_encoding.h"
#include "common/io/config/config.h"

enum { LIST_MAX_BYTES = 1 << 30 };

static int read_list(const char *path, struct import_source *source, struct err *err)
{
	struct slice bytes;
	char *text;
	size_t len;
	int r;

	if (file_read(path, LIST_MAX_BYTES, &text, &len, err) < 0)
		return -1;
	bytes = slice_of(text, len);
	r = text_encoding_convert(bytes, text_encoding_guess(bytes), &source->list,
				  &source->list_len, err);
	free(text);
	return r < 0 ? err_prefix(err, "%s", path) : 0;
}

int import_source_open(const struct import_source_values *values, struct orders_values *orders,
		       struct import_source *ret, struct err *err)
{
	struct slice list;

	*ret = (struct import_source){.values = values};
	if (!values->text && (values->customers || values->mends))
		return err_config(err, "--%s: expected only with --source",
				  values->customers ? "customers" : "mend");
	if (!values->text)
		return 0;
	if (orders->key)
		return err_config(err,
				  "--key: expected without --source, whose option key= says it");
	if (!orders->orders)
		return err_config(err,
				  "--source: expected --orders FILE: events say their own ids");
	if (values->customers && read_list(values->customers, ret, err) < 0)
		return -1;
	list = slice_of(ret->list, ret->list_len);
	if (orders_door_read(values->text, orders->format, values->customers ? &list : NULL,
			     &ret->arena, &ret->door, err) < 0)
		return -1;
	orders->door = &ret->door;
	return 0;
}

static void add_part(struct id_parts *parts, struct slice part)
{
	id_parts_next(parts, part.len);
	id_parts_add(parts, part);
}

void import_source_identify(const struct import_source *source, struct id_parts *parts)
{
	if (!source->values->text)
		return;
	add_part(parts, slice_text(source->values->text));
	add_part(parts, slice_of(source->list ? source->list : "", source->list_len));
	add_part(parts, slice_text(source->values->mends ? "mend" : ""));
}

void import_source_close(struct import_source *source)
{
	free(source->list);
	arena_free(&source->arena);
}
