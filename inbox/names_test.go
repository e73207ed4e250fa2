package inbox

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"phonghop/viet"
)

func TestProposedNames(t *testing.T) {
	for file, want := range map[string]string{
		"118-TTr To trinh.pdf": "118-TTr To trinh", "To_trinh__ve  von.DOCX": "To trinh ve von", "Quyết định 30.2020": "Quyết định 30.2020",
		"...": namelessly, "   ": namelessly, ".pdf": ".pdf", "a.b.pdf": "a.b", "\u202e": namelessly,
	} {
		if got := paperName(file); got != want && !(file == ".pdf" && got == namelessly) {
			t.Errorf("%q: %q, want %q", file, got, want)
		}
	}
}

func TestNumbersOfItems(t *testing.T) {
	for name, want := range map[string]int{"03 Giải ngân": 3, "3. X": 3, "12": 12, "118-TTr": 118, "2026 x": 0, "x": 0, "03x": 0, "": 0} {
		if got, _ := folderNumber(name); got != want {
			t.Errorf("folder %q: %d, want %d", name, got, want)
		}
	}
	for name, want := range map[string]int{"03 Giải ngân.pdf": 3, "03. X.pdf": 3, "118-TTr.pdf": 0, "24.6.2026.pdf": 0, "3 x.pdf": 0, "03.pdf": 0} {
		if got, _ := fileNumber(name); got != want {
			t.Errorf("file %q: %d, want %d", name, got, want)
		}
	}
}

func FuzzNames(f *testing.F) {
	for _, s := range []string{"118-TTr To trinh.pdf", "", "...", "../../etc/passwd", "CON.pdf", "\xff\xfe", "a\u202eb", strings.Repeat("ế", 300), `C:\x\y.pdf`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name := paperName(s)
		if name == "" || name != viet.Clean(name) || utf8.RuneCountInString(name) > nameMost {
			t.Errorf("%q is proposed as %q", s, name)
		}
		disk := uploadName(s)
		if disk == "" || len(disk) > fileMost || strings.ContainsAny(disk, "/\\<>:\"|?*\x00") || ignoredStart(disk) {
			t.Errorf("%q goes to the disk as %q", s, disk)
		}
		eyeName(s)
		zipName(s, false)
		folderNumber(s)
		_, _ = fileNumber(s)
	})
}

func ignoredStart(name string) bool { return name[0] == '.' || name[0] == '~' }

func FuzzJudge(f *testing.F) {
	f.Add(pdf("x"), "x.pdf")
	f.Add([]byte(oleMagic+strings.Repeat("\x00", 600)), "x.doc")
	f.Add([]byte("PK\x05\x06"+strings.Repeat("\x00", 18)), "x.zip")
	f.Add([]byte("\xff\xd8\xff\xe0"), "x.jpg")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		r := bytes.NewReader(data)
		v, err := judge(r, r.Size(), name)
		if err != nil || v.typ == "" || v.refused && v.trouble == "" {
			t.Errorf("%+v, %v", v, err)
		}
		for _, patient := range []bool{false, true} {
			if _, err := endOf(r, r.Size(), patient); err != nil {
				t.Error(err)
			}
		}
		if z, err := openZip(r, r.Size()); err == nil {
			excess(papersOf(z))
		}
	})
}
