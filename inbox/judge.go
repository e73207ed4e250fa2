package inbox

import (
	"bytes"
	"io"
	"net/http"
	"path/filepath"
	"strings"

	"phonghop/meeting"
)

// Media types that are drawn.
const (
	typePDF  = "application/pdf"
	typePNG  = "image/png"
	typeJPEG = "image/jpeg"
	typeText = "text/plain"
	typeRTF  = "application/rtf"
	typeDOC  = "application/msword"
	typeXLS  = "application/vnd.ms-excel"
	typePPT  = "application/vnd.ms-powerpoint"
	typeDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	typeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typePPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	typeODT  = "application/vnd.oasis.opendocument.text"
	typeODS  = "application/vnd.oasis.opendocument.spreadsheet"
	typeODP  = "application/vnd.oasis.opendocument.presentation"
	typeZIP  = "application/zip"
	typeNone = "application/octet-stream"
)

// shortType is how a type is called in a sentence.
func shortType(typ string) string {
	switch typ {
	case typePDF:
		return "PDF"
	case typePNG, typeJPEG:
		return "ảnh"
	case typeText, typeRTF:
		return "văn bản"
	case typeDOC, typeDOCX, typeODT:
		return "Word"
	case typeXLS, typeXLSX, typeODS:
		return "Excel"
	case typePPT, typePPTX, typeODP:
		return "PowerPoint"
	}
	return "ZIP"
}

// endingsOf are the endings a type's files have; the first is the usual one.
func endingsOf(typ string) string {
	return map[string]string{
		typePDF: ".pdf", typePNG: ".png", typeJPEG: ".jpg .jpeg .jpe", typeText: ".txt .csv .md .log", typeRTF: ".rtf .doc",
		typeDOC: ".doc .dot", typeXLS: ".xls .xlt", typePPT: ".ppt .pps", typeDOCX: ".docx .docm .dotx", typeXLSX: ".xlsx .xlsm",
		typePPTX: ".pptx .pptm .ppsx", typeODT: ".odt", typeODS: ".ods", typeODP: ".odp", typeZIP: ".zip",
	}[typ]
}

// verdict is what a file's bytes say of it.
type verdict struct {
	typ     string
	trouble meeting.Trouble
	detail  string
	refused bool // never a paper
	waits   bool // a paper only if the secretary says so
	locked  bool // says it is encrypted; whether a password is needed the drawing tells
}

func refuse(t meeting.Trouble, detail string) verdict {
	return verdict{typ: typeNone, trouble: t, detail: detail, refused: true}
}

// judge tells what a settled file is, by its bytes; its name only says what
// somebody thought it was.
func judge(r io.ReaderAt, size int64, name string) (verdict, error) {
	if size == 0 {
		return refuse(meeting.TroubleEmpty, ""), nil
	}
	head, err := piece(r, 0, 4096)
	if err != nil {
		return verdict{}, err
	}
	if program(head, name) {
		return refuse(meeting.TroubleProgram, ""), nil
	}
	v, err := byBytes(r, size, head)
	if err != nil || v.refused || v.trouble != "" {
		return v, err
	}
	ext := strings.ToLower(filepath.Ext(name))
	if likely := strings.Contains(endings, " "+ext+" "); ext != "" && likely && !hasEnding(v.typ, ext) {
		v.trouble, v.detail = meeting.TroubleMislabelled, shortType(v.typ)
	}
	return v, nil
}

func hasEnding(typ, ext string) bool {
	return strings.Contains(" "+endingsOf(typ)+" ", " "+ext+" ")
}

// programs by ending: what a computer runs though it is text or an archive.
const programs = " .exe .com .scr .pif .bat .cmd .ps1 .vbs .vbe .js .jse .wsf .wsh .hta .msi .msp .reg .sh .jar .apk .lnk .url .desktop .cpl .dll .sys .iso .img .htm .html .svg .xhtml .mht "

func program(head []byte, name string) bool {
	ext := strings.ToLower(filepath.Ext(strings.TrimRight(name, ". ")))
	if ext != "" && strings.Contains(programs, " "+ext+" ") {
		return true
	}
	for _, magic := range []string{"MZ", "\x7fELF", "#!", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe", "L\x00\x00\x00\x01\x14\x02\x00"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}

func byBytes(r io.ReaderAt, size int64, head []byte) (verdict, error) {
	switch {
	case bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")):
		return judgePDF(r, size)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return judgeZip(r, size), nil
	case bytes.HasPrefix(head, []byte(oleMagic)):
		return judgeOLE(r, size), nil
	case bytes.HasPrefix(head, []byte("{\\rtf")):
		return verdict{typ: typeRTF}, nil
	case bytes.HasPrefix(head, []byte("Rar!")), bytes.HasPrefix(head, []byte("7z\xbc\xaf\x27\x1c")), bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return refuse(meeting.TroubleArchive, ""), nil
	}
	return byDetection(head), nil
}

// byDetection leaves the rest to the standard library. Pages of the web run
// scripts where they are opened, so they are programs here.
func byDetection(head []byte) verdict {
	typ, _, _ := strings.Cut(http.DetectContentType(head), ";")
	switch typ {
	case typePNG, typeJPEG, typeText:
		return verdict{typ: typ}
	case "text/html", "text/xml":
		return refuse(meeting.TroubleProgram, "")
	}
	return verdict{typ: typeNone, trouble: meeting.TroubleNoPages, waits: true}
}

// judgePDF looks for the word of encryption where a trailer is. Files that only
// forbid printing have it too: whether a password is needed, the drawing tells.
func judgePDF(r io.ReaderAt, size int64) (verdict, error) {
	const reach = 64 << 10
	v := verdict{typ: typePDF}
	for _, at := range []int64{0, max(0, size-reach)} {
		part, err := piece(r, at, reach)
		if err != nil {
			return v, err
		}
		if bytes.Contains(part, []byte("/Encrypt")) {
			v.locked = true
		}
	}
	if v.locked {
		v.trouble, v.waits = meeting.TroubleEncrypted, true
	}
	return v, nil
}
