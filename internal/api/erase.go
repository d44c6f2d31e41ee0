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
	UserID string `query:"user_id" maxLength:"200" doc:"Whose exports; somebody else's for staff only. The user may be gone already"`
	All    bool   `query:"all" doc:"true: all of the caller's own, instead of user_id"`
}

// user is whose exports are to be erased.
func (in *eraseInput) user(caller export.Caller) (string, error) {
	switch {
	case in.All && in.UserID != "":
		return "", invalid("query.all", true, "give user_id or all=true, not both")
	case in.All:
		return caller.UserID, nil
	case in.UserID == "":
		return "", huma.Error422UnprocessableEntity("say whose exports to erase: ?all=true for all of your own, or ?user_id= and whose",
			&huma.ErrorDetail{Location: "query", Message: "has neither all=true nor user_id"})
	case !caller.MaySee(in.UserID):
		return "", huma.Error403Forbidden("only staff may erase somebody else's exports")
	}
	return in.UserID, nil
}

type eraseOutput struct {
	Body struct {
		Erased int64 `json:"erased" doc:"Exports that are gone from now on"`
		Left   int64 `json:"left" doc:"Of these, how many the sweeper has still to remove from the disk"`
	}
}

// eraseAll erases every export of a user, also one that does not exist any more.
func (s *server) eraseAll(ctx context.Context, in *eraseInput) (*eraseOutput, error) {
	userID, err := in.user(callerOf(ctx))
	if err != nil {
		return nil, err
	}
	// Once begun it goes on, whether somebody waits for the answer or not.
	defer s.transfers.withdraw(func(under export.Request) bool { return under.UserID == userID })
	res, err := erase.Eraser{Store: s.Store, Files: s.Files, Logger: s.requestLog(ctx)}.User(context.WithoutCancel(ctx), userID, eraseWithin)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	s.Observer.ExportsErased(ctx, res.Requests)
	out := &eraseOutput{}
	out.Body.Erased, out.Body.Left = res.Requests, res.Left
	return out, nil
}

// registerErase ties the operation to its route.
func (s *server) registerErase(h huma.API, caller []map[string][]string) {
	huma.Register(h, huma.Operation{
		OperationID: "erase-exports", Method: http.MethodDelete, Path: "/v1/exports", Summary: "Erase all exports of a user",
		Description: "Cancels what is on its way and removes every file and record. There is no way back. " +
			"Either all=true or user_id has to be given.",
		Security: caller, Errors: errorsOf(),
	}, s.eraseAll)
}
