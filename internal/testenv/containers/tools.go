//go:build tools

package containers

import _ "github.com/Shopify/toxiproxy/v2/cmd/server" // scripts/cluster-images.sh builds it
