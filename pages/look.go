package pages

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
)

// look tells of an office paper what LibreOffice would not: that it is locked with
// a password, that it is set in fonts of the time before Unicode.
func look(f *os.File) (answer, []byte, error) {
	info, err := f.Stat()
	if err != nil {
		return answer{}, nil, err
	}
	locked, old := outlook(f, info.Size())
	if locked {
		return answer{}, nil, ErrEncrypted
	}
	return answer{OldFont: old}, nil, nil
}

const (
	lookMost = 4 << 20  // bytes of a list of fonts
	scanMost = 64 << 20 // bytes of an old file that are gone through
)

func outlook(r io.ReaderAt, size int64) (locked, old bool) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return lockedContainer(io.NewSectionReader(r, 0, min(size, scanMost))), false
	}
	return bytes.Contains(part(z, "META-INF/manifest.xml"), []byte("encryption-data")), oldFonts(part(z, "word/fontTable.xml"))
}

// part is the beginning of a file in a ZIP, nothing where there is none.
func part(z fs.FS, name string) []byte {
	f, err := z.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	text, _ := io.ReadAll(io.LimitReader(f, lookMost)) // half of it says much
	return text
}

// oldFonts looks for .VnTime and VNI fonts among those a DOCX names.
func oldFonts(table []byte) bool {
	return bytes.Contains(table, []byte(`w:name=".Vn`)) || bytes.Contains(table, []byte(`w:name="VNI-`))
}

// lockedContainer tells whether an OLE container holds an encrypted package: what
// Word and Excel make of a DOCX or XLSX that has a password.
func lockedContainer(r io.Reader) bool {
	magic := []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}
	head := make([]byte, len(magic))
	if _, err := io.ReadFull(r, head); err != nil || !bytes.Equal(head, magic) {
		return false
	}
	var name []byte // in UTF-16, as the container's directory has it
	for _, c := range []byte("EncryptedPackage") {
		name = append(name, c, 0)
	}
	kept, block := []byte(nil), make([]byte, 1<<16)
	for {
		n, err := r.Read(block)
		kept = append(kept, block[:n]...)
		if bytes.Contains(kept, name) {
			return true
		}
		if err != nil {
			return false
		}
		kept = append([]byte(nil), kept[max(0, len(kept)-len(name)):]...)
	}
}
