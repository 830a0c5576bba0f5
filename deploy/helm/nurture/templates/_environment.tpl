{{/*
_environment.tpl - what a service is told: variables, and the files that they name.

Each secret is a file that only the service sees that needs it (NAME_FILE); a secret in a variable
would be in the environment of every process and in what `kubectl describe` shows.
*/}}

{{/*
A value as text.  Helm reads each number of a file as a float, of which toString makes 1e+06.
*/}}
{{- define "nurture.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) }}
{{- printf "%.0f" . }}
{{- else }}
{{- toString . }}
{{- end }}
{{- end }}

{{/* Setting -> key of the Secret, of one component: (list $ COMPONENT), as YAML. */}}
{{- define "nurture.secretKeys" -}}
{{- $keys := (index . 0).Values.secrets.keys -}}
{{- $component := index . 1 -}}
{{- $all := dict }}
{{- if has $component (list "segmenter" "scheduler" "review-solicitor" "email-sender" "desk" "nurturectl") }}
{{- $_ := set $all "REDIS_URL_FILE" $keys.redisUrl }}
{{- $_ := set $all "REDIS_PASSWORD_FILE" $keys.redisPassword }}
{{- $_ := set $all "REDIS_TLS_CA" $keys.redisCa }}
{{- $_ := set $all "REDIS_TLS_CERT" $keys.redisCert }}
{{- $_ := set $all "REDIS_TLS_KEY" $keys.redisKey }}
{{- end }}
{{- if has $component (list "ingest" "segmenter" "scheduler" "review-solicitor" "email-sender" "desk") }}
{{- $_ := set $all "OTEL_EXPORTER_OTLP_HEADERS_FILE" $keys.otlpHeaders }}
{{- end }}
{{- $takesBounces := or (index . 0).Values.ingest.lmtp.enabled $keys.bounceHooks $keys.mailgunKey }}
{{- if or (has $component (list "review-solicitor" "email-sender" "desk")) (and (eq $component "ingest") $takesBounces) }}
{{- $_ := set $all "NURTURE_TOKEN_KEY_FILE" $keys.tokenKey }}
{{- $_ := set $all "NURTURE_TOKEN_KEY_BEFORE_FILE" $keys.tokenKeyBefore }}
{{- end }}
{{- if eq $component "ingest" }}
{{- $_ := set $all "NURTURE_INGEST_TOKENS_FILE" $keys.ingestTokens }}
{{- $_ := set $all "NURTURE_SHOP_HOOKS_FILE" $keys.shopHooks }}
{{- $_ := set $all "NURTURE_TRACKING_KEYS_FILE" $keys.trackingKeys }}
{{- $_ := set $all "NURTURE_BOUNCE_HOOKS_FILE" $keys.bounceHooks }}
{{- $_ := set $all "NURTURE_MAILGUN_KEY_FILE" $keys.mailgunKey }}
{{- else if eq $component "desk" }}
{{- $_ := set $all "NURTURE_DESK_WEBHOOKS_FILE" $keys.deskWebhooks }}
{{- $_ := set $all "SMTP_URL_FILE" $keys.smtpUrl }}
{{- $_ := set $all "SMTP_CA_FILE" $keys.smtpCa }}
{{- if include "nurture.setting" (list (index . 0) "desk" "SMTP_USER") | trim }}
{{- $_ := set $all "SMTP_PASSWORD_FILE" $keys.smtpPassword }}
{{- end }}
{{- else if eq $component "console" }}
{{- $_ := set $all "NURTURE_CONSOLE_STAFF" $keys.consoleStaff }}
{{- $_ := set $all "NURTURE_CONSOLE_KEY_FILE" $keys.consoleKey }}
{{- $_ := set $all "NURTURE_CONSOLE_KEY_BEFORE_FILE" $keys.consoleKeyBefore }}
{{- $_ := set $all "NURTURE_CONSOLE_PROXY_SECRET_FILE" $keys.consoleProxySecret }}
{{- else if eq $component "scheduler" }}
{{- $_ := set $all "NURTURE_COUPON_KEY_FILE" $keys.couponKey }}
{{- end }}
{{- if has $component (list "email-sender" "console") }}
{{- $_ := set $all "SMTP_URL_FILE" $keys.smtpUrl }}
{{- $_ := set $all "SMTP_PASSWORD_FILE" $keys.smtpPassword }}
{{- $_ := set $all "SMTP_CA_FILE" $keys.smtpCa }}
{{- end }}
{{- range $name, $key := $all }}
{{- if $key }}
{{ $name }}: {{ $key | quote }}
{{- end }}
{{- end }}
{{- end }}

{{/* The Secret of a component's Kafka login: (list $ COMPONENT); empty: none. */}}
{{- define "nurture.kafkaSecret" -}}
{{- $secret := (index . 0).Values.kafka.secret -}}
{{- if and $secret.perService $secret.name }}
{{- printf "%s-%s" $secret.name (index . 1) }}
{{- else }}
{{- $secret.name }}
{{- end }}
{{- end }}

{{/* sasl.mechanism -> KAFKA_SASL_MECHANISM */}}
{{- define "nurture.property" -}}
KAFKA_{{ . | upper | replace "." "_" }}
{{- end }}

{{/* Where the brokers are and how one logs in: (list $ COMPONENT), entries of env. */}}
{{- define "nurture.kafkaEnvironment" -}}
{{- $ := index . 0 -}}
{{- $kafka := $.Values.kafka -}}
- {name: KAFKA_BOOTSTRAP_SERVERS, value: {{ $kafka.bootstrapServers | quote }}}
- {name: NURTURE_TOPIC_PREFIX, value: {{ $.Values.topicPrefix | quote }}}
{{- range $name, $value := $kafka.config }}
- {name: {{ include "nurture.property" $name }}, value: {{ include "nurture.text" $value | quote }}}
{{- end }}
{{- if and $kafka.secret.name $kafka.secret.perService (hasKey $kafka.secret.values "sasl.password") (not (hasKey $kafka.config "sasl.username")) (not (hasKey $kafka.secret.values "sasl.username")) }}
- {name: KAFKA_SASL_USERNAME, value: {{ include "nurture.kafkaSecret" . | quote }}}
{{- end }}
{{- if $kafka.secret.name }}
{{- range $name, $key := $kafka.secret.values }}
- {name: {{ include "nurture.property" $name }}_FILE, value: {{ printf "/run/secrets/kafka/%s" $key | quote }}}
{{- end }}
{{- range $name, $key := $kafka.secret.files }}
- {name: {{ include "nurture.property" $name }}, value: {{ printf "/run/secrets/kafka/%s" $key | quote }}}
{{- end }}
{{- end }}
{{- with $kafka.ca }}
{{- if .secret }}
- {name: KAFKA_SSL_CA_LOCATION, value: {{ printf "/run/secrets/kafka-ca/%s" .key | quote }}}
{{- end }}
{{- end }}
{{- end }}

{{/* Settings of all services, then those of one, as entries of env: (list $ COMPONENT). */}}
{{- define "nurture.settings" -}}
{{- $ := index . 0 -}}
{{- $own := (get $.Values (include "nurture.key" (index . 1))).settings -}}
{{- range $name, $value := merge (dict) $own $.Values.settings }}
- {name: {{ $name }}, value: {{ include "nurture.text" $value | quote }}}
{{- end }}
{{- end }}

{{/* The ConfigMap of policy, templates, pages or words: (list $ KIND); empty: the image's own. */}}
{{- define "nurture.configMap" -}}
{{- $values := get (index . 0).Values (index . 1) -}}
{{- if $values.existingConfigMap }}
{{- $values.existingConfigMap }}
{{- else if $values.files }}
{{- printf "%s-%s" (include "nurture.fullname" (index . 0)) (index . 1) }}
{{- end }}
{{- end }}

{{/* Which of the four a component reads. */}}
{{- define "nurture.reads" -}}
{{- get (dict "ingest" "" "nurturectl" "policy" "segmenter" "policy" "scheduler" "policy" "review-solicitor" "policy pages words" "email-sender" "policy templates" "desk" "policy" "console" "policy") . }}
{{- end }}

{{/* What the chart itself says of env: (list $ COMPONENT). */}}
{{- define "nurture.ownEnvironment" -}}
{{- $ := index . 0 -}}
{{- $component := index . 1 -}}
{{- if ne $component "console" }}
- {name: NURTURE_INSTANCE, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
{{- end }}
- {name: NURTURE_LISTEN, value: ":8080"}
- {name: NURTURE_ADMIN_LISTEN, value: ":9090"}
{{ include "nurture.kafkaEnvironment" . }}
{{- range $name, $key := include "nurture.secretKeys" . | fromYaml }}
- {name: {{ $name }}, value: {{ printf "/run/secrets/nurture/%s" $key | quote }}}
{{- end }}
{{- range $kind := compact (splitList " " (include "nurture.reads" $component)) }}
{{- if include "nurture.configMap" (list $ $kind) }}
- {name: NURTURE_{{ upper $kind }}, value: {{ printf "/etc/nurture/%s%s" $kind (eq $kind "policy" | ternary (printf "/%s" $.Values.policy.file) "") | quote }}}
{{- end }}
{{- end }}
{{- if eq $component "console" }}
- {name: NURTURE_CONSOLE_VIEW, value: /var/lib/nurture/view.db}
{{- end }}
{{- if and (eq $component "ingest") $.Values.catalogue.existingConfigMap }}
- {name: NURTURE_CATALOGUE, value: {{ printf "/etc/nurture/catalogue/%s" $.Values.catalogue.file | quote }}}
{{- end }}
{{- if and (eq $component "ingest") $.Values.ingest.lmtp.enabled }}
- {name: NURTURE_LMTP_LISTEN, value: ":{{ $.Values.ingest.lmtp.port }}"}
{{- end }}
{{- if eq $component "email-sender" }}
{{- with $.Values.emailSender.deliveryFile }}
- {name: NURTURE_DELIVERY, value: {{ printf "/etc/nurture/policy/%s" . | quote }}}
{{- end }}
{{- with $.Values.emailSender.dkim }}
{{- if .domain }}
{{- $pairs := list }}
{{- range $selector, $key := .keys }}
{{- $pairs = append $pairs (printf "%s:/run/secrets/dkim/%s" $selector $key) }}
{{- end }}
- {name: NURTURE_DKIM_DOMAIN, value: {{ .domain | quote }}}
- {name: NURTURE_DKIM_KEYS, value: {{ join "," $pairs | quote }}}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* What nurturectl is told that looks after the others. */}}
{{- define "nurture.checkEnvironment" -}}
{{- $component := list . "nurturectl" -}}
{{ include "nurture.kafkaEnvironment" $component }}
{{- range $name, $key := include "nurture.secretKeys" $component | fromYaml }}
- {name: {{ $name }}, value: {{ printf "/run/secrets/nurture/%s" $key | quote }}}
{{- end }}
- {name: NURTURE_POLICY, value: {{ printf "/etc/nurture/policy/%s" .Values.policy.file | quote }}}
{{- range $name, $value := .Values.settings }}
{{- if has $name (get ($.Files.Get "files/settings.json" | fromJson) "scheduler") }}
- {name: {{ $name }}, value: {{ include "nurture.text" $value | quote }}}
{{- end }}
{{- end }}
{{- end }}

{{/* Everything of env: (list $ COMPONENT). */}}
{{- define "nurture.environment" -}}
{{- include "nurture.ownEnvironment" . }}
{{- include "nurture.settings" . }}
{{- end }}

{{/* What each pod has, that of the Job too: Kafka's login and authorities, volumes of your own. */}}
{{- define "nurture.sharedMounts" -}}
{{- $ := index . 0 -}}
{{- if include "nurture.kafkaSecret" . }}
- {name: kafka, mountPath: /run/secrets/kafka, readOnly: true}
{{- end }}
{{- if $.Values.kafka.ca.secret }}
- {name: kafka-ca, mountPath: /run/secrets/kafka-ca, readOnly: true}
{{- end }}
{{- with $.Values.pod.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "nurture.sharedVolumes" -}}
{{- $ := index . 0 -}}
{{- with include "nurture.kafkaSecret" . }}
- {name: kafka, secret: {secretName: {{ . }}, defaultMode: 0440}}
{{- end }}
{{- with $.Values.kafka.ca }}
{{- if .secret }}
- {name: kafka-ca, secret: {secretName: {{ .secret }}, defaultMode: 0440, items: [{key: {{ .key | quote }}, path: {{ .key | quote }}}]}}
{{- end }}
{{- end }}
{{- with $.Values.pod.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* (list $ COMPONENT); beside the policy the codes of the scheduler, where its paths to them begin. */}}
{{- define "nurture.mounts" -}}
{{- $ := index . 0 -}}
{{- $component := index . 1 -}}
{{- range $kind := compact (splitList " " (include "nurture.reads" $component)) }}
{{- if include "nurture.configMap" (list $ $kind) }}
- {name: {{ $kind }}, mountPath: /etc/nurture/{{ $kind }}, readOnly: true}
{{- end }}
{{- end }}
{{- if and (eq $component "scheduler") $.Values.coupons.existingSecret }}
- {name: coupons, mountPath: /etc/nurture/policy/coupons, readOnly: true}
{{- end }}
{{- if include "nurture.secretKeys" . }}
- {name: secrets, mountPath: /run/secrets/nurture, readOnly: true}
{{- end }}
{{- if and (eq $component "email-sender") $.Values.emailSender.dkim.domain }}
- {name: dkim, mountPath: /run/secrets/dkim, readOnly: true}
{{- end }}
{{- if eq $component "console" }}
- {name: view, mountPath: /var/lib/nurture}
{{- end }}
{{- if and (eq $component "ingest") $.Values.catalogue.existingConfigMap }}
- {name: catalogue, mountPath: /etc/nurture/catalogue, readOnly: true}
{{- end }}
{{- include "nurture.sharedMounts" . }}
{{- end }}

{{- define "nurture.volumes" -}}
{{- $ := index . 0 -}}
{{- $component := index . 1 -}}
{{- range $kind := compact (splitList " " (include "nurture.reads" $component)) }}
{{- with include "nurture.configMap" (list $ $kind) }}
- {name: {{ $kind }}, configMap: {name: {{ . }}}}
{{- end }}
{{- end }}
{{- if and (eq $component "scheduler") $.Values.coupons.existingSecret }}
- {name: coupons, secret: {secretName: {{ $.Values.coupons.existingSecret }}, defaultMode: 0440}}
{{- end }}
{{- with include "nurture.secretKeys" . | fromYaml }}
- name: secrets
  secret:
    secretName: {{ $.Values.secrets.existingSecret }}
    defaultMode: 0440
    items:
    {{- range uniq (sortAlpha (values .)) }}
    - {key: {{ . | quote }}, path: {{ . | quote }}}
    {{- end }}
{{- end }}
{{- if and (eq $component "email-sender") $.Values.emailSender.dkim.domain }}
- {name: dkim, secret: {secretName: {{ $.Values.emailSender.dkim.existingSecret }}, defaultMode: 0440}}
{{- end }}
{{- if eq $component "console" }}
- name: view
  {{- toYaml ($.Values.console.viewVolume | default (dict "emptyDir" dict)) | nindent 2 }}
{{- end }}
{{- if and (eq $component "ingest") $.Values.catalogue.existingConfigMap }}
- {name: catalogue, configMap: {name: {{ $.Values.catalogue.existingConfigMap }}}}
{{- end }}
{{- include "nurture.sharedVolumes" . }}
{{- end }}
