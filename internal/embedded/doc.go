// Package embedded runs the two servers that the export service needs: a NATS server with
// JetStream, in this process, and a private Postgres, as a child process. serve uses them
// where no external server is configured, and tests use them as real servers.
//
// The package starts, watches and stops the servers. It opens no connections to them; schema,
// streams and queries belong to the packages postgres and queue.
//
// Each server has its own directory and locks it while it runs, so that two processes never
// share one. The kernel releases the lock when the process ends, however it ends.
package embedded
