{{/*
_check.tpl - what the schema of the values cannot say: what belongs together.  Each refusal names
the value and says what was expected.
*/}}

{{- define "nurture.check" -}}
{{- $v := .Values }}
{{- if not $v.kafka.bootstrapServers }}
{{- fail "kafka.bootstrapServers: expected brokers as host:port, separated by commas" }}
{{- end }}
{{- if not (include "nurture.configMap" (list . "policy")) }}
{{- fail "policy: expected files (--set-file policy.files.shop\\.yaml=shop.yaml) or existingConfigMap; without one this would be the shop of the example" }}
{{- end }}
{{- range $kind := list "policy" "templates" "pages" "words" }}
{{- $values := get $v $kind }}
{{- if and $values.files $values.existingConfigMap }}
{{- fail (printf "%s: expected files or existingConfigMap, found both" $kind) }}
{{- end }}
{{- end }}
{{- if and $v.policy.files (not (hasKey $v.policy.files $v.policy.file)) }}
{{- fail (printf "policy.file: expected one of policy.files (%s), found %q" (keys $v.policy.files | sortAlpha | join ", ") $v.policy.file) }}
{{- end }}
{{- with $v.emailSender.deliveryFile }}
{{- if and $v.policy.files (not (hasKey $v.policy.files .)) }}
{{- fail (printf "emailSender.deliveryFile: expected one of policy.files (%s), found %q" (keys $v.policy.files | sortAlpha | join ", ") .) }}
{{- end }}
{{- end }}
{{- if and $v.emailSender.dkim.domain (not (and $v.emailSender.dkim.existingSecret $v.emailSender.dkim.keys)) }}
{{- fail "emailSender.dkim: expected existingSecret and keys beside domain" }}
{{- end }}
{{- range $component := list "segmenter" "scheduler" "review-solicitor" "email-sender" "desk" }}
{{- $key := include "nurture.key" $component }}
{{- $values := get $v $key }}
{{- if gt (int $values.replicas) (int $v.partitions) }}
{{- fail (printf "%s.replicas: expected at most %d, the number of partitions, found %d: the others would have no work" $key (int $v.partitions) (int $values.replicas)) }}
{{- end }}
{{- if gt (int $values.autoscaling.maxReplicas) (int $v.partitions) }}
{{- fail (printf "%s.autoscaling.maxReplicas: expected at most %d, the number of partitions, found %d" $key (int $v.partitions) (int $values.autoscaling.maxReplicas)) }}
{{- end }}
{{- end }}
{{- include "nurture.checkKafka" . }}
{{- include "nurture.checkSettings" . }}
{{- include "nurture.checkTogether" . }}
{{- if and (or (eq $v.topics.mode "strimzi") $v.strimzi.users.create) (not $v.strimzi.cluster) }}
{{- fail "strimzi.cluster: expected the name of the Kafka resource, found nothing" }}
{{- end }}
{{- if and (eq $v.topics.mode "job") $v.strimzi.users.create }}
{{- fail "topics.mode: expected strimzi or none with strimzi.users.create, found job: it runs before its user is there" }}
{{- end }}
{{- if and $v.strimzi.users.create (not (and $v.kafka.secret.name $v.kafka.secret.perService)) }}
{{- fail "kafka.secret: expected name and perService: true with strimzi.users.create: the KafkaUsers are called NAME-SERVICE, and nobody would log in as them" }}
{{- end }}
{{- if and (eq $v.exposure.type "HTTPRoute") (not $v.exposure.gateways) }}
{{- fail "exposure.gateways: expected the Gateway that the HTTPRoutes belong to, found none" }}
{{- end }}
{{- end }}

{{/* A property of Kafka stands in one place. */}}
{{- define "nurture.checkKafka" -}}
{{- $places := dict }}
{{- $kafka := .Values.kafka }}
{{- $ca := dict }}
{{- if $kafka.ca.secret }}
{{- $_ := set $ca "ssl.ca.location" $kafka.ca.key }}
{{- end }}
{{- range $place, $names := dict "kafka.config" $kafka.config "kafka.secret.values" $kafka.secret.values "kafka.secret.files" $kafka.secret.files "kafka.ca" $ca }}
{{- range $name, $value := $names }}
{{- if hasKey $places $name }}
{{- fail (printf "%s: expected in one place, found in %s and in %s" $name (get $places $name) $place) }}
{{- end }}
{{- $_ := set $places $name $place }}
{{- end }}
{{- end }}
{{- if and (or $kafka.secret.values $kafka.secret.files $kafka.secret.perService) (not $kafka.secret.name) }}
{{- fail "kafka.secret.name: expected the Secret that perService, values and files are about, found nothing" }}
{{- end }}
{{- include "nurture.checkBrokerPorts" . }}
{{- end }}

{{/* A NetworkPolicy that lets nothing through to a broker looks like a broker that is away. */}}
{{- define "nurture.checkBrokerPorts" -}}
{{- $policy := .Values.networkPolicy }}
{{- if and $policy.enabled (not $policy.extraEgress) }}
{{- range $broker := splitList "," .Values.kafka.bootstrapServers }}
{{- $port := regexFind "[0-9]+$" (trim $broker) }}
{{- if and (contains ":" $broker) $port (not (has $port (include "nurture.portTexts" $policy.kafkaPorts | fromJsonArray))) }}
{{- fail (printf "networkPolicy.kafkaPorts: expected %s among them, the port of %s in kafka.bootstrapServers, or networkPolicy.extraEgress: no pod would reach it" $port (trim $broker)) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "nurture.portTexts" -}}
{{- $texts := list }}
{{- range . }}
{{- $texts = append $texts (toString (int .)) }}
{{- end }}
{{- $texts | toJson }}
{{- end }}

{{/* A setting as a service has it: (list $ COMPONENT NAME); empty: it is not set. */}}
{{- define "nurture.setting" -}}
{{- $values := (index . 0).Values }}
{{- $all := merge (dict) (get $values (include "nurture.key" (index . 1))).settings $values.settings }}
{{- if hasKey $all (index . 2) }}
{{- include "nurture.text" (get $all (index . 2)) }}
{{- end }}
{{- end }}

{{/* What a service would refuse at its start, with exit code 100. */}}
{{- define "nurture.checkTogether" -}}
{{- $keys := .Values.secrets.keys }}
{{- $isOpen := eq "true" (include "nurture.setting" (list . "ingest" "NURTURE_INGEST_OPEN") | trim) }}
{{- if not (or $isOpen $keys.ingestTokens) }}
{{- fail "secrets.keys.ingestTokens: expected a key of the Secret, or ingest.settings.NURTURE_INGEST_OPEN: \"true\" to take events from everybody, found neither" }}
{{- end }}
{{- if and $isOpen $keys.ingestTokens }}
{{- fail "secrets.keys.ingestTokens: expected \"\" with NURTURE_INGEST_OPEN: \"true\", which takes events from everybody, found both" }}
{{- end }}
{{- if and (gt (int .Values.console.replicas) 0) (not (and $keys.consoleStaff $keys.consoleKey)) }}
{{- fail "secrets.keys: expected consoleStaff and consoleKey with console.replicas above 0: without them it has no pages" }}
{{- end }}
{{- if not (eq (empty $keys.redisCert) (empty $keys.redisKey)) }}
{{- fail "secrets.keys: expected redisCert and redisKey, or neither: a certificate and its key belong together" }}
{{- end }}
{{- $smtpUser := include "nurture.setting" (list . "email-sender" "SMTP_USER") | trim }}
{{- if not (eq (empty $keys.smtpPassword) (empty $smtpUser)) }}
{{- fail "secrets.keys.smtpPassword: expected emailSender.settings.SMTP_USER with it, or neither" }}
{{- end }}
{{- if and (gt (int .Values.console.replicas) 0) (not (eq (empty $keys.smtpPassword) (empty (include "nurture.setting" (list . "console" "SMTP_USER") | trim)))) }}
{{- fail "secrets.keys.smtpPassword: expected console.settings.SMTP_USER with it, or neither" }}
{{- end }}
{{- if and .Values.ingest.lmtp.enabled (not (include "nurture.setting" (list . "ingest" "NURTURE_BOUNCE_DOMAIN") | trim)) }}
{{- fail "ingest.lmtp.enabled: expected settings.NURTURE_BOUNCE_DOMAIN with it, or nobody knows which mail is ours" }}
{{- end }}
{{- end }}

{{/*
Settings of the user beside those of the chart: each is one that a service reads, none is said
twice, none names a file that nobody mounts, and none is a word that YAML took for true or false.
*/}}
{{- define "nurture.checkSettings" -}}
{{- $files := dict "NURTURE_CATALOGUE" "catalogue.existingConfigMap" "NURTURE_TEMPLATES" "templates" "NURTURE_PAGES" "pages" "NURTURE_WORDS" "words" "NURTURE_DELIVERY" "emailSender.deliveryFile" "NURTURE_DKIM_KEYS" "emailSender.dkim" "REDIS_TLS_CA" "secrets.keys.redisCa" "REDIS_TLS_CERT" "secrets.keys.redisCert" "REDIS_TLS_KEY" "secrets.keys.redisKey" "SMTP_CA_FILE" "secrets.keys.smtpCa" "NURTURE_CONSOLE_STAFF" "secrets.keys.consoleStaff" }}
{{- /* Written by make docs: service -> what it reads. */}}
{{- $known := .Files.Get "files/settings.json" | fromJson }}
{{- $all := list }}
{{- range $names := $known }}
{{- $all = concat $all $names }}
{{- end }}
{{- range $name := keys .Values.settings | sortAlpha }}
{{- if not (has $name $all) }}
{{- fail (printf "settings.%s: expected a setting of docs/settings.md, and no service reads this one" $name) }}
{{- end }}
{{- end }}
{{- range $component := list "ingest" "segmenter" "scheduler" "review-solicitor" "email-sender" "desk" "console" }}
{{- range $name := keys (get $.Values (include "nurture.key" $component)).settings | sortAlpha }}
{{- if not (has $name (get $known $component)) }}
{{- fail (printf "%s.settings.%s: expected a setting of %s in docs/settings.md, which does not read this one" (include "nurture.key" $component) $name $component) }}
{{- end }}
{{- end }}
{{- $own := dict }}
{{- range include "nurture.ownEnvironment" (list $ $component) | fromYamlArray }}
{{- $_ := set $own .name true }}
{{- end }}
{{- $key := include "nurture.key" $component }}
{{- range $place, $settings := dict "settings" $.Values.settings (printf "%s.settings" $key) (get $.Values $key).settings }}
{{- range $name, $value := $settings }}
{{- if kindIs "bool" $value }}
{{- fail (printf "%s.%s: expected text, found true or false, which YAML also makes of the words yes, no, on and off: put it in quotes" $place $name) }}
{{- end }}
{{- if hasKey $own $name }}
{{- fail (printf "%s.%s: the chart sets it itself, from %s" $place $name (get $files $name | default "other values")) }}
{{- end }}
{{- if and (hasKey $files $name) (not $.Values.pod.extraVolumes) }}
{{- fail (printf "%s.%s: expected %s, or pod.extraVolumes with that file: nothing else mounts it" $place $name (get $files $name)) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
