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
{{- range $component := list "segmenter" "scheduler" "review-solicitor" "email-sender" }}
{{- $key := include "nurture.key" $component }}
{{- $values := get $v $key }}
{{- if gt (int $values.replicas) (int $v.partitions) }}
{{- fail (printf "%s.replicas: expected at most %d, the number of partitions, found %d: the others would have no work" $key (int $v.partitions) (int $values.replicas)) }}
{{- end }}
{{- if gt (int $values.autoscaling.maxReplicas) (int $v.partitions) }}
{{- fail (printf "%s.autoscaling.maxReplicas: expected at most %d, the number of partitions, found %d" $key (int $v.partitions) (int $values.autoscaling.maxReplicas)) }}
{{- end }}
{{- end }}
{{- if and (or (eq $v.topics.mode "strimzi") $v.strimzi.users.create) (not $v.strimzi.cluster) }}
{{- fail "strimzi.cluster: expected the name of the Kafka resource, found nothing" }}
{{- end }}
{{- if and (eq $v.topics.mode "job") $v.strimzi.users.create }}
{{- fail "topics.mode: expected strimzi or none with strimzi.users.create, found job: it runs before its user is there" }}
{{- end }}
{{- if and (eq $v.exposure.type "HTTPRoute") (not $v.exposure.gateways) }}
{{- fail "exposure.gateways: expected the Gateway that the HTTPRoutes belong to, found none" }}
{{- end }}
{{- end }}
