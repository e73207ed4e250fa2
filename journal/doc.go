// Package journal is the book in which everything that happens in a session is
// written down, once, and from which nothing can be torn out or rewritten unseen.
//
// It keeps many books, called logs: one of the room itself, named "room", and one
// for each session, named by the session's id. A log is a numbered list of
// entries. Each log is a Merkle tree as in RFC 6962, and whenever entries have
// been added the room signs the tree's size and root: a checkpoint. Everything
// official is computed from the entries; nothing else is history.
//
// The rest of this page is the format, byte by byte, so that a stranger can check
// and recount a log from this text alone. testdata/recount.mjs is such a stranger:
// it was written from this text in another language, and a test holds its numbers
// against ours. The format does not change after the first room.
//
// # The entry
//
// An entry is one line of UTF-8 JSON: an object with exactly these twelve members,
// in this order, with no white space between tokens and no newline at the end:
//
//	{"v":1,"log":L,"seq":N,"id":I,"kind":K,"at":T,"by":B,"seat":S,"refs":[...],"hold":H,"data":{...},"detail":D}
//
//	v       the number 1
//	log     string, the log's name: 1 to 64 bytes of a-z 0-9 -
//	seq     number, the entry's place in its log, counted from 0 without a gap;
//	        decimal digits, no sign, no leading zero
//	id      string, 1 to 200 printable ASCII characters (0x21 to 0x7e), unique in
//	        the log: the key of the command that made the entry; further entries
//	        of one command add /2, /3; a ballot's is VOTE/MEMBER/n
//	kind    string, 1 to 64 ASCII letters: what happened, in the past tense
//	at      string, the time in UTC by RFC 3339 with exactly three decimals and Z:
//	        2026-11-24T08:00:01.234Z. Order is by seq, never by at: clocks jump
//	by      string of at most 200 bytes: the person's id, or ""
//	seat    string of at most 200 bytes: the seat it came from, or ""
//	refs    array of strings of 64 lower-case hex digits: the SHA-256 of each
//	        document the entry names; [] when there is none
//	hold    true or false: body and documents go only to a centre cleared for them
//	data    object: what the kind says of the event; {} when there is nothing
//	detail  "" or 64 lower-case hex digits: the hash of the body, see below
//
// A line is shorter than 64 KiB (at most 65,535 bytes).
//
// Strings, those within data and its member names included, are written in one way
// only, that of ECMAScript's JSON.stringify and of RFC 8785: the quotation mark
// and the backslash are escaped as \" and \\; the bytes 08, 09, 0a, 0c, 0d as \b,
// \t, \n, \f, \r; any other byte below 20 as \u00 and two lower-case hex digits;
// everything else stands for itself, in UTF-8. So <, >, &, /, the byte 7f and
// U+2028 and U+2029 are not escaped, and half of a surrogate pair cannot be
// written at all. (encoding/json of Go does escape some of these; this package
// writes such data anew.) Within data the order of members
// and the digits of numbers are the writer's; no object names a member twice. A
// line that parses and yet differs from this form is not an entry.
//
// # The tree
//
// The leaf of an entry is
//
//	SHA-256(0x00 || line)
//
// over exactly the bytes of the line, without a newline; a log that is handed on
// as a file of text is its lines in order, each followed by one newline. An inner node is
//
//	SHA-256(0x01 || left || right)
//
// The root of one leaf is the leaf; the root of n leaves, n > 1, is the node of
// the root of the first k and the root of the others, where k is the largest power
// of two smaller than n (RFC 6962, section 2.1). The root of nothing is SHA-256 of
// no bytes. golang.org/x/mod/sumdb/tlog computes it here.
//
// # The body
//
// Free text and reasons lie beside the entry, not in it, so that they can be
// withheld or erased while the tree still verifies. The body is any bytes, 1 to
// 262,143 of them (under 256 KiB), with a salt of 32 random bytes, and
//
//	detail = hex(SHA-256(salt || body))
//
// in lower case. The salt keeps a short body from being guessed from its hash. An
// entry whose detail is not "" and whose body is not there is "withheld": that is
// never an error, and the body may follow later.
//
// # Where it lies
//
// All logs are in one SQLite file, journal.db (in WAL mode: journal.db-wal belongs
// to it while it is open).
//
//	log         n       the log's number in this file, from 1
//	            name    its name
//	entry       log     log.n
//	            seq, id as in the line
//	            line    BLOB, the bytes that are hashed
//	body        log, seq
//	            salt    BLOB, 32 bytes
//	            body    BLOB
//	node        log
//	            n       where the hash stands in the tree, see below
//	            hash    BLOB, 32 bytes
//	checkpoint  log
//	            epoch   a number, from 1
//	            size    how many entries are signed
//	            note    BLOB, the signed note
//
// node holds the hash of every complete subtree: at level l (0 are the leaves)
// with index i the one over the entries i*2^l to (i+1)*2^l - 1. Its n is the
// number of such hashes that were complete before it, when hashes are written as
// entries come, lower levels first: leaf 0 is 0, leaf 1 is 1, the node over both
// is 2, leaf 2 is 3, leaf 3 is 4, the node over 2 and 3 is 5, that over all four
// is 6. (tlog.StoredHashIndex.) They can all be computed from the lines; they are
// kept so that a proof need not read the log, and whoever reads the log compares them.
//
// checkpoint keeps the last of each epoch. Entries, bodies, nodes and checkpoint
// of a batch are written in one transaction with one fsync.
//
// # Names and keys
//
// The origin of a log is PREFIX/ROOM/LOG/EPOCH:
//
//	PREFIX  phonghop; phonghop-demo for a demo, phonghop-rehearsal for a rehearsal
//	ROOM    the first 16 hex digits, in lower case, of SHA-256 of the room's first
//	        public key (its 32 raw bytes)
//	LOG     the log's name
//	EPOCH   a number, from 1
//
// Keys are Ed25519. A public key is written as a note's verifier key
//
//	NAME+HHHHHHHH+BASE64
//
// where NAME is an origin, BASE64 the standard base64 (with padding) of the byte
// 01 and the 32 bytes of the public key, and HHHHHHHH the key's hash under that
// name: the first four bytes, in lower-case hex, of
//
//	SHA-256(NAME || 0x0a || 0x01 || public key)
//
// One key signs all logs of an epoch, each under its own origin as NAME; so the
// 33 bytes are the same in all of them and the hash is not.
//
// The first entry of the log room is RoomFounded; its data.key is the public key
// of epoch 1 under the name PREFIX/ROOM/room/1. The secret half lies in the file
// keys/room as a note's signer key of the name ROOM/EPOCH.
//
// # The checkpoint
//
// A checkpoint is a signed note (C2SP signed-note and tlog-checkpoint): three
// lines of text, an empty line, and signatures, each line ending in one newline.
//
//	ORIGIN
//	the size: how many entries, in decimal
//	the root: 32 bytes in standard base64
//
//	— ORIGIN BASE64
//
// The signature's line begins with an em dash (U+2014) and a space; its base64 is
// the four bytes of the key's hash and the 64 bytes of the Ed25519 signature over
// the three lines, their newlines included. A centre that has checked it may add
// signatures of its own below.
//
// # Epochs, sealing, erasing
//
// These four kinds are the journal's own business; to it all others are words.
//
//	RoomFounded   in log room, seq 0. data.key, data.epoch (1)
//	EpochBegan    data.epoch, data.size, data.root, data.key: from here on another
//	              key signs, after a restored backup or on a promoted spare. The
//	              tree goes on: size and root (in hex) are those of the log before
//	              this entry, size is therefore its seq, and the key is named under
//	              this log's new origin. It is the next entry of the log room and of
//	              each log that is not sealed. The reason is the body
//	RecordSealed  nothing follows it in its log
//	DetailErased  data.entries: the seqs of earlier entries of the same log whose
//	              bodies are deleted, and overwritten in the file, by the
//	              transaction that adds this entry; journal.db-wal may hold the old
//	              bytes until the next start empties it
//
// A sealed log keeps the checkpoint of the epoch in which it was sealed.
//
// # Recounting a vote
//
// A ballot is an entry of kind BallotCast in the session's log; its data names
// vote, member, n (a number) and choice (a string). Of all ballots of one member in
// one vote the one with the highest n stands. A vote's counts are how many
// standing ballots name each choice; whoever has none did not vote.
//
// # Codes and receipts
//
// The code of a ballot is the first 20 bits of its leaf, that of a vote's result
// the first 30 bits of the leaf of the entry that closed it, in Crockford's
// base32, five bits a letter from the left: 0123456789ABCDEFGHJKMNPQRSTVWXYZ.
//
// A receipt is a C2SP tlog-proof: the line "c2sp.org/tlog-proof@v1", the line
// "index N" with the entry's seq, the audit path of RFC 6962 section 2.1.1 from the
// leaf's sibling upwards, one hash a line in standard base64, an empty line, and
// the checkpoint as above. It is checked offline, with the entry's line and the
// room's public key (CheckReceipt).
//
// # Copies
//
// What leaves the room leaves as a Delivery: lines with salts and bodies, the last
// signed checkpoint of each epoch, and, where the lines end before the newest
// checkpoint does, the RFC 6962 consistency proof (section 2.1.2) that they are the
// beginning of it. So a receiver that is cut off at any moment holds nothing
// unproven. A copy (at the centre) is a journal.db with three more tables:
//
//	tail               log, note, proof: the checkpoint that signs more of a log than
//	                   has come, and the proof, its hashes one after the other
//	orphan             log, epoch, seq, line, salt, body: the end of a log that its
//	                   room no longer has, because it was restored from a backup and
//	                   went on in a new epoch from before these
//	orphan_checkpoint  the checkpoint that signed them
//
// A copy takes no entry in the place of another: whatever differs from what is
// here is a fork, refused, and named by its first entry. The one exception is the
// EpochBegan of a restored room, and that needs a person's yes.
//
// A centre's receipt is the checkpoint with its own line below (C2SP
// tlog-cosignature): key hash, the Unix time in 8 bytes, and the Ed25519 signature
// over "cosignature/v1\ntime T\n" and the three lines. The algorithm byte of such a
// key is 04.
//
// # What losing or forging costs
//
// journal.db lost: the history is gone but for what the centre, the parcels and
// the backups hold; a restore goes on in a new epoch. A part of it changed, by a
// bad disk or a hand: "phonghop verify" names the first wrong entry. In the room's log
// or the session in the room the next start names it too, and the room does not go on
// with it; of an earlier session nothing more is read where its log has another length
// than was signed, and nothing added before it was verified. The table node lost or
// changed: the same, although nothing is lost, since it can be computed again from the
// lines.
// A body lost or erased: that text is gone, and nothing else; who voted what is in
// the lines.
//
// keys/room lost: nothing of the past is lost, all of it can still be checked; the
// room cannot go on in this epoch. Restoring into a new epoch is the way.
//
// keys/room stolen, or a dishonest owner of the box: whoever holds the key can
// rewrite the last log from any entry on and sign it anew, and this package alone
// cannot tell. What it cannot do is make the old checkpoints unsaid: the centre,
// the tablets' receipts and an auditor's copy each hold one, and two checkpoints
// that do not agree are proof against the room. For the same reason an older copy
// of journal.db put in place of the newest verifies here, and is refused there.
//
// keys/room is in no backup: a restored copy that kept signing as if nothing had
// happened would be such a fork.
package journal
