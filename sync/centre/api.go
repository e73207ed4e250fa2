package centre

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"phonghop/documents"
	"phonghop/journal"
	"phonghop/sync/letters"
)

const letterMost = 256 << 10 // bytes of a letter that is neither entries nor a document

// API answers the rooms. Every request but pairing carries the room's word.
func (z *Centre) API() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/pair", z.takePairing)
	for pattern, handle := range map[string]func(http.ResponseWriter, *http.Request, Room) error{
		"GET /api/rooms/{room}/heads":                   z.tellHeads,
		"GET /api/rooms/{room}/logs/{log}/roots/{size}": z.tellRoot,
		"POST /api/rooms/{room}/logs/{log}":             z.takeEntries,
		"POST /api/rooms/{room}/documents":              z.tellMissing,
		"HEAD /api/rooms/{room}/documents/{ref}":        z.tellOffset,
		"PATCH /api/rooms/{room}/documents/{ref}":       z.takePiece,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			room, err := z.asking(r)
			if err == nil {
				err = handle(w, r, room)
			}
			if err != nil {
				z.say(w, r, err)
			}
		})
	}
	return mux
}

// asking is the room whose word the request carries.
func (z *Centre) asking(r *http.Request) (Room, error) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	room, ok, err := z.ledger.holder(r.Context(), token)
	switch {
	case err != nil:
		return room, err
	case !ok || room.ID != r.PathValue("room"):
		return room, refuse(letters.Unknown)
	case room.Revoked:
		return room, refuse(letters.Revoked)
	}
	return room, nil
}

func (z *Centre) takePairing(w http.ResponseWriter, r *http.Request) {
	var p letters.Pairing
	if err := read(w, r, &p); err != nil {
		z.say(w, r, err)
		return
	}
	paired, err := z.pair(r.Context(), p, addressOf(r))
	if err != nil {
		z.say(w, r, err)
		return
	}
	write(w, http.StatusOK, paired)
}

func addressOf(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	a, _ := netip.ParseAddr(host)
	return a.Unmap()
}

func (z *Centre) tellHeads(w http.ResponseWriter, r *http.Request, room Room) error {
	h, err := z.heads(r.Context(), room)
	if err != nil {
		return err
	}
	write(w, http.StatusOK, h)
	return z.seen(r, room)
}

// seen notes that the room was heard of; that alone is not worth a fsync each
// time, so once a minute will do.
func (z *Centre) seen(r *http.Request, room Room) error {
	now := z.Now()
	if now.Sub(room.Seen).Abs().Minutes() < 1 {
		return nil
	}
	if err := z.ledger.set(r.Context(), `UPDATE room SET seen = ? WHERE id = ?`, now.Unix(), room.ID); err != nil {
		z.Log.Warn("noting that a room was heard of", "room", room.ID, "err", err)
	}
	return nil
}

func (z *Centre) tellRoot(w http.ResponseWriter, r *http.Request, room Room) error {
	size, err := strconv.ParseInt(r.PathValue("size"), 10, 64)
	if err != nil {
		return refuse(letters.Malformed)
	}
	c, err := z.copyOf(r.Context(), room)
	if err != nil {
		return err
	}
	root, err := c.journal.RootAt(r.Context(), r.PathValue("log"), size)
	if errors.Is(err, journal.ErrNoLog) || errors.Is(err, journal.ErrNoEntry) {
		return refuse(letters.Gap)
	}
	if err != nil {
		return err
	}
	write(w, http.StatusOK, letters.Root{Root: hex.EncodeToString(root[:])})
	return nil
}

func (z *Centre) takeEntries(w http.ResponseWriter, r *http.Request, room Room) error {
	d, err := journal.ReadDelivery(http.MaxBytesReader(w, r.Body, journal.MaxDelivery))
	if err != nil || d.Log != r.PathValue("log") {
		return refuse(letters.Malformed)
	}
	head, err := z.receive(r.Context(), room, d)
	if err != nil {
		return err
	}
	write(w, http.StatusOK, head)
	return nil
}

func (z *Centre) tellMissing(w http.ResponseWriter, r *http.Request, _ Room) error {
	var want letters.Want
	if err := read(w, r, &want); err != nil {
		return err
	}
	if len(want.Refs) > letters.MaxRefs {
		return refuse(letters.Malformed)
	}
	missing := letters.Missing{Missing: map[string]int64{}}
	for _, ref := range want.Refs {
		if z.documents.Has(documents.Ref(ref)) {
			continue
		}
		at, err := z.documents.Partial(documents.Ref(ref))
		if err != nil {
			return err
		}
		missing.Missing[ref] = at
	}
	write(w, http.StatusOK, missing)
	return nil
}

func (z *Centre) tellOffset(w http.ResponseWriter, r *http.Request, _ Room) error {
	at, err := z.documents.Partial(documents.Ref(r.PathValue("ref")))
	if err != nil {
		return err
	}
	w.Header().Set(letters.OffsetHeader, strconv.FormatInt(at, 10))
	return nil
}

func (z *Centre) takePiece(w http.ResponseWriter, r *http.Request, room Room) error {
	offset, err := strconv.ParseInt(r.Header.Get(letters.OffsetHeader), 10, 64)
	size, err2 := strconv.ParseInt(r.Header.Get(letters.LengthHeader), 10, 64)
	if err != nil || err2 != nil || offset < 0 || size < 1 || offset > size {
		return refuse(letters.Malformed)
	}
	if size > z.Most {
		return refuse(letters.TooLarge)
	}
	got, err := z.documents.Append(r.Context(), documents.Ref(r.PathValue("ref")), offset, size, r.Body)
	if err != nil {
		return err
	}
	if got == size {
		if err := z.settle(r.Context(), room); err != nil {
			return err
		}
	}
	w.Header().Set(letters.OffsetHeader, strconv.FormatInt(got, 10))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func read(w http.ResponseWriter, r *http.Request, into any) error {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, letterMost))
	if err != nil || json.Unmarshal(text, into) != nil {
		return refuse(letters.Malformed)
	}
	return nil
}

func write(w http.ResponseWriter, status int, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // only our own letters come here
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(append(text, '\n'))
}

// say answers with a refusal; a fault of ours gets no details.
func (z *Centre) say(w http.ResponseWriter, r *http.Request, err error) {
	refusal, ok := refusalOf(err)
	if !ok {
		z.Log.Error("answering a room", "path", r.URL.Path, "err", err)
		http.Error(w, `{"refused":"fault","message":"Trung tâm gặp lỗi, hãy thử lại sau."}`, http.StatusInternalServerError)
		return
	}
	z.Log.Info("refused", "path", r.URL.Path, "why", refusal.Name, "log", refusal.Log, "entry", refusal.Entry, "err", err)
	write(w, statusOf(refusal.Name), refusal)
}

func statusOf(name letters.Name) int {
	switch name {
	case letters.Unknown, letters.BadCode:
		return http.StatusUnauthorized
	case letters.Revoked, letters.Demo:
		return http.StatusForbidden
	case letters.Slower:
		return http.StatusTooManyRequests
	case letters.Full:
		return http.StatusInsufficientStorage
	case letters.Malformed:
		return http.StatusBadRequest
	case letters.Hash, letters.Wrong, letters.Unsigned, letters.Foreign:
		return http.StatusUnprocessableEntity
	case letters.TooLarge:
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusConflict
}
