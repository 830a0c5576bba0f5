/* csv_mark.c - see csv_mark.h. */
#include "csv_mark.h"

/* How often the character stands in the first line, outside of quotes. */
static size_t marks_of(struct slice text, char mark)
{
	bool is_quoted = false;
	size_t count = 0;

	for (size_t i = 0; i < text.len && (is_quoted || text.bytes[i] != '\n'); i++) {
		is_quoted ^= text.bytes[i] == '"';
		count += !is_quoted && text.bytes[i] == (uint8_t)mark;
	}
	return count;
}

char csv_mark(struct slice text)
{
	static const char marks[] = ",;\t|";
	char ret = ',';
	size_t most = 0;

	for (const char *mark = marks; *mark; mark++) {
		size_t count = marks_of(text, *mark);

		if (count > most) {
			ret = *mark;
			most = count;
		}
	}
	return ret;
}
