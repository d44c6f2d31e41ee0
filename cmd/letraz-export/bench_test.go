package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/bench"
)

func TestBench_Pipeline(t *testing.T) {
	var report bench.PipelineReport
	if err := json.Unmarshal([]byte(must(t, "bench", "--documents", "10", "--rounds", "1", "--slots", "1", "--json")), &report); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]float64{
		"limit": report.LimitPerS, "pipeline": report.PipelinePerS, "ratio": report.Ratio, "bare": report.Bare.P50,
		"single": report.Single.P50, "accept": report.AcceptPerS, "latency": report.Latency.P99, "again": report.AgainPerS,
		"the processor time of a copy": report.AgainCPU["go"],
		"newtab":                       report.Ways["newtab"].PerS, "one newtab": report.Ways["newtab"].One.P50,
		"process": report.Ways["process"].PerS, "one process": report.Ways["process"].One.P50,
		"chrome's memory": report.Memory["chrome"], "postgres' memory": report.Memory["postgres"],
	} {
		if value <= 0 {
			t.Errorf("%s is %v", name, value)
		}
	}
	if table := must(t, "bench", "--documents", "10", "--rounds", "1", "--slots", "1", "--mode", "newtab"); !strings.Contains(table, "newtab") || strings.Contains(table, "process ") {
		t.Errorf("asked for newtab it says\n%s", table)
	}
	if status, _, errs := call(t, "bench", "--sample", "nobody"); status != 1 || !strings.Contains(errs, "first-job") {
		t.Errorf("an unknown sample: status %d\n%s", status, errs)
	}
}

func TestBench_Queue(t *testing.T) {
	var report bench.QueueReport
	if err := json.Unmarshal([]byte(must(t, "bench", "queue", "--queued", "40", "--documents", "10", "--rounds", "2", "--slots", "1", "--json")), &report); err != nil {
		t.Fatal(err)
	}
	if report.ShortPerS <= 0 || report.LongPerS <= 0 || report.Ratio <= 0 {
		t.Errorf("%+v", report)
	}
	if status, _, errs := call(t, "bench", "queue", "--queued", "10"); status != 2 || !strings.Contains(errs, "--queued") {
		t.Errorf("a long queue that is too short: status %d\n%s", status, errs)
	}
}

func TestBench_Soak(t *testing.T) {
	t.Setenv(asProgram, "1") // for the serve that it starts
	var report bench.SoakReport
	if err := json.Unmarshal([]byte(must(t, "bench", "soak", "--exports", "42", "--every", "21", "--slots", "1", "--json")), &report); err != nil {
		t.Fatal(err)
	}
	if len(report.Lines) != 2 || report.LastRate <= 0 || report.Memory <= 0 || len(report.Warnings)+len(report.Left) != 0 {
		t.Errorf("%+v", report)
	}
	for _, l := range report.Lines {
		if l.PerS <= 0 || l.MS.P99 <= 0 || l.Memory["chrome"] <= 0 || l.Memory["postgres"] <= 0 || l.Processes < 5 || l.Files < 5 {
			t.Errorf("%+v", l)
		}
	}
}

func TestBench_Workers(t *testing.T) {
	t.Setenv(asProgram, "1") // for the workers that it starts
	for _, load := range [][]string{nil, {"--rate", "20", "--idle", "1200ms"}} {
		var report bench.WorkersReport
		args := append([]string{"bench", "workers", "--workers", "1,2", "--documents", "10", "--rounds", "1", "--json"}, load...)
		if err := json.Unmarshal([]byte(must(t, args...)), &report); err != nil {
			t.Fatal(err)
		}
		if len(report.Lines) != 2 || report.Lines[0].Ratio != 1 || report.Lines[1].Workers != 2 || len(report.Lines[1].Ratios) != 1 {
			t.Fatalf("%+v", report)
		}
		for _, l := range report.Lines {
			for name, value := range map[string]float64{"rate": l.PerS, "chrome": l.CPU["chrome"], "workers": l.CPU["workers"], "service": l.CPU["service"],
				"postgres": l.CPU["postgres"], "memory": l.Memory["chrome"], "transactions": l.Servers.Transactions, "log": l.Servers.LogBytes,
				"messages": l.Servers.Messages, "bytes": l.Servers.MessageBytes, "database connections": float64(l.Servers.DatabaseConns)} {
				if value <= 0 {
					t.Errorf("%v, %d workers: %s is %v", load, l.Workers, name, value)
				}
			}
			if want := l.Workers + 1; l.Servers.NATSConns != want {
				t.Errorf("%d connections to NATS of %d processes", l.Servers.NATSConns, want)
			}
			if (l.IdleServers.Messages > 0) != (load != nil) {
				t.Errorf("%v: %v idle messages each second", load, l.IdleServers.Messages)
			}
		}
	}
	for flag, value := range map[string]string{"--workers": "0", "--rate": "-1", "--idle": "-1s"} {
		if status, _, errs := call(t, "bench", "workers", flag+"="+value); status != 2 || !strings.Contains(errs, flag) {
			t.Errorf("%s %s: status %d\n%s", flag, value, status, errs)
		}
	}
}

func TestBench_Telemetry(t *testing.T) {
	var report bench.TelemetryReport
	if err := json.Unmarshal([]byte(must(t, "bench", "telemetry", "--documents", "10", "--rounds", "1", "--slots", "1", "--json")), &report); err != nil {
		t.Fatal(err)
	}
	if report.Go <= 0 || report.Total <= 0 || report.Off["go"] <= 0 || report.On["chrome"] <= 0 || report.Rounds != 1 {
		t.Errorf("%+v", report)
	}
	if status, _, errs := call(t, "bench", "telemetry", "--rounds", "0"); status != 2 || !strings.Contains(errs, "--rounds") {
		t.Errorf("no rounds: status %d\n%s", status, errs)
	}
}
