package chrome

// flags returns Chrome's command line. What is not about isolation is there so
// that a browser that only prints does not do, or wait for, anything else.
func flags(profile string, noSandbox bool) []string {
	args := []string{
		// No window. The headless shell ignores it, full Chrome needs it.
		"--headless",
		// The protocol over two inherited pipes: no port that other processes of
		// the machine could connect to, and Chrome ends when we do.
		"--remote-debugging-pipe",
		"--user-data-dir=" + profile,
		// Full Chrome would open a tab of its own.
		"--no-startup-window",
		"--no-first-run",
		"--no-default-browser-check",

		// No network. Every request goes to a proxy that does not exist, the
		// loopback addresses included, and every name and address is unknown.
		"--proxy-server=http://0.0.0.0:9",
		"--proxy-bypass-list=<-loopback>",
		"--host-resolver-rules=MAP * ~NOTFOUND",
		"--dns-prefetch-disable",
		"--disable-quic",
		"--webrtc-ip-handling-policy=disable_non_proxied_udp",
		// Nor does Chrome itself call home: updates, reports, variations,
		// safe-browsing lists.
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-client-side-phishing-detection",
		"--disable-domain-reliability",
		"--disable-sync",
		"--disable-default-apps",
		"--disable-extensions",
		"--no-pings",
		"--metrics-recording-only",

		// Crash dumps would hold documents, and their handler leaves the process
		// group: it would not die with a killed browser. Full Chrome needs all three.
		"--disable-breakpad",
		"--disable-crash-reporter",
		"--disable-crashpad-for-testing",
		// No desktop key ring: it asks on D-Bus and may open a dialog.
		"--password-store=basic",
		"--use-mock-keychain",

		// PDF is made of paths and glyphs: no graphics card and no software
		// replacement for one. What is left of graphics, and of the network, needs
		// no process of its own, which saves some 50 MB per browser.
		"--disable-gpu",
		"--in-process-gpu",
		"--disable-software-rasterizer",
		"--enable-features=NetworkServiceInProcess2",
		"--mute-audio",
		// Containers often have a /dev/shm of 64 MB, which a large picture fills.
		"--disable-dev-shm-usage",

		// A tab without a window counts as hidden; it must not be slowed down.
		"--disable-background-timer-throttling",
		"--disable-backgrounding-occluded-windows",
		"--disable-renderer-backgrounding",
		// A hung tab is ours to judge: no dialog, no second opinion.
		"--disable-hang-monitor",
		"--disable-popup-blocking",
		"--disable-prompt-on-repost",

		// The same glyph positions on every machine.
		"--font-render-hinting=none",
		"--force-color-profile=srgb",

		"--disable-features=" + disabledFeatures,
	}
	if noSandbox {
		args = append(args, "--no-sandbox")
	}
	return args
}

// disabledFeatures are parts of Chrome that load something nobody asked for
// (predictors, hints, translation, media routing), keep a second page alive, or
// start a second renderer where the tab's own will do.
const disabledFeatures = "AcceptCHFrame,AutofillServerCommunication,BackForwardCache,CertificateTransparencyComponentUpdater," +
	"DialMediaRouteProvider,InterestFeedContentSuggestions,LensOverlay,MediaRouter,OptimizationHints,PaintHolding," +
	"Prerender2,ProcessPerSiteUpToMainFrameThreshold,RenderDocument,SpareRendererForSitePerProcess,Translate"

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
