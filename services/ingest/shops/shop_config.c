/* shop_config.c - see shop_config.h. */
#include "shop_config.h"

#include "common/base/country.h"
#include "common/base/locale.h"
#include "common/base/text.h"
#include "services/ingest/source.h"

static const char blanks[] = " \t\r";

enum { SECRET_MAX_BYTES = 512, TEXT_MAX_BYTES = 80 };

/* What an option says is put into the source; value is the arena's. */
typedef int (*option_reader)(const char *value, struct shop_source *source, struct err *err);

static int expected(struct err *err, const char *what, const char *found)
{
	char shown[TEXT_SHOWN_BYTES];

	return err_config(err, "expected %s, found \"%s\"", what,
			  text_shown(slice_text(found), shown));
}

static int read_word(const char *value, const char *zero, const char *one, const char *what,
		     bool *ret, struct err *err)
{
	*ret = strcmp(value, one) == 0;
	return *ret || strcmp(value, zero) == 0 ? 0 : expected(err, what, value);
}

static int read_key(const char *value, struct shop_source *source, struct err *err)
{
	bool is_id;

	if (read_word(value, "email", "id", "key=email or key=id", &is_id, err) < 0)
		return -1;
	source->key = is_id ? SHOP_KEY_ID : SHOP_KEY_EMAIL;
	return 0;
}

static int read_pending(const char *value, struct shop_source *source, struct err *err)
{
	return read_word(value, "no", "yes", "pending=yes or pending=no", &source->takes_pending,
			 err);
}

static int read_test(const char *value, struct shop_source *source, struct err *err)
{
	return read_word(value, "no", "yes", "test=yes or test=no", &source->takes_tests, err);
}

static int read_completed(const char *value, struct shop_source *source, struct err *err)
{
	bool is_shipped;

	if (read_word(value, "delivered", "shipped", "completed=delivered or completed=shipped",
		      &is_shipped, err) < 0)
		return -1;
	source->completed = is_shipped ? EVENT_ORDER_SHIPPED : EVENT_ORDER_DELIVERED;
	return 0;
}

static int read_class(const char *value, struct shop_source *source, struct err *err)
{
	source->consent_class = value;
	return *value ? 0 : expected(err, "consent= and a class of the policy", value);
}

static int read_meta(const char *value, struct shop_source *source, struct err *err)
{
	source->consent_meta = value;
	return *value ? 0 : expected(err, "consent_meta= and a key of meta_data", value);
}

static int read_country(const char *value, struct shop_source *source, struct err *err)
{
	source->country = value;
	return country_is_known(slice_text(value))
		   ? 0
		   : expected(err, "country= and two capital letters of ISO 3166-1", value);
}

static int read_locale(const char *value, struct shop_source *source, struct err *err)
{
	source->locale = value;
	return locale_is_tag(slice_text(value))
		   ? 0
		   : expected(err, "locale= and a tag like de-AT", value);
}

static int read_shop(const char *value, struct shop_source *source, struct err *err)
{
	source->shop = value;
	return *value ? 0 : expected(err, "shop= and a name", value);
}

static int read_prefix(const char *value, struct shop_source *source, struct err *err)
{
	source->prefix = value;
	return *value ? 0 : expected(err, "prefix= and a text", value);
}

static const struct option {
	const char *name;
	option_reader read;
} options[] = {
    {"key", read_key},         {"pending", read_pending},     {"test", read_test},
    {"consent", read_class},   {"completed", read_completed}, {"consent_meta", read_meta},
    {"country", read_country}, {"locale", read_locale},       {"shop", read_shop},
    {"prefix", read_prefix},
};
enum { OPTION_COUNT = sizeof(options) / sizeof(*options) };

/* status:NAME=TYPE */
static int read_status(struct slice name, const char *value, struct shop_source *source,
		       struct err *err)
{
	enum event_type type = event_type_of(value);
	struct shop_status *status = &source->statuses[source->status_count];

	if (name.len > 3 && memcmp(name.bytes, "wc-", 3) == 0)
		name = slice_of(name.bytes + 3, name.len - 3);
	if (name.len == 0 || name.len >= sizeof(status->name))
		return err_config(err,
				  "expected status: and the name of a status of 1 to %zu bytes",
				  sizeof(status->name) - 1);
	if (type != EVENT_ORDER_PLACED && type != EVENT_ORDER_SHIPPED &&
	    type != EVENT_ORDER_DELIVERED && type != EVENT_ORDER_LATE &&
	    type != EVENT_ORDER_CANCELLED)
		return expected(err,
				"order.placed, order.shipped, order.delivered, order.late or "
				"order.cancelled",
				value);
	if (source->status_count == SHOP_STATUSES_MAX)
		return err_config(err, "expected at most %d options status:", SHOP_STATUSES_MAX);
	memcpy(status->name, name.bytes, name.len);
	status->name[name.len] = '\0';
	status->type = type;
	source->status_count++;
	return 0;
}

static int refuse_option(struct slice option, struct err *err)
{
	const char *names[OPTION_COUNT], *nearest;
	char shown[TEXT_SHOWN_BYTES];
	const uint8_t *equals = memchr(option.bytes, '=', option.len);
	struct slice name =
	    slice_of(option.bytes, equals ? (size_t)(equals - option.bytes) : option.len);

	for (size_t i = 0; i < OPTION_COUNT; i++)
		names[i] = options[i].name;
	nearest = text_nearest(name, names, OPTION_COUNT);
	return err_config(err,
			  "expected an option (key, pending, test, completed, status:NAME, "
			  "consent, consent_meta, country, locale, shop, prefix) and its value, "
			  "found \"%s\"%s%s%s",
			  text_shown(name, shown), nearest ? ": did you mean " : "",
			  nearest ? nearest : "", nearest ? "=?" : "");
}

int shop_option_parse(struct slice option, struct arena *arena, struct shop_source *source,
		      struct err *err)
{
	const uint8_t *equals = option.len ? memchr(option.bytes, '=', option.len) : NULL;
	struct slice name, value;
	const char *text;

	if (!equals)
		return refuse_option(option, err);
	name = slice_of(option.bytes, (size_t)(equals - option.bytes));
	value = slice_of(equals + 1, option.len - name.len - 1);
	if (value.len > TEXT_MAX_BYTES || !text_is_printable(value) || !text_is_utf8(value))
		return err_config(
		    err, "expected at most %d printable bytes behind %.*s=", TEXT_MAX_BYTES,
		    (int)(name.len < 40 ? name.len : 40), (const char *)name.bytes);
	text = arena_copy(arena, value.bytes, value.len);
	if (name.len > 7 && memcmp(name.bytes, "status:", 7) == 0)
		return read_status(slice_of(name.bytes + 7, name.len - 7), text, source, err);
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (slice_is(name, options[i].name))
			return options[i].read(text, source, err);
	return refuse_option(option, err);
}

static bool is_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_-", name.bytes[i]))
			return false;
	return name.len > 0 && name.len < SHOP_NAME_BYTES;
}

static bool is_secret(struct slice secret)
{
	for (size_t i = 0; i < secret.len; i++)
		if (secret.bytes[i] <= ' ' || secret.bytes[i] >= 0x7f)
			return false;
	return secret.len > 0 && secret.len <= SECRET_MAX_BYTES;
}

/* Takes what stands before the separator off the text, all of it if there is none. */
static struct slice cut(struct slice *text, const char *separators)
{
	struct slice ret;
	size_t len = 0;

	while (len < text->len && !strchr(separators, text->bytes[len]))
		len++;
	ret = slice_of(text->bytes, len);
	len += len < text->len;
	*text = slice_of(text->bytes + len, text->len - len);
	return ret;
}

/*
 * "country=GB" that stands on a line of its own, or behind a comma, is meant for the shop before it.
 * A shop may be called like an option all the same, with a secret that is longer than any value of
 * an option: those that Shopify and WooCommerce make are.
 */
enum { OPTION_VALUE_BYTES = 32 };

static bool is_option(struct slice name)
{
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (slice_is(name, options[i].name))
			return true;
	return slice_is(name, "status") || (name.len > 7 && memcmp(name.bytes, "status:", 7) == 0);
}

static int check_name(struct slice name, struct slice secret, const struct shop_hooks *hooks,
		      struct err *err)
{
	if (is_option(name) && secret.len < OPTION_VALUE_BYTES)
		return err_config(err,
				  "%.*s is the name of an option, and no shop's: expected options "
				  "behind their shop's secret, in one line, with blanks between "
				  "them (NAME=SECRET country=AT)",
				  SLICE_ARGS(name));
	if (!is_name(name))
		return err_config(err,
				  "expected the name of a shop of 1 to %d of a-z, 0-9, _ and -, "
				  "then = and its secret",
				  SHOP_NAME_BYTES - 1);
	if (shop_hook_find(hooks, name))
		return err_config(err,
				  "%.*s stands twice: expected both secrets in one entry, "
				  "with | between them",
				  SLICE_ARGS(name));
	if (hooks->count == SHOP_HOOKS_MAX)
		return err_config(err, "expected at most %d shops", SHOP_HOOKS_MAX);
	return 0;
}

static int read_secrets(struct slice text, struct arena *arena, struct shop_hook *hook,
			struct err *err)
{
	while (text.len) {
		struct slice secret = cut(&text, "|");

		if (!is_secret(secret))
			return err_config(err,
					  "expected a secret of 1 to %d visible ASCII characters, "
					  "or two with | between them",
					  SECRET_MAX_BYTES);
		if (hook->secret_count == SHOP_SECRETS_MAX)
			return err_config(err, "expected at most %d secrets", SHOP_SECRETS_MAX);
		if (ing_is_quoted(secret))
			return err_config(err, "expected a secret without quotes around it");
		if (hook->secret_count == 0 || secret.len < hook->shortest_secret)
			hook->shortest_secret = secret.len;
		hook->secrets[hook->secret_count++] = arena_copy(arena, secret.bytes, secret.len);
	}
	return hook->secret_count ? 0 : err_config(err, "expected a secret behind =, found none");
}

static int read_options(struct slice text, struct arena *arena, struct shop_source *source,
			struct err *err)
{
	while (text.len) {
		struct slice option = cut(&text, blanks);

		if (option.len && shop_option_parse(option, arena, source, err) < 0)
			return -1;
	}
	return 0;
}

int shop_source_parse(struct slice text, struct arena *arena, struct shop_source *ret,
		      struct err *err)
{
	struct slice name;

	text = slice_trim(text, blanks);
	name = cut(&text, blanks);
	*ret = SHOP_SOURCE;
	if (!is_name(name))
		return err_config(err,
				  "expected the name of a shop of 1 to %d of a-z, 0-9, _ and -, "
				  "then its options",
				  SHOP_NAME_BYTES - 1);
	memcpy(ret->name, name.bytes, name.len);
	ret->shop = arena_copy(arena, name.bytes, name.len);
	return read_options(text, arena, ret, err);
}

static int read_hook(struct slice entry, struct arena *arena, struct shop_hooks *hooks,
		     struct err *err)
{
	struct shop_hook hook = {.source = SHOP_SOURCE};
	struct slice first = cut(&entry, blanks), name = cut(&first, "=");

	if (check_name(name, first, hooks, err) < 0)
		return -1;
	memcpy(hook.source.name, name.bytes, name.len);
	hook.source.shop = arena_copy(arena, name.bytes, name.len);
	if (read_secrets(first, arena, &hook, err) < 0)
		return err_prefix(err, "%.*s", SLICE_ARGS(name));
	if (read_options(entry, arena, &hook.source, err) < 0)
		return err_prefix(err, "%.*s", SLICE_ARGS(name));
	hooks->list[hooks->count++] = hook;
	return 0;
}

/* One line: entries with commas between them, or a comment. */
static int read_line(struct slice line, struct arena *arena, unsigned *number,
		     struct shop_hooks *hooks, struct err *err)
{
	line = slice_trim(line, blanks);
	while (line.len && line.bytes[0] != '#') {
		struct slice entry = slice_trim(cut(&line, ","), blanks);

		line = slice_trim(line, blanks);
		if (!entry.len)
			continue;
		++*number;
		if (read_hook(entry, arena, hooks, err) < 0)
			return err_prefix(err, "entry %u", *number);
	}
	return 0;
}

/* The last to be looked at: whatever else is wrong with an entry is said first. */
static int check_lengths(const struct shop_hooks *hooks, struct err *err)
{
	for (size_t i = 0; i < hooks->count; i++)
		if (hooks->list[i].shortest_secret < SHOP_SECRET_MIN_BYTES)
			return err_config(err,
					  "%s: expected a secret of at least %d characters, found "
					  "one of %zu: whoever guesses it can forge orders",
					  hooks->list[i].source.name, SHOP_SECRET_MIN_BYTES,
					  hooks->list[i].shortest_secret);
	return 0;
}

int shop_hooks_parse(struct slice text, struct arena *arena, struct shop_hooks *ret,
		     struct err *err)
{
	unsigned number = 0;

	*ret = (struct shop_hooks){0};
	while (text.len)
		if (read_line(cut(&text, "\n"), arena, &number, ret, err) < 0)
			return -1;
	if (!ret->count)
		return err_config(err, "expected NAME=SECRET, found none");
	return check_lengths(ret, err);
}

const struct shop_hook *shop_hook_find(const struct shop_hooks *hooks, struct slice name)
{
	for (size_t i = 0; i < hooks->count; i++)
		if (slice_is(name, hooks->list[i].source.name))
			return &hooks->list[i];
	return NULL;
}
