package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/pprof"
	"time"

	"github.com/letrazapp/letraz-export/internal/chrome"
)

// Pipeline compares the whole service with bare Chrome.
type Pipeline struct {
	Documents  int // in each round of each measurement
	Rounds     int // medians are reported
	Clients    int // HTTP clients that ask at the same time
	Sample     string
	Modes      []string       // the ways of printing to compare, Warm, NewTab, Process
	Browser    chrome.Options // for the other ways of printing
	CPUProfile string         // file for a profile of the last round; empty for none
}

// maxSingle bounds the documents that are measured one at a time.
const maxSingle = 200

// Measure makes the whole measurement. What is compared runs alternately, so that a
// change of the machine's load affects both.
func (b *Pipeline) Measure(ctx context.Context, s *Service) (*PipelineReport, error) {
	report := &PipelineReport{Browser: s.Engine.Version(), Sample: b.Sample, Slots: s.Slots, Documents: b.Documents, Rounds: b.Rounds}
	err := b.printing(ctx, s, report)
	if err != nil {
		return nil, err
	}
	report.Memory = memoryUsage(os.Getpid())
	const often = 5 // a copy takes so much less time than a print
	if report.AgainPerS, report.AgainCPU, err = s.again(ctx, often*b.Documents, b.Clients); err != nil {
		return nil, err
	}
	// With no worker the API has the machine to itself.
	took, err := s.accept(ctx, 2*b.Documents, b.Clients)
	if err != nil {
		return nil, err
	}
	report.AcceptPerS = perSecond(2*b.Documents, took)
	return report, nil
}

// printing measures everything that prints.
func (b *Pipeline) printing(ctx context.Context, s *Service, report *PipelineReport) (err error) {
	others, stop, err := b.ways(ctx, s.Slots)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	if err := b.single(ctx, s, others, report); err != nil {
		return err
	}
	if err := b.saturated(ctx, s, others, report); err != nil {
		return err
	}
	report.Ways = map[string]WayReport{}
	for _, w := range others {
		report.Ways[w.name] = w.report()
	}
	return nil
}

// single measures one document at a time, in turns of ten.
func (b *Pipeline) single(ctx context.Context, s *Service, others []*way, report *PipelineReport) error {
	// To warm up: connections, prepared statements, the browsers' caches.
	if _, err := s.export(ctx, max(50, s.Slots), b.Clients); err != nil {
		return err
	}
	var bare, single samplesMS
	for range max(1, min(b.Documents, maxSingle)/10) {
		for range 10 {
			start := time.Now()
			pdf, err := s.Engine.Print(ctx, s.Resume.Document)
			if err != nil {
				return fmt.Errorf("printing: %w", err)
			}
			bare.add(time.Since(start))
			report.Bytes = len(pdf)
		}
		for _, w := range others {
			if err := w.single(ctx, s); err != nil {
				return err
			}
		}
		stop := startWorker(ctx, s.Worker)
		for range 10 {
			run, err := s.exportWith(ctx, 1, 1)
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
func (b *Pipeline) saturated(ctx context.Context, s *Service, others []*way, report *PipelineReport) error {
	var limits, pipelines, ratios []float64
	var latency samplesMS
	used := Usage{}
	for round := range b.Rounds {
		took, err := s.limit(ctx, b.Documents)
		if err != nil {
			return err
		}
		limit := perSecond(b.Documents, took)
		for _, w := range others {
			if err := w.round(ctx, s, limit); err != nil {
				return err
			}
		}
		stopProfile, err := b.profile(round)
		if err != nil {
			return err
		}
		before := cpuTimes()
		run, err := s.export(ctx, b.Documents, b.Clients)
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
func (b *Pipeline) profile(round int) (stop func(), err error) {
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
