/* load_offer.c - where coupons come from, what a programme offers, and the arms of its A/B test. */
#include "load.h"

#include "common/policy/file/fields.h"
#include "common/policy/file/value.h"

enum { COUPONS_MAX = 256, VARIANTS_MAX = 16, PREFIX_MAX_BYTES = 20, SHARE_ALL = 1000 };

static const struct field coupon_fields[] = {
    KEY("pool"),
    KEY("signed"),
    FIELD("prefix", TEXT, coupon, prefix),
    FIELD("length", INT, coupon, length, RANGE(8, 20)),
};

static int check_prefix(const struct node *node, const char *prefix, struct err *err)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
	size_t len = strlen(prefix);

	if (len <= PREFIX_MAX_BYTES && strspn(prefix, letters) == len)
		return 0;
	return node_error(node, err,
			  "expected a prefix of at most %d capitals, digits and '-', found %s",
			  PREFIX_MAX_BYTES, node_quoted(prefix).text);
}

/* Makes the prefix of codes from the name of their source: back_10 -> BACK-10. */
static const char *default_prefix(struct loader *l, const char *name)
{
	char *ret = arena_text(l->arena, name);

	for (char *c = ret; *c; c++) {
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
		else if (*c == '_' || *c == '.')
			*c = '-';
	}
	return ret;
}

static int load_signed(struct loader *l, const struct node *node, struct coupon *coupon,
		       struct err *err)
{
	const struct node *prefix = node_get(node, "prefix");
	bool is_signed;

	if (value_bool(node_get(node, "signed"), &is_signed, err) < 0)
		return -1;
	if (!is_signed)
		return node_error(node_get(node, "signed"), err,
				  "neither signed nor from a pool; expected signed: true, or "
				  "pool: FILE");
	coupon->kind = COUPON_SIGNED;
	if (!prefix)
		coupon->prefix = default_prefix(l, coupon->name);
	return check_prefix(prefix ? prefix : node, coupon->prefix, err);
}

static int load_pool(const struct node *node, struct coupon *coupon, struct err *err)
{
	const struct node *pool = node_get(node, "pool");

	coupon->kind = COUPON_POOL;
	for (const struct node *child = node->first; child; child = child->next) {
		if (child != pool)
			return node_key_error(child, err,
					      "%s is about signed codes; expected pool alone",
					      child->key);
	}
	if (value_text(pool, &coupon->file, err) < 0)
		return -1;
	if (coupon->file[0] != '/')
		return 0;
	return node_error(pool, err, "expected a path relative to the policy file, found %s",
			  node_quoted(coupon->file).text);
}

static int load_coupon(struct loader *l, const struct node *node, struct coupon *coupon,
		       struct err *err)
{
	*coupon = (struct coupon){.name = node->key, .file = "", .prefix = "", .length = 10};
	if (fields_read(node, coupon_fields, FIELDS_COUNT(coupon_fields), coupon, err) < 0)
		return -1;
	if (node_get(node, "pool"))
		return load_pool(node, coupon, err);
	if (node_get(node, "signed"))
		return load_signed(l, node, coupon, err);
	return node_error(node, err, "expected pool: FILE or signed: true");
}

int policy_load_coupons(struct loader *l, const struct node *node, struct err *err)
{
	struct policy *policy = l->policy;

	if (policy_load_names(l, node, "coupons", COUPONS_MAX, &l->coupons, err) < 0)
		return -1;
	policy->coupons = arena_zalloc(l->arena, (node->count + 1) * sizeof(*policy->coupons));
	policy->coupon_count = node->count;
	for (const struct node *child = node->first; child; child = child->next) {
		if (load_coupon(l, child, &policy->coupons[child->index], err) < 0)
			return -1;
	}
	return 0;
}

/* Reads the name of a source, or a text that is the same for everybody. */
static int load_code(const struct loader *l, const struct node *node, const char **ret_text,
		     const struct coupon **ret_source, struct err *err)
{
	const char *text;

	if (value_text(node, &text, err) < 0)
		return -1;
	for (unsigned i = 0; i < l->policy->coupon_count; i++) {
		if (strcmp(l->policy->coupons[i].name, text) == 0) {
			*ret_source = &l->policy->coupons[i];
			return 0;
		}
	}
	*ret_text = text;
	return 0;
}

int policy_load_offer(struct loader *l, const struct node *node, struct programme *programme,
		      struct err *err)
{
	static const struct field fields[] = {KEY("coupon", .missing = "the coupon's name")};

	if (fields_read(node, fields, FIELDS_COUNT(fields), programme, err) < 0)
		return -1;
	return load_code(l, node_get(node, "coupon"), &programme->coupon, &programme->source, err);
}

static const struct field variant_fields[] = {
    FIELD("share", PERCENT, variant, share_permille,
	  .missing = "the part of the customers, such as 50%"),
    KEY("email"),
    KEY("coupon"),
};

static int load_variant(const struct loader *l, const struct node *node, struct variant *ret,
			struct err *err)
{
	const struct node *email = node_get(node, "email"), *coupon = node_get(node, "coupon");

	*ret = (struct variant){.name = node->key, .email = "", .coupon = ""};
	if (fields_read(node, variant_fields, FIELDS_COUNT(variant_fields), ret, err) < 0)
		return -1;
	if (ret->share_permille == 0)
		return node_error(node_get(node, "share"), err,
				  "nobody is told so; expected more than 0%%");
	if (email && (value_name(email, &ret->email, err) < 0 ||
		      policy_load_template(l, email, ret->email, err) < 0))
		return -1;
	return coupon ? load_code(l, coupon, &ret->coupon, &ret->source, err) : 0;
}

static int check_mails(const struct node *node, const struct programme *programme, struct err *err)
{
	unsigned mails = 0;

	for (unsigned i = 0; i < programme->action_count; i++)
		mails += programme->actions[i].channel == CHANNEL_EMAIL;
	if (mails == 0)
		return node_error(node, err,
				  "variants are of mails, and all actions are tasks; expected an "
				  "email");
	for (const struct node *child = node->first; child; child = child->next) {
		if (mails > 1 && node_get(child, "email"))
			return node_error(node_get(child, "email"), err,
					  "in place of which of the %u mails? expected a "
					  "programme with one",
					  mails);
	}
	return 0;
}

static int check_shares(const struct node *node, const struct programme *programme, struct err *err)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < programme->variant_count; i++)
		sum += programme->variants[i].share_permille;
	if (sum == SHARE_ALL)
		return 0;
	return node_error(node, err, "the shares add up to %u.%u%%; expected 100%%", sum / 10,
			  sum % 10);
}

int policy_load_variants(struct loader *l, const struct node *node, struct programme *programme,
			 struct err *err)
{
	const char **names;

	if (policy_load_names(l, node, "variants", VARIANTS_MAX, &names, err) < 0)
		return -1;
	if (node->count < 2)
		return node_error(node, err, "%u variant%s; expected at least two", node->count,
				  node->count == 1 ? "" : "s");
	programme->variants = arena_zalloc(l->arena, node->count * sizeof(*programme->variants));
	programme->variant_count = node->count;
	for (const struct node *child = node->first; child; child = child->next) {
		if (load_variant(l, child, &programme->variants[child->index], err) < 0)
			return -1;
	}
	if (check_mails(node, programme, err) < 0)
		return -1;
	return check_shares(node, programme, err);
}
