/* bounce_owner.c - bounce_owner(): the return token in what came back, see bounce.h. */
#include <strings.h>

#include "bounce.h"
#include "eml.h"

/* Each try costs up to four HMACs: a mail full of tokens must not cost more than this. */
enum { TRIES_MAX = 64 };

struct search {
	const struct token_keys *keys;
	unsigned tries;
	bool found;
	struct return_token *ret;
};

static size_t token_length(struct slice text)
{
	size_t len = 0;

	while (len < text.len && len < RETURN_TOKEN_BYTES &&
	       ((text.bytes[len] >= 'a' && text.bytes[len] <= 'z') ||
		(text.bytes[len] >= 'A' && text.bytes[len] <= 'Z') ||
		(text.bytes[len] >= '2' && text.bytes[len] <= '7')))
		len++;
	return len;
}

/* A token that names the customer is better; then one with more of the send's id. */
static bool is_better(const struct return_token *found, const struct return_token *than)
{
	if (!found->customer[0] != !than->customer[0])
		return found->customer[0];
	return strlen(found->send) > strlen(than->send);
}

static void try_token(struct search *search, struct slice token)
{
	struct return_token found;

	if (search->tries == TRIES_MAX)
		return;
	search->tries++;
	if (!return_token_open(search->keys, token, &found))
		return;
	if (!search->found || is_better(&found, search->ret))
		*search->ret = found;
	search->found = true;
}

/* "bounce+TOKEN", and "X-Nurture-Return: TOKEN" with any fold between. */
static void search_text(struct search *search, struct slice text)
{
	static const char *const marks[] = {"bounce+", "x-nurture-return:"};

	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.bytes[i] | 0x20;
		const char *mark = c == 'b' ? marks[0] : c == 'x' ? marks[1] : NULL;
		struct slice rest = slice_of(text.bytes + i, text.len - i);

		if (!mark || !eml_begins(rest, mark))
			continue;
		i += strlen(mark) - 1;
		rest = slice_of(rest.bytes + strlen(mark), rest.len - strlen(mark));
		while (mark == marks[1] && rest.len && rest.bytes[0] <= ' ')
			rest = slice_of(rest.bytes + 1, rest.len - 1);
		rest.len = token_length(rest);
		if (rest.len)
			try_token(search, rest);
	}
}

bool bounce_owner(struct slice mail, const struct token_keys *keys, struct arena *arena,
		  struct return_token *ret)
{
	struct search search = {.keys = keys, .ret = ret};
	struct eml *eml = arena_alloc(arena, sizeof(*eml));

	if (mail.len > EML_MAX_BYTES)
		mail.len = EML_MAX_BYTES;
	search_text(&search, mail);
	eml_parse(mail, eml);
	for (size_t i = 0; i < eml->count; i++)
		if (eml->parts[i].encoding != EML_PLAIN)
			search_text(&search, eml_text(&eml->parts[i], EML_MAX_BYTES, arena));
	return search.found;
}
