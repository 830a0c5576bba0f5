/* io_kafka_settings_test.c - which properties a user may give to Kafka's clients, where they come
 * from, what is refused and in which words, and what a failed connection means. */
#include "common/io/config/config_kafka.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/io/kafka/kafka_conf.h"
#include "common/io/kafka/kafka_names.h"
#include "common/io/kafka/kafka_settings.h"
#include "common/io/kafka/kafka_trouble.h"

static const char *const variables[] = {"KAFKA_SECURITY_PROTOCOL",
					"KAFKA_SASL_MECHANISM",
					"KAFKA_SASL_USERNAME",
					"KAFKA_SASL_PASSWORD",
					"KAFKA_SASL_PASSWORD_FILE",
					"KAFKA_SSL_CA_LOCATION",
					"KAFKA_SSL_KEY_PEM",
					"KAFKA_CONFIG_FILE",
					"KAFKA_ACKS",
					"KAFKA_GROUP_ID",
					"KAFKA_LINGER_MS",
					"KAFKA_HEAP_OPTS",
					"KAFKA_PORT",
					"KAFKA_SASL_FOO",
					"KAFKA_MESSAGE_MAX_BYTES",
					"KAFKA_COMPRESSION_TYPE",
					"KAFKA_CLIENT_RACK",
					"KAFKA_ENABLE_SSL_CERTIFICATE_VERIFICATION",
					"KAFKA_SASL_JAAS_CONFIG",
					"KAFKA_METADATA_BROKER_LIST"};

static int set_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++)
		unsetenv(variables[i]);
	kafka_settings_reset();
	kafka_trouble_forget();
	return 0;
}

static void assert_refused(const char *const words[3])
{
	struct err err;

	assert_int_equal(config_kafka(&err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	for (int i = 0; i < 3 && words[i]; i++)
		if (!strstr(err.text, words[i]))
			fail_msg("expected \"%s\" in: %s", words[i], err.text);
	assert_null(strstr(err.text, "hunter2"));
}

static void variable_names_a_property(void **state)
{
	static const char *const none[] = {"KAFKA_PORT",
					   "KAFKA_",
					   "KAFKA_SERVICE_HOST",
					   "KAFKA_SERVICE_PORT_CLIENTS",
					   "KAFKA_BROKER_PORT_9092_TCP_ADDR",
					   "KAFKA_SOCKET_SERVICE_HOST",
					   "NURTURE_LISTEN"};
	char name[KAFKA_NAME_BYTES];

	(void)state;
	assert_true(kafka_name_of_variable("KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM", name));
	assert_string_equal(name, "ssl.endpoint.identification.algorithm");
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		assert_false(kafka_name_of_variable(none[i], name));
}

static void secrets_are_known(void **state)
{
	(void)state;
	assert_true(kafka_name_is_secret("sasl.password"));
	assert_true(kafka_name_is_secret("ssl.key.password"));
	assert_true(kafka_name_is_secret("ssl.keystore.password"));
	assert_true(kafka_name_is_secret("ssl.key.pem"));
	assert_true(kafka_name_is_secret("sasl.oauthbearer.client.secret"));
	assert_false(kafka_name_is_secret("sasl.username"));
}

static void what_is_not_ours_is_left_alone(void **state)
{
	struct err err;

	(void)state;
	setenv("KAFKA_HEAP_OPTS", "-Xmx1g", 1);
	setenv("KAFKA_PORT", "tcp://10.0.0.1:9092", 1);
	setenv("KAFKA_ACKS", "", 1);
	assert_int_equal(config_kafka(&err), 0);
	assert_null(kafka_settings_value("acks"));
}

static void guarantees_are_not_for_sale(void **state)
{
	static const char *const table[][4] = {
	    {"KAFKA_ACKS", "1", "KAFKA_ACKS: acks cannot be set", "all replicas"},
	    {"KAFKA_GROUP_ID", "mine", "KAFKA_GROUP_ID: group.id", "one owner"},
	    {"KAFKA_LINGER_MS", "5", "KAFKA_LINGER_MS: linger.ms is not passed on", NULL},
	    {"KAFKA_METADATA_BROKER_LIST", "x", "KAFKA_BOOTSTRAP_SERVERS", NULL},
	    {"KAFKA_SASL_FOO", "x", "KAFKA_SASL_FOO: No such configuration property", NULL},
	    {"KAFKA_SASL_JAAS_CONFIG", "hunter2", "KAFKA_SASL_JAAS_CONFIG: ", "not supported"},
	    {"KAFKA_SECURITY_PROTOCOL", "tls", "KAFKA_SECURITY_PROTOCOL: ", "Invalid value"},
	    {"KAFKA_MESSAGE_MAX_BYTES", "1000", "KAFKA_MESSAGE_MAX_BYTES: ", "131072"},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		set_none(state);
		setenv(table[i][0], table[i][1], 1);
		assert_refused((const char *const[3]){table[i][2], table[i][3]});
	}
}

/* A login that is not used would be a connection that nobody meant. */
static void login_and_protocol_fit(void **state)
{
	(void)state;
	setenv("KAFKA_SASL_PASSWORD", "hunter2", 1);
	assert_refused((const char *const[3]){"KAFKA_SECURITY_PROTOCOL: expected sasl_ssl",
					      "found plaintext", "KAFKA_SASL_PASSWORD is set"});
	setenv("KAFKA_SECURITY_PROTOCOL", "SASL_SSL", 1);
	assert_refused((const char *const[3]){"KAFKA_SASL_MECHANISM: must be set"});
	setenv("KAFKA_SASL_MECHANISM", "SCRAM-SHA-512", 1);
	assert_refused((const char *const[3]){"KAFKA_SASL_USERNAME: must be set"});
	setenv("KAFKA_SASL_MECHANISM", "OAUTHBEARER", 1);
	assert_refused((const char *const[3]){"KAFKA_SASL_MECHANISM: OAUTHBEARER"});
	set_none(state);
	setenv("KAFKA_SSL_CA_LOCATION", "/nowhere", 1);
	assert_refused((const char *const[3]){"KAFKA_SECURITY_PROTOCOL: expected ssl"});
	setenv("KAFKA_SECURITY_PROTOCOL", "ssl", 1);
	assert_refused((const char *const[3]){"KAFKA_SSL_CA_LOCATION: /nowhere: No such file"});
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void file_of_properties(void **state)
{
	char path[] = "/tmp/nurture-kafka-XXXXXX", secret[sizeof(path) + 8], expected[80];
	struct err err;

	(void)state;
	close(mkstemp(path));
	snprintf(secret, sizeof(secret), "%s.secret", path);
	write_file(path, "# ours\r\n\nsecurity.protocol = SASL_SSL\r\nsasl.mechanisms=PLAIN\n"
			 "sasl.username=file\nsasl.password=a=b\n");
	setenv("KAFKA_CONFIG_FILE", path, 1);
	setenv("KAFKA_SASL_USERNAME", "variable", 1);
	assert_int_equal(config_kafka(&err), 0);
	assert_string_equal(kafka_settings_value("sasl.username"), "variable");
	assert_string_equal(kafka_settings_value("sasl.password"), "a=b");
	write_file(secret, "hunter2\n");
	setenv("KAFKA_SASL_PASSWORD_FILE", secret, 1);
	assert_int_equal(config_kafka(&err), 0);
	assert_string_equal(kafka_settings_value("sasl.password"), "hunter2");
	write_file(secret, "");
	assert_refused((const char *const[3]){"KAFKA_SASL_PASSWORD_FILE: ", "is empty"});
	setenv("KAFKA_SASL_PASSWORD", "x", 1);
	assert_refused((const char *const[3]){"KAFKA_SASL_PASSWORD: expected this or"});
	set_none(state);
	setenv("KAFKA_CONFIG_FILE", path, 1);
	write_file(path, "security.protocol=plaintext\nacks=1\n");
	snprintf(expected, sizeof(expected), "%s:2: acks cannot be set", path);
	assert_refused((const char *const[3]){expected});
	write_file(path, "\nhunter2\n");
	snprintf(expected, sizeof(expected), "%s:2: expected NAME=VALUE", path);
	assert_refused((const char *const[3]){expected});
	unlink(path);
	unlink(secret);
}

static void every_client_gets_them(void **state)
{
	static const char *const own[][2] = {{"compression.codec", "lz4"}, {NULL}};
	static const char *const none[][2] = {{NULL}};
	char value[32];
	size_t size = sizeof(value);
	rd_kafka_conf_t *conf;
	struct err err;

	(void)state;
	setenv("KAFKA_COMPRESSION_TYPE", "gzip", 1);
	setenv("KAFKA_CLIENT_RACK", "b", 1);
	setenv("KAFKA_MESSAGE_MAX_BYTES", "1000000", 1);
	assert_int_equal(config_kafka(&err), 0);
	assert_int_equal(kafka_settings_message_max_bytes(), 1000000);
	conf = kafka_conf(RD_KAFKA_CONSUMER, none, &err);
	assert_int_equal(rd_kafka_conf_get(conf, "client.rack", value, &size), 0);
	assert_string_equal(value, "b");
	size = sizeof(value);
	assert_int_equal(rd_kafka_conf_get(conf, "compression.codec", value, &size), 0);
	assert_string_equal(value, "none");
	rd_kafka_conf_destroy(conf);
	conf = kafka_conf(RD_KAFKA_PRODUCER, own, &err);
	size = sizeof(value);
	assert_int_equal(rd_kafka_conf_get(conf, "compression.codec", value, &size), 0);
	assert_string_equal(value, "gzip");
	rd_kafka_conf_destroy(conf);
}

/* Who wishes no look at certificates must not hear of what is wrong with one. */
static void certificates_are_looked_at_unless_refused(void **state)
{
	static const char *const values[] = {NULL, "true", "false", "0"};
	static const char *const none[][2] = {{NULL}};
	char value[32];
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		size_t size = sizeof(value);
		rd_kafka_conf_t *conf;
		rd_kafka_conf_res_t found;

		set_none(NULL);
		if (values[i])
			setenv("KAFKA_ENABLE_SSL_CERTIFICATE_VERIFICATION", values[i], 1);
		assert_int_equal(config_kafka(&err), 0);
		conf = kafka_conf(RD_KAFKA_CONSUMER, none, &err);
		assert_non_null(conf);
		found = rd_kafka_conf_get(conf, "ssl.certificate.verify_cb", value, &size);
		assert_int_equal(found == RD_KAFKA_CONF_OK, i < 2);
		rd_kafka_conf_destroy(conf);
	}
}

/* As librdkafka 2.0.2 says them. */
static void failures_have_a_meaning(void **state)
{
	static const char *const table[][2] = {
	    {"SASL authentication error: Authentication failed: Invalid username or password",
	     "KAFKA_SASL_PASSWORD"},
	    {"SSL handshake failed: error:0A000086:SSL routines::certificate verify failed",
	     "KAFKA_SSL_CA_LOCATION"},
	    {"Receive failed: error:0A000412:SSL routines::sslv3 alert bad certificate",
	     "KAFKA_SSL_CERTIFICATE_LOCATION"},
	    {"Connect to ipv4#127.0.0.1:1 failed: Connection refused", "KAFKA_BOOTSTRAP_SERVERS"},
	    {"SASL PLAIN mechanism handshake failed: Broker: Unsupported SASL mechanism: broker's "
	     "supported mechanisms: SCRAM-SHA-512",
	     "KAFKA_SASL_MECHANISM"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		const char *meaning = kafka_trouble_meaning(table[i][0]);

		assert_non_null(meaning);
		assert_non_null(strstr(meaning, table[i][1]));
	}
	if (rd_kafka_version() < 0x02060100)
		assert_non_null(strstr(kafka_trouble_meaning("Authentication failed during "
							     "authentication due to invalid "
							     "credentials with SASL mechanism "
							     "SCRAM-SHA-512"),
				       "librdkafka before 2.6.1"));
	assert_null(kafka_trouble_meaning("1/1 brokers are down"));
	assert_non_null(strstr(kafka_trouble_certificate(10), "has expired"));
	assert_non_null(strstr(kafka_trouble_certificate(62), "another name"));
	assert_non_null(strstr(kafka_trouble_certificate(20), "KAFKA_SSL_CA_LOCATION"));
}

static void failure_is_told_once(void **state)
{
	static const char refused[] = "[thrd:x]: host:1/1: SASL authentication error: "
				      "Authentication failed: no (after 3ms in state AUTH_REQ)";
	const char *meaning;
	struct err err;

	(void)state;
	assert_true(kafka_trouble_note(refused, true, &meaning));
	assert_false(kafka_trouble_note(refused, true, &meaning));
	assert_false(kafka_trouble_note("1/1 brokers are down", true, &meaning));
	err_environment(&err, "no answer");
	assert_int_equal(kafka_explain(&err, NULL, RD_KAFKA_RESP_ERR__TRANSPORT, NULL, NULL), -1);
	assert_string_equal(err.text,
			    "no answer: wrong user or password: look at KAFKA_SASL_USERNAME, "
			    "KAFKA_SASL_PASSWORD and KAFKA_SASL_MECHANISM (host:1/1: SASL "
			    "authentication error: Authentication failed: no)");
	err_environment(&err, "denied");
	(void)kafka_explain(&err, NULL, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, "Write",
			    "nurture.events");
	assert_non_null(strstr(err.text, "missing ACL: Write on topic nurture.events"));
	err_environment(&err, "other");
	(void)kafka_explain(&err, NULL, RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE, NULL, NULL);
	assert_string_equal(err.text, "other");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(variable_names_a_property, set_none),
	    cmocka_unit_test_setup(secrets_are_known, set_none),
	    cmocka_unit_test_setup(what_is_not_ours_is_left_alone, set_none),
	    cmocka_unit_test_setup(guarantees_are_not_for_sale, set_none),
	    cmocka_unit_test_setup(login_and_protocol_fit, set_none),
	    cmocka_unit_test_setup(file_of_properties, set_none),
	    cmocka_unit_test_setup(every_client_gets_them, set_none),
	    cmocka_unit_test_setup(certificates_are_looked_at_unless_refused, set_none),
	    cmocka_unit_test_setup(failures_have_a_meaning, set_none),
	    cmocka_unit_test_setup(failure_is_told_once, set_none),
	};

	return cmocka_run_group_tests(tests, NULL, set_none);
}
