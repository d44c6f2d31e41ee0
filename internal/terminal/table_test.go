package terminal_test

import (
	"strings"
	"testing"

	"github.com/letrazapp/letraz-export/internal/terminal"
)

func TestTable_AlignsByDisplayWidth(t *testing.T) {
	t.Parallel()
	table := terminal.NewTable("NAME", "PAGES", "FILE")
	table.Row("山田太郎", "1", "a.pdf")
	table.Row("e\u0301a", "12", "b\nc.pdf")
	table.Row("Ana", "-", strings.Repeat("字", 60)+".pdf")
	table.Row(strings.Repeat("長", 40), "1", "d.pdf")
	var out strings.Builder
	if err := table.Print(&out); err != nil {
		t.Fatal(err)
	}
	blanks := strings.Repeat(" ", 51) // the long name takes 59 columns of 60
	want := "NAME    " + blanks + "  PAGES  FILE\n" +
		"山田太郎" + blanks + "  1      a.pdf\n" +
		"e\u0301a      " + blanks + "  12     b\\nc.pdf\n" +
		"Ana     " + blanks + "  -      " + strings.Repeat("字", 54) + "…\n" +
		strings.Repeat("長", 29) + "…  1      d.pdf\n"
	if out.String() != want {
		t.Errorf("it prints\n%s\nwant\n%s", out.String(), want)
	}
	if err := table.Print(failing{}); err == nil || !strings.Contains(err.Error(), "printing the table") {
		t.Errorf("the error is lost: %v", err)
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		columns    int
		want, fill string
	}{
		{"short", "Ana", 5, "Ana", "Ana  "},
		{"as wide", "Anabe", 5, "Anabe", "Anabe"},
		{"long", "Anabel", 5, "Anab…", "Anab…"},
		{"wide characters", "山田太郎", 5, "山田…", "山田…"},
		{"half a character is left", "山田太郎", 6, "山田…", "山田… "},
		{"marks", strings.Repeat("e\u0301", 5), 5, strings.Repeat("e\u0301", 5), strings.Repeat("e\u0301", 5)},
		{"escaped first", "a\x1bb", 4, `a\u…`, `a\u…`},
	} {
		if got := terminal.Cut(c.text, c.columns); got != c.want {
			t.Errorf("%s: cut to %q, want %q", c.name, got, c.want)
		}
		if got := terminal.Fill(c.text, c.columns); got != c.fill {
			t.Errorf("%s: filled to %q, want %q", c.name, got, c.fill)
		}
	}
}
