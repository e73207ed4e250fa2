package inbox

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"phonghop/meeting"
)

const (
	entriesMost = 200 // files of an archive
	partsMost   = 20_000
	oleMagic    = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
)

var errManyEntries = errors.New("too many files in one archive")

// openZip reads a zip's directory. The count its end states is looked at first:
// a directory of millions would be built in memory before anybody could count.
func openZip(r io.ReaderAt, size int64) (*zip.Reader, error) {
	tail, err := piece(r, max(0, size-(64<<10)-22), (64<<10)+22)
	if err != nil {
		return nil, err
	}
	if i := bytes.LastIndex(tail, []byte("PK\x05\x06")); i >= 0 && i+16 <= len(tail) {
		if n := binary.LittleEndian.Uint16(tail[i+10:]); n > partsMost {
			return nil, errManyEntries
		}
		if long := binary.LittleEndian.Uint32(tail[i+12:]); long > 16<<20 {
			return nil, errManyEntries
		}
	}
	return zip.NewReader(r, size)
}

// judgeZip tells office documents from archives of papers.
func judgeZip(r io.ReaderAt, size int64) verdict {
	z, err := openZip(r, size)
	if err != nil {
		return refuse(meeting.TroubleArchive, "")
	}
	parts := map[string]*zip.File{}
	for _, f := range z.File {
		parts[f.Name] = f
	}
	switch {
	case parts["[Content_Types].xml"] != nil:
		return officeType(readPart(parts["[Content_Types].xml"]))
	case parts["mimetype"] != nil:
		return openDocument(readPart(parts["mimetype"]))
	case parts["META-INF/MANIFEST.MF"] != nil, parts["AndroidManifest.xml"] != nil:
		return refuse(meeting.TroubleProgram, "")
	}
	for _, f := range z.File {
		if f.Flags&1 != 0 {
			return refuse(meeting.TroubleEncrypted, "")
		}
	}
	return verdict{typ: typeZIP}
}

// readPart reads the beginning of a small part; what cannot be read is empty.
func readPart(f *zip.File) []byte {
	r, err := f.Open()
	if err != nil {
		return nil
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return nil
	}
	return text
}

func officeType(contentTypes []byte) verdict {
	for _, kind := range []struct{ main, macro, typ string }{
		{"wordprocessingml.document.main", "vnd.ms-word.document.macroEnabled.main", typeDOCX},
		{"spreadsheetml.sheet.main", "vnd.ms-excel.sheet.macroEnabled.main", typeXLSX},
		{"presentationml.presentation.main", "vnd.ms-powerpoint.presentation.macroEnabled.main", typePPTX},
	} {
		if bytes.Contains(contentTypes, []byte(kind.main)) || bytes.Contains(contentTypes, []byte(kind.macro)) {
			return verdict{typ: kind.typ}
		}
	}
	return verdict{typ: typeNone, trouble: meeting.TroubleNoPages, waits: true}
}

func openDocument(mimetype []byte) verdict {
	switch typ := strings.TrimSpace(string(mimetype)); typ {
	case typeODT, typeODS, typeODP:
		return verdict{typ: typ}
	}
	return verdict{typ: typeNone, trouble: meeting.TroubleNoPages, waits: true}
}

// judgeOLE tells the old office's files, and the new office's locked ones, which
// are such a container too, by the streams in it.
func judgeOLE(r io.ReaderAt, size int64) verdict {
	names, err := oleStreams(r, size)
	switch {
	case err != nil:
		return refuse(meeting.TroubleTruncated, "")
	case names["EncryptedPackage"]:
		return refuse(meeting.TroubleEncrypted, "")
	case names["WordDocument"]:
		return verdict{typ: typeDOC}
	case names["Workbook"], names["Book"]:
		return verdict{typ: typeXLS}
	case names["PowerPoint Document"]:
		return verdict{typ: typePPT}
	}
	return verdict{typ: typeNone, trouble: meeting.TroubleNoPages, waits: true}
}

// oleStreams are the names in a compound file's directory, which is a chain of
// sectors through its table. No chain is followed further than the file is long.
func oleStreams(r io.ReaderAt, size int64) (map[string]bool, error) {
	head, err := piece(r, 0, 512)
	if err != nil || len(head) < 512 {
		return nil, fmt.Errorf("reading a compound file: %w", errors.Join(err, io.ErrUnexpectedEOF))
	}
	shift := binary.LittleEndian.Uint16(head[30:])
	if shift != 9 && shift != 12 {
		return nil, errors.New("reading a compound file: no such sector size")
	}
	long := int64(1) << shift
	names := map[string]bool{}
	sector := binary.LittleEndian.Uint32(head[48:])
	for steps := int64(0); sector < 0xFFFFFFFA && steps <= min(size/long, 4096); steps++ {
		data, err := piece(r, (int64(sector)+1)*long, long)
		if err != nil || int64(len(data)) < long {
			return nil, fmt.Errorf("reading a compound file: %w", errors.Join(err, io.ErrUnexpectedEOF))
		}
		for i := int64(0); i+128 <= long; i += 128 {
			names[oleName(data[i:i+128])] = true
		}
		if sector, err = oleNext(r, head, sector, long); err != nil {
			return nil, err
		}
	}
	return names, nil
}

func oleName(entry []byte) string {
	n := min(int(binary.LittleEndian.Uint16(entry[64:])), 64)
	var units []uint16
	for i := 0; i+2 < n; i += 2 {
		units = append(units, binary.LittleEndian.Uint16(entry[i:]))
	}
	return string(utf16.Decode(units))
}

// oleNext is the sector after one. Only the part of the table that the header
// lists is read: 109 sectors of it cover 6.8 MB and more, and the directory is
// near the beginning; behind that the chain counts as ended.
func oleNext(r io.ReaderAt, head []byte, sector uint32, long int64) (uint32, error) {
	per := uint32(long / 4)
	i := sector / per
	if i >= 109 {
		return 0xFFFFFFFE, nil
	}
	table := binary.LittleEndian.Uint32(head[76+4*i:])
	raw, err := piece(r, (int64(table)+1)*long+int64(sector%per)*4, 4)
	if err != nil || len(raw) < 4 {
		return 0, fmt.Errorf("reading a compound file: %w", errors.Join(err, io.ErrUnexpectedEOF))
	}
	return binary.LittleEndian.Uint32(raw), nil
}
