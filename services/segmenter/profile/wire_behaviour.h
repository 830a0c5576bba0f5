/*
 * wire_behaviour.h - the part of a profile's bytes about what the person does
 * and asks for: opens and clicks, soft bounces, preferences.
 */
#ifndef NURTURE_SEGMENTER_PROFILE_WIRE_BEHAVIOUR_H
#define NURTURE_SEGMENTER_PROFILE_WIRE_BEHAVIOUR_H

#include "common/base/err.h"
#include "wire_scan.h"

int wire_read_behaviour(const struct wire_scan *scan, struct seg_profile *profile, struct err *err);

#endif
