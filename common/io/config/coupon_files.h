/* coupon_files.h - the files of codes that a policy names, read once at start. */
#ifndef NURTURE_IO_CONFIG_COUPON_FILES_H
#define NURTURE_IO_CONFIG_COUPON_FILES_H

#include "common/policy/policy.h"
#include "common/token/coupon_pool.h"

/*
 * *ret is parallel to policy->coupons and lives as long as the process; for
 * sources of another kind file is NULL.  ERR_CONFIG names file and line.
 */
int coupon_files_read(const struct policy *policy, const struct coupon_pool **ret, struct err *err);

#endif
