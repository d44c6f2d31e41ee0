package blob

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// abortWithin bounds the request that removes the parts of an upload that failed.
const abortWithin = 5 * time.Second

// removeParts makes a failed upload to S3 remove the parts that the server has. By default
// that is requested with the context of the upload, which has no effect after a
// cancellation: the parts stay, invisible and paid for.
func (b bucket) removeParts(as func(any) bool) error {
	var uploads *transfermanager.Client
	var client *s3.Client
	if !as(&uploads) || !b.b.As(&client) {
		return nil // another kind of bucket
	}
	*uploads = *transfermanager.New(client, func(o *transfermanager.Options) {
		o.RequestChecksumCalculation = client.Options().RequestChecksumCalculation
		o.FailTimeout = abortWithin
	})
	return nil
}
