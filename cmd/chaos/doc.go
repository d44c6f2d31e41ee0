// Command chaos tests that the service loses nothing. It runs every role in a separate
// process, with real Postgres, NATS and Chrome, and causes faults while clients request
// exports: processes are killed and stopped, servers restarted and emptied, connections cut,
// disks filled. Then it ends all faults, waits until the queue is empty, and compares what
// clients were told with the rows and the files.
//
// The last line of the output and the exit status are the result. A seed repeats a schedule:
// the same faults at the same times against the same targets. Their effects still depend on
// the machine.
//
// The clients and the checks are in internal/testenv/checker.
//
// main.go and run.go contain the sequence of a run; each of the other files has one subject:
//
//	rig, process, database, broker, files, link    the parts that are broken
//	schedule, faults, walk, duel, staged, spoil    when and how they are broken
//	users, gather                                  the clients' resumes, and the facts that are checked
//	leftovers, report                              what is left, and the result
package main
