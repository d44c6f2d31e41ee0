{{/* Names and labels. A role is api, worker, dispatch, sweep or migrate. */}}

{{- define "letraz-export.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* The prefix of the names of objects. A CronJob's name has at most 52 characters. */}}
{{- define "letraz-export.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "letraz-export.labels" -}}
{{- with .Values.commonLabels }}
{{- toYaml . }}
{{ end -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: letraz-export
{{- end }}

{{- define "letraz-export.releaseLabels" -}}
app.kubernetes.io/name: {{ include "letraz-export.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* What selects the pods of a role. Takes root and role. */}}
{{- define "letraz-export.selector" -}}
{{ include "letraz-export.releaseLabels" .root }}
app.kubernetes.io/component: {{ .role }}
{{- end }}

{{/* The metadata of an object of a role. Takes root, role, and annotations, which may be missing. */}}
{{- define "letraz-export.metadata" -}}
name: {{ include "letraz-export.fullname" .root }}-{{ .role }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "letraz-export.labels" .root | nindent 2 }}
  {{- include "letraz-export.selector" . | nindent 2 }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "letraz-export.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "letraz-export.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* The image of a role. Takes root and role. */}}
{{- define "letraz-export.image" -}}
{{- $image := eq .role "worker" | ternary .root.Values.workerImage .root.Values.image }}
{{- if $image.digest }}
{{- printf "%s@%s" $image.repository $image.digest }}
{{- else }}
{{- printf "%s:%s" $image.repository (default .root.Chart.AppVersion $image.tag) }}
{{- end }}
{{- end }}
