/* config_tracing.c - see config_tracing.h. */
#include "config_tracing.h"

#include <stddef.h>

const struct setting tracing_settings[] = {
    SETTING("NURTURE_TRACING", CHOICE, tracing_options, on,
	    "Whether records say in the header traceparent which trace they belong to; auto: with "
	    "an endpoint they do.",
	    CHOICES("auto|off|on"), DEFAULT("auto")),
    SETTING("OTEL_EXPORTER_OTLP_ENDPOINT", TEXT, tracing_options, endpoint,
	    "A collector that takes spans as OTLP over HTTP, such as http://collector:4318; "
	    "/v1/traces is added."),
    SETTING("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", TEXT, tracing_options, traces_endpoint,
	    "The same as a whole URL."),
    SETTING(
	"OTEL_EXPORTER_OTLP_PROTOCOL", TEXT, tracing_options, protocol,
	"How spans are sent: http/json; where all programs are told another way, ours send none "
	"and say so.",
	DEFAULT("http/json")),
    SETTING("OTEL_EXPORTER_OTLP_HEADERS", SECRET, tracing_options, headers,
	    "Headers of these requests as name=value,name=value, percent-encoded."),
    SETTING("OTEL_EXPORTER_OTLP_TIMEOUT", INT, tracing_options, timeout_ms,
	    "Milliseconds that a collector may take.", BETWEEN(100, 60000), DEFAULT("10000")),
    SETTING("OTEL_SERVICE_NAME", TEXT, tracing_options, service_name,
	    "What the service is called in traces; empty: by its own name."),
    SETTING("OTEL_RESOURCE_ATTRIBUTES", TEXT, tracing_options, resource_attributes,
	    "What else is said of it, as name=value,name=value."),
    SETTING("OTEL_BSP_MAX_QUEUE_SIZE", INT, tracing_options, queue_max,
	    "Spans that may wait; what finds no room is dropped and counted.", BETWEEN(1, 1000000),
	    DEFAULT("2048")),
    SETTING("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", INT, tracing_options, batch_max,
	    "Spans of one request at most.", BETWEEN(1, 8192), DEFAULT("512")),
    SETTING("OTEL_BSP_SCHEDULE_DELAY", INT, tracing_options, delay_ms,
	    "Milliseconds that a span waits for others.", BETWEEN(1, 60000), DEFAULT("5000")),
    {0},
};
