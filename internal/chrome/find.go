package chrome

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
)

const installHint = "install Chrome's headless shell (Debian: apt-get install chromium-headless-shell; elsewhere: npx @puppeteer/browsers install chrome-headless-shell) or Google Chrome"

// candidates are tried in this order. The headless shell comes first: it prints
// the same pages as full Chrome and is 1.5 to 2 times as fast.
func candidates() []string {
	return []string{
		// Debian's /usr/bin/chromium-headless-shell is a shell script that stays
		// around as the browser's parent; signals must reach the browser itself.
		"/usr/lib/chromium/chromium-headless-shell",
		"chromium-headless-shell",
		"chrome-headless-shell",
		"headless-shell",
		"headless_shell",
		"chromium",
		"chromium-browser",
		"google-chrome-stable",
		"google-chrome",
		"chrome",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
		"/Applications/Chromium.app/Contents/MacOS/Chromium",
	}
}

// Find returns the path of the browser to start. If explicit is not empty it is that
// program; otherwise the first installed one of Chrome's headless shell, Chromium and
// Google Chrome. The error is a [*StartError] that says what to install.
func Find(explicit string) (string, error) {
	if explicit != "" {
		path, err := exec.LookPath(explicit)
		if err != nil {
			return "", &StartError{Binary: explicit, Doing: "looking for the browser", Err: lookErr(explicit, err), Hint: installHint}
		}
		return path, nil
	}
	for _, name := range candidates() {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", &StartError{Doing: "looking for a browser", Err: exec.ErrNotFound, Hint: installHint}
}

// lookErr drops the wrapping of [exec.LookPath], which repeats the name.
func lookErr(name string, err error) error {
	if e, ok := errors.AsType[*exec.Error](err); ok {
		err = e.Err
	}
	if st, statErr := os.Stat(name); statErr == nil && st.IsDir() {
		return fmt.Errorf("is a directory")
	}
	return err
}
