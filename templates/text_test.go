package templates

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
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

// Both languages take the same figures and names.
func TestTextsAgree(t *testing.T) {
	for key, text := range allTexts {
		if text.vi == "" && text.en == "" {
			t.Errorf("%s says nothing", key)
		}
		args := argumentsOf(text.vi)
		for _, s := range []string{text.vi, text.en} {
			if said := fmt.Sprintf(s, args...); len(args) > 0 && strings.Contains(said, "%!") {
				t.Errorf("%s: %s", key, said)
			}
		}
		if len(args) == 0 && len(argumentsOf(text.en)) > 0 {
			t.Errorf("%s takes arguments in English only", key)
		}
	}
}

// argumentsOf makes up what a text wants: by place, a figure or a word.
func argumentsOf(text string) []any {
	verbs := regexp.MustCompile(`%[+#]?(?:\[(\d+)\])?[0-9.]*([a-zA-Z])`)
	var args []any
	for i, m := range verbs.FindAllStringSubmatch(text, -1) {
		place := i + 1
		if m[1] != "" {
			place, _ = strconv.Atoi(m[1])
		}
		for len(args) < place {
			args = append(args, "x")
		}
		if m[2] == "d" {
			args[place-1] = 7
		}
	}
	return args
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
