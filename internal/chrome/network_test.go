package chrome

import (
	"encoding/base64"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// counter starts a loopback server that counts connections.
func counter(t *testing.T) (addr string, count *atomic.Int64) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	count = new(atomic.Int64)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			count.Add(1)
			_ = c.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return l.Addr().String(), count
}

// hostile returns documents that try to load something or to connect. U stands for an address
// at which the test listens, F for the address of a file on this machine.
func hostile() map[string]string {
	return map[string]string{
		"img":                        `<img src="U/a.png"><img srcset="U/b.png 1x, U/c.png 2x"><picture><source srcset="U/d.png"><img src="U/e.png"></picture>`,
		"import":                     `<style>@import "U/a.css"; @import url(U/b.css);</style>`,
		"url":                        `<style>body{background:url(U/a.png)} p::before{content:url(U/b.png)} ul{list-style-image:url(U/c.png)} p{border-image:url(U/d.png);mask:url(U/e.svg#m);cursor:url(U/f.cur),auto;filter:url(U/g.svg#f)}</style><ul><li>x</ul>`,
		"font":                       `<style>@font-face{font-family:F;src:url(U/a.woff2)}body{font-family:F}</style>`,
		"stylesheet":                 `<link rel=stylesheet href="U/a.css">`,
		"hints":                      `<link rel=prefetch href="U/a"><link rel=preload as=image href="U/b"><link rel=preload as=style href="U/c"><link rel=modulepreload href="U/d"><link rel=icon href="U/e"><link rel=manifest href="U/f">`,
		"preconnect":                 `<link rel=preconnect href="U"><link rel=dns-prefetch href="U"><link rel=preconnect href="U" crossorigin>`,
		"prerender":                  `<link rel=prerender href="U/a"><script type=speculationrules>{"prefetch":[{"source":"list","urls":["U/b"]}],"prerender":[{"source":"list","urls":["U/c"]}]}</script>`,
		"iframe":                     `<iframe src="U/a"></iframe><iframe srcdoc="<img src='U/b'>"></iframe><iframe src="data:text/html,<img src='U/c'>"></iframe><fencedframe src="U/d"></fencedframe>`,
		"object":                     `<object data="U/a"></object><embed src="U/b"><object type="text/html" data="U/c"></object><applet code="U/d"></applet>`,
		"media":                      `<video src="U/a" poster="U/b" autoplay preload=auto></video><audio src="U/c" autoplay preload=auto></audio><video><source src="U/d"><track default src="U/e"></video>`,
		"refresh":                    `<meta http-equiv=refresh content="0;url=U/a">`,
		"refresh data":               `<meta http-equiv=refresh content="0;url=data:text/html,<img src='U/a'>">`,
		"form":                       `<form action="U/a" method=post><input name=x value=y><input type=image src="U/b"><button autofocus>go</button></form>`,
		"base":                       `<base href="U/"><img src="a.png"><link rel=stylesheet href="b.css">`,
		"svg":                        `<svg width=99 height=99><image href="U/a.png"/><image xlink:href="U/b.png"/><use href="U/c.svg#x"/><feImage href="U/d.png"/><style>@import "U/e.css"</style></svg>`,
		"svg in img":                 `<img src="data:image/svg+xml;base64,` + base64.StdEncoding.EncodeToString([]byte(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"><image xlink:href="U/a.png" width="9" height="9"/></svg>`)) + `">`,
		"csp report":                 `<meta http-equiv=Content-Security-Policy content="default-src 'none'; report-uri U/a">`,
		"script":                     `<script src="U/a.js"></script><script>fetch('U/b');new WebSocket('ws'+'U'.slice(4)+'/c');new XMLHttpRequest().open('GET','U/d');navigator.sendBeacon('U/e');new Image().src='U/f';document.title='RAN'</script><img src=x onerror="document.body.innerText='RAN'"><body onload="document.body.innerText='RAN'">`,
		"script module":              `<script type=module>import 'U/a.js'; document.body.innerText='RAN'</script><a href="javascript:document.body.innerText='RAN'" id=a>x</a><svg onload="document.body.innerText='RAN'"></svg><details open ontoggle="document.body.innerText='RAN'">x</details>`,
		"ping":                       `<a href="U/a" ping="U/b">x</a>`,
		"file img":                   `<img src="F"><object data="F"></object><embed src="F"><iframe src="F" width=800 height=600></iframe><link rel=stylesheet href="F">`,
		"file refresh":               `<meta http-equiv=refresh content="0;url=F">`,
		"other schemes":              `<iframe src="chrome://version" width=800 height=600></iframe><img src="chrome://theme/IDR_PRODUCT_LOGO"><iframe src="view-source:F"></iframe><iframe src="filesystem:F"></iframe><img src="ftp://127.0.0.1/a">`,
		"html header":                `<p>x`,
		"xslt":                       `<?xml-stylesheet type="text/xsl" href="U/a.xsl"?><?xml-stylesheet type="text/css" href="U/b.css"?>`,
		"image set":                  `<style>p{background:image-set("U/a.png" 1x,"U/b.png" 2x);shape-outside:url(U/c.png)}@namespace url(U/d);</style>`,
		"early refresh":              `<meta http-equiv=refresh content="0;url=U/a"><p>` + strings.Repeat("long text ", 20000),
		"link to stylesheet in body": `<p>before<link rel=stylesheet href="U/a.css"><p>after`,
	}
}

func TestNoNetwork(t *testing.T) {
	t.Parallel()
	secret := filepath.Join(tempDir(t), "secret.html")
	if err := os.WriteFile(secret, []byte("<p>FILECONTENT"), 0o644); err != nil {
		t.Fatal(err)
	}
	addr, connections := counter(t)
	e := setup(t, func(o *Options) { o.Slots = 2 })
	full(t, e)
	for name, body := range hostile() {
		t.Run(name, func(t *testing.T) {
			for _, host := range []string{addr, "localhost:" + strings.Split(addr, ":")[1]} {
				body := strings.NewReplacer("U", "http://"+host, "F", "file://"+secret).Replace(body)
				d := Document{HTML: []byte("<!doctype html><title>own</title><p>visible</p>" + body)}
				if name == "html header" {
					d.Header = fmt.Sprintf(`<img src="http://%s/h.png"><iframe src="http://%s/i"></iframe><script>document.body.innerText='RAN'</script><span style="font-size:9px">head</span>`, host, host)
				}
				got := text(t, mustPrint(t, e, d))
				if !strings.Contains(got, "visible") {
					t.Errorf("the document itself is not in the PDF: %q", got)
				}
				if strings.Contains(got, "FILECONTENT") || strings.Contains(got, "RAN") {
					t.Errorf("the PDF holds what the document reached for: %q", got)
				}
				// The tab must be as good for the next document.
				if got := text(t, mustPrint(t, e, html("<p>next"))); strings.TrimSpace(got) != "next" {
					t.Errorf("the next document is %q", got)
				}
			}
		})
	}
	if n := connections.Load(); n > 0 {
		t.Errorf("%d connections came in", n)
	}
	if s := e.Stats(); s.Crashes > 0 || s.Timeouts > 0 {
		t.Errorf("browsers were lost: %+v", s)
	}
}
