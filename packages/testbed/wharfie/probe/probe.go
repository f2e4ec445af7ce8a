// Put beside wharfie's own files when the probe is built, because what it asks is not exported.
package registries

import (
	"fmt"
	"sort"

	"github.com/google/go-containerregistry/pkg/name"
)

// Loaded is what a node holds in memory, and what RKE2's own first pull makes of it.
type Loaded struct {
	Error string    `json:"error"`
	File  *Registry `json:"file"`
	Pulls []Pull    `json:"pulls"`
}

type Pull struct {
	Error      string          `json:"error"`
	Repository string          `json:"repository"`
	Endpoints  []ProbeEndpoint `json:"endpoints"`
	// Every name that a mirror may be asked for: rewrites have no order.
	Rewritten []string `json:"rewritten"`
}

type ProbeEndpoint struct {
	URL       string `json:"url"`
	IsDefault bool   `json:"isDefault"`
	Username  string `json:"username"`
	Password  string `json:"password"`
	Auth      string `json:"auth"`
	Token     string `json:"token"`
	TLSError  bool   `json:"tlsError"`
	SkipsTLS  bool   `json:"skipsTls"`
}

// Rules are tried in the order of a Go map, which changes: so often every result has been seen.
const tries = 40

func Probe(path string, images []string) Loaded {
	loaded, err := GetPrivateRegistries(path)
	if err != nil {
		return Loaded{Error: err.Error()}
	}
	answer := Loaded{File: loaded.Registry, Pulls: []Pull{}}
	for _, image := range images {
		answer.Pulls = append(answer.Pulls, loaded.probe(image))
	}
	return answer
}

func (r *registry) probe(image string) Pull {
	ref, err := name.ParseReference(image)
	if err != nil {
		return Pull{Error: err.Error()}
	}
	endpoints, err := r.getEndpoints(ref)
	if err != nil {
		return Pull{Error: err.Error()}
	}
	pull := Pull{Repository: ref.Context().RepositoryStr(), Rewritten: r.rewrittenNames(ref)}
	for _, each := range endpoints {
		told := ProbeEndpoint{URL: each.url.String(), IsDefault: each.isDefault()}
		if config, err := each.auth.Authorization(); err == nil {
			told.Username, told.Password = config.Username, config.Password
			told.Auth, told.Token = config.Auth, config.IdentityToken
		}
		settings, err := r.getTLSConfig(each.url)
		told.TLSError = err != nil
		told.SkipsTLS = settings != nil && settings.InsecureSkipVerify
		pull.Endpoints = append(pull.Endpoints, told)
	}
	return pull
}

func (r *registry) rewrittenNames(ref name.Reference) []string {
	seen := map[string]bool{}
	for i := 0; i < tries; i++ {
		asked := r.rewrite(ref)
		seen[fmt.Sprintf("%s|%s", asked.Context().RepositoryStr(), asked.Identifier())] = true
	}
	names := []string{}
	for each := range seen {
		names = append(names, each)
	}
	sort.Strings(names)
	return names
}
