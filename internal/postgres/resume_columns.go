package postgres

import (
	"encoding/json"
	"fmt"

	"github.com/letrazapp/letraz-export/internal/resume"
)

// The columns that several tables have, in both directions.

func toDuration(startYear, startMonth, endYear, endMonth *int16, current bool) resume.Duration {
	return resume.Duration{
		Start:   resume.Date{Year: int(deref(startYear)), Month: int(deref(startMonth))},
		End:     resume.Date{Year: int(deref(endYear)), Month: int(deref(endMonth))},
		Current: current,
	}
}

// durationColumns is a duration as the tables store it, without days.
type durationColumns struct {
	startYear, startMonth, endYear, endMonth *int16
	current                                  bool
}

func fromDuration(d resume.Duration) durationColumns {
	return durationColumns{
		startYear: nullIfZero(int16(d.Start.Year)), startMonth: nullIfZero(int16(d.Start.Month)),
		endYear: nullIfZero(int16(d.End.Year)), endMonth: nullIfZero(int16(d.End.Month)),
		current: d.Current,
	}
}

// otherContent is resume_section.content of a section without a table.
type otherContent struct {
	Kind  string           `json:"kind"`
	Items []resume.Details `json:"items"`
}

func toOther(content json.RawMessage) (resume.Other, error) {
	if len(content) == 0 {
		return resume.Other{}, nil
	}
	var c otherContent
	if err := json.Unmarshal(content, &c); err != nil {
		return resume.Other{}, err
	}
	other := resume.Other{Kind: c.Kind, Items: make([]resume.Item, len(c.Items))}
	for i, raw := range c.Items {
		other.Items[i] = resume.NewItem(c.Kind, raw)
	}
	return other, nil
}

// fromOther writes the content column: NULL for a section with a table.
func fromOther(sec resume.Section) (json.RawMessage, error) {
	if sec.Type != resume.SectionOther {
		return nil, nil
	}
	c := otherContent{Kind: sec.Other.Kind, Items: make([]resume.Details, len(sec.Other.Items))}
	for i, item := range sec.Other.Items {
		c.Items[i] = item.Raw
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("writing the items of a %s section: %w", sec.Other.Kind, err)
	}
	return raw, nil
}

// toDetails reads a details column. An empty one is nil.
func toDetails(raw json.RawMessage) (resume.Details, error) {
	if len(raw) == 0 || string(raw) == "{}" {
		return nil, nil
	}
	var d resume.Details
	if err := json.Unmarshal(raw, &d); err != nil {
		return nil, err
	}
	if len(d) == 0 {
		return nil, nil
	}
	return d, nil
}

// fromDetails writes a details column.
func fromDetails(d resume.Details) (json.RawMessage, error) {
	if len(d) == 0 {
		return json.RawMessage("{}"), nil
	}
	raw, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("writing details: %w", err)
	}
	return raw, nil
}
