package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/letrazapp/letraz-export/internal/erase"
	"github.com/letrazapp/letraz-export/internal/export"
)

// eraseWithin is how long a caller waits for files to be deleted.
const eraseWithin = 10 * time.Second

type eraseInput struct {
	UserID string `query:"user_id" maxLength:"200" doc:"Whose exports, for staff; default: the caller's own"`
}

type eraseOutput struct {
	Body struct {
		Erased int64 `json:"erased" doc:"Exports that are gone from now on"`
		Left   int64 `json:"left" doc:"Of these, how many the sweeper has still to remove from the disk"`
	}
}

// eraseAll erases every export of a user, also one that does not exist any more.
func (s *server) eraseAll(ctx context.Context, in *eraseInput) (*eraseOutput, error) {
	caller := callerOf(ctx)
	userID := in.UserID
	if userID == "" {
		userID = caller.UserID
	}
	if !caller.MaySee(userID) {
		return nil, huma.Error403Forbidden("only staff may erase somebody else's exports")
	}
	if !storable(userID) {
		return nil, invalid("query.user_id", userID, "contains a NUL character or is not UTF-8")
	}
	// Once begun it goes on, whether somebody waits for the answer or not.
	defer s.transfers.withdraw(func(under export.Request) bool { return under.UserID == userID })
	res, err := erase.Eraser{Store: s.Store, Files: s.Files, Logger: s.Logger}.User(context.WithoutCancel(ctx), userID, eraseWithin)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	out := &eraseOutput{}
	out.Body.Erased, out.Body.Left = res.Requests, res.Left
	return out, nil
}

// registerErase ties the operation to its route.
func (s *server) registerErase(h huma.API, caller []map[string][]string) {
	huma.Register(h, huma.Operation{
		OperationID: "erase-exports", Method: http.MethodDelete, Path: "/v1/exports", Summary: "Erase all exports of a user",
		Description: "Cancels what is on its way and removes every file and record. There is no way back.",
		Security:    caller, Errors: []int{401, 403, 422, 503},
	}, s.eraseAll)
}
