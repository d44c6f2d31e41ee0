// Package crashpoint lets a test build of the program end at a named step. The chaos program
// uses it to prove that another process completes the work of one that is killed at any step.
//
// Only a build with the tag crashpoints does anything. In every other build Here is empty and
// is inlined.
package crashpoint

// The steps at which a process can be ended.
const (
	APIAfterCommit      = "api.after_commit"      // the row is committed, its message is not published
	APIAfterPublish     = "api.after_publish"     // the message is published, the client not answered
	DispatchAfterTake   = "dispatch.after_take"   // rows are recorded as published, but are not
	DispatchAfterSend   = "dispatch.after_send"   // the first of the rows is published
	WorkerAfterClaim    = "worker.after_claim"    // the attempt is counted and its lease has begun
	WorkerAfterLoad     = "worker.after_load"     // the resume is loaded
	WorkerAfterPrint    = "worker.after_print"    // the file is in memory
	WorkerAfterBlob     = "worker.after_blob"     // the file is stored, the row does not name it
	WorkerAfterComplete = "worker.after_complete" // the row is ready, the event is not published
	WorkerAfterEvent    = "worker.after_event"    // the event is published, the message is not acknowledged
	SweepAfterMark      = "sweep.after_mark"      // rows are marked, their files exist
	SweepAfterDelete    = "sweep.after_delete"    // a file is deleted, its row is not updated
	SweepBeforeFinish   = "sweep.before_finish"   // all files of a batch are deleted
)

// Points returns every step, in the order in which an export reaches them.
func Points() []string {
	return []string{APIAfterCommit, APIAfterPublish, DispatchAfterTake, DispatchAfterSend,
		WorkerAfterClaim, WorkerAfterLoad, WorkerAfterPrint, WorkerAfterBlob, WorkerAfterComplete, WorkerAfterEvent,
		SweepAfterMark, SweepAfterDelete, SweepBeforeFinish}
}

// Env is the environment variable that arms a point in a build with the tag: the name of the
// point, a colon and the number of the pass, such as worker.after_blob:3. With ":stop"
// appended, the process is stopped (SIGSTOP) instead of killed.
const Env = "LETRAZ_CRASH_AT"

// Reached is the beginning of the line that a process writes to its standard error before it
// ends at a point.
const Reached = "crash point reached: "
