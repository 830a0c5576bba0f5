/* topic_plans.c - the table of topics.h, for whoever has no topics to make. */
#include "topics.h"

#include "common/base/civil.h"

/* As proto/README.md has them. */
const struct topic_plan topic_plans[] = {
    {"events", 28 * DAY_MS, true},
    {"requests", 7 * DAY_MS, true},
    {"asks", 7 * DAY_MS, false},
    {"dispatch", 7 * DAY_MS, false},
    {"tasks", 90 * DAY_MS, false},
    {"outcomes", 90 * DAY_MS, false},
    {"answers", DAY_MS, false},
    {"profile-handovers", 7 * DAY_MS, true},
    {"ladder-handovers", 7 * DAY_MS, true},
    {"contact-handovers", 7 * DAY_MS, true},
    {"desk-handovers", 7 * DAY_MS, true},
    {"ends", 90 * DAY_MS, false},
    {"notices", 7 * DAY_MS, false},
    {"deadletter", 28 * DAY_MS, false},
    {"profiles", 0, true},
    {"ladders", 0, true},
    {"contacts", 0, true},
    {"deliveries", 0, true},
    {"desk", 0, true},
    {"feedback", 0, true},
    {0},
};
