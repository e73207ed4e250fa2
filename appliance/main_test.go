package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// asked runs the program as somebody would from a shell.
func asked(t *testing.T, env map[string]string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, func(name string) string { return env[name] }, &o, &e)
	return code, o.String(), e.String()
}

func TestExitCodes(t *testing.T) {
	empty := t.TempDir()
	if err := os.WriteFile(filepath.Join(empty, "journal.db"), []byte("not a journal"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		code int
	}{
		"nothing asked":             {nil, 0},
		"help":                      {[]string{"--help"}, 0},
		"version":                   {[]string{"version"}, 0},
		"licences":                  {[]string{"licences"}, 0},
		"no such command":           {[]string{"vote"}, 2},
		"no such flag":              {[]string{"serve", "--colour"}, 2},
		"no such language":          {[]string{"version", "--lang", "fr"}, 2},
		"too much said":             {[]string{"version", "now"}, 2},
		"verify what":               {[]string{"verify"}, 2},
		"verify nothing":            {[]string{"verify", filepath.Join(empty, "none")}, 2},
		"verify what is no journal": {[]string{"verify", empty}, 1},
		"a certificate without key": {[]string{"serve", "--data", empty, "--cert", "x.pem"}, 2},
		"an address without port":   {[]string{"serve", "--data", empty, "--listen", "10.0.0.1"}, 2},
		"claim in no room":          {[]string{"claim", "--data", filepath.Join(empty, "none")}, 2},
	} {
		if code, out, errs := asked(t, nil, c.args...); code != c.code {
			t.Errorf("%s: code %d, want %d\n%s%s", name, code, c.code, out, errs)
		}
	}
}

func TestTheEnvironmentMirrorsFlags(t *testing.T) {
	env := map[string]string{"PHONGHOP_LANG": "en", "PHONGHOP_FULL": "true"}
	if _, out, _ := asked(t, env, "licences"); !strings.Contains(out, "This program embeds") || !strings.Contains(out, "SIL OPEN FONT LICENSE") {
		t.Error("PHONGHOP_LANG, PHONGHOP_FULL are not obeyed")
	}
	if _, out, _ := asked(t, env, "licences", "--full=false", "--lang", "vi"); !strings.Contains(out, "Chương trình") || strings.Contains(out, "SIL OPEN FONT LICENSE") {
		t.Error("flags do not win over the environment")
	}
	if code, _, errs := asked(t, map[string]string{"PHONGHOP_FULL": "perhaps"}, "licences"); code != 2 || !strings.Contains(errs, "PHONGHOP_FULL") {
		t.Errorf("a wrong variable: code %d, %s", code, errs)
	}
}

func TestWhatIsServedWhere(t *testing.T) {
	for name, c := range map[string]struct {
		given            serveOptions
		listen, plain    string
		loopback, secure bool
	}{
		"bare":              {serveOptions{}, ":8443", ":8080", false, true},
		"demo":              {serveOptions{demo: true}, "127.0.0.1:8080", "", true, false},
		"demo on a network": {serveOptions{demo: true, listen: ":8443"}, ":8443", ":8080", false, true},
		"localhost":         {serveOptions{listen: "localhost:99"}, "localhost:99", "", true, false},
		"IPv6 loopback":     {serveOptions{listen: "[::1]:99"}, "[::1]:99", "", true, false},
		"loopback, certificate": {serveOptions{listen: "127.0.0.1:99", cert: "c", key: "k"},
			"127.0.0.1:99", ":8080", true, true},
		"http allowed": {serveOptions{listen: ":80", allowHTTP: true}, ":80", "", false, false},
		"no plain":     {serveOptions{plain: "off"}, ":8443", "", false, true},
	} {
		o, err := c.given.settled()
		if err != nil || o.listen != c.listen || o.plain != c.plain || o.loopback() != c.loopback || o.secure() != c.secure {
			t.Errorf("%s: %+v, loopback %v, secure %v, %v", name, o, o.loopback(), o.secure(), err)
		}
	}
}
