// Command chaos runs the service as an operator would, every role a process of
// its own, with real Postgres, NATS and Chrome, and breaks it on purpose while
// clients ask for exports: processes are killed and stopped, servers restarted
// and emptied, connections cut, disks filled. Then it heals everything, lets the
// queue drain, and compares what clients were told with the rows and the files.
//
// The last line of its output is the verdict, and so is its exit status. A seed
// repeats a schedule: the same faults at the same offsets against the same
// targets. What the processes make of it depends on the machine all the same.
//
// main.go and run.go tell the story; the other files hold one concern each:
//
//	rig, process, database, broker, files, link   what there is to break
//	schedule, faults, walk, duel                  when and how it is broken
//	client, load, ledger                          who asks, and what they were told
//	history, gather, check, leftovers, report     what has to be true afterwards
package main
