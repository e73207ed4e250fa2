package letters

import "time"

// ParcelHead begins the text of a manifest, so that it is never anything else.
const ParcelHead = "phonghop parcel v1\n"

// Manifest lists what is in a parcel: a tar, sealed with age to the centre, whose
// first file is the manifest, signed by the room as a note (ParcelHead, then this
// as one line of JSON).
type Manifest struct {
	Room   string    `json:"room"`
	Prefix string    `json:"prefix"`
	Name   string    `json:"name"` // for people
	Made   time.Time `json:"made"`
	Files  []File    `json:"files"` // in the order in which they lie in the tar
}

// File is one file of a parcel: a delivery ("logs/…") or a document
// ("documents/REF").
type File struct {
	Path string `json:"path"`
	Size int64  `json:"size"`
	Hash string `json:"sha256"`
}

// The names in a parcel and beside it.
const (
	ManifestFile  = "manifest"
	ParcelFolder  = "phonghop"      // on the stick
	ParcelEnding  = ".parcel"       // of a parcel
	ReceiptEnding = ".bien-nhan"    // of the answer, written beside it by the centre
	CardFile      = "trung-tam.the" // what a centre hands to rooms without a line
	MaxManifest   = 16 << 20
)

// Card is what a room without a line needs to know of its centre.
type Card struct {
	Centre    string `json:"centre"`
	Cosigner  string `json:"cosigner"`
	Recipient string `json:"recipient"`
}
