/* commands.h - all commands, one file each; main.c's table. */
#ifndef NURTURE_NURTURECTL_CMD_COMMANDS_H
#define NURTURE_NURTURECTL_CMD_COMMANDS_H

#include "services/nurturectl/command.h"

extern const struct command cmd_check, cmd_simulate, cmd_topics, cmd_replay, cmd_advance, cmd_wait,
    cmd_status, cmd_outcomes, cmd_compare, cmd_audit, cmd_why, cmd_report, cmd_preview, cmd_erase,
    cmd_dkim_record, cmd_suggest, cmd_coupon, cmd_coupons, cmd_bounce, cmd_clock, cmd_skip,
    cmd_accept, cmd_repartition, cmd_import, cmd_hook, cmd_catalogue, cmd_doctor, cmd_deadletter,
    cmd_tasks, cmd_rebuild, cmd_fit, cmd_feedback;

#endif
