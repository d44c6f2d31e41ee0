package containers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/letrazapp/letraz-export/internal/testenv/checker"
)

// requestStream is the stream of requests, named as in internal/queue.
const requestStream = "EXPORTS"

// raft is the state of a stream's group of servers.
type raft struct {
	Leader   string `json:"leader"`
	Replicas []struct {
		Name    string `json:"name"`
		Current bool   `json:"current"`
	} `json:"replicas"`
}

// stream asks a server that answers for the state of the stream of requests.
func (c *Cluster) stream(ctx context.Context) (raft, error) {
	failed := errors.New("no server leads the stream")
	for _, name := range natsServers {
		r, err := c.streamOf(ctx, name)
		if err == nil && r.Leader == name {
			return r, nil // only the leader knows who is current
		}
		failed = errors.Join(failed, err)
	}
	return raft{}, failed
}

func (c *Cluster) streamOf(ctx context.Context, server string) (raft, error) {
	state, err := c.jetStream(ctx, server)
	if err != nil {
		return raft{}, err
	}
	for _, account := range state.Accounts {
		for _, s := range account.Streams {
			if s.Name == requestStream {
				return s.Cluster, nil
			}
		}
	}
	return raft{}, fmt.Errorf("%s has no stream %s", server, requestStream)
}

// electedNATS returns an error unless the servers have chosen a leader among them.
func (c *Cluster) electedNATS(ctx context.Context) error {
	state, err := c.jetStream(ctx, natsServers[0])
	if err == nil && (state.Meta.Leader == "" || state.Meta.Size != len(natsServers)) {
		err = fmt.Errorf("%d servers, the leader is %q", state.Meta.Size, state.Meta.Leader)
	}
	return err
}

// jetStream is what a server says of JetStream.
type jetStream struct {
	Meta struct {
		Leader string `json:"leader"`
		Size   int    `json:"cluster_size"`
	} `json:"meta_cluster"`
	Accounts []struct {
		Streams []struct {
			Name    string `json:"name"`
			Cluster raft   `json:"cluster"`
		} `json:"stream_detail"`
	} `json:"account_details"`
}

func (c *Cluster) jetStream(ctx context.Context, server string) (state jetStream, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.monitors[server]+"/jsz?streams=true", nil)
	if err != nil {
		return state, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return state, err
	}
	defer func() { _ = res.Body.Close() }() // nothing was written
	err = json.NewDecoder(res.Body).Decode(&state)
	return state, err
}

// leader returns the server that leads the stream.
func (c *Cluster) leader(ctx context.Context) (name string, err error) {
	err = checker.Retry(ctx, func() error {
		r, err := c.stream(ctx)
		name = r.Leader
		return err
	})
	return name, err
}

// follower returns a server that does not lead the stream.
func (c *Cluster) follower(ctx context.Context) (string, error) {
	leader, err := c.leader(ctx)
	for _, name := range natsServers {
		if name != leader && err == nil {
			return name, nil
		}
	}
	return "", err
}

// natsWhole waits until all three servers have the whole stream.
func (c *Cluster) natsWhole(ctx context.Context) error {
	return checker.Retry(ctx, func() error {
		r, err := c.stream(ctx)
		if err != nil {
			return err
		}
		if len(r.Replicas) != len(natsServers)-1 {
			return fmt.Errorf("the stream has %d followers", len(r.Replicas))
		}
		for _, f := range r.Replicas {
			if !f.Current {
				return fmt.Errorf("%s is behind", f.Name)
			}
		}
		return nil
	})
}
