#!/bin/sh
# Builds Kubernetes' API server and etcd, of the versions in deploy/helm/go.mod, and gets the
# definitions of the custom objects that the chart renders. Prints the directory, which is in
# the user's cache; the first build takes 10 to 40 minutes, later calls a second.
set -eu
cd "$(dirname "$0")/../deploy/helm"

keda=v2.21.0
prometheus_operator=v0.85.0

version() { go list -m -f '{{.Version}}' "$1"; }
kubernetes=$(version k8s.io/kubernetes)
etcd=$(version go.etcd.io/etcd/server/v3)
dir=${XDG_CACHE_HOME:-$HOME/.cache}/letraz-export/kube-$kubernetes-etcd-$etcd-keda-$keda-prometheus-operator-$prometheus_operator

if [ ! -d "$dir" ]; then
  mkdir -p "${dir%/*}"
  part=$(mktemp -d "$dir.XXXXXX")
  trap 'rm -rf "$part"' EXIT
  # copy copies files of a module, with its licence, to definitions/NAME.
  copy() {
    name=$1 module=$2
    shift 2
    source=$(go mod download -json "$module" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
    mkdir -p "$part/definitions/$name"
    (cd "$source" && cp LICENSE "$@" "$part/definitions/$name/")
  }
  copy keda "github.com/kedacore/keda/v2@$keda" config/crd/bases/keda.sh_scaledobjects.yaml config/crd/bases/keda.sh_triggerauthentications.yaml
  crds=example/prometheus-operator-crd
  copy prometheus-operator "github.com/prometheus-operator/prometheus-operator@$prometheus_operator" $crds/monitoring.coreos.com_podmonitors.yaml $crds/monitoring.coreos.com_prometheusrules.yaml
  echo "kube-apiserver: building Kubernetes' API server $kubernetes and etcd $etcd once; this takes 10 to 40 minutes" >&2
  CGO_ENABLED=0 nice -n 10 go build -p "${JOBS:-2}" -trimpath -ldflags='-s -w' -o "$part/etcd" go.etcd.io/etcd/server/v3
  CGO_ENABLED=0 nice -n 10 go build -p "${JOBS:-2}" -trimpath -ldflags='-s -w' -o "$part/kube-apiserver" k8s.io/kubernetes/cmd/kube-apiserver
  mv "$part" "$dir"
fi
echo "$dir"
