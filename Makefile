# Nurture: one Makefile, not recursive.  `make help` says what there is.
CC       ?= cc
BUILD    ?= build
SANITIZE ?=
PACKAGES := rdkafka hiredis libcurl libcjson libprotobuf-c libmicrohttpd yaml-0.1 libcrypto
SERVICES := ingest segmenter scheduler email-sender review-solicitor nurturectl

CFLAGS   ?= -O2 -g
NURTURE_CFLAGS := -std=c17 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wswitch-enum -Wstrict-prototypes \
  -Wmissing-prototypes -Wpointer-arith -Wformat=2 -Wno-format-nonliteral -Werror \
  -fno-common -fstack-protector-strong -I. -I$(BUILD)/gen $(shell pkg-config --cflags $(PACKAGES)) $(SANITIZE)
LIBS     := $(shell pkg-config --libs $(PACKAGES)) -lpthread -lm

PROTOS   := $(wildcard proto/nurture/v1/*.proto)
GEN_C    := $(PROTOS:proto/%.proto=$(BUILD)/gen/%.pb-c.c)
COMMON_C := $(wildcard common/*/*.c)
STEP_C   := $(filter-out %/main.c,$(foreach s,$(filter-out nurturectl,$(SERVICES)),$(wildcard services/$(s)/*.c)))
object    = $(patsubst %.c,$(BUILD)/%.o,$(1))
COMMON_O := $(GEN_C:.c=.o) $(call object,$(COMMON_C))
STEP_O   := $(call object,$(STEP_C))
UNIT_C   := $(wildcard tests/unit/*_test.c)
TOOL_C   := $(wildcard tests/tools/*.c) $(wildcard tests/bench/*.c)

SERVICE_BINS := $(SERVICES:%=$(BUILD)/bin/%)
UNIT_BINS    := $(UNIT_C:%.c=$(BUILD)/%)
TOOL_BINS    := $(TOOL_C:%.c=$(BUILD)/%)

.DEFAULT_GOAL := build
.PHONY: build unit tools clean
.SECONDARY:
build: $(SERVICE_BINS)
tools: $(TOOL_BINS)

$(BUILD)/gen/%.pb-c.c $(BUILD)/gen/%.pb-c.h: proto/%.proto
	@mkdir -p $(BUILD)/gen
	protoc-c --c_out=$(BUILD)/gen -Iproto $<

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	$(CC) $(CFLAGS) $(NURTURE_CFLAGS) -Wno-switch-enum -MMD -c -o $@ $<

$(BUILD)/%.o: %.c | $(GEN_C)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(NURTURE_CFLAGS) -MMD -c -o $@ $<

$(BUILD)/libnurture.a: $(COMMON_O)
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/libsteps.a: $(STEP_O)
	@rm -f $@
	ar rcs $@ $^

.SECONDEXPANSION:
$(BUILD)/bin/%: $$(call object,$$(wildcard services/%/*.c)) $(BUILD)/libsteps.a $(BUILD)/libnurture.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SANITIZE) -o $@ $(filter %.o,$^) $(filter %libsteps.a,$^) $(BUILD)/libnurture.a $(LIBS)

$(UNIT_BINS): $(BUILD)/%: $(BUILD)/%.o $(BUILD)/libsteps.a $(BUILD)/libnurture.a
	$(CC) $(CFLAGS) $(SANITIZE) -o $@ $^ $(LIBS) -lcmocka

$(TOOL_BINS): $(BUILD)/%: $(BUILD)/%.o $(BUILD)/libnurture.a
	$(CC) $(CFLAGS) $(SANITIZE) -o $@ $^ $(LIBS)

unit: $(UNIT_BINS)
	@set -e; for t in $(UNIT_BINS); do echo "== $$t"; $$t; done

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
