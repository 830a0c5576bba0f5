{{/* _names.tpl - what objects are called, and by which labels they are found. */}}

{{- define "nurture.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* Short enough for "-review-solicitor" and the number of a pod behind it. */}}
{{- define "nurture.fullname" -}}
{{- $name := include "nurture.name" . }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "nurture.serviceAccount" -}}
{{- default (ternary (include "nurture.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name }}
{{- end }}

{{- define "nurture.image" -}}
{{- if .Values.image.digest }}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) }}
{{- end }}
{{- end }}

{{/* These never change in the life of a workload: (list $ COMPONENT). */}}
{{- define "nurture.selector" -}}
app.kubernetes.io/name: {{ include "nurture.name" (index . 0) }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/*
Of the pods of Jobs: (list $ COMPONENT).  By their name no Service, PodDisruptionBudget or PodMonitor
of the services finds them: a Job has no scale, so that a budget with one of its pods would let
nobody leave a node.
*/}}
{{- define "nurture.jobSelector" -}}
app.kubernetes.io/name: {{ include "nurture.name" (index . 0) }}-{{ index . 1 }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* (list $ COMPONENT) */}}
{{- define "nurture.labels" -}}
{{- $ := index . 0 -}}
helm.sh/chart: {{ printf "%s-%s" $.Chart.Name $.Chart.Version | replace "+" "_" }}
{{ include "nurture.selector" . }}
app.kubernetes.io/part-of: nurture
app.kubernetes.io/version: {{ $.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $.Release.Service }}
{{- end }}

{{/*
Of pods: (list $ COMPONENT).  Without the chart's version: a chart that renders the same pods must
not replace them.
*/}}
{{- define "nurture.podLabels" -}}
{{ include "nurture.selector" . }}
{{- include "nurture.sharedLabels" . }}
{{- end }}

{{- define "nurture.jobLabels" -}}
{{ include "nurture.jobSelector" . }}
{{- include "nurture.sharedLabels" . }}
{{- end }}

{{- define "nurture.sharedLabels" }}
app.kubernetes.io/part-of: nurture
{{- with (index . 0).Values.pod.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The key of a component in the values: review-solicitor is reviewSolicitor. */}}
{{- define "nurture.key" -}}
{{- get (dict "ingest" "ingest" "segmenter" "segmenter" "scheduler" "scheduler" "review-solicitor" "reviewSolicitor" "email-sender" "emailSender" "desk" "desk" "console" "console") . }}
{{- end }}
