// Package bench measures the service: against bare Chrome (Pipeline), with a long
// queue against a short one (Queue), and over a long time (Soak). Pipeline and Queue
// measure a Service that the caller has put together in its own process; Soak starts
// the program and watches it from outside. Ratios are what counts, so everything that
// is compared runs alternately.
package bench
