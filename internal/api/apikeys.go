package api

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/letrazapp/letraz-export/internal/apikey"
)

// KeyStore is the part of the store that reads API keys.
type KeyStore interface {
	// APIKey returns a key, or apikey.ErrNotFound. Its waiting exports are counted up to
	// countUpTo.
	APIKey(ctx context.Context, id string, countUpTo int) (apikey.Presented, error)
	// APIKeyUsed records that a key was used now.
	APIKeyUsed(ctx context.Context, id string) error
}

const (
	// keyFresh is how long a key is taken as it was read. A revoked key is refused by every
	// process after this time at the latest, and a key's waiting exports are counted anew.
	keyFresh = 2 * time.Second
	// useEvery is how often the last use of a key is recorded.
	useEvery = time.Minute
)

// keyring has the keys that were presented lately. It has only keys that exist, so callers
// cannot make it grow.
type keyring struct {
	store     KeyStore
	countUpTo int

	mu    sync.Mutex
	known map[string]*knownKey
	used  map[string]time.Time // when the last use was recorded
	reads singleflight.Group   // of keys, by id
}

func newKeyring(store KeyStore, countUpTo int) *keyring {
	return &keyring{store: store, countUpTo: countUpTo, known: map[string]*knownKey{}, used: map[string]time.Time{}}
}

// knownKey is a key as it was read.
type knownKey struct {
	apikey.Presented
	read    time.Time
	waiting atomic.Int64 // exports that were waiting when it was read, and those created here since
}

// errUnknownKey means that a presented key is unknown, revoked or expired, or has another
// secret. Callers are not told which.
var errUnknownKey = errors.New("the API key is not valid")

// fresh reports whether the key with the id is answered without the database.
func (k *keyring) fresh(id string) bool { return k.recent(id) != nil }

func (k *keyring) recent(id string) *knownKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	if known := k.known[id]; known != nil && time.Since(known.read) < keyFresh {
		return known
	}
	return nil
}

// verify returns the key of a text whose id is given.
func (k *keyring) verify(ctx context.Context, id, text string) (*knownKey, error) {
	sum := apikey.Hash(text)
	known := k.recent(id)
	if known == nil {
		read, err, _ := k.reads.Do(id, func() (any, error) { return k.readKey(context.WithoutCancel(ctx), id) })
		if errors.Is(err, apikey.ErrNotFound) {
			err = fmt.Errorf("%w: %w", errUnknownKey, err)
		}
		if err != nil {
			return nil, err
		}
		known, _ = read.(*knownKey) // it always is
	}
	// In constant time, so that the time of the answer says nothing about the hash.
	if subtle.ConstantTimeCompare(sum[:], known.Hash[:]) != 1 {
		return nil, fmt.Errorf("%w: its secret is another", errUnknownKey)
	}
	if known.Key.Ended {
		return nil, fmt.Errorf("%w: it is revoked or expired", errUnknownKey)
	}
	return known, nil
}

func (k *keyring) readKey(ctx context.Context, id string) (*knownKey, error) {
	now := time.Now() // before the statement: the key is at least as fresh
	p, err := k.store.APIKey(ctx, id, k.countUpTo)
	k.mu.Lock()
	defer k.mu.Unlock()
	if err != nil {
		delete(k.known, id) // a key that cannot be read is not valid
		return nil, err
	}
	known := &knownKey{Presented: p, read: now}
	known.waiting.Store(int64(p.Waiting))
	k.known[id] = known
	return known, nil
}

// useIsDue reports whether the use of a key is to be recorded now. It says so once.
func (k *keyring) useIsDue(id string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if time.Since(k.used[id]) < useEvery {
		return false
	}
	k.used[id] = time.Now()
	return true
}

// noteUse records the last use of a key, off the path of the request.
func (s *server) noteUse(ctx context.Context, id string) {
	if !s.keys.useIsDue(id) {
		return
	}
	ctx = context.WithoutCancel(ctx)
	s.Background(func() {
		if err := s.Store.APIKeyUsed(ctx, id); err != nil {
			s.Logger.WarnContext(ctx, "the last use of an API key was not recorded", "key_id", id, "error", err)
		}
	})
}
