// Package helm has the tests of the Helm chart in letraz-export. It is a module of its own, so
// that Kubernetes' libraries are not requirements of the program.
package helm
