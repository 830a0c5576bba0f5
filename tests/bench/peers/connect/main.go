// Command connect is the stream processor that is now Redpanda Connect, with only the components
// that stand beside our ingest: an HTTP server in front, a Kafka client behind, and the mapping
// language in between.  What it does is said by connect.yaml; nothing here is on an event's way.
package main

import (
	"context"

	_ "github.com/benthosdev/benthos/v4/public/components/io"
	_ "github.com/benthosdev/benthos/v4/public/components/kafka"
	_ "github.com/benthosdev/benthos/v4/public/components/pure"
	"github.com/benthosdev/benthos/v4/public/service"
)

func main() {
	service.RunCLI(context.Background())
}
