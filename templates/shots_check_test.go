package templates

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryShot draws every screen in both languages: no text may be missing.
// With PHONGHOP_STAGE=FOLDER the pages are left there to be looked at.
func TestEveryShot(t *testing.T) {
	folder := os.Getenv("PHONGHOP_STAGE")
	for _, sc := range shots(t) {
		for _, lang := range []Lang{Vietnamese, English} {
			html := sc.html(t, lang)
			mustNotHold(t, sc.name, html, "‹", "%!", ` style="`)
			if folder == "" {
				continue
			}
			name := filepath.Join(folder, sc.name+"."+string(lang)+".html")
			if err := os.WriteFile(name, []byte(html), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (sc shot) html(t *testing.T, lang Lang) string {
	t.Helper()
	p := Page{Lang: lang, Now: sc.now, Clock: 1_000_000, RoomName: "Phòng họp A2", Address: "https://192.168.1.10:8443", Path: "/member"}
	var b bytes.Buffer
	if err := sc.draw(p).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func mustNotHold(t *testing.T, name, html string, secrets ...string) {
	t.Helper()
	for _, s := range secrets {
		if i := strings.Index(html, s); i >= 0 {
			t.Errorf("%s shows %q: …%s…", name, s, html[max(0, i-60):min(len(html), i+60)])
		}
	}
}

func mustHold(t *testing.T, name, html string, parts ...string) {
	t.Helper()
	for _, s := range parts {
		if !strings.Contains(html, s) {
			t.Errorf("%s does not show %q", name, s)
		}
	}
}
