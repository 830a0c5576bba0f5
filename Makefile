# Nurture: one Makefile, not recursive.  `make help` says what there is.
SHELL    := /bin/bash
CC       ?= cc
SANITIZE ?=
BUILD    ?= $(if $(SANITIZE),build/asan,build)
PACKAGES := rdkafka hiredis libcurl libcjson libprotobuf-c libmicrohttpd yaml-0.1 libssl libcrypto libidn2 sqlite3 zlib
SERVICES := ingest segmenter scheduler email-sender review-solicitor desk console nurturectl
SANITIZERS := -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_SECONDS ?= 20
CASES ?= 1000000
PORT_BASE ?= 10000
export BUILD PORT_BASE

# Asked for once, and only when something is compiled: `make setup` may come first.
pkg_config = $(or $(shell pkg-config $(1) $(PACKAGES)),$(error libraries are missing: make setup installs them))
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(call pkg_config,--cflags))$(PKG_CFLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $$(call pkg_config,--libs))$(PKG_LIBS)

CFLAGS   ?= -O2 -g
# What an attacker's bytes meet when a bound was missed.  Sanitizers do the same themselves, and
# better; a libc or a compiler without level 3 of FORTIFY takes it as 2, and says so.
HARDEN      := $(if $(SANITIZE),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -Wno-error=cpp \
  -fstack-clash-protection -fPIE)
HARDEN_LINK := $(if $(SANITIZE),,-pie -Wl,-z,relro,-z,now)
NURTURE_CFLAGS = -std=c17 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wswitch-enum -Wstrict-prototypes \
  -Wmissing-prototypes -Wpointer-arith -Wformat=2 -Wno-format-nonliteral -Werror \
  -fno-common -fstack-protector-strong $(HARDEN) -I. -I$(BUILD)/gen $(PKG_CFLAGS) $(SANITIZE)
LIBS      = $(PKG_LIBS) -lresolv -lpthread -lm

PROTOS   := $(wildcard proto/nurture/v1/*.proto)
GEN_C    := $(PROTOS:proto/%.proto=$(BUILD)/gen/%.pb-c.c)
# Pages and words that are compiled in; common/template/embedded.h.
EMBEDDED := $(wildcard deploy/pages/*.mustache deploy/pages/*/*.mustache deploy/words/*.yaml deploy/words/*/*.yaml)
EMBEDDED_C := $(BUILD)/gen/embedded.c
# What runs inside Redis.
LUA      := $(wildcard common/io/redis/*.lua)
LUA_H    := $(BUILD)/gen/redis_scripts.h
COMMON_C := $(wildcard common/*/*.c common/*/*/*.c)
STEP_C   := $(filter-out %/main.c,$(foreach s,$(filter-out nurturectl,$(SERVICES)),$(wildcard services/$(s)/*.c services/$(s)/*/*.c)))
CTL_C    := $(filter-out %/main.c,$(wildcard services/nurturectl/*.c services/nurturectl/*/*.c))
UNIT_C   := $(wildcard tests/unit/*_test.c tests/sim/*_test.c) tests/property/arbiter_test.c
# What the arbiter's page says, written down a second time.
PROPERTY_C := $(filter-out %_test.c,$(wildcard tests/property/*.c))
TOOL_C   := $(wildcard tests/tools/*.c tests/bench/*.c)
FUZZ_C   := $(wildcard tests/fuzz/*_fuzz.c)
object    = $(patsubst %.c,$(BUILD)/%.o,$(1))
COMMON_O := $(GEN_C:.c=.o) $(EMBEDDED_C:.c=.o) $(call object,$(COMMON_C))
STEP_O   := $(call object,$(STEP_C))
CTL_O    := $(call object,$(CTL_C))
ALL_O    := $(COMMON_O) $(STEP_O) $(CTL_O) $(call object,$(SERVICES:%=services/%/main.c) $(UNIT_C) $(PROPERTY_C) $(TOOL_C) $(FUZZ_C))

SERVICE_BINS := $(SERVICES:%=$(BUILD)/bin/%)
UNIT_BINS    := $(UNIT_C:%.c=$(BUILD)/%)
TOOL_BINS    := $(TOOL_C:%.c=$(BUILD)/%)
FUZZ_BINS    := $(FUZZ_C:%.c=$(BUILD)/%)
LIBRARY      := $(BUILD)/libsteps.a $(BUILD)/libnurture.a
# Only who needs nurturectl's objects waits for them.
CTL_USERS    := $(BUILD)/bin/nurturectl $(filter $(BUILD)/tests/unit/nurturectl_% $(BUILD)/tests/sim/% \
  $(BUILD)/tests/fuzz/nurturectl_% $(BUILD)/tests/bench/%,$(UNIT_BINS) $(FUZZ_BINS) $(TOOL_BINS))
JOBS          = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

.DEFAULT_GOAL := build
# tests/bench/run.sh says what it measures and how long.
.PHONY: help setup build release tools unit-bins unit property mutants pure docs test test-trixie test-kubernetes test-secure test-upgrade test-scale test-identity test-desk test-console test-console-size test-voices-size test-collector test-clients test-sinks bench bench-peers bench-publish big-orders demo up down status broker fuzz fuzzers images \
  templates axe pictures dashboard sbom lint format chart clean objects compile_commands.json
.SECONDARY:
.DELETE_ON_ERROR:

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22
	@echo "  Variables: BUILD=build, PORT_BASE=10000, FUZZ_SECONDS=20, CASES=1000000, SANITIZE=..., CFLAGS=..."

setup: ## install what is missing on this machine (Debian, Ubuntu)
	@deploy/stack/packages.sh build stack

build: $(SERVICE_BINS) ## the services and nurturectl, into build/bin
# Where a changed file makes all of them be optimized again: nothing to work with.
release: ## the same, optimized across all files (minutes), into build/release/bin
	@$(MAKE) --no-print-directory $(JOBS) BUILD=$(BUILD)/release CFLAGS="-O3 -g -flto=auto" AR=gcc-ar build
tools: $(TOOL_BINS) ## what tests, demo and benchmarks use besides
unit-bins: $(UNIT_BINS)

demo: setup ## a shop's 14 months from orders to mails in minutes, checked against the simulation; then its console
	@$(MAKE) --no-print-directory $(JOBS) build tools
	@deploy/demo/demo.sh

up: setup ## the same stack on the wall clock, under .run
	@$(MAKE) --no-print-directory $(JOBS) build tools
	@deploy/stack/up.sh

down: ## stop it, and what the demo left up
	@deploy/stack/stack.sh down
	@deploy/stack/stack.sh down --dir $(BUILD)/demo/run

status: ## what of it runs
	@deploy/stack/stack.sh status

test: ## everything that can fail: unit tests, lint, sanitizers, purity, fuzzers, end-to-end
	@deploy/stack/packages.sh build stack test lint
	@tests/run.sh

test-trixie: ## the same in a chroot of Debian 13, the base of our image (root, debootstrap)
	@tests/trixie.sh $(PARTS) || [ $$? -eq 77 ]

test-secure: ## Kafka with TLS, logins and ACLs, Redis with TLS and users: right by right (minutes)
	@deploy/stack/packages.sh build stack test
	@$(MAKE) --no-print-directory $(JOBS) build tools
	@tests/run.sh secure

test-upgrade: ## from an older release to this one and back while orders flow (minutes; FROM=COMMIT)
	@deploy/stack/packages.sh build stack test
	@$(MAKE) --no-print-directory $(JOBS) build tools
	@tests/run.sh upgrade

test-scale: ## 1, 2 and 6 instances of each service, three brokers of which one is killed (10 minutes)
	@deploy/stack/packages.sh build stack test
	@$(MAKE) --no-print-directory $(JOBS) build tools
	@tests/run.sh scale

PEOPLE ?= 2000
KILLS ?= 3
test-identity: ## PEOPLE with shared inboxes, guests and merges under KILLS: caps and opt-outs at the mail server (minutes)
	@deploy/stack/packages.sh build stack test
	@$(MAKE) --no-print-directory $(JOBS) build tools
	@PEOPLE=$(PEOPLE) KILLS=$(KILLS) tests/run.sh identity

TASKS ?= 10000
test-desk: ## TASKS of people under KILLS of the desk, each judged by brute force (minutes; TASKS=100000 KILLS=20)
	@deploy/stack/packages.sh build stack test
	@$(MAKE) --no-print-directory $(JOBS) build tools
	@TASKS=$(TASKS) KILLS=$(KILLS) tests/run.sh desk

test-console-size: PEOPLE = 1000000
test-console-size: OUTCOMES = 10000000
test-console-size: ## a view of PEOPLE and OUTCOMES made, its size, how long its queries take, and whole pages over HTTP (minutes; 4 GB in TMPDIR)
	@deploy/stack/packages.sh build
	@$(MAKE) --no-print-directory $(JOBS) $(BUILD)/tests/bench/console_size
	@directory=$$(mktemp -d) && trap 'rm -rf "$$directory"' EXIT && \
	  $(BUILD)/tests/bench/console_size "$$directory/view.db" $(PEOPLE) $(OUTCOMES)

test-voices-size: ITEMS = 200000
test-voices-size: ## a view of ITEMS that customers said, and how long a search in them takes (a minute)
	@deploy/stack/packages.sh build
	@$(MAKE) --no-print-directory $(JOBS) $(BUILD)/tests/bench/voices_size
	@directory=$$(mktemp -d) && trap 'rm -rf "$$directory"' EXIT && \
	  $(BUILD)/tests/bench/voices_size "$$directory/view.db" $(ITEMS)

test-kubernetes: ## the chart on a real Kubernetes, while customers order (root, go, 7 GB; the first time half an hour)
	@deploy/stack/packages.sh build stack
	@$(MAKE) --no-print-directory $(JOBS) build tools
	@tests/kubernetes/run.sh $(BUILD) || [ $$? -eq 77 ]

test-console: ## the console in a real browser: a task, a caller, keys, axe-core (minutes; chromium, npm; PICTURES=--pictures: docs/pictures anew)
	@deploy/stack/packages.sh build stack test
	@$(MAKE) --no-print-directory $(JOBS) build tools
	@deploy/stack/broker.sh fetch
	@tests/console/run.sh $(BUILD) $(PICTURES) || [ $$? -eq 77 ]

test-collector: ## spans of all services into a real OpenTelemetry Collector (go; the first time some minutes)
	@deploy/stack/packages.sh build stack test
	@$(MAKE) --no-print-directory $(JOBS) build tools
	@tests/collector/run.sh $(BUILD) || [ $$? -eq 77 ]

test-clients: ## clients of Segment, RudderStack, CloudEvents, Standard Webhooks (minutes; node, npm)
	@deploy/stack/packages.sh build stack
	@$(MAKE) --no-print-directory $(JOBS) build tools
	@tests/clients/run.sh

test-sinks: ## deploy/sinks with Kafka Connect and ClickHouse (minutes; 600 MB from Maven and PyPI)
	@deploy/stack/packages.sh build stack
	@$(MAKE) --no-print-directory $(JOBS) build tools
	@tests/sinks/run.sh

bench: bench-peers ## how fast, beside its limits and others (20 minutes; PARTS="ingest shops": a part)
	@deploy/stack/packages.sh build stack test
	@$(MAKE) --no-print-directory $(JOBS) build tools
	@deploy/stack/broker.sh fetch
	@tests/bench/run.sh $(PARTS)

# What cannot be had is left out, and its rows of the table say so.
bench-peers: ## fetch and build what make bench measures us beside (Kafka Streams, Redpanda Connect)
	@deploy/stack/packages.sh stack
	@tests/bench/peers/peers.sh || true

big-orders: build ## ten million orders simulated, and in how much memory (half an hour; 2 GB in TMPDIR; ORDERS=1000000: fewer)
	@tests/bench/big_orders.sh $(BUILD) $(or $(ORDERS),10000000)

bench-publish: ## the last make bench into docs/performance.json and the table of docs/performance.md
	@tests/bench/table.py publish $(BUILD)/bench

broker: ## fetch the broker's jars (up, demo and test do so by themselves)
	@deploy/stack/packages.sh stack
	@deploy/stack/broker.sh fetch

unit: $(UNIT_BINS) ## the unit tests only
	@set -e; for t in $(UNIT_BINS); do echo "== $$t"; $$t; done

property: $(BUILD)/tests/property/arbiter_test ## the arbiter against its page: CASES random histories
	$< $(CASES)

mutants: ## the arbiter broken in one place at a time: does a test notice each?
	@tests/mutants.py

pure: build ## no decision reads a clock, a file or a global; includes and calls only go down
	@tests/pure.sh $(BUILD)
	@tests/layers.sh $(BUILD)

docs: build ## settings of page and chart from the programs' tables; are the pages about what there is?
	@tests/docs.py $(BUILD) --write
	@tests/docs.py $(BUILD)

fuzz: ## every decoder against libFuzzer, FUZZ_SECONDS each
	@deploy/stack/packages.sh build fuzz
	@$(MAKE) --no-print-directory $(JOBS) BUILD=build/fuzz CC=clang CFLAGS="-O1 -g" \
	  SANITIZE="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all" fuzzers
	@tests/fuzz/run.sh build/fuzz $(FUZZ_SECONDS)
fuzzers: $(FUZZ_BINS)
objects: $(ALL_O)

templates: ## mails from their MJML sources (needs node and npm; the result is committed)
	@cd deploy/templates/mjml && { [ node_modules/.package-lock.json -nt package-lock.json ] || \
	  npm ci --no-audit --no-fund --silent; } && node compile.mjs

pictures: build ## every mail in light, dark and narrow, into BUILD/pictures (needs a browser)
	@tests/tools/pictures.sh $(BUILD) $(BUILD)/pictures

LAST_S ?= 1800
dashboard: ## the Grafana dashboard as a page, from the last LAST_S seconds of the Prometheus at PROMETHEUS, into BUILD/dashboard.html
	@mkdir -p $(BUILD)
	@tests/tools/dashboard.py $${PROMETHEUS:?expected PROMETHEUS=http://HOST:PORT} $(BUILD)/dashboard.html $(LAST_S)

axe: build ## axe-core in a browser finds nothing on any page (minutes; needs chromium and npm)
	@cd tests/axe && { [ node_modules/.package-lock.json -nt package-lock.json ] || \
	  npm ci --no-audit --no-fund --silent; }
	@tests/axe/axe.py $(BUILD) || [ $$? -eq 77 ]

images: ## the container image nurture:local
	docker build -f deploy/Dockerfile -t $${NURTURE_IMAGE:-nurture:local} .

sbom: build ## what the programs are made of, as CycloneDX, into BUILD/sbom.cdx.json
	@deploy/sbom.sh $(BUILD)/bin >$(BUILD)/sbom.cdx.json
	@echo "$(BUILD)/sbom.cdx.json"

lint: build ## format, clang-tidy, clang's analyser, cppcheck, shellcheck, ruff, chart, contract, alert rules, layers, purity (minutes)
	@deploy/stack/packages.sh build lint
	@tests/lint.sh format tidy analyze cppcheck shell python chart contract rules layers pure

format: ## all C as .clang-format says, by the clang-format that lint asks
	@tests/lint.sh format-now

chart: build ## the chart's table of values and its base for kustomize, written anew and checked
	@tests/lint.sh chart-now

compile_commands.json: $(GEN_C) $(LUA_H) ## how each file is compiled, for editors
	@tests/lint/compile_commands.py $@

clean: ## forget what was built; fetched jars and the venv stay
	rm -rf compile_commands.json $(BUILD)/{bin,common,services,tests,gen,asan,fuzz,demo} $(BUILD)/lib{nurture,steps,ctl}.a

$(BUILD)/gen/%.pb-c.c $(BUILD)/gen/%.pb-c.h: proto/%.proto
	@mkdir -p $(BUILD)/gen
	@echo "gen  $<"; protoc-c --c_out=$(BUILD)/gen -Iproto $<

# A file that is gone is noticed too: the folders are newer then.
$(EMBEDDED_C): deploy/embed.sh $(EMBEDDED) $(sort $(dir $(EMBEDDED)))
	@mkdir -p $(@D)
	@echo "gen  $@"; deploy/embed.sh $(EMBEDDED) >$@

$(LUA_H): deploy/embed_lua.sh $(LUA) common/io/redis
	@mkdir -p $(@D)
	@echo "gen  $@"; deploy/embed_lua.sh $(LUA) >$@

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	@echo "cc   $<"; $(CC) $(CFLAGS) $(NURTURE_CFLAGS) -Wno-switch-enum -MMD -MP -c -o $@ $<

# Later the .d files say which generated headers; for the first time all must be there.
$(GEN_C:.c=.o): | $(GEN_C)
$(BUILD)/%.o: %.c | $(GEN_C) $(LUA_H)
	@mkdir -p $(@D)
	@echo "cc   $<"; $(CC) $(CFLAGS) $(NURTURE_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/libnurture.a: $(COMMON_O)
$(BUILD)/libsteps.a: $(STEP_O)
$(BUILD)/libctl.a: $(CTL_O)
$(BUILD)/libctl.a $(LIBRARY):
	@rm -f $@
	@$(AR) rcs $@ $^

link = @mkdir -p $(@D); echo "link $@"; \
  $(CC) $(CFLAGS) $(SANITIZE) $(HARDEN_LINK) -o $@ $(filter %.o,$^) \
  -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LIBS)

$(CTL_USERS): $(BUILD)/libctl.a
$(SERVICE_BINS): $(BUILD)/bin/%: $(BUILD)/services/%/main.o $(LIBRARY)
	$(link)
$(BUILD)/tests/property/arbiter_test: $(call object,$(PROPERTY_C))
$(UNIT_BINS): $(BUILD)/%: $(BUILD)/%.o $(LIBRARY)
	$(link) -lcmocka
$(TOOL_BINS): $(BUILD)/%: $(BUILD)/%.o $(LIBRARY)
	$(link)
# libFuzzer's one function has no header.
$(FUZZ_BINS:%=%.o): NURTURE_CFLAGS += -Wno-missing-prototypes
$(FUZZ_BINS): $(BUILD)/%: $(BUILD)/%.o $(LIBRARY)
	$(link) -fsanitize=fuzzer

-include $(ALL_O:.o=.d)
