package render

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestTightenings(t *testing.T) {
	t.Parallel()
	for _, floor := range []float64{.5, .8718, .88, .99, 1, 1.2} {
		steps := tightenings(floor)
		if steps[0] != (tightness{1, 1, 1}) {
			t.Errorf("floor %g: it begins with %+v", floor, steps[0])
		}
		for i, s := range steps[1:] {
			before := steps[i]
			changed := 0
			for _, knob := range [][2]float64{{before.space, s.space}, {before.leading, s.leading}, {before.size, s.size}} {
				if knob[1] > knob[0] {
					t.Errorf("floor %g: %+v after %+v", floor, s, before)
				}
				if knob[1] < knob[0] {
					changed++
				}
			}
			if changed != 1 || s.leading < 1 && s.space != minSpace || s.size < 1 && s.leading != minLeading || s.size < min(floor, 1) {
				t.Errorf("floor %g: %+v after %+v", floor, s, before)
			}
			if percent := 100 * s.size; math.Abs(percent-math.Round(percent)) > 1e-9 {
				t.Errorf("floor %g: a size of %g %%", floor, percent)
			}
		}
		if last := steps[len(steps)-1]; floor < 1 && last.size > floor+.011 || last.space != minSpace || last.leading != minLeading {
			t.Errorf("floor %g: it ends with %+v", floor, last)
		}
	}
}

func TestFloor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		look        textMetrics
		minPt, want float64
	}{
		{textMetrics{body: 10, smallest: 9}, 8.5, .85},
		{textMetrics{body: 10, smallest: 8}, 7, .875}, // of 7 pt
		{textMetrics{body: 10, smallest: 9}, 12, 1.2},
		{textMetrics{}, 8.5, 1},
	} {
		if got := c.look.floor(c.minPt); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%+v of at least %g pt: %g, want %g", c.look, c.minPt, got, c.want)
		}
	}
}

// Whatever document it is: a search ends at a step that fits, or knows that none does.
func TestSearch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		steps := tightenings(rapid.Float64Range(.6, 1).Draw(rt, "floor"))
		room := float64(rapid.IntRange(1, 4).Draw(rt, "room"))
		power := rapid.Float64Range(.1, 2).Draw(rt, "power")
		most := rapid.IntRange(1, maxTries).Draw(rt, "most")
		whole := room * rapid.Float64Range(1.001, 1.7).Draw(rt, "height")
		height := func(n int) float64 { return whole * math.Pow(steps[n].height(), power) }
		s := search{room: room, steps: steps, fits: len(steps), height: whole, power: 1, maxTries: most}
		tried := map[int]bool{}
		err := s.run(func(n int) (float64, bool, error) {
			if n <= s.tooTall || n >= s.fits || tried[n] {
				rt.Fatalf("step %d is tried, between %d and %d", n, s.tooTall, s.fits)
			}
			tried[n] = true
			return height(n), height(n) <= room, nil
		})
		if err != nil {
			rt.Fatal(err)
		}
		last := len(steps) - 1
		switch {
		case s.fits == len(steps):
			if height(last) <= room || !tried[last] {
				rt.Fatalf("nothing fits, but the last step has %.3f of %g", height(last), room)
			}
		case height(s.fits) > room || !tried[s.fits]:
			rt.Fatalf("step %d does not fit", s.fits)
		case len(tried) > most:
			rt.Fatalf("%d tries of %d", len(tried), most)
		case height(s.fits) < room-.03 && len(tried) < min(goodTries, most) && s.fits > 1 && height(s.fits-1) <= room:
			rt.Fatalf("step %d would have fitted, of %d", s.fits-1, s.fits)
		}
	})
}

func TestSearch_Error(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	s := search{room: 1, steps: tightenings(.9), fits: len(tightenings(.9)), height: 1.2, power: 1, maxTries: maxTries}
	if err := s.run(func(int) (float64, bool, error) { return 0, false, broken }); !errors.Is(err, broken) || s.tries != 0 {
		t.Errorf("%v after %d tries", err, s.tries)
	}
}
