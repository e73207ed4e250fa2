package inbox

import (
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"phonghop/viet"
)

const (
	nameMost   = 200 // runes of a proposed name
	titleMost  = 60  // runes of a title in a folder's name
	fileMost   = 240 // bytes of a file's name that we choose
	namelessly = "Tài liệu"
)

// endings are those of files people hand in; others belong to the name.
const endings = " .pdf .doc .docx .docm .xls .xlsx .xlsm .ppt .pptx .pptm .odt .ods .odp .rtf .txt .png .jpg .jpeg .tif .tiff .zip "

// eyeName is a file's name for people: one line, NFC, nothing unseen in it.
// odd tells that it held what they would not expect.
func eyeName(raw string) (name string, odd bool) {
	text, known := decodeName(raw)
	name = viet.Clean(text)
	odd = !known || strings.Join(strings.Fields(norm.NFC.String(text)), " ") != name
	if strings.Trim(name, ". ") == "" {
		return namelessly, true
	}
	return name, odd
}

// decodeName reads a name that is no UTF-8 as Windows wrote it in Việt Nam;
// known is false for that guess.
func decodeName(raw string) (text string, known bool) {
	if utf8.ValidString(raw) {
		return raw, true
	}
	text, err := charmap.Windows1258.NewDecoder().String(raw)
	if err != nil {
		text = strings.ToValidUTF8(raw, "\uFFFD")
	}
	return norm.NFC.String(text), false
}

// zipName reads the name of an entry. Without flag 11 its encoding is not
// stated: UTF-8 where it can be, which no other text is by accident; else a
// guess, CP1258 against CP437 by which of them makes letters of all of it.
func zipName(raw string, stated bool) (name string, guessed bool) {
	if stated || utf8.ValidString(raw) {
		return strings.ToValidUTF8(raw, "\uFFFD"), false
	}
	name, _ = decodeName(raw)
	if strings.ContainsRune(name, '\uFFFD') {
		if old, err := charmap.CodePage437.NewDecoder().String(raw); err == nil {
			return old, true
		}
	}
	return name, true
}

// paperName proposes what a paper is called, from what its file is called: the
// number "118-TTr" stays, the ending goes.
func paperName(file string) string {
	name, _ := eyeName(file)
	if ext := filepath.Ext(name); len(ext) > 1 && strings.Contains(endings, " "+strings.ToLower(ext)+" ") {
		name = strings.TrimSuffix(name, ext)
	}
	name = cutAtWord(viet.Clean(strings.ReplaceAll(name, "_", " ")), nameMost)
	if strings.Trim(name, ". ") == "" {
		return namelessly
	}
	return name
}

// folderNumber is the item a folder's name begins with: "03 Giải ngân", "3. X", "3".
func folderNumber(name string) (int, bool) {
	n, rest := leading(name)
	if n == 0 || rest != "" && !strings.ContainsRune(" ._-)", rune(rest[0])) {
		return 0, false
	}
	return n, true
}

// fileNumber is the item a file's name begins with, "03 Tờ trình.pdf", and the
// rest of the name. Stricter than of a folder: "118-TTr" is a document's own
// number and "24.6.2026" a date.
func fileNumber(name string) (n int, rest string) {
	n, rest = leading(name)
	after, ok := strings.CutPrefix(strings.TrimPrefix(rest, "."), " ")
	if n == 0 || n > 99 || len(name)-len(rest) != 2 || !ok {
		return 0, name
	}
	return n, strings.TrimSpace(after)
}

// leading reads up to three digits.
func leading(name string) (n int, rest string) {
	i := 0
	for i < len(name) && i < 4 && name[i] >= '0' && name[i] <= '9' {
		n = n*10 + int(name[i]-'0')
		i++
	}
	if i > 3 {
		return 0, name
	}
	return n, name[i:]
}

// diskName is a name for a folder or file we make: whatever Windows and FAT
// take, at most most bytes without cutting a letter.
func diskName(name string, most int) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"/\|?*`, r) || r < ' ' {
			return ' '
		}
		return r
	}, viet.Clean(name))
	name = strings.TrimLeft(viet.Clean(name), ".~ ")
	for len(name) > most {
		_, n := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-n]
	}
	name = strings.TrimRight(name, ". ")
	if stem, _, _ := strings.Cut(strings.ToUpper(name), "."); reservedByWindows(strings.TrimSpace(stem)) {
		name = "_" + name
	}
	return name
}

func reservedByWindows(stem string) bool {
	switch stem {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	port := strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")
	return port && len(stem) == 4 && stem[3] >= '1' && stem[3] <= '9'
}

// uploadName is a file name for what a browser sent under a name; its ending stays.
func uploadName(sent string) string {
	sent = sent[strings.LastIndexAny(sent, `/\`)+1:]
	name, _ := eyeName(sent)
	ext := filepath.Ext(name)
	if len(ext) > 10 {
		ext = ""
	}
	stem := diskName(strings.TrimSuffix(name, ext), fileMost-20)
	if stem == "" {
		stem = namelessly
	}
	return strings.TrimRight(stem+diskEnding(ext), ". ")
}

func diskEnding(ext string) string {
	if ext = diskName(strings.TrimPrefix(ext, "."), 10); ext == "" {
		return ""
	}
	return "." + ext
}

// cutAtWord cuts a text after at most so many runes, at the end of a word where
// there is one.
func cutAtWord(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	cut := string(runes[:most])
	if i := strings.LastIndexByte(cut, ' '); i > 0 && runes[most] != ' ' {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:-–.")
}

// ignored are files that office programs, browsers and systems leave about.
func ignored(name string) bool {
	lower := strings.ToLower(name)
	for _, end := range []string{".part", ".tmp", ".crdownload", ".partial", ".download"} {
		if strings.HasSuffix(lower, end) {
			return true
		}
	}
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || lower == "thumbs.db" || lower == "desktop.ini" || lower == "__macosx"
}
