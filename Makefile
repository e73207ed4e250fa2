# phonghop. "make run" on a machine with Go, gcc, make, Node and npm shows the demo room.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

LISTEN   ?= 127.0.0.1:8080
DATA     ?= demo-room
FUZZTIME ?= 10s

VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null)
TEMPL    := go tool -modfile=tools/go.mod templ
LINT     := go tool -modfile=tools/lint/go.mod golangci-lint
ASSETS   := templates/assets/dist/manifest.json
PACKAGES := node_modules/.package-lock.json
BENCHED   = $(shell grep -rl --include='*_test.go' '^func Benchmark' [a-z]*/ --exclude-dir=node_modules | xargs -n1 dirname | sort -u | sed 's|^|./|')

# Without a C compiler Go would quietly build a SQLite that cannot open a file.
export CGO_ENABLED := 1
need = $(if $(shell command -v $(1)),,$(error $(1) is missing: apt-get install $(2)))

.PHONY: help run build test check generate assets bench soak fuzz tidy

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build, and serve the demo room at http://127.0.0.1:8080
	bin/phonghop serve --demo --data $(DATA) --listen $(LISTEN)

build: assets ## bin/phonghop
	$(call need,gcc,gcc libc6-dev)
	go build -trimpath -ldflags '-X main.version=$(VERSION)' -o bin/phonghop ./appliance

test: check ## everything the build machine runs: check, all tests with -race, each benchmark once
	go test -race -timeout 30m ./...
	go test -race -timeout 15m -run '^$$' -bench . -benchtime 1x $(BENCHED)

check: assets ## formatting, vet, golangci-lint
	@unformatted=$$(gofmt -l $$(go list -f '{{.Dir}}' ./...)); \
	if [ -n "$$unformatted" ]; then echo "gofmt -w these:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	$(LINT) run

generate: assets ## the Go code of the pages (committed) and the assets (not committed)
	$(TEMPL) generate -path templates

assets: $(ASSETS)

bench: build ## a room beside the least a machine must do, into docs/bench.md; then the packages' own
	go run ./scripts/bench -out docs/bench.md
	go test -run '^$$' -bench . -benchmem $(BENCHED)

soak: build ## a session of eight hours in ten minutes: what stays in memory after it
	go run ./scripts/bench soak

fuzz: assets ## each fuzz target for FUZZTIME (10s)
	@grep -rHo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' . | while IFS=: read -r file func; do \
	  go test -run '^$$' -fuzz "^$${func#func }\$$" -fuzztime $(FUZZTIME) "$$(dirname "$$file")" || exit 1; \
	done

tidy: generate ## go.mod of the house and of its tools
	go mod tidy
	cd tools && go mod tidy
	cd tools/lint && go mod tidy

$(ASSETS): $(PACKAGES) $(shell find templates/assets scripts/assets -type f -not -path '*/dist/*')
	go run ./scripts/assets
	@touch $@

$(PACKAGES): package.json package-lock.json .npmrc
	$(call need,npm,npm)
	npm ci
	@touch $@
