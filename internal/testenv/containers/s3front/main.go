// Command s3front stands before an S3 server and, when told to, delays requests and answers
// some of them itself as a server that is overloaded does: 503, SlowDown.
//
//	PUT  :8475/?share=0.6&delay=1s   that part of the requests is refused, and every one is delayed
//	PUT  :8475/                      no request is
package main

import (
	"cmp"
	"fmt"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strconv"
	"sync/atomic"
	"time"
)

const slowDown = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message><RequestId>test</RequestId></Error>`

// fault is what happens to requests.
type fault struct {
	share float64
	delay time.Duration
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("s3front: the argument is the URL of the S3 server")
	}
	log.Fatal(serve(os.Args[1]))
}

func serve(server string) error {
	target, err := url.Parse(server)
	if err != nil {
		return fmt.Errorf("reading the URL of the S3 server: %w", err)
	}
	var now atomic.Pointer[fault]
	now.Store(&fault{})
	ended := make(chan error, 2)
	go func() { ended <- listen(":8475", control(&now)) }()
	go func() { ended <- listen(":7070", front(&now, target)) }()
	return <-ended
}

func listen(address string, handler http.Handler) error {
	server := &http.Server{Addr: address, Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	return server.ListenAndServe()
}

// front passes requests on as they are, for they are signed with the host that they name.
func front(now *atomic.Pointer[fault], target *url.URL) http.Handler {
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = target.Scheme, target.Host },
		// A connection that breaks off here breaks off before the service, too.
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := now.Load()
		select {
		case <-time.After(f.delay):
		case <-r.Context().Done():
			return
		}
		if rand.Float64() < f.share {
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(slowDown)) // the caller may have gone
			return
		}
		proxy.ServeHTTP(w, r)
	})
}

// control changes the fault.
func control(now *atomic.Pointer[fault]) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		share, err := strconv.ParseFloat(cmp.Or(r.FormValue("share"), "0"), 64)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		delay, err := time.ParseDuration(cmp.Or(r.FormValue("delay"), "0s"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		now.Store(&fault{share, delay})
	})
}
