/*
 * acl_list.h - the ACLs that a Kafka cluster has, as its authorizer tells them (KIP-140).
 *
 * Whoever asks needs Describe on the cluster.  Rules for one host only count
 * like those for all.
 */
#ifndef NURTURE_IO_KAFKA_ACL_LIST_H
#define NURTURE_IO_KAFKA_ACL_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/err.h"

enum acl_resource { ACL_TOPIC, ACL_GROUP, ACL_TRANSACTIONAL_ID };

struct acl_list;

/*
 * 1: *ret has them all; close it.  0: the brokers have no authorizer, so everybody may do
 * everything.  -1: nobody said; ERR_ENVIRONMENT names the right that is missing.
 */
int acl_list_read(struct acl_list **ret, const char *brokers, struct err *err);
/* How many there are, also such as are about nothing of ours. */
size_t acl_list_count(const struct acl_list *list);
/*
 * Is there somebody who may do this, by a rule that allows it and none of the same user's that
 * denies it?  operation is Kafka's word ("Read", "Write", "Describe").  Read and Write bring
 * Describe along.  is_prefixed: what is asked for is every name that begins so.
 */
bool acl_list_allows(const struct acl_list *list, enum acl_resource resource, const char *name,
		     bool is_prefixed, const char *operation);
/* NULL-safe, sets NULL. */
void acl_list_close(struct acl_list **list);

#endif
