{{/* Checks what values.schema.json cannot say: values that depend on each other. Every mistake is named at once. */}}

{{- define "letraz-export.validate" -}}
{{- $v := .Values }}
{{- $scaling := $v.worker.autoscaling }}
{{- $wrong := list }}
{{- if not $v.database.existingSecret }}
{{- $wrong = append $wrong "database.existingSecret is required: the secret with the URL of the database" }}
{{- end }}
{{- if eq (empty $v.nats.url) (empty $v.nats.existingSecret) }}
{{- $wrong = append $wrong "give nats.url or nats.existingSecret, and not both" }}
{{- end }}
{{- if eq (empty $v.files.url) (empty $v.files.existingClaim) }}
{{- $wrong = append $wrong "give files.url or files.existingClaim, and not both" }}
{{- end }}
{{- if and $v.files.existingClaim $v.files.existingSecret }}
{{- $wrong = append $wrong "files.existingSecret is for a bucket, not for files.existingClaim" }}
{{- end }}
{{- if eq (empty $v.auth.jwksUrl) (empty $v.auth.existingSecret) }}
{{- $wrong = append $wrong "give auth.jwksUrl or auth.existingSecret, and not both" }}
{{- end }}
{{- if gt (int $v.worker.slotsMin) (int $v.worker.slots) }}
{{- $wrong = append $wrong (printf "worker.slotsMin %v is more than worker.slots %v" $v.worker.slotsMin $v.worker.slots) }}
{{- end }}
{{- if and $v.worker.sandbox (eq $v.worker.seccompProfile.type "RuntimeDefault") (not $v.worker.runtimeClassName) }}
{{- $wrong = append $wrong "worker.seccompProfile.type RuntimeDefault forbids the calls of Chrome's sandbox: use Localhost, or set worker.sandbox to false" }}
{{- end }}
{{- if ne $scaling.mode "none" }}
{{- if gt (int $scaling.minReplicas) (int $scaling.maxReplicas) }}
{{- $wrong = append $wrong (printf "worker.autoscaling.minReplicas %v is more than maxReplicas %v" $scaling.minReplicas $scaling.maxReplicas) }}
{{- end }}
{{- end }}
{{- if and (eq $scaling.mode "hpa") (eq (int $scaling.minReplicas) 0) }}
{{- $wrong = append $wrong "worker.autoscaling.minReplicas 0 needs mode keda: pods that do not exist use no processor" }}
{{- end }}
{{- if eq $scaling.mode "keda" }}
{{- if and (eq $scaling.keda.trigger "metrics-api") (not $v.ops.existingSecret) }}
{{- $wrong = append $wrong "worker.autoscaling.keda.trigger metrics-api needs ops.existingSecret: the secret with the token of /ops/queue" }}
{{- end }}
{{- if and (eq $scaling.keda.trigger "prometheus") (not $scaling.keda.prometheus.serverAddress) }}
{{- $wrong = append $wrong "worker.autoscaling.keda.trigger prometheus needs worker.autoscaling.keda.prometheus.serverAddress" }}
{{- end }}
{{- end }}
{{- if and $v.ingress.enabled (not $v.ingress.hosts) }}
{{- $wrong = append $wrong "ingress.enabled needs ingress.hosts" }}
{{- end }}
{{- if $wrong }}
{{- fail (printf "\n\nThe values are incomplete or contradict each other:\n- %s\n" (join "\n- " $wrong)) }}
{{- end }}
{{- end }}
