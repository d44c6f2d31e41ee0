package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/letrazapp/letraz-export/internal/auth"
	"github.com/letrazapp/letraz-export/internal/link"
)

// linkFlags are the flags of roles that make links.
type linkFlags struct {
	PublicURL    string   `name:"public-url" placeholder:"URL" help:"Address of the API for clients, which links begin with, as https://exports.example.com. Default: links are paths." env:"LETRAZ_PUBLIC_URL" group:"listen"`
	LinkKeys     []string `name:"link-keys" placeholder:"KEY,…" help:"Keys of links, at least 32 bytes each, the same for every API process: the first signs, all are accepted. Default: serve keeps one in the data directory; without keys, api makes no links." env:"LETRAZ_LINK_KEYS" group:"auth"`
	LinkKeysFile string   `name:"link-keys-file" placeholder:"FILE" help:"File with the keys of links, a line each, instead of --link-keys." env:"LETRAZ_LINK_KEYS_FILE" type:"path" group:"auth"`
}

// check validates the flags.
func (f linkFlags) check() error {
	if len(f.LinkKeys) > 0 && f.LinkKeysFile != "" {
		return errors.New("give --link-keys or --link-keys-file, not both")
	}
	if f.PublicURL == "" {
		return nil
	}
	u, err := url.Parse(f.PublicURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("--public-url is no address of an API: give it as https://exports.example.com")
	}
	return nil
}

// publicURL returns the address without a slash at its end.
func (f linkFlags) publicURL() string { return strings.TrimRight(f.PublicURL, "/") }

// linkKeyFile is the file in the data directory with the key that serve makes.
const linkKeyFile = "link-key"

// keyring returns the configured keys. If none are configured, it is nil.
func (f linkFlags) keyring() (*link.Keyring, error) {
	keys := f.LinkKeys
	if f.LinkKeysFile != "" {
		data, err := os.ReadFile(f.LinkKeysFile)
		if err != nil {
			return nil, fmt.Errorf("reading the keys of links: %w", err)
		}
		keys = strings.Fields(string(data))
		if len(keys) == 0 {
			return nil, fmt.Errorf("%s has no keys of links: write one on each line, made with openssl rand -hex 32", f.LinkKeysFile)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	secrets := make([][]byte, len(keys))
	for i, key := range keys {
		secrets[i] = []byte(strings.TrimSpace(key))
	}
	return link.NewKeyring(secrets...)
}

// ownKeyring returns the configured keys, or the one in the data directory, which is made if
// there is none.
func (f linkFlags) ownKeyring(d dataFlags) (*link.Keyring, error) {
	ring, err := f.keyring()
	if ring != nil || err != nil {
		return ring, err
	}
	secret, err := auth.LocalSecret(filepath.Join(d.DataDir, linkKeyFile))
	if err != nil {
		return nil, fmt.Errorf("the key of links: %w", err)
	}
	return link.NewKeyring(secret)
}
