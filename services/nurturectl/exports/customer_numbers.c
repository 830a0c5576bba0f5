/* customer_numbers.c - see customer_numbers.h. */
#include "customer_numbers.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/codec/csv.h"

enum { FIRST_ROOM = 1024 };

/* Whether a column is called so, whatever its capitals, with blanks or with underscores. */
static bool is_called(struct slice header, const char *name)
{
	header = slice_trim(header, " \t\r");
	if (header.len != strlen(name))
		return false;
	for (size_t i = 0; i < header.len; i++) {
		char letter = (char)header.bytes[i];

		if (letter >= 'A' && letter <= 'Z')
			letter = (char)(letter + ('a' - 'A'));
		if ((letter == ' ' ? '_' : letter) != name[i])
			return false;
	}
	return true;
}

static size_t find_column(const struct slice *header, size_t count, const char *name)
{
	size_t at = 0;

	while (at < count && !is_called(header[at], name))
		at++;
	return at;
}

static struct customer_number *room_for_one(struct customer_numbers *numbers, struct arena *arena)
{
	if (numbers->count == numbers->room) {
		size_t room = numbers->room ? 2 * numbers->room : FIRST_ROOM;
		struct customer_number *list = arena_alloc(arena, room * sizeof(*list));

		if (numbers->count)
			memcpy(list, numbers->list, numbers->count * sizeof(*list));
		numbers->list = list;
		numbers->room = room;
	}
	return &numbers->list[numbers->count++];
}

static int add(struct customer_numbers *numbers, struct slice number, struct slice address,
	       int line, struct arena *arena, struct err *err)
{
	struct customer_number one;
	char shown[TEXT_SHOWN_BYTES];

	number = slice_trim(number, " \t\r'");
	if (number.len == 0 || !inbox_key(slice_trim(address, " \t\r"), one.inbox))
		return 0;
	if (!text_is_id(number))
		return err_config(err, "line %d: expected the number of a customer, found \"%s\"",
				  line, text_shown(number, shown));
	one.number = number;
	*room_for_one(numbers, arena) = one;
	return 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct customer_number *)a)->inbox,
		      ((const struct customer_number *)b)->inbox);
}

static int settle(struct customer_numbers *numbers, struct err *err)
{
	if (numbers->count)
		qsort(numbers->list, numbers->count, sizeof(*numbers->list), compare);
	for (size_t i = 1; i < numbers->count; i++) {
		const struct customer_number *one = &numbers->list[i];

		if (compare(one - 1, one) == 0 && !slice_equal(one[-1].number, one->number))
			return err_config(err,
					  "expected one number for an address, found %.*s and %.*s "
					  "of one",
					  SLICE_ARGS(one[-1].number), SLICE_ARGS(one->number));
	}
	return 0;
}

int customer_numbers_read(struct slice text, struct arena *arena, struct customer_numbers *ret,
			  struct err *err)
{
	struct csv csv = csv_of_export(text);
	struct slice fields[CSV_FIELDS_MAX];
	size_t count, number, address;
	int r = csv_next(&csv, arena, fields, &count, err);

	*ret = (struct customer_numbers){0};
	if (r < 0)
		return err_config(err, "%s", err->text);
	number = find_column(fields, r > 0 ? count : 0, "customer_id");
	address = find_column(fields, r > 0 ? count : 0, "email");
	if (r == 0 || number == count || address == count)
		return err_config(err,
				  "line 1: expected the columns \"Customer ID\" and \"Email\"");
	while ((r = csv_next(&csv, arena, fields, &count, err)) > 0)
		if (number < count && address < count &&
		    add(ret, fields[number], fields[address], csv.line, arena, err) < 0)
			return -1;
	return r < 0 ? err_config(err, "%s", err->text) : settle(ret, err);
}

struct slice customer_numbers_find(const struct customer_numbers *numbers, struct slice address)
{
	struct customer_number wanted = {.number = address};
	const struct customer_number *found = NULL;

	if (numbers->count && inbox_key(address, wanted.inbox))
		found = bsearch(&wanted, numbers->list, numbers->count, sizeof(wanted), compare);
	return found ? found->number : slice_of("", 0);
}
