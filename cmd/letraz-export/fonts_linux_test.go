package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// poorMachine is a fontconfig configuration with Latin fonts only, for Debian's directories.
func poorMachine(t *testing.T) string {
	t.Helper()
	config := filepath.Join(dataDir(t), "fonts.conf")
	text := "<fontconfig><dir>/usr/share/fonts/truetype/vollkorn</dir></fontconfig>"
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return config
}

func TestServe_WarnsOfMissingFonts(t *testing.T) {
	dir, config := dataDir(t), poorMachine(t)
	p := start(t, "letraz-export is ready", "serve", "--data-dir", dir, "--listen", "127.0.0.1:0", "--font-config", config)
	for _, want := range []string{"fonts are missing", "package=fonts-noto-cjk", "Noto Serif CJK JP", "Japanese in serif", "package=fonts-noto-core", "Thai in serif"} {
		if !strings.Contains(p.output(), want) {
			t.Errorf("%q is not in\n%s", want, p.output())
		}
	}
	if strings.Contains(p.output(), "package=fonts-vollkorn") {
		t.Errorf("a font that is there is said to be missing:\n%s", p.output())
	}
}

func TestRender_RequireFonts(t *testing.T) {
	out := filepath.Join(t.TempDir(), "x.pdf")
	t.Setenv("FONTCONFIG_FILE", poorMachine(t))
	status, _, errs := call(t, "render", "../../internal/samples/resumes/nearly-empty.json", "-o", out, "--require-fonts")
	if status != 1 || !strings.Contains(errs, "install fonts-noto-cjk") {
		t.Errorf("status %d:\n%s", status, errs)
	}
	if status, _, errs := call(t, "render", "../../internal/samples/resumes/nearly-empty.json", "-o", out); status != 0 {
		t.Errorf("without the flag: status %d:\n%s", status, errs)
	}
}
