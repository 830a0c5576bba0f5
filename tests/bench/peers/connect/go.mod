module nurture/bench/connect

go 1.21

// The last release under its first name, under the MIT licence, before it became Redpanda Connect.
require github.com/benthosdev/benthos/v4 v4.27.0
