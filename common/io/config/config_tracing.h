/* config_tracing.h - the settings of traces, the same for every service. */
#ifndef NURTURE_IO_CONFIG_CONFIG_TRACING_H
#define NURTURE_IO_CONFIG_CONFIG_TRACING_H

#include "common/io/tracing/tracing.h"
#include "config.h"

/*
 * Names of OpenTelemetry's own, with its defaults:
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/ and .../configuration/sdk-environment-
 * variables/.  Offsets into struct tracing_options.
 */
extern const struct setting tracing_settings[];

#endif
