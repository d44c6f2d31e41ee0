package client_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/letrazapp/letraz-export/client"
	"github.com/letrazapp/letraz-export/client/openapi"
)

func ExampleClient_Export() {
	c, err := client.New(client.Config{URL: "https://exports.example.com", Token: os.Getenv("LETRAZ_TOKEN")})
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	done, err := c.Export(ctx, client.Request{Resume: []byte(`{"basics": {"name": "Ana Ribeiro"}}`), Paper: "letter"})
	var failed *client.ExportError
	switch {
	case errors.As(err, &failed):
		fmt.Println("the resume cannot be exported:", failed.Code())
	case err != nil:
		log.Fatal(err)
	default:
		fmt.Println(done.Filename, len(done.Data))
	}
}

// A backend with an API key acts for its users.
func ExampleClient_For() {
	c, err := client.New(client.Config{URL: "https://exports.example.com", Token: os.Getenv("LETRAZ_API_KEY")})
	if err != nil {
		log.Fatal(err)
	}
	list, err := client.Decode[openapi.ListOutputBody](c.For("user_ana").API.ListExports(context.Background(), nil))
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range list.Exports {
		fmt.Println(e.ID, e.Status)
	}
}
