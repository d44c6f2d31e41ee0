package chrome

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"

	"github.com/go-rod/rod/lib/cdp"
)

// pipe carries the protocol over Chrome's debugging pipes: JSON messages, each
// terminated by a NUL. It implements [cdp.WebSocketable] for rod's client.
//
// The client panics on a message it cannot decode, so Read checks each message first
// and closes the connection if it is invalid. To keep the check cheap, Read first cuts
// out the one large value of the protocol, the base64 data of a printed file, decodes
// it once and keeps it for takeData.
type pipe struct {
	w  *os.File
	r  *os.File
	br *bufio.Reader
	// msg is the last message; its memory is reused for the next one.
	msg []byte
	// max is the size of the largest message accepted.
	max int
	// whole turns cutData off: with several tabs it would be unknown which of them the
	// data belongs to.
	whole bool

	sending sync.Mutex // held while a message is written

	mu   sync.Mutex
	data []byte // the last value cut out, until taken
	err  error  // the first error of the connection
}

const (
	pipeBuffer = 64 << 10
	// keepMessage is the largest buffer that is kept for the next message.
	keepMessage = 1 << 20
	// spareCapacity is the extra capacity of a printed file's slice, so that appending
	// to it, as an incremental update of a PDF does, needs no copy.
	spareCapacity = 8 << 10
	// maxEnvelope is an upper bound for the size of a message without its base64 data.
	maxEnvelope = 1 << 20
)

func newPipe(r, w *os.File, maxData int, whole bool) *pipe {
	return &pipe{w: w, r: r, whole: whole, br: bufio.NewReaderSize(r, pipeBuffer), max: base64.StdEncoding.EncodedLen(maxData) + maxEnvelope}
}

// Send writes one message. It blocks while Chrome does not read; killing Chrome
// ends that.
func (p *pipe) Send(msg []byte) error {
	p.sending.Lock()
	defer p.sending.Unlock()
	_, err := p.w.Write(append(msg, 0))
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, os.ErrClosed) {
		err = errPipeClosed
	}
	if err != nil {
		p.fail(err)
		return fmt.Errorf("writing to chrome: %w", err)
	}
	return nil
}

// Read returns the next message, which is valid until the next call: the client
// copies what it keeps. After an error the connection is closed in both directions, so
// that Send fails too.
func (p *pipe) Read() ([]byte, error) {
	msg, err := p.next()
	if err == nil {
		if !p.whole {
			msg = p.cutData(msg)
		}
		err = checkShape(msg)
	}
	if err != nil {
		p.fail(err)
		p.close()
		return nil, err
	}
	return msg, nil
}

// next reads up to the next NUL, and no further than max.
func (p *pipe) next() ([]byte, error) {
	msg := p.msg[:0]
	p.msg = nil
	for {
		part, err := p.br.ReadSlice(0)
		if len(msg)+len(part) > p.max {
			return nil, errMessageTooLarge
		}
		msg = append(msg, part...)
		switch {
		case err == nil:
			if cap(msg) <= keepMessage {
				p.msg = msg
			}
			return msg[:len(msg)-1], nil
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF), errors.Is(err, os.ErrClosed):
			return nil, errPipeClosed
		default:
			return nil, fmt.Errorf("reading from chrome: %w", err)
		}
	}
}

var (
	errMessageTooLarge = errors.New("message from chrome is too large")
	errPipeClosed      = errors.New("chrome closed the connection")
)

// cutData takes a large base64 value out of the answer {"id":7,"result":{"data":"…"}}
// and leaves an empty string in its place. Base64 has no quotes and no escapes,
// so the next quote ends it. A message in any other form, even with one more space, is
// returned unchanged.
func (p *pipe) cutData(msg []byte) []byte {
	const key = `,"result":{"data":"`
	head := msg[:min(len(msg), 64)]
	if !bytes.HasPrefix(head, []byte(`{"id":`)) {
		return msg
	}
	at := bytes.Index(head, []byte(key))
	if at < 0 {
		return msg
	}
	start := at + len(key)
	length := bytes.IndexByte(msg[start:], '"')
	if length < 0 {
		return msg
	}
	decoded := base64.StdEncoding.DecodedLen(length)
	data := make([]byte, decoded, decoded+spareCapacity)
	n, err := base64.StdEncoding.Decode(data, msg[start:start+length])
	if err != nil {
		return msg
	}
	p.mu.Lock()
	p.data = data[:n]
	p.mu.Unlock()
	return append(msg[:start], msg[start+length:]...)
}

// takeData returns the value that was cut out last, and drops it. A connection has one
// tab and a tab makes one call at a time, so after a print it is the file of that print.
func (p *pipe) takeData() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	data := p.data
	p.data = nil
	return data
}

// fail records why the connection ended. Later errors do not replace the first.
func (p *pipe) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		p.err = err
	}
}

// failure returns why the connection ended, or nil while it is open.
func (p *pipe) failure() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// close closes both directions. Chrome exits when its pipe is closed.
func (p *pipe) close() {
	_ = p.w.Close()
	_ = p.r.Close()
}

// checkShape returns an error if rod's client cannot decode the message.
func checkShape(msg []byte) error {
	var shape struct {
		ID        int             `json:"id"`
		SessionID string          `json:"sessionId"`
		Method    string          `json:"method"`
		Params    json.RawMessage `json:"params"`
		Result    json.RawMessage `json:"result"`
		Error     *cdp.Error      `json:"error"`
	}
	if err := json.Unmarshal(msg, &shape); err != nil {
		return fmt.Errorf("message from chrome: %w", err)
	}
	return nil
}
