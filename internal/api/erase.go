package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/letrazapp/letraz-export/internal/erase"
	"github.com/letrazapp/letraz-export/internal/export"
)

// eraseWithin bounds how long a caller waits until files are deleted.
const eraseWithin = 10 * time.Second

type eraseInput struct {
	UserID string `query:"user_id" maxLength:"200" doc:"The user whose exports to erase, who may have been deleted. Another user than the caller is for staff only"`
	All    bool   `query:"all" doc:"true erases all exports of the caller; instead of user_id"`
}

// user returns the user whose exports to erase.
func (in *eraseInput) user(caller export.Caller) (string, error) {
	switch {
	case in.All && in.UserID != "":
		return "", invalid("query.all", true, "give user_id or all=true, not both")
	case in.All:
		return caller.UserID, nil
	case in.UserID == "":
		return "", huma.Error422UnprocessableEntity("say whose exports to erase: ?all=true for all of your own, or ?user_id= with the id of a user",
			&huma.ErrorDetail{Location: "query", Message: "has neither all=true nor user_id"})
	case !caller.MaySee(in.UserID):
		return "", huma.Error403Forbidden("only staff may erase somebody else's exports")
	}
	return in.UserID, nil
}

type eraseOutput struct {
	Body struct {
		Erased int64 `json:"erased" doc:"Number of exports that were erased"`
		Left   int64 `json:"left" doc:"Of these, how many still have a file or row, which nobody sees and the sweeper deletes"`
	}
}

func (s *server) registerErase(h huma.API) {
	huma.Register(h, operation(huma.Operation{
		OperationID: "erase-exports", Method: http.MethodDelete, Path: "/v1/exports", Summary: "Erase all exports of a user",
		Description: "Cancels unfinished exports and deletes every file and row. It cannot be undone. " +
			"Either all=true or user_id is required.",
	}), s.eraseAll)
}

// eraseAll erases every export of a user, who may have been deleted.
func (s *server) eraseAll(ctx context.Context, in *eraseInput) (*eraseOutput, error) {
	userID, err := in.user(callerOf(ctx))
	if err != nil {
		return nil, err
	}
	// Erasing continues if the caller disconnects.
	defer s.transfers.withdraw(func(under export.Request) bool { return under.UserID == userID })
	res, err := erase.Eraser{Store: s.Store, Files: s.Files, Logger: s.requestLog(ctx).With("caller_id", callerOf(ctx).UserID)}.User(context.WithoutCancel(ctx), userID, eraseWithin)
	if err != nil {
		return nil, s.problem(ctx, err)
	}
	s.Observer.ExportsErased(ctx, res.Requests)
	if res.Requests > 0 {
		s.changedAll(userID) // who waits for one of them finds it gone
	}
	out := &eraseOutput{}
	out.Body.Erased, out.Body.Left = res.Requests, res.Left
	return out, nil
}
