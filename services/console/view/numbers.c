/* numbers.c - texts, and manners of outcomes, by their numbers; see view_internal.h. */
#include <stdlib.h>

#include "common/base/hash.h"
#include "view_internal.h"

/* What was looked up lately; what two share a place, the later one has. */
enum { PLACES = 16384 };

struct place {
	struct slice bytes; /* its own */
	int64_t number;
};

struct numbers {
	struct place texts[PLACES], manners[PLACES];
};

struct numbers *numbers_open(void)
{
	struct numbers *numbers = calloc(1, sizeof(*numbers));

	if (!numbers)
		abort();
	return numbers;
}

void numbers_close(struct numbers **numbers_address)
{
	struct numbers *numbers = *numbers_address;

	if (!numbers)
		return;
	*numbers_address = NULL;
	for (size_t i = 0; i < PLACES; i++) {
		free((void *)numbers->texts[i].bytes.bytes);
		free((void *)numbers->manners[i].bytes.bytes);
	}
	free(numbers);
}

static struct place *place_of(struct place *places, struct slice bytes)
{
	return &places[hash64(bytes) % PLACES];
}

static bool is_there(const struct place *place, struct slice bytes)
{
	return place->bytes.bytes && slice_equal(place->bytes, bytes);
}

static void put(struct place *place, struct slice bytes, int64_t number)
{
	uint8_t *copy = malloc(bytes.len + 1);

	if (!copy)
		abort();
	memcpy(copy, bytes.bytes, bytes.len);
	free((void *)place->bytes.bytes);
	*place = (struct place){slice_of(copy, bytes.len), number};
}

static int64_t first_int(struct sql_rows *rows)
{
	int64_t number = 0;

	if (sql_next(rows)) {
		number = sql_int(rows, 0);
		sql_end(rows);
	}
	return number;
}

int64_t number_of_text(struct view *view, const char *text)
{
	struct slice bytes = slice_text(text);
	struct place *place = place_of(view->numbers->texts, bytes);
	int64_t number;

	if (is_there(place, bytes))
		return place->number;
	number =
	    first_int(sql_query(view->sql, "SELECT number FROM word WHERE text=?", "s", bytes));
	if (!number) {
		sql_do(view->sql, "INSERT INTO word(text) VALUES(?)", "s", bytes);
		number = sql_last_row(view->sql);
	}
	put(place, bytes, number);
	return number;
}

int64_t number_of_manner(struct view *view, struct slice fields)
{
	struct place *place = place_of(view->numbers->manners, fields);
	int64_t number;

	if (is_there(place, fields))
		return place->number;
	number = first_int(
	    sql_query(view->sql, "SELECT number FROM manner WHERE fields=?", "b", fields));
	if (!number) {
		sql_do(view->sql, "INSERT INTO manner(fields) VALUES(?)", "b", fields);
		number = sql_last_row(view->sql);
	}
	put(place, fields, number);
	return number;
}
