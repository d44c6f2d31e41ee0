package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/letrazapp/letraz-export/internal/apikey"
	"github.com/letrazapp/letraz-export/internal/postgres/internal/dbsqlc"
)

// CreateAPIKey stores a key, or returns apikey.ErrNameTaken.
func (s *Store) CreateAPIKey(ctx context.Context, n apikey.New) (apikey.Key, error) {
	var row dbsqlc.APIKey
	err := s.audited(ctx, n.ID, func(q *dbsqlc.Queries) (err error) {
		row, err = q.APIKeyInsert(ctx, insertOf(n))
		return err
	})
	if err = ifNameTaken(err); err != nil {
		return apikey.Key{}, fmt.Errorf("creating the API key %q: %w", n.Name, err)
	}
	return toKey(row, false), nil
}

func insertOf(n apikey.New) dbsqlc.APIKeyInsertParams {
	scopes := make([]string, len(n.Scopes))
	for i, scope := range n.Scopes {
		scopes[i] = string(scope)
	}
	return dbsqlc.APIKeyInsertParams{ID: n.ID, Hash: n.Hash[:], Name: n.Name, Scopes: scopes,
		AllUsers: n.AllUsers, Users: append([]string{}, n.Users...), ExpiresIn: nullIfZero(n.ExpiresIn)}
}

// APIKey returns a key that a caller presents, or apikey.ErrNotFound. Its waiting exports are
// counted up to countUpTo.
func (s *Store) APIKey(ctx context.Context, id string, countUpTo int) (apikey.Presented, error) {
	row, err := s.q.APIKeyPresented(ctx, dbsqlc.APIKeyPresentedParams{ID: id, CountUpTo: int32(countUpTo)})
	if err = ifNoRows(err, apikey.ErrNotFound); err != nil {
		return apikey.Presented{}, fmt.Errorf("reading an API key: %w", err)
	}
	p := apikey.Presented{Key: toKey(row.APIKey, row.Ended), Waiting: int(row.Waiting)}
	copy(p.Hash[:], row.APIKey.Hash)
	return p, nil
}

// APIKeys lists the keys, oldest first; revoked ones only if asked for.
func (s *Store) APIKeys(ctx context.Context, revoked bool) ([]apikey.Key, error) {
	rows, err := s.q.APIKeyList(ctx, revoked)
	if err != nil {
		return nil, fmt.Errorf("listing the API keys: %w", err)
	}
	keys := make([]apikey.Key, len(rows))
	for i, row := range rows {
		keys[i] = toKey(row.APIKey, row.Ended)
	}
	return keys, nil
}

// FindAPIKey returns the key with the id, or the unrevoked one with the name, or
// apikey.ErrNotFound.
func (s *Store) FindAPIKey(ctx context.Context, idOrName string) (apikey.Key, error) {
	if !validText(idOrName) {
		return apikey.Key{}, fmt.Errorf("looking for the API key %q: %w", idOrName, apikey.ErrNotFound)
	}
	row, err := s.q.APIKeyFind(ctx, idOrName)
	if err = ifNoRows(err, apikey.ErrNotFound); err != nil {
		return apikey.Key{}, fmt.Errorf("looking for the API key %q: %w", idOrName, err)
	}
	return toKey(row.APIKey, row.Ended), nil
}

// RevokeAPIKey ends a key, or returns apikey.ErrNotFound if there is none or it is revoked.
func (s *Store) RevokeAPIKey(ctx context.Context, id string) (apikey.Key, error) {
	var row dbsqlc.APIKey
	err := s.audited(ctx, id, func(q *dbsqlc.Queries) (err error) {
		row, err = q.APIKeyRevoke(ctx, id)
		return err
	})
	if err = ifNoRows(err, apikey.ErrNotFound); err != nil {
		return apikey.Key{}, fmt.Errorf("revoking the API key %s: %w", id, err)
	}
	return toKey(row, true), nil
}

// RotateAPIKey stores the successor of a key. The old key is renamed to oldName and is valid
// for endsIn more, but no longer than before.
func (s *Store) RotateAPIKey(ctx context.Context, id, oldName string, endsIn time.Duration, successor apikey.New) (apikey.Key, error) {
	var row dbsqlc.APIKey
	err := s.audited(ctx, id, func(q *dbsqlc.Queries) error {
		if _, err := q.APIKeyReplace(ctx, dbsqlc.APIKeyReplaceParams{ID: id, Name: oldName, EndsIn: endsIn}); err != nil {
			return ifNoRows(err, apikey.ErrNotFound)
		}
		var err error
		row, err = q.APIKeyInsert(ctx, insertOf(successor))
		return err
	})
	if err = ifNameTaken(err); err != nil {
		return apikey.Key{}, fmt.Errorf("rotating the API key %s: %w", id, err)
	}
	return toKey(row, false), nil
}

// APIKeyUsed records that a key was used now, to the minute.
func (s *Store) APIKeyUsed(ctx context.Context, id string) error {
	if err := s.q.APIKeyUsed(ctx, id); err != nil {
		return fmt.Errorf("recording the last use of the API key %s: %w", id, err)
	}
	return nil
}

// ifNameTaken returns ErrNameTaken for a violation of the uniqueness of names.
func ifNameTaken(err error) error {
	const uniqueViolation = "23505"
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) && pgErr.Code == uniqueViolation && pgErr.ConstraintName == "api_key_name" {
		return apikey.ErrNameTaken
	}
	return err
}

func toKey(row dbsqlc.APIKey, ended bool) apikey.Key {
	k := apikey.Key{ID: row.ID, Name: row.Name, AllUsers: row.AllUsers, Users: row.Users, CreatedAt: row.CreatedAt,
		ExpiresAt: deref(row.ExpiresAt), RevokedAt: deref(row.RevokedAt), LastUsedAt: deref(row.LastUsedAt), Ended: ended}
	for _, scope := range row.Scopes {
		k.Scopes = append(k.Scopes, apikey.Scope(scope))
	}
	return k
}
