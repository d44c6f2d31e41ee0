{{/* The parts that pods have in common. */}}

{{/* The pod settings of a role, as a map. Takes root and role. */}}
{{- define "letraz-export.podSettings" -}}
{{- $settings := deepCopy .root.Values.pods }}
{{- range $key, $value := (get .root.Values .role).pod }}
{{- if kindIs "map" $value }}
{{- $_ := set $settings $key (mergeOverwrite (deepCopy (default dict (get $settings $key))) $value) }}
{{- else }}
{{- $_ := set $settings $key $value }}
{{- end }}
{{- end }}
{{- toYaml $settings }}
{{- end }}

{{/* The metadata of a pod template. Takes root, role and pod. A pod is replaced when its ConfigMap changes. */}}
{{- define "letraz-export.podMetadata" -}}
labels:
  {{- $own := include "letraz-export.selector" . | fromYaml }}
  {{- $labels := include "letraz-export.labels" .root | fromYaml }}
  {{- /* Without the version of the chart: a new chart alone does not replace pods. */}}
  {{- toYaml (merge $own (default dict .pod.labels) (omit $labels "helm.sh/chart")) | nindent 2 }}
annotations:
  kubectl.kubernetes.io/default-container: {{ .role }}
  checksum/config: {{ include "letraz-export.config" . | sha256sum }}
  {{- with .pod.annotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* The fields of a pod's spec besides its containers and volumes. Takes root, role and pod. */}}
{{- define "letraz-export.podSpec" -}}
{{- $migrate := eq .role "migrate" }}
{{- with $migrate | ternary .root.Values.migrate.serviceAccountName (include "letraz-export.serviceAccountName" .root) }}
serviceAccountName: {{ . }}
{{- end }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- include "letraz-export.podSecurity" . | nindent 2 }}
{{- if kindIs "bool" .pod.hostUsers }}
hostUsers: {{ .pod.hostUsers }}
{{- end }}
{{- with .pod.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- range $key := list "nodeSelector" "tolerations" "affinity" }}
{{- with get $.pod $key }}
{{ $key }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- if has .role (list "api" "worker" "dispatch") }}
{{- include "letraz-export.spread" . }}
{{- end }}
{{- end }}

{{- define "letraz-export.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
{{- if and (eq .role "worker") (eq .root.Values.worker.seccompProfile.type "Localhost") }}
  type: Localhost
  localhostProfile: {{ .root.Values.worker.seccompProfile.localhostProfile }}
{{- else }}
  type: RuntimeDefault
{{- end }}
{{- if eq .role "worker" }}
{{- with .root.Values.worker.appArmorProfile }}
appArmorProfile:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}

{{- define "letraz-export.spread" }}
{{- if kindIs "slice" .pod.topologySpreadConstraints }}
{{- with .pod.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- else }}
topologySpreadConstraints:
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - topologyKey: {{ . }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    matchLabelKeys: [pod-template-hash]
    labelSelector:
      matchLabels:
        {{- include "letraz-export.selector" $ | nindent 8 }}
  {{- end }}
{{- end }}
{{- end }}

{{/* The fields of a role's container besides ports, probes and resources. Takes root, role and pod. */}}
{{- define "letraz-export.container" -}}
{{- $migrate := eq .role "migrate" }}
name: {{ .role }}
image: {{ include "letraz-export.image" . }}
imagePullPolicy: {{ (eq .role "worker" | ternary .root.Values.workerImage .root.Values.image).pullPolicy }}
args: [{{ .role }}{{ if and $migrate .root.Values.migrate.only }}, --only, {{ .root.Values.migrate.only }}{{ end }}]
securityContext:
  {{- include "letraz-export.containerSecurity" . | nindent 2 }}
env:
  {{- if $migrate }}
  {{- /* A hook runs before the ConfigMaps exist. */}}
  {{- range $name, $value := include "letraz-export.config" . | fromYaml }}
  - name: {{ $name }}
    value: {{ $value | quote }}
  {{- end }}
  {{- end }}
  {{- include "letraz-export.env" . | trim | nindent 2 }}
{{- if not $migrate }}
envFrom:
  - configMapRef:
      name: {{ include "letraz-export.fullname" .root }}-{{ .role }}
{{- end }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
  {{- if include "letraz-export.hasClaim" . }}
  - name: files
    mountPath: /files
  {{- end }}
  {{- if .root.Values.certificates.existingConfigMap }}
  - name: certificates
    mountPath: /certificates
    readOnly: true
  {{- end }}
  {{- with .pod.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{- define "letraz-export.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Takes root, role and pod. */}}
{{- define "letraz-export.volumes" -}}
{{- $tmp := eq .role "worker" | ternary .root.Values.worker.tmp (dict "sizeLimit" "64Mi" "medium" "") }}
- name: tmp
  emptyDir:
    sizeLimit: {{ $tmp.sizeLimit }}
    {{- with $tmp.medium }}
    medium: {{ . }}
    {{- end }}
{{- if include "letraz-export.hasClaim" . }}
- name: files
  persistentVolumeClaim:
    claimName: {{ .root.Values.files.existingClaim }}
{{- end }}
{{- with .root.Values.certificates.existingConfigMap }}
- name: certificates
  configMap:
    name: {{ . }}
{{- end }}
{{- with .pod.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "letraz-export.hasClaim" -}}
{{- if and .root.Values.files.existingClaim (has .role (list "api" "worker" "sweep")) }}yes{{ end }}
{{- end }}

{{/* Probes on the operations port. The program answers within 6 s. */}}
{{- define "letraz-export.probes" -}}
startupProbe:
  httpGet: {path: /healthz, port: ops}
  periodSeconds: 2
  timeoutSeconds: 7
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /healthz, port: ops}
  periodSeconds: 10
  timeoutSeconds: 7
  failureThreshold: 3
readinessProbe:
  httpGet: {path: /readyz, port: ops}
  periodSeconds: 10
  timeoutSeconds: 7
  failureThreshold: 2
{{- end }}
