package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"

	"github.com/letrazapp/letraz-export/internal/bench"
)

// benchCmd groups the measurements.
type benchCmd struct {
	Pipeline  benchPipelineCmd  `cmd:"" default:"withargs" help:"Measure the whole service against Chrome alone. This is the default."`
	Queue     benchQueueCmd     `cmd:"" help:"Measure throughput with a long queue against a short one."`
	Lanes     benchLanesCmd     `cmd:"" help:"Measure interactive exports beside a pile of bulk ones against the same alone."`
	Workers   benchWorkersCmd   `cmd:"" help:"Measure the processor time of an export with several worker processes."`
	Clients   benchClientsCmd   `cmd:"" help:"Measure clients that want a file, from the request to the bytes, by the way in which they wait."`
	Streams   benchStreamsCmd   `cmd:"" help:"Measure exports that are followed by a stream of events each, against ones that nobody follows."`
	Follow    benchFollowCmd    `cmd:"" hidden:""`
	Telemetry benchTelemetryCmd `cmd:"" help:"Measure the processor time of an export with metrics and traces against without."`
	Soak      benchSoakCmd      `cmd:"" help:"Export for a long time through a private serve, and report growth, slowdown, failures and leftovers."`
}

// benchFlags are the flags of all measurements.
type benchFlags struct {
	JSON        bool `name:"json" help:"Print JSON instead of a table."`
	Slots       int  `help:"Browser slots, all warm from the start; 0: as many as serve would use at most." default:"0"`
	chromeFlags `embed:""`
}

// check validates the flags.
func (f benchFlags) check(clients int) error {
	switch {
	case clients < 1 || clients > 1000:
		return errors.New("--clients must be between 1 and 1000")
	case f.Slots < 0 || f.Slots > 256:
		return errors.New("--slots must be between 0 and 256")
	}
	return nil
}

// slots returns the number of slots to use.
func (f benchFlags) slots() int {
	if f.Slots > 0 {
		return f.Slots
	}
	_, most := workFlags{}.slotRange(os.DirFS("/"))
	return most
}

// show prints a report as a table or as JSON.
func (f benchFlags) show(e *env, report interface{ Print(io.Writer) error }) error {
	if !f.JSON {
		return report.Print(e.stdout)
	}
	enc := json.NewEncoder(e.stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(report)
}

type benchPipelineCmd struct {
	Documents  int      `help:"Documents in each round of each measurement." default:"400"`
	Rounds     int      `help:"Rounds of each measurement, alternating; medians are reported." default:"3"`
	Mode       []string `help:"Ways of printing to compare: warm is the service's own and always measured; newtab opens a tab per document; process starts a browser per document, for a twentieth of the documents." enum:"warm,newtab,process" default:"warm,newtab,process"`
	Clients    int      `help:"Concurrent HTTP clients." default:"16"`
	Sample     string   `help:"Sample resume to export." default:"first-job"`
	CPUProfile string   `name:"cpu-profile" placeholder:"FILE" help:"Write a CPU profile of the last pipeline round." type:"path"`
	benchFlags `embed:""`
}

// Validate is called by kong.
func (b *benchPipelineCmd) Validate() error {
	switch {
	case b.Documents < 10 || b.Documents > 1_000_000:
		return errors.New("--documents must be between 10 and 1000000")
	case b.Rounds < 1 || b.Rounds > 100:
		return errors.New("--rounds must be between 1 and 100")
	}
	return b.check(b.Clients)
}

// Run measures on private servers in a temporary directory.
func (b *benchPipelineCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	service, err := startBench(e, b.benchFlags, benchOptions{sample: b.Sample, clients: b.Clients}, &c)
	if err != nil {
		return err
	}
	measurement := bench.Pipeline{Documents: b.Documents, Rounds: b.Rounds, Clients: b.Clients, Sample: b.Sample,
		Modes: b.Mode, Browser: b.options(), CPUProfile: b.CPUProfile}
	report, err := measurement.Measure(e.ctx, service.Service)
	if err != nil {
		return err
	}
	return b.show(e, report)
}

type benchQueueCmd struct {
	Queued     int    `help:"Exports in the long queue. The short one has one for each document." default:"100000"`
	Documents  int    `help:"Documents in each round." default:"100"`
	Rounds     int    `help:"Rounds of each; medians are reported." default:"10"`
	Clients    int    `help:"HTTP clients that fill the queue." default:"16"`
	Sample     string `help:"Sample resume to export." default:"first-job"`
	benchFlags `embed:""`
}

// Validate is called by kong.
func (b *benchQueueCmd) Validate() error {
	switch {
	case b.Documents < 10 || b.Documents > 10_000:
		return errors.New("--documents must be between 10 and 10000")
	case b.Rounds < 1 || b.Rounds > 100:
		return errors.New("--rounds must be between 1 and 100")
	case b.Queued < b.Documents*b.Rounds || b.Queued > 10_000_000:
		return errors.New("--queued must be between --documents times --rounds and 10000000")
	}
	return b.check(b.Clients)
}

// Run measures on private servers in a temporary directory.
func (b *benchQueueCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	service, err := startBench(e, b.benchFlags, benchOptions{sample: b.Sample, clients: b.Clients}, &c)
	if err != nil {
		return err
	}
	measurement := bench.Queue{Queued: b.Queued, Documents: b.Documents, Rounds: b.Rounds, Clients: b.Clients}
	report, err := measurement.Measure(e.ctx, service.Service)
	if err != nil {
		return err
	}
	return b.show(e, report)
}
