package chrome

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
	"github.com/go-rod/rod/lib/utils"
)

// BenchmarkProtocol measures the work of this process for one document: sending a page
// of 15 kB and receiving a PDF of 130 kB. The other end of the pipes only reads and answers.
func BenchmarkProtocol(b *testing.B) {
	toChrome, w, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	r, fromChrome, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	pdf := append(bytes.Repeat([]byte("%PDF-1.4 stream "), 130<<10/16), "%%EOF\n"...)
	go answer(toChrome, fromChrome, base64.StdEncoding.EncodeToString(pdf))
	p := newPipe(r, w, 64<<20, false)
	client := cdp.New().Logger(utils.LoggerQuiet).Start(p)
	tab := caller{client, context.Background(), "6B6F4E0B5F2C4A3B9D1E8F7A6B5C4D3E"}
	d := Document{HTML: bytes.Repeat(resume(), 15<<10/len(resume())), Tagged: true}
	b.ReportAllocs()
	for b.Loop() {
		if err := (proto.PageSetDocumentContent{FrameID: "F", HTML: string(d.HTML)}).Call(tab); err != nil {
			b.Fatal(err)
		}
		if _, err := tab.Call(tab.ctx, string(tab.session), proto.PagePrintToPDF{}.ProtoReq(), d.printParams()); err != nil {
			b.Fatal(err)
		}
		if got := p.takeData(); len(got) != len(pdf) {
			b.Fatalf("%d bytes", len(got))
		}
	}
	p.close()
	for range client.Event() { // until the client has noticed
	}
}

// answer acts as a browser that always sends the same PDF.
func answer(requests io.ReadCloser, answers io.WriteCloser, pdf string) {
	defer func() { _, _ = requests.Close(), answers.Close() }()
	printed, done := []byte(`{"data":"`+pdf+`"},"sessionId":"S"}`+"\x00"), []byte(`{},"sessionId":"S"}`+"\x00")
	in := bufio.NewReaderSize(requests, 1<<20)
	for id := 1; ; id++ {
		request, err := in.ReadSlice(0)
		if err != nil {
			return
		}
		result := done
		if bytes.Contains(request, []byte(`"method":"Page.printToPDF"`)) {
			result = printed
		}
		_, _ = fmt.Fprintf(answers, `{"id":%d,"result":`, id)
		if _, err := answers.Write(result); err != nil {
			return
		}
	}
}
