package chrome

import "strings"

// flags returns Chrome's command line, each flag under its reason. What is not about
// isolation is there so that a browser that only prints does not do, or wait for,
// anything else.
func flags(profile string, noSandbox bool) []string {
	args := []string{
		// No window. The headless shell ignores it, full Chrome needs it.
		"--headless",
		// The protocol over two inherited pipes: no port that other processes of
		// the machine could connect to, and Chrome ends when we do.
		"--remote-debugging-pipe",
		// A profile that nobody else uses, and that is removed with the process.
		"--user-data-dir=" + profile,
		// Full Chrome would open a tab of its own, …
		"--no-startup-window",
		// … one that greets the new profile, …
		"--no-first-run",
		// … and a question.
		"--no-default-browser-check",

		// Every request goes to a proxy that does not exist, …
		"--proxy-server=http://0.0.0.0:9",
		// … also one to this machine, which proxies are not asked for as a rule.
		"--proxy-bypass-list=<-loopback>",
		// Every name and address is unknown.
		"--host-resolver-rules=MAP * ~NOTFOUND",
		// No name is looked up because a link to it is shown.
		"--dns-prefetch-disable",
		// UDP passes a proxy by: QUIC, …
		"--disable-quic",
		// … and WebRTC.
		"--webrtc-ip-handling-policy=disable_non_proxied_udp",

		// Chrome itself does not call home: for variations and the like, …
		"--disable-background-networking",
		// … newer parts of itself, …
		"--disable-component-update",
		// … models of phishing, …
		"--disable-client-side-phishing-detection",
		// … to report sites that cannot be reached, …
		"--disable-domain-reliability",
		// … for bookmarks, …
		"--disable-sync",
		// … apps that come with it, …
		"--disable-default-apps",
		// … extensions of the machine's policy, …
		"--disable-extensions",
		// … what links ask to be told, …
		"--no-pings",
		// … or to send its metrics, which it only counts.
		"--metrics-recording-only",

		// Crash dumps would hold documents, and their handler leaves the process
		// group: it would not die with a killed browser. The dumps, …
		"--disable-breakpad",
		// … the handler, …
		"--disable-crash-reporter",
		// … and its start in full Chrome, which neither of the two prevents.
		"--disable-crashpad-for-testing",
		// No desktop key ring: it asks on D-Bus and may open a dialog. On Linux, …
		"--password-store=basic",
		// … and on macOS.
		"--use-mock-keychain",

		// PDF is made of paths and glyphs: no graphics card, …
		"--disable-gpu",
		// … no software replacement for one, …
		"--disable-software-rasterizer",
		// … and no process for what is left of graphics, …
		"--in-process-gpu",
		// … nor of the network, which saves some 50 MB per browser.
		"--enable-features=NetworkServiceInProcess2",
		// Nor is there sound, whose service would start with a document that has some.
		"--mute-audio",
		// Containers often have a /dev/shm of 64 MB, which a large picture fills.
		"--disable-dev-shm-usage",

		// A tab without a window counts as hidden; it must not be slowed down: not
		// its timers, …
		"--disable-background-timer-throttling",
		// … not for windows before it, …
		"--disable-backgrounding-occluded-windows",
		// … nor by its process's priority.
		"--disable-renderer-backgrounding",
		// A hung tab is ours to judge: no dialog, no second opinion.
		"--disable-hang-monitor",
		// Nothing is asked about windows that open, …
		"--disable-popup-blocking",
		// … or forms that are sent again.
		"--disable-prompt-on-repost",

		// The same glyph positions on every machine, …
		"--font-render-hinting=none",
		// … and the same colors on every screen.
		"--force-color-profile=srgb",

		"--disable-features=" + disabledFeatures(),
	}
	if noSandbox {
		// Only when an operator says so.
		args = append(args, "--no-sandbox")
	}
	return args
}

// disabledFeatures are parts of Chrome that do what nobody asked for.
func disabledFeatures() string {
	return strings.Join([]string{
		// They load something by themselves: hints of servers, forms to fill in, lists
		// of certificates, articles, models for guesses, pages to come, translations.
		"AcceptCHFrame", "AutofillServerCommunication", "CertificateTransparencyComponentUpdater", "InterestFeedContentSuggestions",
		"OptimizationHints", "Prerender2", "Translate",
		// They look for screens in the local network.
		"DialMediaRouteProvider", "MediaRouter",
		// It offers to search the web for what a picture shows.
		"LensOverlay",
		// It keeps a page that is left in memory.
		"BackForwardCache",
		// It shows the page before for a while.
		"PaintHolding",
		// They start a second renderer where the tab's own will do.
		"ProcessPerSiteUpToMainFrameThreshold", "RenderDocument", "SpareRendererForSitePerProcess",
	}, ",")
}

// environ is all Chrome sees of our environment: nothing. Its home, temporary
// and cache directories lie in the profile and vanish with it.
func environ(profile, fontConfig string) []string {
	env := []string{
		"PATH=/usr/local/bin:/usr/bin:/bin",
		"HOME=" + profile,
		"TMPDIR=" + profile,
		"XDG_CONFIG_HOME=" + profile,
		"XDG_CACHE_HOME=" + profile,
		"XDG_DATA_HOME=" + profile,
		"XDG_RUNTIME_DIR=" + profile,
		"LANG=C.UTF-8",
		// Dates in the PDF do not tell where the server stands.
		"TZ=UTC",
		// No message bus: Chrome would look for the desktop's services there.
		"DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent",
		"DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nonexistent",
	}
	if fontConfig != "" {
		env = append(env, "FONTCONFIG_FILE="+fontConfig)
	}
	return env
}
