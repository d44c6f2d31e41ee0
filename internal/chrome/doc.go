// Package chrome turns self-contained HTML into PDF, or a picture, with headless Chrome.
//
// An [Engine] keeps a few browsers started, and lends them out as slots. A document
// is written directly into a waiting tab and printed from there: there is no HTTP
// server, nothing is loaded and no script runs. A document includes its pictures and
// fonts as data: URLs.
//
// Every slot has a separate browser process with a single tab, and at least one more
// browser stands by. All faults are therefore handled in one way: when a browser
// hangs, crashes or sends an invalid answer, its process group is killed and the
// standby replaces it. A document cannot disturb the printing of another.
//
// Isolation has several independent layers: Chrome's own sandbox; an unprivileged account when this process runs as root; where Linux
// allows it, a network namespace with no interface in it; a proxy that does not
// exist and a resolver that resolves no name; every request a document makes is refused; a
// content security policy that allows data: URLs only; scripts are off.
//
// Callers decide what the HTML looks like, how many documents may wait, and how to
// handle a failed one. No other package uses the browser's protocol.
package chrome
