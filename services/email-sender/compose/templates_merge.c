/* templates_merge.c - can the mails of a merge group be parts of each other? See templates.h. */
#include "templates.h"

static int check_mail(const struct template_set *set, const struct merge_group *group,
		      const char *programme, const char *template, struct err *err)
{
	if (!template_set_has_block(set, template))
		return err_config(
		    err,
		    "merge %s: programme %s: its template \"%s\" cannot be part of another "
		    "mail: expected %s.block.txt.mustache and %s.block.html.mustache",
		    group->name, programme, template, template, template);
	if (!template_set_shows_parts(set, template))
		return err_config(err,
				  "merge %s: programme %s: its template \"%s\" does not show what "
				  "is merged into it: expected {{#also}} in %s.txt.mustache and "
				  "%s.html.mustache",
				  group->name, programme, template, template, template);
	return 0;
}

static int check_programme(const struct template_set *set, const struct merge_group *group,
			   const struct programme *programme, struct err *err)
{
	for (unsigned i = 0; i < programme->action_count; i++)
		if (programme->actions[i].channel == CHANNEL_EMAIL &&
		    check_mail(set, group, programme->name, programme->actions[i].name, err) < 0)
			return -1;
	for (unsigned i = 0; i < programme->variant_count; i++)
		if (programme->variants[i].email[0] &&
		    check_mail(set, group, programme->name, programme->variants[i].email, err) < 0)
			return -1;
	return 0;
}

int template_set_check_merges(const struct template_set *set, const struct policy *policy,
			      struct err *err)
{
	for (unsigned i = 0; i < policy->programme_count; i++) {
		const struct programme *programme = &policy->programmes[i];

		if (programme->merge && check_programme(set, programme->merge, programme, err) < 0)
			return -1;
	}
	return 0;
}
