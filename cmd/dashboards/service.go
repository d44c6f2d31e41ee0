package main

import "fmt"

// window is the time over which rates are taken: Grafana's choice for the zoom.
const window = "[$__rate_interval]"

// rate returns the sum of a counter's rates, by labels if any are named.
func rate(selector, by string) string {
	if by == "" {
		return "sum(rate(" + selector + window + "))"
	}
	return "sum by (" + by + ") (rate(" + selector + window + "))"
}

// quantile returns a quantile of a histogram, by labels if any are named.
func quantile(q float64, histogram, selector, by string) string {
	labels := "le"
	if by != "" {
		labels = by + ", le"
	}
	return fmt.Sprintf("histogram_quantile(%g, sum by (%s) (rate(%s_bucket%s%s)))", q, labels, histogram, selector, window)
}

// service returns the dashboard of the whole service. The metrics of the queue are the same
// in every dispatcher, hence max.
func service() dashboard {
	return dashboard{uid: "letraz-export", title: "letraz-export", rows: []row{overview(), queueRow(), workers(), browsers(), apiRow(), servers(), upkeep(), processes()}}
}

func overview() row {
	return row{"Overview", []panel{
		{title: "Waiting", help: "Exports that a worker could claim now.", unit: "short", number: true,
			queries: []query{{"sum(max by (lane) (letraz_export_queue_waiting))", ""}}},
		{title: "Oldest", help: "For how long the first of them has been waiting, without retries.", unit: "s", number: true, alarm: 60,
			queries: []query{{`max(letraz_export_queue_oldest_seconds{lane="interactive"})`, ""}}},
		{title: "Time to ready, p95", unit: "s", number: true, alarm: 30,
			queries: []query{{quantile(0.95, "letraz_export_time_to_ready_seconds", "", ""), ""}}},
		{title: "Failures", help: "Failed exports of all that ended, without those whose reason is in the resume or the request.", unit: "percentunit", number: true, alarm: 0.05,
			queries: []query{{rate(`letraz_export_finished_total{status="failed", code!~"resume_not_found|invalid_resume|invalid_request|document_too_large"}`, "") +
				" / " + rate(`letraz_export_finished_total{status=~"ready|failed"}`, ""), ""}}},
		{title: "Workers", unit: "short", number: true, queries: []query{{`count(letraz_export_info{role=~"worker|serve"})`, ""}}},
		{title: "Servers that do not work", unit: "short", number: true, alarm: 1, queries: []query{{"count(min by (dependency) (letraz_export_dependency_up) == 0) or vector(0)", ""}}},
		{title: "Exports", help: "Accepted, and ended by status.", unit: "ops", queries: []query{
			{rate("letraz_export_accepted_total", ""), "accepted"}, {rate("letraz_export_finished_total", "status"), "{{status}}"}}},
		{title: "Time from acceptance to ready", unit: "s", queries: []query{
			{quantile(0.5, "letraz_export_time_to_ready_seconds", "", ""), "p50"},
			{quantile(0.95, "letraz_export_time_to_ready_seconds", "", ""), "p95"},
			{quantile(0.99, "letraz_export_time_to_ready_seconds", "", ""), "p99"}}},
		{title: "Failures by code", unit: "ops", stacked: true, queries: []query{{rate(`letraz_export_finished_total{status="failed"}`, "code"), "{{code}}"}}},
	}}
}

func queueRow() row {
	return row{"Queue", []panel{
		{title: "Waiting by lane", unit: "short", stacked: true, queries: []query{{"max by (lane) (letraz_export_queue_waiting)", "{{lane}}"}}},
		{title: "Oldest by lane", unit: "s", queries: []query{{"max by (lane) (letraz_export_queue_oldest_seconds)", "{{lane}}"}}},
		{title: "Rendering and resting", help: "Claimed exports, and those that wait for the time of their next attempt.", unit: "short", queries: []query{
			{"sum(max by (lane) (letraz_export_queue_rendering))", "rendering"}, {"sum(max by (lane) (letraz_export_queue_resting))", "resting"}}},
	}}
}

func workers() row {
	return row{"Workers", []panel{
		{title: "Slots", unit: "short", stacked: true, queries: []query{{"sum by (state) (letraz_export_slots)", "{{state}}"}}},
		{title: "Attempts", help: "By the status that the export has then: queued means that it is tried again.", unit: "ops", queries: []query{
			{rate("letraz_export_attempts_claimed_total", ""), "claimed"}, {rate("letraz_export_attempts_finished_total", "status"), "{{status}}"}}},
		{title: "Attempts by lane", help: "The lane of the message: retry for every attempt after the first.", unit: "ops", stacked: true, queries: []query{{rate("letraz_export_attempts_claimed_total", "lane"), "{{lane}}"}}},
		{title: "Failed attempts by code", unit: "ops", stacked: true, queries: []query{{rate(`letraz_export_attempts_finished_total{code!=""}`, "code"), "{{code}}"}}},
		{title: "Time of an attempt, p95", unit: "s", queries: []query{{quantile(0.95, "letraz_export_attempts_duration_seconds", "", "status"), "{{status}}"}}},
		{title: "Time of the steps, p95", unit: "s", queries: []query{{quantile(0.95, "letraz_export_attempts_step_duration_seconds", "", "step"), "{{step}}"}}},
		{title: "Files", unit: "ops", queries: []query{
			{rate("letraz_export_reused_total", ""), "copied"}, {rate("letraz_export_downloaded_total", ""), "downloaded"}}},
		{title: "Stored bytes", unit: "Bps", queries: []query{{rate("letraz_export_stored_bytes_total", ""), "stored"}}},
	}}
}

func browsers() row {
	return row{"Browsers", []panel{
		{title: "Prints by result", unit: "ops", stacked: true, queries: []query{{rate("letraz_export_browser_prints_total", "result"), "{{result}}"}}},
		{title: "Time of a print", unit: "s", queries: []query{
			{quantile(0.5, "letraz_export_browser_print_duration_seconds", "", ""), "p50"}, {quantile(0.95, "letraz_export_browser_print_duration_seconds", "", ""), "p95"}}},
		{title: "Starts and recycling", unit: "ops", queries: []query{
			{rate("letraz_export_browser_starts_total", "result"), "start {{result}}"}, {rate("letraz_export_browser_recycles_total", "reason"), "recycled: {{reason}}"}}},
		{title: "Time of a start, p95", unit: "s", queries: []query{{quantile(0.95, "letraz_export_browser_start_duration_seconds", "", ""), "p95"}}},
		{title: "Browsers", unit: "short", queries: []query{{"sum by (instance) (letraz_export_browser_processes)", "{{instance}}"}}},
		{title: "Memory of the browsers", unit: "bytes", queries: []query{{"sum by (instance) (letraz_export_browser_memory_bytes)", "{{instance}}"}}},
	}}
}

func apiRow() row {
	return row{"API", []panel{
		{title: "Requests by status", unit: "reqps", stacked: true, queries: []query{{rate("letraz_export_http_requests_total", "status"), "{{status}}"}}},
		{title: "Requests by route", unit: "reqps", stacked: true, queries: []query{{rate("letraz_export_http_requests_total", "method, route"), "{{method}} {{route}}"}}},
		{title: "Time of a request, p95", unit: "s", queries: []query{{quantile(0.95, "letraz_export_http_request_duration_seconds", "", "method, route"), "{{method}} {{route}}"}}},
		{title: "Bytes sent", unit: "Bps", queries: []query{{rate("letraz_export_http_response_bytes_total", ""), "sent"}}},
		{title: "Streams and waits", help: "Requests that hold their connection: streams of events, and those with Prefer: wait=N.", unit: "short", queries: []query{
			{"sum by (kind) (letraz_export_http_held_requests)", "{{kind}}"}}},
		{title: "Repeated and erased", help: "Requests with a key that was used before, and exports erased by request.", unit: "ops", queries: []query{
			{rate("letraz_export_replayed_total", ""), "repeated"}, {rate("letraz_export_erased_total", ""), "erased"}}},
		{title: "Requests over a limit", help: "Answered with 429, by the limit.", unit: "reqps", stacked: true, queries: []query{{rate("letraz_export_http_limited_total", "policy"), "{{policy}}"}}},
		{title: "Calls missing in the audit log", unit: "short", queries: []query{{"sum(increase(letraz_export_audit_failures_total[1h]))", "in an hour"}}},
	}}
}

func servers() row {
	return row{"Postgres, NATS, file store", []panel{
		{title: "Working", help: "1 if every process can use the server.", unit: "short", queries: []query{{"min by (dependency) (letraz_export_dependency_up)", "{{dependency}}"}}},
		{title: "Time of statements, p95: the ten slowest", unit: "s", queries: []query{
			{"topk(10, " + quantile(0.95, "letraz_export_database_statement_duration_seconds", "", "statement") + ")", "{{statement}}"}}},
		{title: "Statements", unit: "ops", queries: []query{
			{rate("letraz_export_database_statement_duration_seconds_count", ""), "statements"}, {rate("letraz_export_database_errors_total", "kind"), "{{kind}}"}}},
		{title: "Database connections", unit: "short", queries: []query{
			{"sum(letraz_export_database_connections_used)", "in use"}, {"sum(letraz_export_database_connections_open)", "open"}, {"sum(letraz_export_database_connections_max)", "maximum"}}},
		{title: "Waiting for a connection", unit: "s", queries: []query{{rate("letraz_export_database_connection_wait_seconds_total", "instance"), "{{instance}}"}}},
		{title: "Time of file operations, p95", unit: "s", queries: []query{{quantile(0.95, "letraz_export_files_operation_duration_seconds", "", "operation"), "{{operation}}"}}},
		{title: "Failed file operations", unit: "ops", queries: []query{{rate("letraz_export_files_errors_total", "operation"), "{{operation}}"}}},
		{title: "Time of publishing, p95", unit: "s", queries: []query{{quantile(0.95, "letraz_export_nats_publish_duration_seconds", "", "kind"), "{{kind}}"}}},
		{title: "NATS", unit: "short", queries: []query{
			{"sum(letraz_export_nats_connected)", "connected processes"}, {"sum(increase(letraz_export_nats_reconnects_total" + window + "))", "reconnects"},
			{rate("letraz_export_nats_publish_errors_total", "kind"), "failed {{kind}}/s"}, {"max(letraz_export_dispatch_stream_messages)", "messages"}}},
	}}
}

func upkeep() row {
	return row{"Dispatcher and sweeper", []panel{
		{title: "Behind", help: "For how long the oldest row has been due.", unit: "s", queries: []query{{"max by (task) (letraz_export_queue_lag_seconds)", "{{task}}"}}},
		{title: "Rounds and passes", unit: "ops", queries: []query{
			{rate("letraz_export_dispatch_rounds_total", "result"), "rounds {{result}}"}, {rate("letraz_export_sweep_passes_total", "result"), "passes {{result}}"}}},
		{title: "Since the last success", unit: "s", queries: []query{
			{"time() - max(letraz_export_dispatch_last_success_time_seconds)", "round"}, {"time() - max(letraz_export_sweep_last_success_time_seconds)", "pass"}}},
		{title: "Repaired by the dispatcher", help: "Messages of retries and repeated ones, expired leases, missed announcements.", unit: "ops", queries: []query{
			{rate("letraz_export_dispatch_published_total", ""), "published"}, {rate("letraz_export_dispatch_rescued_total", "status"), "rescued: {{status}}"},
			{rate("letraz_export_dispatch_announced_total", ""), "announced"}}},
		{title: "Sweeper", unit: "ops", queries: []query{
			{rate("letraz_export_sweep_files_total", "result"), "files {{result}}"}, {rate("letraz_export_sweep_purged_total", ""), "rows purged"}}},
		{title: "Due and unknown", unit: "short", queries: []query{
			{"max(letraz_export_sweep_due)", "due"}, {"max(letraz_export_sweep_lag_seconds)", "seconds behind"}, {"max(letraz_export_sweep_unknown_files)", "unknown files"}}},
		{title: "Time of a pass, p95", unit: "s", queries: []query{{quantile(0.95, "letraz_export_sweep_pass_duration_seconds", "", ""), "p95"}}},
	}}
}

func processes() row {
	const of = " * on (instance) group_left (role) letraz_export_info"
	return row{"Processes", []panel{
		{title: "Processor time", unit: "short", queries: []query{{"rate(process_cpu_seconds_total" + window + ")" + of, "{{role}} {{instance}}"}}},
		{title: "Memory", help: "Without browsers.", unit: "bytes", queries: []query{{"process_resident_memory_bytes" + of, "{{role}} {{instance}}"}}},
		{title: "Age", unit: "s", queries: []query{{"time() - letraz_export_start_time_seconds", "{{role}} {{instance}}"}}},
	}}
}
