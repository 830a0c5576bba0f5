/* outcomes.c - see outcomes.h: lists and files. */
#include "outcomes.h"

#include <stdlib.h>

/* A year of a large shop; what does not fit into memory is for a data team's tools. */
#define FILE_MAX_BYTES ((size_t)4 << 30)

int outcomes_add(struct outcomes *outcomes, struct slice bytes, struct err *err)
{
	Nurture__V1__Outcome *outcome;

	if (outcome_decode(bytes, &outcomes->arena, &outcome, err) < 0)
		return -1;
	if (outcomes->count == outcomes->room) {
		outcomes->room = outcomes->room ? outcomes->room * 2 : 1024;
		outcomes->items =
		    realloc(outcomes->items, outcomes->room * sizeof(*outcomes->items));
		if (!outcomes->items)
			abort();
	}
	outcomes->items[outcomes->count++] = outcome;
	return 0;
}

int outcomes_add_lines(struct outcomes *outcomes, const char *file, struct slice text,
		       struct err *err)
{
	for (size_t line = 1; text.len > 0; line++) {
		const uint8_t *end = memchr(text.bytes, '\n', text.len);
		size_t len = end ? (size_t)(end - text.bytes) : text.len;
		struct slice bytes = slice_of(text.bytes, len);

		if (len && text.bytes[len - 1] == '\r')
			bytes.len--;
		if (bytes.len && outcomes_add(outcomes, bytes, err) < 0)
			return err_prefix(err, "%s:%zu", file, line);
		len += end != NULL;
		text = slice_of(text.bytes + len, text.len - len);
	}
	return 0;
}

/* Already in order, as canonical files are, or not. */
void outcomes_sort(struct outcomes *outcomes)
{
	for (size_t i = 1; i < outcomes->count; i++) {
		if (outcome_compare(&outcomes->items[i - 1], &outcomes->items[i]) <= 0)
			continue;
		qsort(outcomes->items, outcomes->count, sizeof(*outcomes->items), outcome_compare);
		return;
	}
}

void outcomes_free(struct outcomes *outcomes)
{
	free(outcomes->items);
	arena_free(&outcomes->arena);
	*outcomes = (struct outcomes){0};
}

int outcomes_read_file(const char *file, struct outcomes *ret, struct err *err)
{
	const char *path = strcmp(file, "-") == 0 ? "/dev/stdin" : file;
	struct outcomes outcomes = {0};
	char *text;
	size_t len;
	int r;

	if (file_read(path, FILE_MAX_BYTES, &text, &len, err) < 0)
		return -1;
	r = outcomes_add_lines(&outcomes, file, slice_of(text, len), err);
	free(text);
	if (r < 0) {
		outcomes_free(&outcomes);
		return -1;
	}
	outcomes_sort(&outcomes);
	*ret = outcomes;
	return 0;
}

size_t outcomes_of_customer(const struct outcomes *outcomes, size_t first)
{
	size_t n = 1;

	while (first + n < outcomes->count &&
	       strcmp(outcomes->items[first + n]->customer, outcomes->items[first]->customer) == 0)
		n++;
	return n;
}

enum status outcome_status(const Nurture__V1__Outcome *outcome)
{
	return (enum status)status_from_text(slice_text(outcome->status));
}

bool outcome_counts(const Nurture__V1__Outcome *outcome)
{
	enum status status = outcome_status(outcome);

	return status == STATUS_SENT || status == STATUS_IN_DOUBT || status == STATUS_PERMITTED;
}
