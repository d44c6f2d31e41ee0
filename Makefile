# letraz-export. `make` alone lists the targets.
#
# demo, run and test first install what is missing (scripts/setup.sh). They need Go,
# git, make, and root or sudo.

SHELL := /bin/sh
BIN := bin/letraz-export
LISTEN ?= $(or $(LETRAZ_LISTEN),127.0.0.1:8080)

# Tools with fixed versions, so that everyone and CI use the same.
SQLC := CGO_ENABLED=0 go run github.com/sqlc-dev/sqlc/cmd/sqlc@v1.31.1
GOLANGCI_LINT := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOVULNCHECK := go run golang.org/x/vuln/cmd/govulncheck@v1.8.0

# What is checked out.
VERSION = $(shell scripts/version.sh)
REVISION = $(shell scripts/version.sh revision)
EPOCH = $(shell scripts/version.sh epoch)

.DEFAULT_GOAL := help
.PHONY: help demo run test race bench chaos build base-images images release up gallery picture setup lint vet generate generate-check vuln ci clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup build ## Export every sample resume through a private service into out/
	@scripts/demo.sh $(BIN) out

run: setup build ## Run the whole service on LISTEN (127.0.0.1:8080), with a private database and queue
	$(BIN) serve --listen $(LISTEN)

test: setup-test ## Run the whole suite against a real Postgres, NATS and Chrome
	CGO_ENABLED=0 go test ./...
	@$(MAKE) --no-print-directory test-chart

# The chart's tests are a module of their own, with Kubernetes' libraries. A first run compiles them.
.PHONY: test-chart
test-chart: ## Check the Helm chart: values, objects, pod security, golden files
	cd deploy/helm && CGO_ENABLED=0 go test ./...

# Outside of make test and CI, because it builds Kubernetes once.
.PHONY: test-kube
test-kube: ## Let a real API server of Kubernetes accept what the chart renders; builds it once, in 10 to 40 minutes
	@dir=$$(scripts/kube-apiserver.sh) && cd deploy/helm && KUBE_APISERVER_DIR=$$dir CGO_ENABLED=0 go test -count=1 -v -run APIServer .

# The race detector makes these three times as slow, and they have almost no concurrency of their own: the
# document packages make and read hundreds of files, and the command's tests run the whole program.
PLAIN := ./cmd/... ./internal/render ./internal/document/... ./internal/portrait ./internal/richtext ./internal/resume/...

race: setup-test ## Run the whole suite, with the race detector in the packages that have concurrency
	go test -race $$(go list ./... | grep -vxF "$$(go list $(PLAIN))")
	CGO_ENABLED=0 go test $(PLAIN)

bench: setup-test ## Run the Go benchmarks
	go test -run '^$$' -bench . -benchmem ./...

chaos: setup-test ## Cause faults of every kind under load, then check that nothing was lost (SEED=…, DURATION=10m, SHORT=1)
	CGO_ENABLED=0 go build -trimpath -tags crashpoints -o $(BIN)-crashpoints ./cmd/letraz-export
	CGO_ENABLED=0 go build -trimpath -o bin/chaos ./cmd/chaos
	@bin/chaos --program $(BIN)-crashpoints $(if $(SEED),--seed $(SEED)) $(if $(DURATION),--duration $(DURATION)) $(if $(SHORT),--short)

# The tests of a cluster are a module of their own, with the container engine's client.
.PHONY: test-cluster
test-cluster: setup-test base-images ## Run every role in containers, with three NATS servers, Postgres and S3, and cause a cluster's faults (SHORT=1, RUN=…, PREVIOUS=commit)
	@ENGINE=$(ENGINE) PREVIOUS=$(PREVIOUS) scripts/cluster-images.sh
	cd internal/testenv/containers && CLUSTER_REQUIRED=1 CLUSTER_SHORT=$(SHORT) CGO_ENABLED=0 go test -count=1 -timeout 40m -v $(if $(RUN),-run '$(RUN)') .

# The OpenAPI document is checked by tools that its readers use, in a module of their own. A first run
# compiles them.
.PHONY: test-openapi
test-openapi: ## Check the OpenAPI document: a linter, two generators of clients, changes that break clients
	cd internal/testenv/openapi && CGO_ENABLED=0 go test -count=1 ./...

# The Go client is a module of its own, so that programs with it have few dependencies.
.PHONY: test-client
test-client: ## Check the Go client, with faults of the API and the network
	cd client && CGO_ENABLED=0 go vet ./... && CGO_ENABLED=0 go test ./...
	cd examples/go && CGO_ENABLED=0 go vet ./...

build: ## Build bin/letraz-export
	scripts/build.sh $(BIN)

ENGINE ?= docker

base-images: ## Pull the images that ours are built from and run beside, or make them here where no registry answers
	@ENGINE=$(ENGINE) scripts/base-images.sh

images: base-images ## Build the images letraz-export and letraz-export-worker (ENGINE=podman)
	GOOS=linux scripts/build.sh dist/image/letraz-export
	for image in api:letraz-export worker:letraz-export-worker; do \
	  $(ENGINE) build -f deploy/Dockerfile --target "$${image%%:*}" -t "$${image#*:}" --build-arg PROGRAM=dist/image/letraz-export \
	    --build-arg "VERSION=$(VERSION)" --build-arg "REVISION=$(REVISION)" --build-arg "SOURCE_DATE_EPOCH=$(EPOCH)" . || exit; \
	done

CYCLONEDX := go run github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
NFPM := go run github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.43.0

release: ## Make archives, Debian packages, bills of materials and checksums below dist/release (PLATFORMS="linux/amd64 …")
	@CGO_ENABLED=0 scripts/release.sh "$(CYCLONEDX)" "$(NFPM)"

.PHONY: test-package
test-package: ## Make the Debian package, install it in a container, and let systemd check the units
	@ENGINE=$(ENGINE) scripts/test-package.sh "$(CYCLONEDX)" "$(NFPM)"

up: images ## Run the whole service in containers, with Postgres, NATS and an S3 server (COMPOSE=docker-compose)
	cd deploy && $(COMPOSE) up -d

COMPOSE ?= docker compose

setup: ## Install what is missing to run: Chrome, Postgres, fonts
	@scripts/setup.sh run

.PHONY: setup-test
setup-test:
	@scripts/setup.sh test

GALLERY := CGO_ENABLED=0 go run ./cmd/gallery $(if $(LETRAZ_CHROME),--chrome '$(LETRAZ_CHROME)') $(if $(LETRAZ_NO_SANDBOX),--no-sandbox)

gallery: setup-test ## Render every sample in every template: out/gallery/sheet.png, and a picture of each page (TEMPLATE=modern: only that)
	@$(GALLERY) --out out/gallery $(if $(TEMPLATE),--template $(TEMPLATE))

picture: setup-test ## Make the README's picture, docs/gallery.png, and the pictures of templates that the API serves
	@$(GALLERY) --picture docs/gallery.png
	@$(GALLERY) --previews internal/preview/pictures

lint: ## Check style and the direction of imports
	CGO_ENABLED=0 $(GOLANGCI_LINT) run
	cd deploy/helm && CGO_ENABLED=0 $(GOLANGCI_LINT) run --config ../../.golangci.yaml
	cd internal/testenv/containers && CGO_ENABLED=0 $(GOLANGCI_LINT) run --config ../../../.golangci.yaml
	cd internal/testenv/openapi && CGO_ENABLED=0 $(GOLANGCI_LINT) run --config ../../../.golangci.yaml
	cd client && CGO_ENABLED=0 $(GOLANGCI_LINT) run --config ../.golangci.yaml
	cd examples/go && CGO_ENABLED=0 $(GOLANGCI_LINT) run --config ../../.golangci.yaml

vet: ## Run go vet, also for macOS
	CGO_ENABLED=0 go vet ./...
	cd internal/testenv/containers && CGO_ENABLED=0 go vet ./...
	GOOS=darwin go vet ./cmd/... ./internal/...

generate: ## Generate the database code, the tables of README and docs, the dashboard, and the Go client
	$(SQLC) generate
	go test ./cmd/letraz-export -run "TestReadme|TestOpenAPI_Files" -update
	go test ./internal/telemetry -run TestDocument -update
	CGO_ENABLED=0 go run ./cmd/dashboards
	@$(MAKE) --no-print-directory generate-client

.PHONY: generate-chart
generate-chart: ## Write the chart's golden files, the copies in it, and the table of its values
	cd deploy/helm && CGO_ENABLED=0 go test . -run 'Golden|Copies|Docs' -update

# The generator is a tool of the module that checks the document.
.PHONY: generate-client
generate-client: ## Generate the Go client's types and routes from docs/openapi.json
	cd internal/testenv/openapi && CGO_ENABLED=0 go tool oapi-codegen -config client.yaml -o ../../../client/openapi/openapi.gen.go ../../../docs/openapi.json

generate-check: ## Check that the generated database code is current
	$(SQLC) diff

vuln: ## Look for known vulnerabilities; skipped if their database cannot be reached
	@scripts/vuln.sh $(GOVULNCHECK)

ci: ## Run every check of CI
	.ci/run

clean: ## Remove what was built
	rm -rf bin out dist .cache
