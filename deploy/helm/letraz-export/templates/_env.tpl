{{/* The environment of each role: what is not secret, and what comes from secrets. */}}

{{/* The variables of a role that are not secret, as a map. Takes root and role. */}}
{{- define "letraz-export.config" -}}
{{- $v := .root.Values }}
{{- $role := .role }}
{{- $env := dict "LETRAZ_LOG_LEVEL" $v.log.level "LETRAZ_LOG_FORMAT" $v.log.format }}
{{- if $v.database.maxConns }}
{{- $_ := set $env "LETRAZ_MAX_CONNS" (toString $v.database.maxConns) }}
{{- end }}
{{- if ne $role "sweep" }}
{{- $_ := set $env "LETRAZ_NATS_REPLICAS" (toString $v.nats.replicas) }}
{{- with $v.nats.url }}
{{- $_ := set $env "NATS_URL" . }}
{{- end }}
{{- end }}
{{- if has $role (list "api" "worker" "sweep") }}
{{- $_ := set $env "BLOB_URL" (ternary "/files" $v.files.url (ne $v.files.existingClaim "")) }}
{{- end }}
{{- if has $role (list "api" "worker" "dispatch") }}
{{- $_ := set $env "LETRAZ_OPS_LISTEN" (printf ":%v" $v.ops.port) }}
{{- end }}
{{- if and $v.traces.endpoint (ne $role "migrate") }}
{{- $_ := set $env "OTEL_EXPORTER_OTLP_ENDPOINT" $v.traces.endpoint }}
{{- end }}
{{- if $v.certificates.existingConfigMap }}
{{- /* Besides the file of public authorities, which has a variable of its own. */}}
{{- $_ := set $env "SSL_CERT_DIR" "/certificates" }}
{{- end }}
{{- $own := dict }}
{{- if eq $role "api" }}
{{- $own = include "letraz-export.config.api" .root | fromYaml }}
{{- else if eq $role "worker" }}
{{- $own = include "letraz-export.config.worker" .root | fromYaml }}
{{- else if eq $role "sweep" }}
{{- $own = dict "LETRAZ_RETENTION" $v.sweep.retention "LETRAZ_ORPHAN_AGE" $v.sweep.orphanAge }}
{{- end }}
{{- toYaml (merge $env $own) }}
{{- end }}

{{- define "letraz-export.config.api" -}}
LETRAZ_LISTEN: ":8080"
LETRAZ_GRACE: {{ printf "%vs" .Values.api.grace }}
LETRAZ_MAX_ATTEMPTS: {{ .Values.api.maxAttempts | quote }}
{{- with .Values.auth.jwksUrl }}
JWKS_URL: {{ . | quote }}
{{- end }}
{{- with .Values.auth.issuer }}
LETRAZ_JWT_ISSUER: {{ . | quote }}
{{- end }}
{{- with .Values.auth.audience }}
LETRAZ_JWT_AUDIENCE: {{ . | quote }}
{{- end }}
{{- with .Values.links.publicUrl }}
LETRAZ_PUBLIC_URL: {{ . | quote }}
{{- end }}
{{- end }}

{{- define "letraz-export.config.worker" -}}
LETRAZ_SLOTS: {{ .Values.worker.slots | quote }}
LETRAZ_SLOTS_MIN: {{ .Values.worker.slotsMin | quote }}
LETRAZ_GRACE: {{ printf "%vs" .Values.worker.grace }}
LETRAZ_MAX_PAGES: {{ .Values.worker.maxPages | quote }}
LETRAZ_LEASE: {{ .Values.worker.lease }}
LETRAZ_DEADLINE: {{ .Values.worker.deadline }}
LETRAZ_REUSE: {{ .Values.worker.reuse | quote }}
LETRAZ_REQUIRE_FONTS: "true"
{{- if not .Values.worker.sandbox }}
LETRAZ_NO_SANDBOX: "true"
{{- end }}
{{- end }}

{{/* A container's env: what comes from secrets, and extraEnv. Takes root, role and pod. */}}
{{- define "letraz-export.env" -}}
{{- $v := .root.Values }}
{{- $database := $v.database }}
{{- if eq .role "migrate" }}
{{- $database = dict "existingSecret" (default $database.existingSecret $v.migrate.existingSecret) "key" (default $database.key $v.migrate.key) }}
{{- end }}
{{- $env := list (dict "name" "DATABASE_URL" "secret" $database.existingSecret "key" $database.key) }}
{{- if and $v.nats.existingSecret (ne .role "sweep") }}
{{- $env = append $env (dict "name" "NATS_URL" "secret" $v.nats.existingSecret "key" $v.nats.key) }}
{{- end }}
{{- if and $v.files.existingSecret (has .role (list "api" "worker" "sweep")) }}
{{- range list "AWS_ACCESS_KEY_ID" "AWS_SECRET_ACCESS_KEY" }}
{{- $env = append $env (dict "name" . "secret" $v.files.existingSecret "key" .) }}
{{- end }}
{{- end }}
{{- if and $v.auth.existingSecret (eq .role "api") }}
{{- $env = append $env (dict "name" "JWT_SECRET" "secret" $v.auth.existingSecret "key" $v.auth.key) }}
{{- end }}
{{- if and $v.links.existingSecret (eq .role "api") }}
{{- $env = append $env (dict "name" "LETRAZ_LINK_KEYS" "secret" $v.links.existingSecret "key" $v.links.key) }}
{{- end }}
{{- if and $v.ops.existingSecret (eq .role "dispatch") }}
{{- $env = append $env (dict "name" "LETRAZ_OPS_TOKEN" "secret" $v.ops.existingSecret "key" $v.ops.key) }}
{{- end }}
{{- range $env }}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
{{- end }}
{{- with .pod.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}
