// Package embedded runs the two servers the export service depends on inside, or as a child of, the current
// process: a NATS server with JetStream and a private Postgres. The serve command uses them where no external
// server is configured, and tests use them as the real thing.
//
// The package starts, watches and stops servers; it opens no database connection and no NATS connection. What runs
// on the servers (schema, streams, queries) belongs to the packages that own those clients.
//
// Each server keeps its files under a directory of its own and holds a lock on it for as long as it lives, so two
// processes never share one. The kernel drops the lock when its holder dies, however it dies.
package embedded
