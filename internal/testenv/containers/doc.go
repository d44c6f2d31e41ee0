// Package containers runs the service as a cluster does, every process in a container: Postgres,
// three NATS servers, an S3 server behind two proxies, and every role of the service's images. Its
// tests cause the faults of a cluster (lost nodes, partitions, rolling restarts and upgrades)
// while clients export resumes, and let internal/testenv/checker judge.
//
// It is a module of its own, so that the client of the container engine and what it needs are
// not requirements of the program. make test-cluster builds the images and runs the tests.
//
//	engine, node               containers, and what can be done to them
//	servers, nats, roles       what runs in them
//	cluster                    all of it together
//	s3                         the bucket, and the proxies before it (s3front is one)
//	trial_test                 clients and checks around one fault
//	*_test                     the faults
package containers
