{{/* _pod.tpl - the pod of every service: restricted, probed, spread over zones and hosts. */}}

{{- define "nurture.podSecurity" -}}
runAsNonRoot: true
{{- with .Values.pod.runAsUser }}
runAsUser: {{ int . }}
{{- end }}
{{- with .Values.pod.runAsGroup }}
runAsGroup: {{ int . }}
fsGroup: {{ int . }}
{{- end }}
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "nurture.containerSecurity" -}}
{allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
{{- end }}

{{/* Where pods may run, the same for all. */}}
{{- define "nurture.placing" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
- {name: {{ . }}}
{{- end }}
{{- end }}
{{- with .Values.pod.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .Values.pod.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.pod.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.pod.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Rules for what goes out, besides names: (list $ PORTS).  No ports would be all ports. */}}
{{- define "nurture.egress" -}}
{{- $policy := (index . 0).Values.networkPolicy -}}
- ports:
  {{- range $policy.dnsPorts }}
  - {port: {{ . }}, protocol: UDP}
  - {port: {{ . }}, protocol: TCP}
  {{- end }}
- ports:
  {{- range uniq (index . 1) }}
  - {port: {{ . }}}
  {{- end }}
{{- with $policy.extraEgress }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* What the pods of a component hang on: when it changes, they are replaced. */}}
{{- define "nurture.checksums" -}}
{{- $ := index . 0 -}}
{{- range $kind := compact (splitList " " (include "nurture.reads" (index . 1))) }}
{{- $values := get $.Values $kind }}
{{- if include "nurture.configMap" (list $ $kind) }}
checksum/{{ $kind }}: {{ dict "files" $values.files "revision" $values.revision | toJson | sha256sum }}
{{- end }}
{{- end }}
{{- with $.Values.pod.annotations }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/*
The template of a StatefulSet or Deployment: (list $ COMPONENT).  Liveness is the process alone: a
broker that is away is no reason to kill a service that waits for it.
*/}}
{{- define "nurture.pod" -}}
{{- $ := index . 0 -}}
{{- $component := index . 1 -}}
{{- $values := get $.Values (include "nurture.key" $component) -}}
{{- $serves := has $component (list "ingest" "review-solicitor" "console" "desk") -}}
metadata:
  labels:
    {{- include "nurture.podLabels" . | nindent 4 }}
  {{- with include "nurture.checksums" . }}
  annotations:
    {{- . | trim | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "nurture.serviceAccount" $ }}
  automountServiceAccountToken: false
  # A Service named kafka would set KAFKA_PORT=tcp://..., which is a setting's name.
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ $values.terminationGracePeriodSeconds }}
  securityContext:
    {{- include "nurture.podSecurity" $ | nindent 4 }}
  {{- with include "nurture.placing" $ }}
  {{- . | trim | nindent 2 }}
  {{- end }}
  topologySpreadConstraints:
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "nurture.selector" (list $ $component) | nindent 8 }}
  {{- end }}
  containers:
  - name: {{ $component }}
    image: {{ include "nurture.image" $ | quote }}
    imagePullPolicy: {{ $.Values.image.pullPolicy }}
    command: [{{ $component }}]
    env:
    {{- include "nurture.environment" . | trim | nindent 4 }}
    ports:
    {{- if $serves }}
    - {name: http, containerPort: 8080}
    {{- end }}
    - {name: admin, containerPort: 9090}
    {{- if and (eq $component "ingest") $.Values.ingest.lmtp.enabled }}
    - {name: lmtp, containerPort: {{ $.Values.ingest.lmtp.port }}}
    {{- end }}
    startupProbe: {httpGet: {path: /livez, port: admin}, periodSeconds: 2, failureThreshold: 60}
    livenessProbe: {httpGet: {path: /livez, port: admin}, periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3}
    readinessProbe: {httpGet: {path: /readyz, port: admin}, periodSeconds: 5, timeoutSeconds: 3}
    {{- if $serves }}
    # Until everybody has heard that this pod is no address of the Service any more.
    lifecycle: {preStop: {exec: {command: [sleep, "5"]}}}
    {{- end }}
    resources:
      {{- toYaml $values.resources | nindent 6 }}
    securityContext: {{ include "nurture.containerSecurity" $ }}
    {{- with include "nurture.mounts" . }}
    volumeMounts:
    {{- . | trim | nindent 4 }}
    {{- end }}
  {{- with include "nurture.volumes" . }}
  volumes:
  {{- . | trim | nindent 2 }}
  {{- end }}
{{- end }}
