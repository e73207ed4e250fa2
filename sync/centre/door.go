package centre

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
)

// Handler serves rooms and people. hosts are the names and addresses that are
// ours, lower case, without port: a page elsewhere cannot lead a browser here
// under another name.
func (z *Centre) Handler(hosts func() []string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", z.API())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		write(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	z.pages(mux)
	guarded := http.NewCrossOriginProtection().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !ours(r.Host, hosts()) {
			http.Error(w, "Địa chỉ này không phải của trung tâm.", http.StatusMisdirectedRequest)
			return
		}
		guarded.ServeHTTP(w, r)
	})
}

func ours(host string, hosts []string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	return slices.Contains(hosts, strings.ToLower(strings.Trim(name, "[]")))
}

// AdminLink is the path that signs an administrator in. It is made at the first
// start and shown then; fresh is false afterwards, and the link unknown.
func (z *Centre) AdminLink(ctx context.Context) (path string, fresh bool, err error) {
	var n int
	if err := z.ledger.db.Read().QueryRowContext(ctx, `SELECT count(*) FROM admin`).Scan(&n); err != nil || n > 0 {
		return "", false, err
	}
	path, err = z.NewAdminLink(ctx)
	return path, true, err
}

// NewAdminLink makes a new link and takes the old one's worth away.
func (z *Centre) NewAdminLink(ctx context.Context) (string, error) {
	token := newToken()
	if err := z.ledger.set(ctx, `DELETE FROM admin`); err != nil {
		return "", err
	}
	return "/admin/" + token, z.ledger.set(ctx, `INSERT INTO admin VALUES (?)`, hashed(token))
}
