// Package checker has clients that export resumes through the API and record what they were
// told, and the checks of every promise against the rows, their history and the files: no
// accepted export is lost, none has two results, none is served after its end, and every
// finished file is the whole document of its owner. cmd/chaos and the tests of clusters use
// it. It is for tests only.
//
//	people, poison, client, load, uses    the clients
//	ledger, journal                       what they were told, and when there were faults
//	history, rows, readings               what the database and the files say
//	check, waits                          the checks
package checker
