/* What `nurturectl doctor` says of rights, and of a desk that a shop does without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "services/nurturectl/doctor/judge.h"

/* Here a cluster whose ACLs are those of everybody but the desk; instead of acl_list.c. */
struct acl_list {
	size_t count;
};

size_t acl_list_count(const struct acl_list *list)
{
	return list->count;
}

bool acl_list_allows(const struct acl_list *list, enum acl_resource resource, const char *name,
		     bool is_prefixed, const char *operation)
{
	(void)list;
	(void)operation;
	if (resource == ACL_TOPIC)
		return strcmp(name, "nurture.ends") != 0;
	return strcmp(name, is_prefixed ? "nurture.desk." : "nurture.desk") != 0;
}

static void rights_of_a_desk_are_needed_where_there_is_one(void **state)
{
	struct acl_list list = {.count = 1};
	struct findings findings = {0};

	(void)state;
	judge_acls(&list, "nurture.", false, &findings);
	assert_int_equal(findings.count, 1);
	assert_int_equal(findings.items[0].level, FINDING_OK);
	findings_free(&findings);

	judge_acls(&list, "nurture.", true, &findings);
	assert_int_equal(findings.count, 3);
	for (size_t i = 0; i < findings.count; i++)
		assert_int_equal(findings.items[i].level, FINDING_WRONG);
	findings_free(&findings);
}

static void a_desk_of_the_policy_that_never_ran_is_told(void **state)
{
	struct findings findings = {0};

	(void)state;
	judge_absent("desk", false, &findings);
	assert_int_equal(findings.count, 0);
	judge_absent("desk", true, &findings);
	assert_int_equal(findings.count, 1);
	assert_int_equal(findings.items[0].level, FINDING_NOTE);
	assert_non_null(strstr(findings.items[0].text, "it has never run"));
	findings_free(&findings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rights_of_a_desk_are_needed_where_there_is_one),
	    cmocka_unit_test(a_desk_of_the_policy_that_never_ran_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
