package templates

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"phonghop/meeting"
)

func TestEveryRefusalHasItsSentence(t *testing.T) {
	for _, r := range meeting.Refusals() {
		for _, l := range []Lang{Vietnamese, English} {
			if s := Refusal(l, r); s == "" || s == l.T("refusal.other") || s[0] == 0xe2 {
				t.Errorf("%s has no sentence in %s: %q", r, l, s)
			}
		}
	}
	if got := Refusal(Vietnamese, &meeting.Counted{Refusal: meeting.Unvoted, N: 9}); got != "Còn 9 người có mặt chưa bỏ phiếu." {
		t.Errorf("counted: %q", got)
	}
}

// Both languages take the same figures and names, in the same order.
func TestTextsAgree(t *testing.T) {
	verb := regexp.MustCompile(`%[+#]?[0-9.]*[a-zA-Z]`)
	for key, text := range allTexts {
		if text.vi == "" || text.en == "" {
			t.Errorf("%s lacks a language", key)
		}
		if vi, en := verb.FindAllString(text.vi, -1), verb.FindAllString(text.en, -1); !slices.Equal(vi, en) {
			t.Errorf("%s takes %v in Vietnamese, %v in English", key, vi, en)
		}
	}
}

// Every key written out in a page or in the web's handlers exists.
func TestEveryKeyHasAText(t *testing.T) {
	written := regexp.MustCompile(`\.T\("([a-z][^"]*[a-zA-Z0-9])"`)
	var files []string
	for _, pattern := range []string{"*.templ", "*.go", "../web/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	keys := 0
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range written.FindAllStringSubmatch(string(source), -1) {
			keys++
			if _, ok := allTexts[m[1]]; !ok {
				t.Errorf("%s: no text %q", name, m[1])
			}
		}
	}
	if keys < 100 {
		t.Errorf("only %d keys found: the pattern no longer fits the sources", keys)
	}
}
