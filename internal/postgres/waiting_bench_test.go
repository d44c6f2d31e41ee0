package postgres_test

import (
	"fmt"
	"testing"

	"github.com/letrazapp/letraz-export/internal/testenv"
)

// BenchmarkCreateExport_Waiting inserts requests of a user who has others waiting, without a cap
// and with one.
func BenchmarkCreateExport_Waiting(b *testing.B) {
	for _, waiting := range []int{0, 100, 900} {
		for _, most := range []int{0, 1000} {
			b.Run(fmt.Sprintf("%d waiting, cap %d", waiting, most), func(b *testing.B) {
				s := setup(b)
				for range waiting {
					s.request(b)
				}
				s.exec(b, "ANALYZE export_request")
				for n := 0; b.Loop(); n++ {
					if n%50 == 49 { // keep their number
						b.StopTimer()
						s.exec(b, `DELETE FROM export_request WHERE id IN (SELECT id FROM export_request ORDER BY id DESC LIMIT 49)`)
						b.StartTimer()
					}
					r := testenv.NewExport(s.userID, s.resumeID)
					r.MaxWaiting = most
					if _, err := s.CreateExport(b.Context(), r); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
