package client_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/letrazapp/letraz-export/client"
	"github.com/letrazapp/letraz-export/client/openapi"
)

// TestService needs a running letraz-export and an API key: TestExamples of cmd/letraz-export
// starts one and runs this test.
func TestService(t *testing.T) {
	url, key := os.Getenv("LETRAZ_URL"), os.Getenv("LETRAZ_API_KEY")
	if url == "" || key == "" {
		t.Skip("LETRAZ_URL and LETRAZ_API_KEY are not set")
	}
	all, err := client.New(client.Config{URL: url, Token: key})
	if err != nil {
		t.Fatal(err)
	}
	c := all.For("user_of_client")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	document := []byte(`{"basics": {"name": "Ana Ribeiro", "summary": "Makes <clients> & tests."}}`)

	t.Run("stored resume", func(t *testing.T) {
		stored, err := client.Decode[openapi.Resume](c.API.PutResumeWithBody(ctx, "mine", nil, "application/json", bytes.NewReader(document)))
		if err != nil || stored.ID != "mine" {
			t.Fatalf("%+v, %v", stored, err)
		}
		var text bytes.Buffer
		done, err := c.ExportTo(ctx, &text, client.Request{ResumeID: "mine", Format: "txt"})
		if err != nil || !strings.Contains(text.String(), "Makes <clients> & tests.") || done.ResumeID != "mine" || done.Format != "txt" {
			t.Errorf("%q of %+v, %v", text.String(), done, err)
		}
	})
	t.Run("same key", func(t *testing.T) {
		ask := client.Request{Resume: document, Fit: &openapi.AskedFit{MaxPages: 1}, ATS: true}
		first, err := c.Export(ctx, ask, client.Key("order-7"))
		if err != nil {
			t.Fatal(err)
		}
		if first.Fit == nil || first.ATS == nil || !bytes.HasPrefix(first.Data, []byte("%PDF-")) {
			t.Errorf("the export is %+v", first.Export)
		}
		second, err := c.Export(ctx, ask, client.Key("order-7"))
		if err != nil || second.ID != first.ID || !bytes.Equal(second.Data, first.Data) {
			t.Errorf("the same key made %s and %s, %v", first.ID, second.ID, err)
		}
	})
	t.Run("invalid request", func(t *testing.T) {
		_, err := c.Export(ctx, client.Request{Resume: document, Width: 1})
		var p *client.Problem
		if !errors.As(err, &p) || p.StatusCode != http.StatusUnprocessableEntity || p.RequestID == "" || len(p.Errors) == 0 || p.Errors[0].Location != "body.width" {
			t.Errorf("the error is %v", err)
		}
	})
	t.Run("failed export", func(t *testing.T) {
		long := []byte(`{"basics": {"name": "Ana", "summary": "` + strings.Repeat("much text ", 40_000) + `"}}`)
		_, err := c.Export(ctx, client.Request{Resume: long})
		var e *client.ExportError
		if !errors.As(err, &e) || e.Code() != openapi.FailureCodeDocumentTooLarge || e.Export.Failure.Message == "" {
			t.Errorf("the error is %.300v", err)
		}
	})
	t.Run("deleted export", func(t *testing.T) {
		done, err := c.Export(ctx, client.Request{Resume: document})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Decode[struct{}](c.API.DeleteExport(ctx, done.ID, nil)); err != nil {
			t.Fatal(err)
		}
		var p *client.Problem
		if err := c.DownloadTo(ctx, io.Discard, done.Export); !errors.As(err, &p) || p.StatusCode != http.StatusGone {
			t.Errorf("its download: %v", err)
		}
	})
}
