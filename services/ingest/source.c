/* source.c - see source.h. */
#include "source.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <strings.h>

#include "common/base/encoding.h"
#include "common/base/text.h"
#include "common/policy/event_type.h"

static const char blanks[] = " \t\r";

static bool is_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_-", name.bytes[i]) ||
		    !name.bytes[i])
			return false;
	return name.len > 0 && name.len < ING_SOURCE_BYTES;
}

bool ing_is_quoted(struct slice secret)
{
	uint8_t first = secret.len > 1 ? secret.bytes[0] : 0;

	return (first == '"' || first == '\'') && secret.bytes[secret.len - 1] == first;
}

static bool is_token(struct slice token)
{
	for (size_t i = 0; i < token.len; i++)
		if (token.bytes[i] <= 0x20 || token.bytes[i] >= 0x7f)
			return false;
	return token.len > 0 && token.len <= ING_TOKEN_MAX_BYTES;
}

static struct ing_source *source_named(struct ing_sources *sources, struct slice name)
{
	struct ing_source *source;

	for (size_t i = 0; i < sources->count; i++)
		if (slice_equal(name, slice_text(sources->list[i].name)))
			return &sources->list[i];
	if (sources->count == ING_SOURCES_MAX)
		return NULL;
	source = &sources->list[sources->count++];
	snprintf(source->name, sizeof(source->name), "%.*s", SLICE_ARGS(name));
	return source;
}

/* The token of that digest, or NULL; always looks at every one. */
static const struct ing_token *find_digest(const struct ing_sources *sources, const uint8_t *digest,
					   int *ret_source)
{
	const struct ing_token *found = NULL;

	for (size_t i = 0; i < sources->count; i++)
		for (unsigned j = 0; j < sources->list[i].token_count; j++) {
			const struct ing_token *token = &sources->list[i].tokens[j];

			if (CRYPTO_memcmp(token->digest, digest, ING_DIGEST_BYTES) != 0)
				continue;
			*ret_source = (int)i;
			found = token;
		}
	return found;
}

/*
 * Is the text a type, or the beginning of one with a star? A bare name, such as "order", is
 * refused: its author means all types that begin with it, but it would let none of them through.
 */
static bool is_type(struct slice type)
{
	bool is_beginning = type.len && type.bytes[type.len - 1] == '*';
	size_t len = is_beginning ? type.len - 1 : type.len;
	const uint8_t *dot = len ? memchr(type.bytes, '.', len) : NULL;

	if (!is_beginning && !slice_equal(type, slice_text(ING_PERMIT_TYPE)) &&
	    (!dot || dot == type.bytes || type.bytes[len - 1] == '.'))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789._-", type.bytes[i]) ||
		    !type.bytes[i])
			return false;
	return len > 0 && type.len < ING_TYPE_BYTES;
}

/* A slip of the pen would let nothing through; "orders.*" begins no type, and "order.*" does. */
static const char *meant_by(struct slice type)
{
	char text[ING_TYPE_BYTES];
	size_t len = type.len - (type.bytes[type.len - 1] == '*');

	snprintf(text, sizeof(text), "%.*s", (int)len, (const char *)type.bytes);
	if (len == type.len)
		return event_type_slip(text);
	if (len < 2 || text[len - 1] != '.')
		return NULL;
	text[len - 1] = '\0';
	for (unsigned i = 0; i < EVENT_TYPE_COUNT; i++) {
		const char *known = event_type_texts[i];
		char group[ING_TYPE_BYTES];
		const char *const groups[] = {group};

		snprintf(group, sizeof(group), "%.*s", (int)strcspn(known, "."), known);
		if (strcmp(group, text) == 0)
			return NULL;
		if (text_nearest_within(slice_text(text), groups, 1, 1))
			return known;
	}
	return NULL;
}

static int add_type(struct ing_types *types, struct slice type, unsigned number, struct err *err)
{
	const char *meant;

	if (!is_type(type))
		return err_config(
		    err,
		    "entry %u: types: expected a type such as order.placed, or order.* "
		    "for all that begin so, or " ING_PERMIT_TYPE ", of at most %d characters",
		    number, ING_TYPE_BYTES - 1);
	meant = meant_by(type);
	if (meant)
		return err_config(err,
				  "entry %u: types: %.*s lets through nothing of Nurture's: did "
				  "you mean %s%s?",
				  number, SLICE_ARGS(type), meant,
				  type.bytes[type.len - 1] == '*' ? " and the like" : "");
	if (types->count == ING_TYPES_MAX)
		return err_config(err, "entry %u: types: expected at most %d", number,
				  ING_TYPES_MAX);
	snprintf(types->list[types->count++], ING_TYPE_BYTES, "%.*s", SLICE_ARGS(type));
	return 0;
}

/* Reads the secret behind whsec_; a token without that is none, and is left alone. */
static int read_key(struct slice text, unsigned number, struct ing_token *token, struct err *err)
{
	static const char prefix[] = "whsec_";

	token->key_len = 0;
	if (text.len < strlen(prefix) || memcmp(text.bytes, prefix, strlen(prefix)) != 0)
		return 0;
	text = slice_of(text.bytes + strlen(prefix), text.len - strlen(prefix));
	if (base64_read(text, token->key, sizeof(token->key), &token->key_len) && token->key_len)
		return 0;
	return err_config(err,
			  "entry %u: expected base64 of 1 to %d bytes behind whsec_, as Standard "
			  "Webhooks has it",
			  number, ING_KEY_MAX_BYTES);
}

static int add_token(struct ing_sources *sources, struct slice name, struct slice token,
		     unsigned number, struct ing_types **ret_types, struct err *err)
{
	struct ing_source *source = source_named(sources, name);
	struct ing_token added = {0};
	int ignored;

	if (!source)
		return err_config(err, "entry %u: expected at most %d sources", number,
				  ING_SOURCES_MAX);
	if (source->token_count == ING_TOKENS_PER_SOURCE)
		return err_config(err, "entry %u: source %s has %d tokens already", number,
				  source->name, ING_TOKENS_PER_SOURCE);
	SHA256(token.bytes, token.len, added.digest);
	if (find_digest(sources, added.digest, &ignored))
		return err_config(err, "entry %u: this token was given before", number);
	if (read_key(token, number, &added, err) < 0)
		return -1;
	source->tokens[source->token_count] = added;
	*ret_types = &source->tokens[source->token_count++].types;
	source->weak |= (added.key_len ? added.key_len : token.len) < ING_TOKEN_WEAK_BYTES;
	return 0;
}

/* Takes " types=order.*" off the end of a token; its type, or an empty slice. */
static struct slice cut_types(struct slice *token)
{
	static const char word[] = "types=";
	size_t len = 0;
	struct slice rest;

	while (len < token->len && !strchr(" \t", token->bytes[len]))
		len++;
	rest = slice_trim(slice_of(token->bytes + len, token->len - len), blanks);
	if (rest.len < strlen(word) || memcmp(rest.bytes, word, strlen(word)) != 0)
		return slice_of(NULL, 0);
	token->len = len;
	return slice_of(rest.bytes + strlen(word), rest.len - strlen(word));
}

static int check_entry(struct slice name, struct slice token, bool follows_types, unsigned number,
		       struct err *err)
{
	if (!is_name(name))
		return err_config(err,
				  "entry %u: expected a source of 1 to %d of a-z, 0-9, _ and -",
				  number, ING_SOURCE_BYTES - 1);
	if (!is_token(token))
		return err_config(err,
				  "entry %u (%.*s): expected a token of 1 to %d visible ASCII "
				  "characters, and behind it nothing but types=",
				  number, SLICE_ARGS(name), ING_TOKEN_MAX_BYTES);
	if (ing_is_quoted(token))
		return err_config(err, "entry %u (%.*s): expected a token without quotes around it",
				  number, SLICE_ARGS(name));
	if (slice_is(name, "types"))
		return err_config(err,
				  "entry %u: types is no source: expected types= behind the token "
				  "that it is about, in one line",
				  number);
	if (follows_types && token.len < ING_TOKEN_WEAK_BYTES)
		return err_config(
		    err,
		    "entry %u (%.*s): expected one more type, or a token of at least "
		    "%d characters; a shorter one behind types= begins a line of its own",
		    number, SLICE_ARGS(name), ING_TOKEN_WEAK_BYTES);
	return 0;
}

/* *types: what the entry before may publish, when more of that may follow; else NULL. */
static int parse_entry(struct ing_sources *sources, struct slice entry, unsigned number,
		       struct ing_types **types, struct err *err)
{
	const uint8_t *equals = memchr(entry.bytes, '=', entry.len);
	struct slice name, token, type;

	if (!equals && *types)
		return add_type(*types, entry, number, err);
	if (!equals)
		return err_config(err, "entry %u: expected source=token", number);
	name = slice_trim(slice_of(entry.bytes, (size_t)(equals - entry.bytes)), blanks);
	token = slice_trim(slice_of(equals + 1, entry.len - (size_t)(equals + 1 - entry.bytes)),
			   blanks);
	type = cut_types(&token);
	if (check_entry(name, token, *types != NULL, number, err) < 0 ||
	    add_token(sources, name, token, number, types, err) < 0)
		return -1;
	if (type.bytes)
		return add_type(*types, type, number, err);
	*types = NULL;
	return 0;
}

/* Takes the next entry off the text; a comment is an empty one and ends with its line. */
static struct slice next_entry(struct slice *text)
{
	bool comment = false;
	size_t len = 0;
	struct slice entry;

	while (len < text->len && text->bytes[len] != '\n' &&
	       (comment || text->bytes[len] != ',')) {
		if (text->bytes[len] == '#' &&
		    slice_trim(slice_of(text->bytes, len), blanks).len == 0)
			comment = true;
		len++;
	}
	entry = comment ? slice_text("") : slice_trim(slice_of(text->bytes, len), blanks);
	len += len < text->len;
	*text = slice_of(text->bytes + len, text->len - len);
	return entry;
}

int ing_sources_parse(struct slice text, struct ing_sources *ret, struct err *err)
{
	struct ing_sources sources = {0};
	struct ing_types *types = NULL;
	unsigned number = 0;

	while (text.len) {
		struct slice entry = next_entry(&text);
		bool ends_line = !text.len || text.bytes[-1] == '\n';

		if (entry.len && parse_entry(&sources, entry, ++number, &types, err) < 0)
			return -1;
		if (ends_line)
			types = NULL;
	}
	if (sources.count == 0)
		return err_config(err, "expected source=token, found none");
	*ret = sources;
	return 0;
}

void ing_sources_open(struct ing_sources *ret)
{
	*ret = (struct ing_sources){.open = true, .count = 1, .list = {{.name = "open"}}};
}

bool ing_types_allow(const struct ing_types *types, const char *type)
{
	for (unsigned i = 0; i < types->count; i++) {
		const char *allowed = types->list[i];
		size_t len = strlen(allowed);

		if (allowed[len - 1] == '*' ? strncmp(type, allowed, len - 1) == 0
					    : strcmp(type, allowed) == 0)
			return true;
	}
	return types->count == 0;
}

bool ing_sources_are_limited(const struct ing_sources *sources)
{
	for (size_t i = 0; i < sources->count; i++)
		for (unsigned j = 0; j < sources->list[i].token_count; j++)
			if (sources->list[i].tokens[j].types.count)
				return true;
	return false;
}

bool ing_sources_sign(const struct ing_sources *sources)
{
	for (size_t i = 0; i < sources->count; i++)
		for (unsigned j = 0; j < sources->list[i].token_count; j++)
			if (sources->list[i].tokens[j].key_len)
				return true;
	return false;
}

int ing_source_find(const struct ing_sources *sources, const char *header,
		    const struct ing_types **ret_types)
{
	static const struct ing_types everything = {0};
	const struct ing_types *ignored;
	const struct ing_token *token;
	uint8_t digest[ING_DIGEST_BYTES];
	int source = -1;
	size_t len;

	if (!ret_types)
		ret_types = &ignored;
	*ret_types = &everything;
	if (sources->open)
		return 0;
	if (!header || strncasecmp(header, "Bearer ", 7) != 0)
		return -1;
	header += 7;
	header += strspn(header, " ");
	len = strlen(header);
	if (len == 0 || len > ING_TOKEN_MAX_BYTES)
		return -1;
	SHA256((const unsigned char *)header, len, digest);
	token = find_digest(sources, digest, &source);
	if (!token || token->key_len)
		return -1;
	*ret_types = &token->types;
	return source;
}
