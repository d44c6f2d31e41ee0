package chrome

import "strings"

// flags returns Chrome's command line. The comment above each flag gives its reason.
// Flags that are not about isolation turn off features that printing does not need.
func flags(profile string, noSandbox bool) []string {
	args := []string{
		// No window. The headless shell ignores it, full Chrome needs it.
		"--headless",
		// The protocol over two inherited pipes: no port that other processes of
		// the machine could connect to, and Chrome exits when this process does.
		"--remote-debugging-pipe",
		// A profile that nobody else uses, and that is removed with the process.
		"--user-data-dir=" + profile,
		// Full Chrome would open a tab of its own, …
		"--no-startup-window",
		// … a welcome page for the new profile, …
		"--no-first-run",
		// … and the question about the default browser.
		"--no-default-browser-check",

		// Every request goes to a proxy that does not exist, …
		"--proxy-server=http://0.0.0.0:9",
		// … including requests to this machine, which by default bypass the proxy.
		"--proxy-bypass-list=<-loopback>",
		// No name or address resolves.
		"--host-resolver-rules=MAP * ~NOTFOUND",
		// The host names of links are not looked up in advance.
		"--dns-prefetch-disable",
		// UDP bypasses a proxy: QUIC, …
		"--disable-quic",
		// … and WebRTC.
		"--webrtc-ip-handling-policy=disable_non_proxied_udp",

		// Chrome itself makes no requests: for field trials and the like, …
		"--disable-background-networking",
		// … for component updates, …
		"--disable-component-update",
		// … phishing models, …
		"--disable-client-side-phishing-detection",
		// … reports about unreachable sites, …
		"--disable-domain-reliability",
		// … synchronisation of bookmarks, …
		"--disable-sync",
		// … bundled apps, …
		"--disable-default-apps",
		// … extensions that the machine's policy installs, …
		"--disable-extensions",
		// … the ping attribute of links, …
		"--no-pings",
		// … or uploads of metrics, which are recorded only.
		"--metrics-recording-only",

		// Crash dumps would contain documents, and the crash handler leaves the process
		// group, so that it would survive the kill of a browser. The dumps, …
		"--disable-breakpad",
		// … the handler, …
		"--disable-crash-reporter",
		// … and its start in full Chrome, which neither of the two prevents.
		"--disable-crashpad-for-testing",
		// No desktop key ring: it asks on D-Bus and may open a dialog. On Linux, …
		"--password-store=basic",
		// … and on macOS.
		"--use-mock-keychain",

		// Printing to PDF needs no rasterisation: no GPU, …
		"--disable-gpu",
		// … no software rasteriser, …
		"--disable-software-rasterizer",
		// … no separate GPU process, …
		"--in-process-gpu",
		// … and no network process, which saves some 50 MB per browser.
		"--enable-features=NetworkServiceInProcess2",
		// No audio service, which would start with a document that has sound.
		"--mute-audio",
		// Containers often have a /dev/shm of 64 MB, which a large picture fills.
		"--disable-dev-shm-usage",

		// A tab without a window counts as hidden. It must not be throttled: neither
		// its timers, …
		"--disable-background-timer-throttling",
		// … nor because other windows cover it, …
		"--disable-backgrounding-occluded-windows",
		// … nor by a lower process priority.
		"--disable-renderer-backgrounding",
		// This package detects hung tabs itself: no dialog.
		"--disable-hang-monitor",
		// No dialogs about pop-up windows, …
		"--disable-popup-blocking",
		// … or about forms that are sent again.
		"--disable-prompt-on-repost",

		// The same glyph positions on every machine, …
		"--font-render-hinting=none",
		// … and the same colors on every screen.
		"--force-color-profile=srgb",

		"--disable-features=" + disabledFeatures(),
	}
	if noSandbox {
		// Only if the operator asks for it.
		args = append(args, "--no-sandbox")
	}
	return args
}

// disabledFeatures lists features of Chrome that printing does not need.
func disabledFeatures() string {
	return strings.Join([]string{
		// These load data by themselves: server hints, form data, certificate lists,
		// suggested articles, optimisation models, prerendered pages, translations.
		"AcceptCHFrame", "AutofillServerCommunication", "CertificateTransparencyComponentUpdater", "InterestFeedContentSuggestions",
		"OptimizationHints", "Prerender2", "Translate",
		// These look for screens in the local network.
		"DialMediaRouteProvider", "MediaRouter",
		// Searches the web for the content of a picture.
		"LensOverlay",
		// Keeps a page in memory after the tab navigates away.
		"BackForwardCache",
		// Shows the previous page until the next one is painted.
		"PaintHolding",
		// These start a second renderer process that is not needed.
		"ProcessPerSiteUpToMainFrameThreshold", "RenderDocument", "SpareRendererForSitePerProcess",
	}, ",")
}

// environ returns Chrome's environment. It takes nothing from that of this process.
// The home, temporary and cache directories are in the profile and are removed with it.
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
		// Dates in the PDF must not reveal the time zone of the server.
		"TZ=UTC",
		// No message bus: Chrome would look for desktop services there.
		"DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent",
		"DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nonexistent",
	}
	if fontConfig != "" {
		env = append(env, "FONTCONFIG_FILE="+fontConfig)
	}
	return env
}
