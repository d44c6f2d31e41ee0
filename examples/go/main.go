// This program exports a resume file through a running letraz-export.
//
//	LETRAZ_URL=http://127.0.0.1:8080 LETRAZ_TOKEN=… go run . my-resume.json resume.pdf
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/letrazapp/letraz-export/client"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: go run . RESUME.json OUTPUT.pdf")
		os.Exit(2)
	}
	if err := export(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func export(resume, output string) error {
	document, err := os.ReadFile(resume)
	if err != nil {
		return err
	}
	c, err := client.New(client.Config{URL: os.Getenv("LETRAZ_URL"), Token: os.Getenv("LETRAZ_TOKEN")})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()

	done, err := c.Export(ctx, client.Request{Resume: document, Template: "modern"})
	var failed *client.ExportError
	if errors.As(err, &failed) {
		return fmt.Errorf("the resume cannot be exported: %s", failed.Export.Failure.Message)
	}
	if err != nil {
		return err
	}
	if err := os.WriteFile(output, done.Data, 0o600); err != nil {
		return err
	}
	for _, n := range done.Notes {
		fmt.Printf("note: %s: %s\n", n.Path, n.Message)
	}
	fmt.Printf("%s: %d pages, %d bytes, sha256 %s\n", output, done.Pages, done.Size, done.SHA256)
	return nil
}
