package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestBenchMeasuresTheWholeServiceAndLeavesNothing(t *testing.T) {
	var report benchReport
	if err := json.Unmarshal([]byte(must(t, "bench", "--documents", "10", "--rounds", "1", "--slots", "1", "--json")), &report); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]float64{
		"limit": report.LimitPerS, "pipeline": report.PipelinePerS, "ratio": report.Ratio, "bare": report.Bare.P50,
		"single": report.Single.P50, "accept": report.AcceptPerS, "latency": report.Latency.P99,
		"newtab": report.Ways["newtab"].PerS, "one newtab": report.Ways["newtab"].One.P50,
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
