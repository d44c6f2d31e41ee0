{{/* What follows from the number of slots, and how workers scale. */}}

{{/* The memory of a worker's pod. The program computes the slots that fit with the same numbers. */}}
{{- define "letraz-export.workerMemory" -}}
{{ add 300 (mul 250 (int .Values.worker.slots)) }}Mi
{{- end }}

{{- define "letraz-export.workerResources" -}}
{{- if .Values.worker.resources }}
{{- toYaml .Values.worker.resources }}
{{- else -}}
requests:
  cpu: {{ .Values.worker.slots | quote }}
  memory: {{ include "letraz-export.workerMemory" . }}
limits:
  memory: {{ include "letraz-export.workerMemory" . }}
{{- end }}
{{- end }}

{{/* Exports for each pod: work waits while new pods start, so they are wanted before the slots are full twice. */}}
{{- define "letraz-export.targetPerPod" -}}
{{- default (mul 2 (int .Values.worker.slots)) .Values.worker.autoscaling.keda.targetPerPod }}
{{- end }}

{{- define "letraz-export.scalingBehavior" -}}
{{- $scaling := .Values.worker.autoscaling }}
scaleUp:
  stabilizationWindowSeconds: 0
  selectPolicy: Max
  policies:
    - type: Percent
      value: {{ $scaling.scaleUp.percent }}
      periodSeconds: 15
    - type: Pods
      value: {{ $scaling.scaleUp.pods }}
      periodSeconds: 15
scaleDown:
  stabilizationWindowSeconds: {{ $scaling.scaleDown.stabilizationWindowSeconds }}
  policies:
    - type: Pods
      value: {{ $scaling.scaleDown.pods }}
      periodSeconds: 60
{{- end }}
