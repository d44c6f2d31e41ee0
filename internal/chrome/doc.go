// Package chrome turns self-contained HTML into PDF, or a picture, with headless Chrome.
//
// An [Engine] keeps a few browsers started and warm, and lends them out as
// slots. A document is written straight into a waiting tab and printed from it:
// nothing is served, nothing is loaded, no script runs, and a document with
// pictures or fonts of its own carries them as data: URLs.
//
// Every slot is a browser process of its own with a single tab, and at least
// one more browser stands by. That makes one rule enough for everything that
// can go wrong: whatever hangs, crashes or answers nonsense, its process group
// is killed and the standby takes its place. A document never costs another
// document its browser.
//
// Isolation comes in layers, so that no single one has to hold: Chrome's own
// sandbox; an unprivileged account when this process runs as root; where Linux
// allows it, a network namespace with no interface in it; a proxy and a name
// resolver that lead nowhere; every request a document makes is refused; a
// content security policy that allows data: URLs only; scripts are off.
//
// The package leaves to its callers what the HTML looks like, how many
// documents may wait, and what to do about a failed one. It is the only one
// that knows the browser's protocol.
package chrome
