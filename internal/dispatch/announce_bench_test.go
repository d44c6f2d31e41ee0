package dispatch

import (
	"testing"

	"github.com/letrazapp/letraz-export/internal/announce"
	"github.com/letrazapp/letraz-export/internal/postgres"
	"github.com/letrazapp/letraz-export/internal/testenv"
)

// BenchmarkAnnounce announces a queue of 5,000 exports that have expired, as after a
// long outage of their workers.
func BenchmarkAnnounce(b *testing.B) {
	const waiting = 5000
	url := testenv.Database(b)
	store := testenv.Open(b, url, postgres.Options{})
	q := testenv.Queue(b, testenv.NATS(b, ""))
	resume := testenv.ImportSample(b, store, user, "nearly-empty")
	testenv.Request(b, store, user, resume)
	testenv.Exec(b, url, `INSERT INTO export_request (id, user_id, resume_id, format, template, paper, max_attempts, created_at, expires_at)
		SELECT gen_random_uuid(), user_id, resume_id, format, template, paper, max_attempts, now() - interval '2 d', now() - interval '1 d'
		FROM export_request, generate_series(1, $1 - 1)`, waiting)
	d := New(Config{Store: store, Queue: q, Announcer: announce.New(store, announce.Stream{Publisher: q}), AnnounceAfter: 1, Logger: testenv.Logger(b)})
	for b.Loop() {
		b.StopTimer()
		testenv.Exec(b, url, "UPDATE export_request SET status = 'expired', announced = NULL, status_at = now(), finished_at = now()")
		b.StartTimer()
		if err := d.announce(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(waiting)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
