package main

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/letrazapp/letraz-export/internal/api"
)

// callerFlags are the flags of the API about whoever calls it: fair use, pages of other origins,
// proxies, the audit log.
type callerFlags struct {
	UserRate       rateFlag `placeholder:"N/TIME" help:"Requests of each user, as 6000/1m: so many in each such time, also all at once; 0: any. Counted by each process." default:"6000/1m" env:"LETRAZ_USER_RATE" group:"callers"`
	KeyRate        rateFlag `placeholder:"N/TIME" help:"Requests of each API key, likewise." default:"60000/1m" env:"LETRAZ_KEY_RATE" group:"callers"`
	FailureRate    rateFlag `placeholder:"N/TIME" help:"Requests of each client address that fail to authenticate, likewise. Behind a proxy, set --trusted-proxy too." default:"60/1m" env:"LETRAZ_FAILURE_RATE" group:"callers"`
	UserWaiting    int      `help:"Maximum unfinished exports of a user; 0: any." default:"1000" env:"LETRAZ_USER_WAITING" group:"callers"`
	KeyWaiting     int      `help:"Maximum unfinished exports that an API key created; 0: any." default:"20000" env:"LETRAZ_KEY_WAITING" group:"callers"`
	CORSOrigins    []string `name:"cors-origin" placeholder:"ORIGIN" help:"Origins whose pages may call the API from a browser, as https://app.example.com, separated by commas; no wildcards. Default: none." env:"LETRAZ_CORS_ORIGINS" group:"callers"`
	TrustedProxies []string `name:"trusted-proxy" placeholder:"NETWORK" help:"Networks of proxies whose X-Forwarded-For names the client, as 10.0.0.0/8, separated by commas. Default: none; the client is whoever connects." env:"LETRAZ_TRUSTED_PROXIES" group:"callers"`
	AuditAddresses bool     `help:"Record the addresses of clients in the audit log." env:"LETRAZ_AUDIT_ADDRESSES" group:"callers"`
}

// check validates the flags.
func (f callerFlags) check() error {
	if f.UserWaiting < 0 || f.KeyWaiting < 0 {
		return errors.New("--user-waiting and --key-waiting must not be negative")
	}
	var errs []error
	for _, origin := range f.CORSOrigins {
		if err := api.CheckOrigin(origin); err != nil {
			errs = append(errs, fmt.Errorf("--cors-origin: %w", err))
		}
	}
	_, err := f.proxies()
	return errors.Join(append(errs, err)...)
}

// proxies returns the networks of trusted proxies.
func (f callerFlags) proxies() ([]netip.Prefix, error) {
	networks := make([]netip.Prefix, len(f.TrustedProxies))
	for i, text := range f.TrustedProxies {
		network, err := netip.ParsePrefix(text)
		if address, addressErr := netip.ParseAddr(text); addressErr == nil {
			network, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxy %s is no network: give it as 10.0.0.0/8 or 192.0.2.1", text)
		}
		networks[i] = network.Masked()
	}
	return networks, nil
}

// configure sets the API's configuration.
func (f callerFlags) configure(c *api.Config) {
	c.Limits = api.Limits{User: api.Rate(f.UserRate), Key: api.Rate(f.KeyRate), Failures: api.Rate(f.FailureRate),
		UserWaiting: f.UserWaiting, KeyWaiting: f.KeyWaiting}
	c.Origins, c.AuditAddresses = f.CORSOrigins, f.AuditAddresses
	c.TrustedProxies, _ = f.proxies() // check has parsed them
}

// rateFlag is a rate as N/TIME; 0 is no limit.
type rateFlag api.Rate

// UnmarshalText reads the flag.
func (r *rateFlag) UnmarshalText(text []byte) error {
	if string(text) == "0" {
		*r = rateFlag{}
		return nil
	}
	number, per, _ := strings.Cut(string(text), "/")
	n, err := strconv.Atoi(number)
	d, durationErr := time.ParseDuration(per)
	if err != nil || durationErr != nil || n < 1 || n > 1_000_000_000 || d < time.Second || d > 24*time.Hour {
		return fmt.Errorf("%q is no rate: give a number of requests and a time from 1s to 24h, as 600/1m, or 0 for no limit", text)
	}
	*r = rateFlag{Requests: n, Per: d}
	return nil
}
