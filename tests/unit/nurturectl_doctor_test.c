/* What `nurturectl doctor` says of facts about an installation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/io/kafka/kafka_lag.h"
#include "services/nurturectl/doctor/judge.h"

#define DAY INT64_C(86400000)
#define HOUR 3600000

/* Three brokers, six partitions, three copies, all settings as `nurturectl topics` makes them. */
static struct cluster_facts healthy(void)
{
	struct cluster_facts facts = {.brokers = 3};

	for (size_t i = 0; topic_plans[i].name; i++) {
		struct topic_facts *topic = &facts.topics[i];

		*topic = (struct topic_facts){.is_there = true,
					      .partitions = 6,
					      .replicas = 3,
					      .least_in_sync = 3,
					      .has_settings = true,
					      .retention_ms = topic_plans[i].retention_ms,
					      .max_message_bytes = 1048588,
					      .min_insync_replicas = 2,
					      .delete_retention_ms = 7 * DAY,
					      .segment_ms = HOUR,
					      .max_compaction_lag_ms = DAY};
		strcpy(topic->cleanup_policy, topic_plans[i].retention_ms ? "delete" : "compact");
		strcpy(topic->timestamp_type,
		       topic_plans[i].is_stamped ? "LogAppendTime" : "CreateTime");
	}
	return facts;
}

/* Exactly one finding that is not ok, at this level, with this in its text. */
static void assert_only(struct findings *findings, enum finding_level level, const char *text)
{
	const struct finding *found = NULL;

	for (size_t i = 0; i < findings->count; i++) {
		if (findings->items[i].level == FINDING_OK)
			continue;
		if (found)
			fail_msg("\"%s\" and \"%s\"", found->text, findings->items[i].text);
		found = &findings->items[i];
	}
	assert_non_null(found);
	if (found->level != level || !strstr(found->text, text))
		fail_msg("%s: \"%s\", expected \"%s\"", finding_level_text(found->level),
			 found->text, text);
	findings_free(findings);
}

static void assert_all_ok(struct findings *findings, size_t count)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].level != FINDING_OK)
			fail_msg("%s", findings->items[i].text);
	assert_int_equal(findings->count, count);
	findings_free(findings);
}

static void a_healthy_cluster_is_two_lines(void **state)
{
	struct cluster_facts facts = healthy();
	struct findings findings = {0};

	(void)state;
	judge_cluster(&facts, "shop.", &findings);
	assert_all_ok(&findings, 2);
}

enum { EVENTS = 0, CHANGED = 14 }; /* places in topic_plans */

static void assert_topic(void (*change)(struct topic_facts *topic), enum finding_level level,
			 const char *text)
{
	struct cluster_facts facts = healthy();
	struct findings findings = {0};

	change(&facts.topics[CHANGED]);
	judge_cluster(&facts, "shop.", &findings);
	assert_only(&findings, level, text);
}

static void is_gone(struct topic_facts *topic)
{
	*topic = (struct topic_facts){0};
}

static void has_more(struct topic_facts *topic)
{
	topic->partitions = 12;
}

static void has_no_leader(struct topic_facts *topic)
{
	topic->leaderless = 2;
	topic->under_replicated = 2;
}

static void lags_behind(struct topic_facts *topic)
{
	topic->under_replicated = 1;
	topic->least_in_sync = 2;
}

static void cannot_be_written_now(struct topic_facts *topic)
{
	topic->under_replicated = 1;
	topic->least_in_sync = 1;
}

static void has_one_in_sync_and_is_not_told(struct topic_facts *topic)
{
	cannot_be_written_now(topic);
	topic->has_settings = false;
	topic->min_insync_replicas = 0;
	strcpy(topic->why, "denied");
}

static void forgets_erasures(struct topic_facts *topic)
{
	topic->delete_retention_ms = DAY;
}

static void is_never_compacted(struct topic_facts *topic)
{
	topic->max_compaction_lag_ms = INT64_MAX;
	topic->segment_ms = 7 * DAY; /* brokers' defaults */
}

static void is_compacted_late(struct topic_facts *topic)
{
	topic->max_compaction_lag_ms = 30 * DAY;
}

static void has_long_segments(struct topic_facts *topic)
{
	topic->segment_ms = 7 * DAY;
}

static void is_deleted(struct topic_facts *topic)
{
	strcpy(topic->cleanup_policy, "delete");
}

static void is_not_stamped(struct topic_facts *topic)
{
	strcpy(topic->timestamp_type, "CreateTime");
}

static void is_small(struct topic_facts *topic)
{
	topic->max_message_bytes = 1000000;
}

static void cannot_be_written(struct topic_facts *topic)
{
	topic->min_insync_replicas = 4;
}

static void has_one_copy(struct topic_facts *topic)
{
	topic->replicas = 1;
	topic->min_insync_replicas = 1;
}

static void is_not_told(struct topic_facts *topic)
{
	topic->has_settings = false;
	strcpy(topic->why, "Topic authorization failed");
}

static void each_fault_of_a_topic_is_told_with_its_name(void **state)
{
	(void)state;
	assert_string_equal(topic_plans[CHANGED].name, "profiles");
	assert_topic(is_gone, FINDING_WRONG, "shop.profiles does not exist");
	assert_topic(has_more, FINDING_WRONG, "shop.profiles has 12 partitions, shop.events has 6");
	assert_topic(has_no_leader, FINDING_WRONG,
		     "shop.profiles: 2 of 6 partitions have no leader");
	assert_topic(lags_behind, FINDING_NOTE, "shop.profiles: 1 of 6 partitions have a copy");
	assert_topic(cannot_be_written_now, FINDING_WRONG,
		     "a partition has 1 of 3 copies in sync, min.insync.replicas is 2");
	assert_topic(is_deleted, FINDING_WRONG, "shop.profiles has cleanup.policy=delete");
	assert_topic(is_not_stamped, FINDING_WRONG, "shop.profiles keeps the producers' times");
	assert_topic(is_small, FINDING_NOTE, "shop.profiles takes records of 1000000 bytes");
	assert_topic(cannot_be_written, FINDING_WRONG, "min.insync.replicas is 4 with 3 copies");
	assert_topic(has_one_copy, FINDING_WRONG, "topics with only 1 copy");
	assert_topic(is_not_told, FINDING_NOTE, "cannot be seen: Topic authorization failed");
}

static void a_changelog_that_keeps_what_was_erased_is_told(void **state)
{
	struct cluster_facts facts = healthy();
	struct findings findings = {0};

	(void)state;
	assert_topic(forgets_erasures, FINDING_WRONG, "forgets after 24.0 h that a customer was");
	assert_topic(is_never_compacted, FINDING_WRONG,
		     "shop.profiles: what was erased may stay "
		     "on the disk for ever");
	assert_topic(is_compacted_late, FINDING_WRONG, "may stay on the disk for 30.0 days");
	assert_topic(has_long_segments, FINDING_NOTE, "is closed after 7.0 days only");
	/* Other topics delete by time, and need none of these. */
	facts.topics[EVENTS].max_compaction_lag_ms = INT64_MAX;
	facts.topics[EVENTS].delete_retention_ms = DAY;
	facts.topics[EVENTS].segment_ms = 7 * DAY;
	judge_cluster(&facts, "", &findings);
	assert_all_ok(&findings, 2);
}

/* The brokers that are counted are those that are up. */
static void what_a_lost_disk_takes_is_said_by_the_copies(void **state)
{
	struct cluster_facts facts = healthy();
	struct findings findings = {0};

	(void)state;
	facts.brokers = 2;
	judge_cluster(&facts, "", &findings);
	assert_only(&findings, FINDING_NOTE, "2 brokers are up, each topic has 3 copies or more");
	for (size_t i = 0; topic_plans[i].name; i++)
		facts.topics[i].replicas = facts.topics[i].least_in_sync = 2;
	judge_cluster(&facts, "", &findings);
	assert_only(&findings, FINDING_NOTE,
		    "2 brokers, topics with only 2 copies: a disk that is "
		    "lost while another is away");
	facts.brokers = 3;
	judge_cluster(&facts, "", &findings);
	assert_only(&findings, FINDING_WRONG, "3 brokers, topics with only 2 copies");
	facts.brokers = 1;
	for (size_t i = 0; topic_plans[i].name; i++) {
		facts.topics[i].replicas = facts.topics[i].least_in_sync = 1;
		facts.topics[i].min_insync_replicas = 1;
	}
	judge_cluster(&facts, "", &findings);
	assert_only(&findings, FINDING_NOTE,
		    "1 broker, topics with only 1 copy: a disk that is "
		    "lost takes");
}

/* The topic's minimum is not known: what is told is what can be seen. */
static void copies_away_without_the_minimum_are_a_note(void **state)
{
	struct cluster_facts facts = healthy();
	struct findings findings = {0};

	(void)state;
	has_one_in_sync_and_is_not_told(&facts.topics[CHANGED]);
	judge_cluster(&facts, "", &findings);
	assert_int_equal(findings_of(&findings, FINDING_WRONG), 0);
	assert_int_equal(findings_of(&findings, FINDING_NOTE), 2);
	findings_free(&findings);
}

static void lag_counts_only_records_that_are_there(void **state)
{
	(void)state;
	assert_int_equal(kafka_lag_records(40, 0, 100), 60);
	assert_int_equal(kafka_lag_records(-1, 0, 100), 100); /* nothing was decided */
	/* Retention has deleted those before 90. */
	assert_int_equal(kafka_lag_records(-1, 90, 100), 10);
	assert_int_equal(kafka_lag_records(40, 90, 100), 10);
	assert_int_equal(kafka_lag_records(100, 90, 100), 0);
	assert_int_equal(kafka_lag_records(105, 90, 100), 0); /* a topic that was made anew */
}

static void retention_that_is_too_short_is_told(void **state)
{
	struct cluster_facts facts = healthy();
	struct findings findings = {0};

	(void)state;
	facts.topics[EVENTS].retention_ms = DAY;
	judge_cluster(&facts, "", &findings);
	assert_only(&findings, FINDING_NOTE, "events keeps records for 24 h, planned are 672 h");
	facts.topics[EVENTS].retention_ms = -1; /* for ever */
	judge_cluster(&facts, "", &findings);
	assert_all_ok(&findings, 2);
}

static struct redis_facts redis(void)
{
	struct redis_facts facts = {
	    .has_info = true, .used_bytes = 50 << 20, .keys = 12, .has_time = true};

	strcpy(facts.version, "7.2.4");
	strcpy(facts.policy, "noeviction");
	strcpy(facts.role, "master");
	return facts;
}

static void assert_redis(void (*change)(struct redis_facts *facts), enum finding_level level,
			 const char *text)
{
	struct redis_facts facts = redis();
	struct findings findings = {0};

	change(&facts);
	judge_redis("r:6379", &facts, false, &findings);
	assert_only(&findings, level, text);
}

static void evicts(struct redis_facts *facts)
{
	strcpy(facts->policy, "allkeys-lru");
}

static void evicts_what_expires(struct redis_facts *facts)
{
	strcpy(facts->policy, "volatile-lru");
}

static void has_evicted(struct redis_facts *facts)
{
	facts->evicted_keys = 3;
}

static void is_full(struct redis_facts *facts)
{
	facts->max_bytes = 55 << 20;
}

static void is_a_replica(struct redis_facts *facts)
{
	strcpy(facts->role, "slave");
}

static void is_a_cluster(struct redis_facts *facts)
{
	facts->is_cluster = true;
}

static void cannot_save(struct redis_facts *facts)
{
	facts->saving_failed = true;
}

static void is_another_time(struct redis_facts *facts)
{
	facts->ahead_ms = -400000;
}

static void says_nothing(struct redis_facts *facts)
{
	facts->has_info = false;
}

static void each_fault_of_redis_is_told(void **state)
{
	struct redis_facts facts = redis();
	struct findings findings = {0};

	(void)state;
	judge_redis("r:6379", &facts, false, &findings);
	assert_all_ok(&findings, 2);
	facts.max_bytes = 100 << 20;
	judge_redis("r:6379", &facts, false, &findings);
	assert_all_ok(&findings, 2);
	assert_redis(evicts, FINDING_WRONG, "maxmemory-policy is allkeys-lru");
	assert_redis(evicts_what_expires, FINDING_NOTE,
		     "for the email-sender it must be noeviction");
	assert_redis(has_evicted, FINDING_WRONG, "has evicted 3 keys");
	assert_redis(is_full, FINDING_WRONG, "uses 50 of its 55 MiB");
	assert_redis(is_a_replica, FINDING_WRONG, "is a replica");
	assert_redis(is_a_cluster, FINDING_WRONG, "Redis Cluster");
	assert_redis(cannot_save, FINDING_WRONG, "could not save");
	assert_redis(is_another_time, FINDING_WRONG, "are 400.0 s apart");
	assert_redis(says_nothing, FINDING_WRONG, "INFO may not be asked");
}

static void who_vouches_for_redis_gets_a_note(void **state)
{
	struct redis_facts facts = redis();
	struct findings findings = {0};

	(void)state;
	facts.has_info = false;
	judge_redis("r:6379", &facts, true, &findings);
	assert_only(&findings, FINDING_NOTE, "INFO may not be asked");
}

static struct service_facts service(void)
{
	struct service_facts facts = {.service = "scheduler", .partitions = 6};

	strcpy(facts.group.state, "Stable");
	facts.group.members = 2;
	return facts;
}

static void a_service_that_is_away_or_stands_still_is_told(void **state)
{
	struct service_facts facts = service();
	struct findings findings = {0};

	(void)state;
	judge_service(&facts, &findings);
	assert_all_ok(&findings, 1);

	facts.lag = 5000;
	facts.looked_ms = 3000;
	facts.lag_later = 2000;
	judge_service(&facts, &findings);
	assert_only(&findings, FINDING_NOTE, "2000 records wait, 3.0 s before it were 5000");

	facts.standing = 1;
	judge_service(&facts, &findings);
	assert_only(&findings, FINDING_WRONG, "1 of 6 partitions have decided none in 3.0 s");

	facts = service();
	facts.group.members = 0;
	strcpy(facts.group.state, "Empty");
	facts.lag = 7;
	judge_service(&facts, &findings);
	assert_only(&findings, FINDING_WRONG, "no instance runs, 7 records wait");

	strcpy(facts.group.state, "PreparingRebalance");
	judge_service(&facts, &findings);
	assert_only(&findings, FINDING_NOTE, "partitions are moving");

	facts = service();
	facts.ahead = 6;
	judge_service(&facts, &findings);
	assert_only(&findings, FINDING_WRONG, "6 of 6 partitions have a clock that is ahead");
}

#define METRICS                                                                                    \
	"# TYPE nurture_build_info gauge\nnurture_build_info{version=\"0.1.0\"} 1\n"               \
	"nurture_policy_info{hash=\"0123456789abcdef\"} 1\nnurture_redis_up 1\n"                   \
	"nurture_due_overdue_seconds 2\nnurture_dead_letters_total 0\n"

static void assert_instance(const struct instance_facts *facts, enum finding_level level,
			    const char *text)
{
	struct findings findings = {0};

	judge_instance(facts, &findings);
	assert_only(&findings, level, text);
}

static void an_instance_is_told_by_what_it_says(void **state)
{
	struct instance_facts facts = {.address = "http://s:8082",
				       .ready_status = 200,
				       .ready = "ready\n",
				       .metrics = METRICS,
				       .policy_hash = "0123456789abcdef",
				       .policy_of = "NURTURE_POLICY here"};
	struct findings findings = {0};

	(void)state;
	judge_instance(&facts, &findings);
	assert_string_equal(findings.items[0].text, "ready, version 0.1.0");
	assert_all_ok(&findings, 1);

	facts.policy_hash = "ffffffffffffffff";
	assert_instance(
	    &facts, FINDING_WRONG,
	    "it decides by policy 0123456789abcdef, that of NURTURE_POLICY here is fff");
	facts.policy_hash = NULL;
	facts.ready_status = 503;
	facts.ready = "no partitions are assigned\nmore";
	assert_instance(&facts, FINDING_WRONG, "not ready: no partitions are assigned");
	facts.ready_status = 200;
	facts.metrics = "nurture_redis_up 0\n";
	assert_instance(&facts, FINDING_WRONG, "Redis has not answered");
	facts.metrics = "nurture_due_overdue_seconds 61\n";
	assert_instance(&facts, FINDING_WRONG, "is 61 s late");
	facts.metrics = "nurture_dead_letters_total 4";
	assert_instance(&facts, FINDING_NOTE, "4 records could not be understood");
	/* A page of something else has none of these. */
	facts.metrics = "<html>nurture_redis_up 0</html>";
	judge_instance(&facts, &findings);
	assert_all_ok(&findings, 1);
}

#define SIGNS(key)                                                                                 \
	"# TYPE a gauge\nnurture_token_key_info{fingerprint=\"" key "\",use=\"signs\"} 1\n"
#define CHECKS(key)                                                                                \
	"# TYPE a gauge\nnurture_token_key_info{fingerprint=\"" key "\",use=\"checks\"} 1\n"
#define OLD "00000000000000aa"
#define NEW "00000000000000bb"

static void judge_keys_of(const char *sender, const char *pages, struct findings *findings)
{
	struct key_uses uses = {0};

	key_uses_add(&uses, "http://sender", sender);
	key_uses_add(&uses, "http://pages", pages);
	key_uses_add(&uses, "http://scheduler", METRICS);
	judge_keys(&uses, findings);
	free(uses.items);
}

static void keys_that_check_must_have_those_that_sign(void **state)
{
	struct findings findings = {0};

	(void)state;
	judge_keys_of(SIGNS(OLD), SIGNS(OLD) CHECKS(OLD), &findings);
	assert_string_equal(findings.items[0].text,
			    "1 token key signs, and all 1 instances that check links know it");
	assert_all_ok(&findings, 1);
	/* On the way to another key: it is checked everywhere before it signs anywhere. */
	judge_keys_of(SIGNS(OLD), SIGNS(NEW) CHECKS(NEW) CHECKS(OLD), &findings);
	assert_all_ok(&findings, 1);
	judge_keys_of(SIGNS(NEW), SIGNS(OLD) CHECKS(OLD), &findings);
	assert_only(&findings, FINDING_WRONG,
		    "http://pages refuses the links and return paths that http://sender signs: it "
		    "has not the token key " NEW);
	/* Nobody here signs, or nobody checks; what is no fingerprint is none. */
	judge_keys_of("", CHECKS(OLD), &findings);
	assert_all_ok(&findings, 0);
	judge_keys_of(SIGNS(OLD), "", &findings);
	assert_all_ok(&findings, 0);
	judge_keys_of(SIGNS("00aa"), CHECKS(OLD) CHECKS("00000000000000AA"), &findings);
	assert_all_ok(&findings, 0);
}

static void a_broker_that_is_ahead_is_told(void **state)
{
	struct findings findings = {0};

	(void)state;
	judge_broker_clock(INT64_MIN, 1000000, &findings);
	assert_all_ok(&findings, 0);
	judge_broker_clock(940000, 1000000, &findings);
	assert_string_equal(findings.items[0].text, "the brokers' is not ahead of this machine's: "
						    "their newest record is 60.0 s old");
	assert_all_ok(&findings, 1);
	judge_broker_clock(1300000, 1000000, &findings);
	assert_all_ok(&findings, 1);
	judge_broker_clock(1300001, 1000000, &findings);
	assert_only(&findings, FINDING_WRONG, "have stamped a record 300.0 s later than it is");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_healthy_cluster_is_two_lines),
	    cmocka_unit_test(each_fault_of_a_topic_is_told_with_its_name),
	    cmocka_unit_test(a_changelog_that_keeps_what_was_erased_is_told),
	    cmocka_unit_test(what_a_lost_disk_takes_is_said_by_the_copies),
	    cmocka_unit_test(copies_away_without_the_minimum_are_a_note),
	    cmocka_unit_test(lag_counts_only_records_that_are_there),
	    cmocka_unit_test(retention_that_is_too_short_is_told),
	    cmocka_unit_test(each_fault_of_redis_is_told),
	    cmocka_unit_test(who_vouches_for_redis_gets_a_note),
	    cmocka_unit_test(a_service_that_is_away_or_stands_still_is_told),
	    cmocka_unit_test(an_instance_is_told_by_what_it_says),
	    cmocka_unit_test(keys_that_check_must_have_those_that_sign),
	    cmocka_unit_test(a_broker_that_is_ahead_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
