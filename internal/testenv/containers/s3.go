package containers

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
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

// Write stores an object.
func (b *Bucket) Write(ctx context.Context, key string, data []byte) error {
	_, err := b.client.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(bucketName), Key: aws.String(key), Body: bytes.NewReader(data),
		ContentType: aws.String("application/octet-stream")})
	return wrap("writing "+key, err)
}

// Delete deletes the bucket with everything in it and returns what was in it.
func (b *Bucket) Delete(ctx context.Context) (map[string][]byte, error) {
	keys, err := b.Keys(ctx)
	if err != nil {
		return nil, err
	}
	backup := make(map[string][]byte, len(keys))
	for _, key := range keys {
		if backup[key], err = b.Read(ctx, key); err != nil {
			return nil, err
		}
		if _, err := b.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(bucketName), Key: aws.String(key)}); err != nil {
			return nil, wrap("deleting "+key, err)
		}
	}
	_, err = b.client.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: aws.String(bucketName)})
	return backup, wrap("deleting the bucket", err)
}

// Restore creates the bucket again, with what was in it.
func (b *Bucket) Restore(ctx context.Context, backup map[string][]byte) error {
	if _, err := b.client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(bucketName)}); err != nil {
		return wrap("creating the bucket again", err)
	}
	for key, data := range backup {
		if err := b.Write(ctx, key, data); err != nil {
			return err
		}
	}
	return nil
}

// Faucet is what stands between the service and the file store: a proxy of HTTP (s3front), and
// behind it one of connections.
type Faucet struct {
	front string // where s3front is controlled
	proxy *toxiproxy.Proxy
}

func openFaucet(t testing.TB, front, address string) *Faucet {
	t.Helper()
	proxy, err := toxiproxy.NewClient(address).CreateProxy("s3", "0.0.0.0:7070", "s3:7070")
	if err != nil {
		t.Fatalf("creating the proxy of the file store: %v", err)
	}
	return &Faucet{front, proxy}
}

// Overload delays every request, and answers a part of them with 503.
func (f *Faucet) Overload(ctx context.Context, share float64, delay time.Duration) error {
	what := "overloading the file store"
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, fmt.Sprintf("http://%s/?share=%g&delay=%s", f.front, share, delay), nil)
	if err != nil {
		return wrap(what, err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return wrap(what, err)
	}
	_ = res.Body.Close() // nothing was written
	if res.StatusCode != http.StatusOK {
		err = fmt.Errorf("the proxy answers %s", res.Status)
	}
	return wrap(what, err)
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
func (f *Faucet) Heal(ctx context.Context) error {
	if err := f.Overload(ctx, 0, 0); err != nil {
		return err
	}
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
