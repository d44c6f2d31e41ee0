package chrome

import "testing"

func TestPrint_FreshDocumentGetsUnusedBrowser(t *testing.T) {
	t.Parallel()
	fresh := html("<p>again")
	fresh.Fresh = true
	for name, noStandby := range map[string]bool{"with a standby": false, "without": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := setup(t, func(o *Options) { o.Slots = 1; o.NoStandby = noStandby })
			full(t, e)
			mustPrint(t, e, html("<p>first"))
			before := e.Stats().Starts
			mustPrint(t, e, fresh)
			mustPrint(t, e, html("<p>in a used one"))
			mustPrint(t, e, fresh)
			// The standby is fresh once.
			want := int64(2)
			if !noStandby {
				want = 1
			}
			if started := e.Stats().Starts - before; started != want {
				t.Errorf("%d browsers were started for two documents, want %d", started, want)
			}
			full(t, e)
		})
	}
}
