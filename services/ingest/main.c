/*
 * NAME      ingest - takes events over HTTP and answers when Kafka has them
 * SERVES    POST /v1/events: JSON, arrays of it, CloudEvents, protobuf (docs/ingest.md)
 *           POST /v1/permits: another tool asks whether it may write to a person
 *           POST /v1/{track,identify,alias,page,screen,group,batch}: tracking calls
 *           POST /v1/bounces/PROVIDER/SECRET: webhooks of mail providers (docs/bounces.md)
 *           POST /v1/hooks/SHOP/NAME: webhooks of Shopify and WooCommerce (docs/ingest.md)
 *           LMTP and SMTP on NURTURE_LMTP_LISTEN: bounces
 *           GET /livez, /readyz, /metrics
 * EMITS     nurture.events     as it came in, key = customer id; bounces and complaints
 *           nurture.deadletter bounces of which nobody can say whose they are, tracking
 *                              calls that cannot be read
 *           nurture.requests   questions of other tools, channel external
 * READS     nurture.answers, nurture.deadletter: what the scheduler says to them; in no group
 * STATE     none
 * FAILURE   Kafka does not acknowledge: 503, and the publisher sends again; ids make that
 *           harmless.  The Kafka client gives up for good: exit 111.  Settings: exit 100.
 * SIGNALS   SIGTERM, SIGINT: refuse what is new, answer what is in flight, exit 0
 *           SIGHUP: read NURTURE_CATALOGUE again (a changed file is noticed anyway)
 */
#include "common/io/process/log.h"
#include "common/io/process/stop.h"
#include "serve.h"

int main(int argc, char **argv)
{
	static struct ing_config config;
	static struct ing_serve serve = {.config = &config};
	struct err err;
	int r;

	stop_on_signals();
	log_open("ingest");
	r = ing_config_load(argc, argv, &config, &serve.service.hooks, &serve.service.shops, &err);
	if (r == 0)
		r = ing_serve_open(&serve, &err);
	if (r == 0)
		r = ing_serve(&serve, &err);
	ing_serve_close(&serve);
	log_event(r < 0 ? LOG_LEVEL_ERROR : LOG_LEVEL_INFO, "stopped", "why",
		  r < 0 ? err.text : "asked to", NULL);
	return r < 0 ? err_exit_code(&err) : 0;
}
