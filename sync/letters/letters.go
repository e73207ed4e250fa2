// Package letters is what a room and its centre say to each other: the forms of
// their requests and answers, and the names of the centre's refusals.
//
// Both ends hold it, so a field is only ever added, and optional: a room of this
// year speaks with a centre of next year, and the other way round.
package letters

// Pairing is how a room introduces itself. The code was shown once by the centre;
// on loopback an empty centre takes its first room without one.
type Pairing struct {
	Code   string `json:"code,omitempty"`
	Room   string `json:"room"`   // ROOM of FORMAT.md
	Prefix string `json:"prefix"` // of its origins: phonghop, phonghop-demo
	Name   string `json:"name"`   // for people: "Phòng họp A2"
	Key    string `json:"key"`    // the public key of its room log, now
}

// Paired is what the room keeps of it.
type Paired struct {
	Centre    string `json:"centre"`    // its name, for people
	Token     string `json:"token"`     // this room's word at the centre
	Cosigner  string `json:"cosigner"`  // what the centre countersigns with
	Recipient string `json:"recipient"` // what parcels are sealed to (age)
}

// Heads is what the centre holds of a room, log by log.
type Heads struct {
	Logs    map[string]Head `json:"logs"`
	Cleared bool            `json:"cleared,omitempty"` // it may have what is marked hold
}

// Head is one log at the centre. Root is hex, of Size entries. Receipt is the
// countersigned checkpoint of the newest state that was whole, papers included.
type Head struct {
	Size    int64  `json:"size"`
	Root    string `json:"root"`
	Signed  int64  `json:"signed"`
	Receipt string `json:"receipt,omitempty"`
}

// Root is the root of a log's first entries.
type Root struct {
	Root string `json:"root"`
}

// Want asks which documents the centre lacks.
type Want struct {
	Refs []string `json:"refs"`
}

// Missing tells it: how many bytes of each have come.
type Missing struct {
	Missing map[string]int64 `json:"missing"`
}

// MaxRefs is how many documents one Want may name.
const MaxRefs = 1000

// Refusal is why the centre took nothing. It is sent with a status of 4xx or 507.
type Refusal struct {
	Name    Name   `json:"refused"`
	Message string `json:"message"`         // one Vietnamese sentence
	Log     string `json:"log,omitempty"`   // what it is about
	Entry   int64  `json:"entry,omitempty"` // the first that differs or is wrong; -1 not known
	Have    int64  `json:"have,omitempty"`  // entries or bytes that are here
}

func (r *Refusal) Error() string { return "the centre refuses: " + string(r.Name) }

// Name names a refusal; both ends test it.
type Name string

// The refusals of a centre.
const (
	Unknown   Name = "unknown"   // no such room, or a wrong word: pair again
	Revoked   Name = "revoked"   // the centre no longer takes this room
	BadCode   Name = "code"      // the code is wrong, used, or too old
	Slower    Name = "slower"    // too many wrong codes: later
	Demo      Name = "demo"      // a demo room at a centre on a network
	Foreign   Name = "foreign"   // another room's log
	Fork      Name = "fork"      // another entry is here in its place
	Gap       Name = "gap"       // earlier entries are missing
	Unsigned  Name = "unsigned"  // no checkpoint covers it
	Wrong     Name = "wrong"     // an entry is not what it says
	NewEpoch  Name = "new-epoch" // restored, a new key: somebody at the centre must say yes
	Offset    Name = "offset"    // a piece does not begin where the last ended
	Busy      Name = "busy"      // the same document is coming from elsewhere
	Hash      Name = "hash"      // the bytes are not the document named
	TooLarge  Name = "too-large" // larger than the centre takes
	Full      Name = "full"      // the centre's disk
	Malformed Name = "malformed" // not a letter at all
)

// The header fields of a document's pieces.
const (
	OffsetHeader = "Upload-Offset"
	LengthHeader = "Upload-Length"
)
