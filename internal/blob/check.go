package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strings"
	"syscall"

	"gocloud.dev/gcerrors"
)

// Check reports in one sentence why the store cannot be used, for a program that starts: it
// says what is wrong and what to change.
func (s *Store) Check(ctx context.Context) error {
	if err := s.backend.ping(ctx); err != nil {
		return fmt.Errorf("the file store %s: %s", s.name, sentence(err))
	}
	return nil
}

// answers are sentences for the error codes of object stores.
var answers = map[string]string{
	"NoSuchBucket":                 "there is no such bucket: check BLOB_URL, or create it",
	"InvalidBucketName":            "this is no valid name of a bucket: check BLOB_URL",
	"InvalidAccessKeyId":           "it does not know the access key: check the credentials",
	"XAdminUserNotFound":           "it does not know the access key: check the credentials", // versitygw
	"SignatureDoesNotMatch":        "the secret key does not fit the access key: check the credentials",
	"InvalidToken":                 "the session token is not valid: check the credentials",
	"ExpiredToken":                 "the session token has expired: renew the credentials",
	"AccessDenied":                 "the credentials have no right to list the bucket",
	"Forbidden":                    "the credentials have no right to list the bucket",
	"RequestTimeTooSkewed":         "the clock of this machine differs too much from the store's: set the clock",
	"RequestExpired":               "the clock of this machine differs too much from the store's: set the clock",
	"AuthorizationHeaderMalformed": "the bucket is in another region: correct region=… in BLOB_URL",
	"PermanentRedirect":            "the bucket is in another region: correct region=… in BLOB_URL",
	"MovedPermanently":             "the bucket is in another region: correct region=… in BLOB_URL",
	"IncorrectRegion":              "the bucket is in another region: correct region=… in BLOB_URL",
}

const noRegion = "the region is missing: add region=… to BLOB_URL, or set AWS_REGION (most stores other than AWS accept region=us-east-1)"

// sentence says what is wrong with a store and what to change.
func sentence(err error) string {
	var coded interface{ ErrorCode() string } // the errors of AWS
	if errors.As(err, &coded) {
		if answer, ok := answers[coded.ErrorCode()]; ok {
			return answer + " (" + coded.ErrorCode() + ")"
		}
	}
	text := err.Error()
	var resolving *net.DNSError
	switch {
	case errors.Is(err, errNoBucket):
		return answers["NoSuchBucket"]
	case strings.Contains(text, "Invalid region"):
		return "this is no region: correct region=… in BLOB_URL"
	case strings.Contains(text, "get credentials"), strings.Contains(text, "no EC2 IMDS role"):
		return "no credentials were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or see docs/storage.md"
	case strings.Contains(text, "x509:"), strings.Contains(text, "tls:"), strings.Contains(text, "HTTP response to HTTPS client"):
		return "its certificate is not accepted: set AWS_CA_BUNDLE to the file of its authority, and check http or https (" + last(text) + ")"
	case errors.As(err, &resolving):
		return fmt.Sprintf("there is no host %s: check the endpoint and the region in BLOB_URL (with an own endpoint, use_path_style=true)", resolving.Name)
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens at its address: check the endpoint in BLOB_URL"
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer in time: check the endpoint in BLOB_URL, and that this machine may reach it"
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such directory; it is not created, because it may be missing only because nothing is mounted there"
	case errors.Is(err, fs.ErrPermission):
		return "this account has no right to use it"
	case gcerrors.Code(err) == gcerrors.PermissionDenied:
		return answers["AccessDenied"]
	default:
		return text
	}
}

// last returns the innermost part of an error's text.
func last(text string) string { return text[strings.LastIndex(text, ": ")+1:] }

// Name returns the store's location without credentials and parameters.
func (s *Store) Name() string { return s.name }
