package main

import (
	"errors"

	"github.com/letrazapp/letraz-export/internal/bench"
)

type benchLanesCmd struct {
	Pile       int    `help:"Bulk exports that wait, in batches of 500." default:"5000"`
	Exports    int    `help:"Interactive exports in each round, one at a time; and for each client of the saturated part." default:"30"`
	Rounds     int    `help:"Rounds, with the pile and without it." default:"5"`
	Clients    int    `help:"HTTP clients of the saturated part." default:"16"`
	Sample     string `help:"Sample resume to export." default:"first-job"`
	benchFlags `embed:""`
}

// Validate is called by kong.
func (b *benchLanesCmd) Validate() error {
	switch {
	case b.Pile < 500 || b.Pile > 100_000:
		return errors.New("--pile must be between 500 and 100000")
	case b.Exports < 5 || b.Exports > 10_000:
		return errors.New("--exports must be between 5 and 10000")
	case b.Rounds < 1 || b.Rounds > 100:
		return errors.New("--rounds must be between 1 and 100")
	}
	return b.check(b.Clients)
}

// Run measures on private servers in a temporary directory.
func (b *benchLanesCmd) Run(e *env) error {
	var c closers
	defer func() { c.close(e.log) }()
	service, err := startBench(e, b.benchFlags, benchOptions{sample: b.Sample, clients: b.Clients}, &c)
	if err != nil {
		return err
	}
	measurement := bench.Lanes{Pile: b.Pile, Exports: b.Exports, Rounds: b.Rounds, Clients: b.Clients}
	report, err := measurement.Measure(e.ctx, service.Service)
	if err != nil {
		return err
	}
	return b.show(e, report)
}
