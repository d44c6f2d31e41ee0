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
// main.go and run.go contain the sequence of a run; each of the other files has one subject:
//
//	rig, process, database, broker, files, link    the parts that are broken
//	schedule, faults, walk, duel, staged, poison   when and how they are broken
//	people, client, load, uses, ledger             the clients, and what they were told
//	history, gather, readings, check, waits        what is checked afterwards
//	leftovers, report                              what is left, and the result
package main
