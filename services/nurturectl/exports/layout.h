/*
 * layout.h - which column of a file is what, and what its words mean; the room's door.  Pure.
 *
 * The room exports/ reads files as the systems of shops write them: common/codec makes UTF-8 of
 * them (text_encoding.h) and takes rows apart (csv.h), time_text.h and amount.h read what stands in
 * fields, presets.h knows whole exports by name.  A layout ties a header line to the columns of
 * columns.h:
 *
 *     customer=customer_id,country=Shipping Country|Billing Country,name=First+Last,
 *     kind=Status:completed>order,refunded>order+refund,pending>-
 *
 * with | between columns of which the first that is not empty counts, + between those that are read
 * together, and behind : what words mean (capitals do not count).  A column of the file whose own
 * name has such a mark is found by its whole name.
 */
#ifndef NURTURE_NURTURECTL_EXPORTS_LAYOUT_H
#define NURTURE_NURTURECTL_EXPORTS_LAYOUT_H

#include "columns.h"
#include "common/codec/csv.h"

enum { LAYOUT_PLACES = 4, LAYOUT_TOGETHER = 3 };

struct layout_word {
	struct layout_word *next;
	struct slice word, meaning;
};

struct layout_column {
	/* Places in a row; each list ends with -1. */
	int places[LAYOUT_PLACES][LAYOUT_TOGETHER];
	unsigned place_count; /* 0: the file has no such column */
	struct layout_word *words;
};

struct layout {
	struct layout_column columns[COLUMN_COUNT];
	size_t field_count;                /* of the header line, and so of every row */
	const char *headers[COLUMN_COUNT]; /* what the file calls them; NULL: it has none such */
};

/* Each column is under its own name. The header's fields are borrowed only for the call. */
void layout_by_name(const struct slice *header, size_t count, struct layout *ret);
/*
 * Adds what a mapping says; a column that it names again is replaced.  With is_preset columns that
 * the header does not have are passed over, else they are an error.  Words are kept in the arena.
 */
int layout_add(struct layout *layout, const char *mapping, bool is_preset,
	       const struct slice *header, struct arena *arena, struct err *err);

static inline bool layout_has(const struct layout *layout, enum column column)
{
	return layout->columns[column].place_count > 0;
}

/* What the row says of the column, after the words' meaning; "" when it says nothing. */
struct slice layout_field(const struct layout *layout, enum column column,
			  const struct slice *fields, struct arena *arena);
/* The same without the words' meanings, for messages about them. */
struct slice layout_raw(const struct layout *layout, enum column column, const struct slice *fields,
			struct arena *arena);

#endif
