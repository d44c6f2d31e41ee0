package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/pprof"
	"time"
)

// benchCmd is three measurements.
type benchCmd struct {
	Pipeline benchPipelineCmd `cmd:"" default:"withargs" help:"Measure the whole service against bare Chrome; what bench does unless told otherwise."`
	Queue    benchQueueCmd    `cmd:"" help:"Measure a long queue against a short one."`
	Soak     benchSoakCmd     `cmd:"" help:"Export for a long time through a serve of its own, and look for what grows, slows down, fails or stays behind."`
}

type benchPipelineCmd struct {
	Documents   int      `help:"Documents in each round of each measurement." default:"400"`
	Rounds      int      `help:"Rounds of limit, other ways and pipeline, alternating; medians are reported." default:"3"`
	Mode        []string `help:"Ways of printing to compare: warm, the service's own and always measured; newtab, a new tab for each document in one running browser; process, a browser for each document, measured with a twentieth of the documents." enum:"warm,newtab,process" default:"warm,newtab,process"`
	Clients     int      `help:"HTTP clients that ask at the same time." default:"16"`
	Sample      string   `help:"Sample resume to export." default:"first-job"`
	JSON        bool     `name:"json" help:"Print JSON instead of a table."`
	CPUProfile  string   `name:"cpu-profile" placeholder:"FILE" help:"Write a CPU profile of the last pipeline round." type:"path"`
	Slots       int      `help:"Browser slots, all of them warm from the start; 0: the most that serve would use." default:"0"`
	chromeFlags `embed:""`
}

// Validate is called by kong.
func (b *benchPipelineCmd) Validate() error {
	switch {
	case b.Documents < 10 || b.Documents > 1_000_000:
		return errors.New("--documents must be between 10 and 1000000")
	case b.Rounds < 1 || b.Rounds > 100:
		return errors.New("--rounds must be between 1 and 100")
	case b.Clients < 1 || b.Clients > 1000:
		return errors.New("--clients must be between 1 and 1000")
	case b.Slots < 0 || b.Slots > 256:
		return errors.New("--slots must be between 0 and 256")
	}
	return nil
}

// maxSingle bounds the documents that are measured one at a time.
const maxSingle = 200

// Run measures the whole service on servers of its own in a temporary directory.
func (b *benchPipelineCmd) Run(e *env) error {
	if b.Slots == 0 {
		_, b.Slots = workFlags{}.slotRange(os.DirFS("/"))
	}
	var c closers
	defer func() { c.close(e.log) }()
	on, err := startBench(e, benchSetup{Slots: b.Slots, Clients: b.Clients, Sample: b.Sample, chromeFlags: b.chromeFlags}, &c)
	if err != nil {
		return err
	}
	report, err := b.measure(e.ctx, on)
	if err != nil {
		return err
	}
	return show(e, b.JSON, report)
}

// show prints a report for people or for programs.
func show(e *env, asJSON bool, report interface{ print(io.Writer) error }) error {
	if !asJSON {
		return report.print(e.stdout)
	}
	enc := json.NewEncoder(e.stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(report)
}

// measure alternates what it compares, so that a change of the machine's load
// meets both.
func (b *benchPipelineCmd) measure(ctx context.Context, on *bench) (*benchReport, error) {
	report := &benchReport{Browser: on.engine.Version(), Sample: b.Sample, Slots: b.Slots, Documents: b.Documents, Rounds: b.Rounds}
	err := b.printing(ctx, on, report)
	if err != nil {
		return nil, err
	}
	report.Memory = memoryUsage(os.Getpid())
	const often = 5 // a copy takes so much less time than a print
	if report.AgainPerS, report.AgainCPU, err = on.again(ctx, often*b.Documents, b.Clients); err != nil {
		return nil, err
	}
	// With no worker the API has the machine to itself.
	took, err := on.accept(ctx, 2*b.Documents, b.Clients)
	if err != nil {
		return nil, err
	}
	report.AcceptPerS = perSecond(2*b.Documents, took)
	return report, nil
}

// printing measures everything that prints.
func (b *benchPipelineCmd) printing(ctx context.Context, on *bench, report *benchReport) (err error) {
	others, stop, err := b.ways(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	if err := b.single(ctx, on, others, report); err != nil {
		return err
	}
	if err := b.saturated(ctx, on, others, report); err != nil {
		return err
	}
	report.Ways = map[string]wayReport{}
	for _, w := range others {
		report.Ways[w.name] = w.report()
	}
	return nil
}

// single measures one document at a time, in turns of ten.
func (b *benchPipelineCmd) single(ctx context.Context, on *bench, others []*way, report *benchReport) error {
	// To warm up: connections, prepared statements, the browsers' caches.
	if _, err := on.export(ctx, max(50, b.Slots), b.Clients); err != nil {
		return err
	}
	var bare, single samplesMS
	for range max(1, min(b.Documents, maxSingle)/10) {
		for range 10 {
			start := time.Now()
			pdf, err := on.engine.Print(ctx, on.document)
			if err != nil {
				return fmt.Errorf("printing: %w", err)
			}
			bare.add(time.Since(start))
			report.Bytes = len(pdf)
		}
		for _, w := range others {
			if err := w.single(ctx, on); err != nil {
				return err
			}
		}
		stop := startWorker(ctx, on.worker)
		for range 10 {
			run, err := on.exportWith(ctx, 1, 1)
			if err != nil {
				stop()
				return err
			}
			single.add(run.latencies...)
		}
		stop()
	}
	report.Bare, report.Single = bare.quantiles(), single.quantiles()
	report.SingleRatio = report.Single.P50 / report.Bare.P50
	return nil
}

// saturated measures rounds of limit, the other ways and pipeline.
func (b *benchPipelineCmd) saturated(ctx context.Context, on *bench, others []*way, report *benchReport) error {
	var limits, pipelines, ratios []float64
	var latency samplesMS
	used := usage{}
	for round := range b.Rounds {
		took, err := on.limit(ctx, b.Documents)
		if err != nil {
			return err
		}
		limit := perSecond(b.Documents, took)
		for _, w := range others {
			if err := w.round(ctx, on, limit); err != nil {
				return err
			}
		}
		stopProfile, err := b.profile(round)
		if err != nil {
			return err
		}
		before := cpuTimes()
		run, err := on.export(ctx, b.Documents, b.Clients)
		stopProfile()
		if err != nil {
			return err
		}
		used.add(cpuTimes().since(before))
		pipeline := perSecond(b.Documents, run.took)
		limits, pipelines, ratios = append(limits, limit), append(pipelines, pipeline), append(ratios, pipeline/limit)
		latency.add(run.latencies...)
	}
	report.LimitPerS, report.PipelinePerS, report.Ratio = median(limits), median(pipelines), median(ratios)
	report.Latency = latency.quantiles()
	report.CPU = used.perDocument(b.Rounds * b.Documents)
	return nil
}

// profile records the last round, the warmest.
func (b *benchPipelineCmd) profile(round int) (stop func(), err error) {
	if b.CPUProfile == "" || round != b.Rounds-1 {
		return func() {}, nil
	}
	file, err := os.Create(b.CPUProfile)
	if err != nil {
		return nil, fmt.Errorf("writing the profile: %w", err)
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, errors.Join(fmt.Errorf("starting the profile: %w", err), file.Close())
	}
	return func() {
		pprof.StopCPUProfile()
		_ = file.Close() // a profile that is cut off cannot be read, and says so
	}, nil
}
