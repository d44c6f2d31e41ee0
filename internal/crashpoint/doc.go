// Package crashpoint lets a test build of the program die at a named step. It is
// how the chaos run proves that whatever a process was doing when it was killed,
// somebody else makes it good.
//
// Only a build with the tag crashpoints does anything: in every other build Here
// is empty, is inlined, and leaves no trace in the program.
package crashpoint

// The steps at which a process can be made to end.
const (
	APIAfterCommit      = "api.after_commit"      // the row is committed, its message is not published
	APIAfterPublish     = "api.after_publish"     // the message is published, the client not answered
	DispatchAfterTake   = "dispatch.after_take"   // rows say that they were published, and were not
	DispatchAfterSend   = "dispatch.after_send"   // the first of the rows was published
	WorkerAfterClaim    = "worker.after_claim"    // the attempt is counted, the lease runs
	WorkerAfterLoad     = "worker.after_load"     // the resume is loaded
	WorkerAfterPrint    = "worker.after_print"    // the bytes exist in memory
	WorkerAfterBlob     = "worker.after_blob"     // the file is stored, the row does not know it
	WorkerAfterComplete = "worker.after_complete" // the row is ready, no event tells it
	WorkerAfterEvent    = "worker.after_event"    // the event is out, the message not acknowledged
	SweepAfterMark      = "sweep.after_mark"      // rows are marked, their files still there
	SweepAfterDelete    = "sweep.after_delete"    // a file is gone, its row says nothing
	SweepBeforeFinish   = "sweep.before_finish"   // all files of a batch are gone
)

// Points lists every step, in the order an export comes by.
func Points() []string {
	return []string{APIAfterCommit, APIAfterPublish, DispatchAfterTake, DispatchAfterSend,
		WorkerAfterClaim, WorkerAfterLoad, WorkerAfterPrint, WorkerAfterBlob, WorkerAfterComplete, WorkerAfterEvent,
		SweepAfterMark, SweepAfterDelete, SweepBeforeFinish}
}

// Env names the variable that arms a point in a build with the tag: the point, a
// colon and the how-many-eth pass is meant, as worker.after_blob:3. With ":stop"
// after that the process is stopped (SIGSTOP) instead of killed.
const Env = "LETRAZ_CRASH_AT"

// Reached starts the line that a process writes to its standard error before it
// ends at a point.
const Reached = "crash point reached: "
