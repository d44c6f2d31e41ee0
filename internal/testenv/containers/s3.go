package containers

import (
	"context"
	"io"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2/client"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

const (
	bucketName = "resumes"
	accessKey  = "letraz-access"
	secretKey  = "letraz-secret-of-tests"
)

// Bucket is the file store, read directly and not through the proxy.
type Bucket struct{ client *s3.Client }

// openBucket creates the bucket.
func openBucket(t testing.TB, port int) *Bucket {
	t.Helper()
	client := s3.New(s3.Options{Region: "us-east-1", BaseEndpoint: aws.String("http://" + local(port)), UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(accessKey, secretKey, "")})
	err := checker.Retry(t.Context(), func() error {
		_, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(bucketName)})
		return err
	})
	if err != nil {
		t.Fatalf("creating the bucket: %v", err)
	}
	return &Bucket{client}
}

// Keys returns the keys of all objects.
func (b *Bucket) Keys(ctx context.Context) ([]string, error) {
	var keys []string
	pages := s3.NewListObjectsV2Paginator(b.client, &s3.ListObjectsV2Input{Bucket: aws.String(bucketName)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, wrap("listing the bucket", err)
		}
		for _, o := range page.Contents {
			keys = append(keys, aws.ToString(o.Key))
		}
	}
	return keys, nil
}

// Read returns an object.
func (b *Bucket) Read(ctx context.Context, key string) ([]byte, error) {
	o, err := b.client.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(bucketName), Key: aws.String(key)})
	if err != nil {
		return nil, wrap("reading "+key, err)
	}
	defer func() { _ = o.Body.Close() }() // nothing was written
	data, err := io.ReadAll(o.Body)
	return data, wrap("reading "+key, err)
}

// Faucet is the proxy between the service and the file store.
type Faucet struct{ proxy *toxiproxy.Proxy }

func openFaucet(t testing.TB, address string) *Faucet {
	t.Helper()
	proxy, err := toxiproxy.NewClient(address).CreateProxy("s3", "0.0.0.0:7070", "s3:7070")
	if err != nil {
		t.Fatalf("creating the proxy of the file store: %v", err)
	}
	return &Faucet{proxy}
}

// Slow delays every answer.
func (f *Faucet) Slow(delay time.Duration) error {
	_, err := f.proxy.AddToxic("slow", "latency", "downstream", 1, toxiproxy.Attributes{"latency": delay.Milliseconds()})
	return wrap("slowing the file store", err)
}

// Reset breaks off two of three connections at their first byte.
func (f *Faucet) Reset() error {
	_, err := f.proxy.AddToxic("reset", "reset_peer", "downstream", 0.66, toxiproxy.Attributes{"timeout": 0})
	return wrap("breaking connections to the file store", err)
}

// Hang accepts connections and answers nothing.
func (f *Faucet) Hang() error {
	_, err := f.proxy.AddToxic("hang", "timeout", "downstream", 1, toxiproxy.Attributes{"timeout": 0})
	return wrap("blocking the file store", err)
}

// Refuse refuses connections.
func (f *Faucet) Refuse() error { return wrap("closing the file store", f.proxy.Disable()) }

// Heal ends all faults.
func (f *Faucet) Heal() error {
	if err := f.proxy.Enable(); err != nil {
		return wrap("opening the file store", err)
	}
	toxics, err := f.proxy.Toxics()
	if err != nil {
		return wrap("opening the file store", err)
	}
	for _, toxic := range toxics {
		if err := f.proxy.RemoveToxic(toxic.Name); err != nil {
			return wrap("opening the file store", err)
		}
	}
	return nil
}
