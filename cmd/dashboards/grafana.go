package main

import (
	"regexp"
	"strings"
)

// dashboard is a Grafana dashboard: rows of panels.
type dashboard struct {
	uid, title string
	rows       []row
}

type row struct {
	title  string
	panels []panel
}

// panel is a graph, or a number if it is small.
type panel struct {
	title   string
	help    string
	unit    string // Grafana's name, as s or bytes
	queries []query
	number  bool
	stacked bool
	// alarm is the value from which on a number is red; 0: none.
	alarm float64
}

// query is an expression of Prometheus and the name of its lines, in Grafana's form.
type query struct {
	expr, legend string
}

// Grafana's grid has 24 columns.
const (
	columns     = 24
	graphWidth  = 8
	numberWidth = 4
	graphHeight = 8
)

type object = map[string]any

// json returns the dashboard as Grafana's model of it (schema version 39).
func (d dashboard) json() object {
	var panels []object
	y, id := 0, 0
	for _, r := range d.rows {
		id++
		panels = append(panels, object{"id": id, "type": "row", "title": r.title, "collapsed": false, "panels": []object{}, "gridPos": grid(0, y, columns, 1)})
		y++
		x := 0
		for _, p := range r.panels {
			id++
			if x+p.width() > columns {
				x, y = 0, y+graphHeight
			}
			panels = append(panels, p.json(id, x, y))
			x += p.width()
		}
		y += graphHeight
	}
	return object{
		"uid": d.uid, "title": d.title, "tags": []string{"letraz-export"}, "schemaVersion": 39, "version": 1, "editable": true,
		"refresh": "30s", "time": object{"from": "now-6h", "to": "now"}, "timezone": "browser", "graphTooltip": 1,
		"templating": object{"list": []object{
			{"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus", "current": object{}, "hide": 0, "refresh": 1, "regex": "", "multi": false, "includeAll": false},
			targetVariable("namespace", "Namespace"),
			targetVariable("job", "Job"),
		}},
		"annotations": object{"list": []object{}}, "links": []object{}, "panels": panels,
	}
}

// targetVariable returns a variable by which metrics can be limited to some of the scraped
// targets: by default all, those without the label included.
func targetVariable(label, title string) object {
	query := "label_values(letraz_export_info, " + label + ")"
	return object{"name": label, "label": title, "type": "query", "datasource": object{"type": "prometheus", "uid": "${datasource}"},
		"query": object{"query": query, "refId": label}, "definition": query, "current": object{"text": "All", "value": "$__all"},
		"includeAll": true, "allValue": ".*", "multi": true, "hide": 0, "refresh": 2, "regex": "", "sort": 1}
}

var (
	metricName    = regexp.MustCompile(`(?:letraz_export|process)_\w+`)
	twoSelections = strings.NewReplacer("}{", ", ")
)

// limited returns the expression over the targets that the variables select.
func limited(expr string) string {
	return twoSelections.Replace(metricName.ReplaceAllString(expr, `$0{namespace=~"$$namespace", job=~"$$job"}`))
}

func (p panel) width() int {
	if p.number {
		return numberWidth
	}
	return graphWidth
}

func (p panel) json(id, x, y int) object {
	source := object{"type": "prometheus", "uid": "${datasource}"}
	var targets []object
	for i, q := range p.queries {
		targets = append(targets, object{"refId": string(rune('A' + i)), "datasource": source, "expr": limited(q.expr), "legendFormat": q.legend, "range": true, "editorMode": "code"})
	}
	steps := []object{{"color": "green", "value": nil}}
	if p.alarm > 0 {
		steps = append(steps, object{"color": "red", "value": p.alarm})
	}
	defaults := object{"unit": p.unit, "min": 0, "thresholds": object{"mode": "absolute", "steps": steps}}
	result := object{"id": id, "title": p.title, "description": p.help, "datasource": source, "targets": targets, "gridPos": grid(x, y, p.width(), graphHeight)}
	if p.number {
		result["type"] = "stat"
		result["options"] = object{"colorMode": "value", "graphMode": "area", "reduceOptions": object{"calcs": []string{"lastNotNull"}, "fields": "", "values": false}}
	} else {
		stacking := "none"
		if p.stacked {
			stacking = "normal"
		}
		defaults["custom"] = object{"drawStyle": "line", "lineWidth": 1, "fillOpacity": 10, "showPoints": "never", "stacking": object{"mode": stacking, "group": "A"}}
		result["type"] = "timeseries"
		result["options"] = object{"legend": object{"displayMode": "list", "placement": "bottom", "showLegend": true}, "tooltip": object{"mode": "multi", "sort": "desc"}}
	}
	result["fieldConfig"] = object{"defaults": defaults, "overrides": []object{}}
	return result
}

func grid(x, y, w, h int) object { return object{"x": x, "y": y, "w": w, "h": h} }
