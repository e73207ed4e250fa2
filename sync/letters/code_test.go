package letters

import (
	"crypto/sha256"
	"errors"
	"strings"
	"testing"
)

func TestCodesAreReadAsPeopleTypeThem(t *testing.T) {
	sum := sha256.Sum256([]byte("a certificate's key"))
	for _, c := range []Code{NewCode(nil), NewCode(sum[:])} {
		for _, typed := range []string{
			c.String(), strings.ToLower(c.String()), " " + strings.ReplaceAll(c.String(), "-", " ") + "\n",
			strings.NewReplacer("0", "o", "1", "l").Replace(c.String()),
		} {
			if got, err := ParseCode(typed); err != nil || got != c {
				t.Errorf("%q is read as %+v, %v; want %+v", typed, got, err, c)
			}
		}
	}
	if a, b := NewCode(nil), NewCode(nil); a == b {
		t.Error("two codes are the same")
	}
}

func FuzzParseCode(f *testing.F) {
	for _, s := range []string{"", "K7Q2-9XMB", "K7Q2-9XMU", "k7q29xmb0123456789012345678901234", "mã số"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		c, err := ParseCode(typed)
		if err != nil {
			if !errors.Is(err, ErrCode) {
				t.Error(err)
			}
			return
		}
		if again, err := ParseCode(c.String()); err != nil || again != c {
			t.Errorf("%q is %+v, read again %+v, %v", typed, c, again, err)
		}
	})
}
