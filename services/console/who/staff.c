/* staff.c - see staff.h. */
#include "staff.h"

#include "common/base/text.h"

#define BLANKS " \t\r"

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

static bool is_same_address(struct slice lower_case, struct slice text)
{
	if (lower_case.len != text.len)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (lower(text.bytes[i]) != lower_case.bytes[i])
			return false;
	return true;
}

/* Takes what stands before the separator, without blanks at its ends. */
static struct slice take(struct slice *rest, char separator)
{
	const uint8_t *end = rest->len ? memchr(rest->bytes, separator, rest->len) : NULL;
	size_t len = end ? (size_t)(end - rest->bytes) : rest->len;
	struct slice ret = slice_of(rest->bytes, len);

	len += end != NULL;
	*rest = slice_of(rest->bytes + len, rest->len - len);
	return slice_trim(ret, BLANKS);
}

static struct slice take_word(struct slice *rest)
{
	struct slice text = slice_trim(*rest, BLANKS);
	size_t len = 0;

	while (len < text.len && !memchr(BLANKS, text.bytes[len], strlen(BLANKS)))
		len++;
	*rest = slice_trim(slice_of(text.bytes + len, text.len - len), BLANKS);
	return slice_of(text.bytes, len);
}

static bool has_team(const struct slice *teams, unsigned count, struct slice team)
{
	for (unsigned i = 0; i < count; i++)
		if (slice_equal(teams[i], team))
			return true;
	return false;
}

/* A list with commas, each name once; -1: too many. */
static int read_teams(struct slice text, struct arena *arena, struct con_member *ret)
{
	while (text.len) {
		struct slice team = take(&text, ',');

		if (!team.len || has_team(ret->teams, ret->team_count, team))
			continue;
		if (ret->team_count == CON_TEAMS_MAX)
			return -1;
		ret->teams[ret->team_count++] =
		    slice_of(arena_copy(arena, team.bytes, team.len), team.len);
	}
	return 0;
}

static int read_who(struct slice who, struct arena *arena, struct con_member *ret)
{
	static const char group[] = "group:";
	const size_t len = sizeof(group) - 1;
	char *copy;

	ret->is_group = who.len > len && memcmp(who.bytes, group, len) == 0;
	if (ret->is_group)
		who = slice_of(who.bytes + len, who.len - len);
	else if (!text_is_email(who))
		return -1;
	if (who.len > CON_WHO_MAX_BYTES)
		return -1;
	copy = arena_copy(arena, who.bytes, who.len);
	for (size_t i = 0; i < who.len && !ret->is_group; i++)
		copy[i] = (char)lower((uint8_t)copy[i]);
	ret->who = slice_of(copy, who.len);
	return 0;
}

static int read_line(struct slice line, struct arena *arena, struct con_member *ret,
		     struct err *err)
{
	char shown[TEXT_SHOWN_BYTES];
	struct slice who = take_word(&line), role = take_word(&line);

	*ret = (struct con_member){.role = con_role_of(role)};
	if (read_who(who, arena, ret) < 0)
		return err_config(err, "expected an address or group:NAME, found \"%s\"",
				  text_shown(who, shown));
	if (ret->role == CON_NOBODY)
		return err_config(err,
				  "expected viewer, agent, marketer, approver or admin behind "
				  "it, found \"%s\"",
				  text_shown(role, shown));
	if (read_teams(line, arena, ret) < 0)
		return err_config(err, "more than %d teams", CON_TEAMS_MAX);
	return 0;
}

static const struct con_member *find(const struct con_staff *staff, const struct con_member *one)
{
	for (size_t i = 0; i < staff->count; i++)
		if (staff->members[i].is_group == one->is_group &&
		    slice_equal(staff->members[i].who, one->who))
			return &staff->members[i];
	return NULL;
}

int con_staff_read(struct slice text, const char *path, struct arena *arena, struct con_staff *ret,
		   struct err *err)
{
	struct con_staff staff = {.members =
				      arena_alloc(arena, CON_STAFF_MAX * sizeof(*staff.members))};

	if (!text_is_utf8(text))
		return err_config(err, "%s: not UTF-8", path);
	for (unsigned number = 1; text.len; number++) {
		struct slice line = take(&text, '\n');
		struct con_member member;

		if (!line.len || line.bytes[0] == '#')
			continue;
		if (read_line(line, arena, &member, err) < 0)
			return err_prefix(err, "%s:%u", path, number);
		if (find(&staff, &member))
			return err_config(err, "%s:%u: %.*s stands there twice", path, number,
					  SLICE_ARGS(member.who));
		if (staff.count == CON_STAFF_MAX)
			return err_config(err, "%s:%u: more than %d lines", path, number,
					  CON_STAFF_MAX);
		staff.members[staff.count++] = member;
	}
	*ret = staff;
	return 0;
}

bool con_staff_knows(const struct con_staff *staff, struct slice address)
{
	for (size_t i = 0; i < staff->count; i++)
		if (!staff->members[i].is_group && is_same_address(staff->members[i].who, address))
			return true;
	return false;
}

static bool is_among(struct slice groups, struct slice name)
{
	while (groups.len)
		if (slice_equal(take(&groups, ','), name))
			return true;
	return false;
}

static void add(struct con_identity *identity, const struct con_member *member)
{
	if (member->role > identity->role)
		identity->role = member->role;
	for (unsigned i = 0; i < member->team_count; i++)
		if (identity->team_count < CON_TEAMS_MAX &&
		    !has_team(identity->teams, identity->team_count, member->teams[i]))
			identity->teams[identity->team_count++] = member->teams[i];
}

struct con_identity con_staff_identify(const struct con_staff *staff, struct slice address,
				       struct slice groups)
{
	struct con_identity identity = {.role = CON_NOBODY};

	if (!text_is_email(address) || address.len > CON_WHO_MAX_BYTES)
		return identity;
	for (size_t i = 0; i < address.len; i++)
		identity.address[i] = (char)lower(address.bytes[i]);
	for (size_t i = 0; i < staff->count; i++) {
		const struct con_member *member = &staff->members[i];

		if (member->is_group ? is_among(groups, member->who)
				     : is_same_address(member->who, address))
			add(&identity, member);
	}
	return identity;
}
