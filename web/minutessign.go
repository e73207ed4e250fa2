package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	pdfdoc "github.com/digitorus/pdf"
	"github.com/digitorus/pdfsign/verify"

	"phonghop/meeting"
	"phonghop/room"
	"phonghop/templates"
)

const (
	signedMost = 96 << 20         // bytes of a signed PDF
	linkLasts  = 30 * time.Minute // of an unused signing link
	linksMost  = 64
)

// signLink lets a signing program on the clerk's computer take the filed PDF and
// give the signed one back, once, in the name of the secretary who made it.
type signLink struct {
	session meeting.SessionID
	by      meeting.PersonID
	seat    string
	ref     string
	till    time.Time
}

// signLinks are the links not used yet. They are not kept over a restart.
type signLinks struct {
	mu   sync.Mutex
	open map[string]signLink
}

func (l *signLinks) add(link signLink, now time.Time) string {
	token := rand.Text()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open == nil || len(l.open) >= linksMost {
		l.open = map[string]signLink{}
	}
	for old, x := range l.open {
		if now.After(x.till) || x.session == link.session && x.by == link.by {
			delete(l.open, old)
		}
	}
	l.open[token] = link
	return token
}

func (l *signLinks) find(token string, now time.Time) (signLink, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	x, ok := l.open[token]
	return x, ok && !now.After(x.till)
}

// use ends a link; false where somebody else used it meanwhile.
func (l *signLinks) use(token string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, ok := l.open[token]
	delete(l.open, token)
	return ok
}

// makeSignLink makes a one-time link for the signing program.
func (w *Web) makeSignLink(rw http.ResponseWriter, r *http.Request) {
	s, err := w.minuted(r, meeting.ToReturn)
	if err != nil {
		w.answerMinutes(rw, r, room.Answer{}, err)
		return
	}
	f, ok := currentPDF(s.Account().Minutes)
	if !ok {
		w.answerMinutes(rw, r, room.Answer{}, meeting.NotLocked)
		return
	}
	v := w.visitor(r)
	token := w.links.add(signLink{session: s.ID(), by: v.Person, seat: v.Place, ref: f.Ref, till: w.Now().Add(linkLasts)}, w.Now())
	if wantsJSON(r) {
		address := w.signAddress(r, token)
		w.writeJSON(rw, http.StatusOK, struct {
			Get  string `json:"get"`
			Post string `json:"post"`
		}{address + ".pdf", address})
		return
	}
	see(rw, r, templates.MinutesHref(s.ID())+"&link="+url.QueryEscape(token))
}

func (w *Web) signAddress(r *http.Request, token string) string {
	scheme := "http://"
	if w.Secure {
		scheme = "https://"
	}
	return scheme + r.Host + "/sign/" + token
}

// linkFor is the address of a link just made, to be shown to its maker.
func (w *Web) linkFor(r *http.Request) string {
	token := r.FormValue("link")
	if x, ok := w.links.find(token, w.Now()); ok && x.by == w.person(r) {
		return w.signAddress(r, token)
	}
	return ""
}

// signFile gives the signing program the filed PDF.
func (w *Web) signFile(rw http.ResponseWriter, r *http.Request) {
	link, ok := w.links.find(strings.TrimSuffix(r.PathValue("file"), ".pdf"), w.Now())
	if !ok {
		w.tell(rw, r, http.StatusGone, w.langOf(r).T("sign.gone"))
		return
	}
	w.handOut(rw, r, meeting.Filed{Ref: link.ref, Type: pdfType}, pdfName)
}

// takeSigned takes the signed PDF back. A file that is refused leaves the link
// open, so that the right one may follow; the one that is taken ends it.
func (w *Web) takeSigned(rw http.ResponseWriter, r *http.Request) {
	token := strings.TrimSuffix(r.PathValue("file"), ".pdf")
	link, ok := w.links.find(token, w.Now())
	if !ok {
		w.tellSigner(rw, http.StatusGone, w.langOf(r).T("sign.gone"))
		return
	}
	data, err := bodyOf(r)
	if err != nil {
		w.refuseSigned(rw, r, err)
		return
	}
	signers, err := w.signedOurs(link.ref, data)
	if err == nil && !w.links.use(token) {
		w.tellSigner(rw, http.StatusGone, w.langOf(r).T("sign.gone"))
		return
	}
	if err == nil {
		err = w.returnSigned(r.Context(), room.Command{By: link.by, Seat: link.seat, Saw: -1, Session: link.session}, data, signers)
	}
	if err != nil {
		w.refuseSigned(rw, r, err)
		return
	}
	w.tellSigner(rw, http.StatusOK, w.langOf(r).T("sign.taken"))
}

// tellSigner answers a signing program in the words such programs read from an
// upload.
func (w *Web) tellSigner(rw http.ResponseWriter, status int, sentence string) {
	w.writeJSON(rw, status, struct {
		Status     bool
		Message    string
		FileName   string
		FileServer string
	}{status == http.StatusOK, sentence, pdfName, ""})
}

// bodyOf is what came: the body itself, or the file of a form.
func bodyOf(r *http.Request) ([]byte, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return io.ReadAll(r.Body)
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, fmt.Errorf("reading a signed file: %w", err)
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, fmt.Errorf("reading a signed file: %w", err)
		}
		if part.FileName() != "" {
			return io.ReadAll(part)
		}
	}
}

// What is wrong with a signed PDF, by the key of its sentence.
type badSignature string

func (b badSignature) Error() string { return "a signed PDF was refused: " + string(b) }

func (w *Web) refuseSigned(rw http.ResponseWriter, r *http.Request, err error) {
	if bad, ok := errors.AsType[badSignature](err); ok {
		w.tellSigner(rw, http.StatusConflict, w.langOf(r).T(string(bad)))
		return
	}
	p := w.plea(r, err)
	w.tellSigner(rw, p.status, p.Message)
}

// signedOurs is who signed, where the file is our filed PDF with signatures added
// after it and nothing besides.
func (w *Web) signedOurs(ref string, data []byte) ([]string, error) {
	ours, err := w.documentBytes(ref)
	switch {
	case err != nil:
		return nil, err
	case !bytes.HasPrefix(data, ours):
		return nil, badSignature("sign.not-ours")
	case len(data) == len(ours):
		return nil, badSignature("sign.same")
	}
	if err := covered(data, len(ours)); err != nil {
		return nil, err
	}
	return signersOf(data)
}

func (w *Web) documentBytes(name string) ([]byte, error) {
	f, err := w.document(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// signersOf checks every signature of a PDF and says who they are. Whether the
// chain of a certificate leads to somebody this computer trusts is told, and
// demanded of nobody: the box stands without a network.
func signersOf(data []byte) ([]string, error) {
	options := verify.DefaultVerifyOptions()
	found, err := verify.VerifyWithOptions(bytes.NewReader(data), int64(len(data)), options)
	if err != nil || len(found.Signers) == 0 {
		return nil, badSignature("sign.same")
	}
	var names []string
	for _, s := range found.Signers {
		if !s.ValidSignature {
			return nil, badSignature("sign.invalid")
		}
		names = append(names, signerWords(s))
	}
	return names, nil
}

// signerWords names a signer by their certificate; what the file claims of itself
// counts only where there is no name in it.
func signerWords(s verify.Signer) string {
	var leaf *x509.Certificate
	chain := x509.NewCertPool()
	for _, c := range s.Certificates {
		if leaf == nil || leaf.IsCA && !c.Certificate.IsCA {
			leaf = c.Certificate
		}
		chain.AddCert(c.Certificate)
	}
	if leaf == nil {
		return templates.Vietnamese.T("min.signer-unknown", s.Name)
	}
	name := leaf.Subject.CommonName
	if name == "" {
		name = leaf.Subject.String()
	}
	_, err := leaf.Verify(x509.VerifyOptions{Intermediates: chain, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	if err != nil {
		return templates.Vietnamese.T("min.signer-unknown", name)
	}
	return templates.Vietnamese.T("min.signer-trusted", name)
}

// covered makes sure that signatures say something of the whole file: each covers
// our bytes from the first, and one reaches the end, leaving out only its own
// place. The file is hostile: the reader may panic on it.
func covered(data []byte, ours int) (err error) {
	defer func() {
		if recover() != nil {
			err = badSignature("sign.invalid")
		}
	}()
	doc, err := pdfdoc.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return badSignature("sign.invalid")
	}
	whole := false
	for _, x := range doc.Xref() {
		v := doc.Resolve(x.Ptr(), x.Ptr())
		if v.Key("Filter").Name() != "Adobe.PPKLite" {
			continue
		}
		r := v.Key("ByteRange")
		if r.Len() != 4 {
			return badSignature("sign.uncovered")
		}
		from, first, second, rest := r.Index(0).Int64(), r.Index(1).Int64(), r.Index(2).Int64(), r.Index(3).Int64()
		if from != 0 || first < int64(ours) || second < first || second > int64(len(data)) || !onlyHex(data[first:second]) {
			return badSignature("sign.uncovered")
		}
		whole = whole || rest == int64(len(data))-second
	}
	if !whole {
		return badSignature("sign.uncovered")
	}
	return nil
}

// onlyHex tells whether a gap holds the signature's own bytes and nothing else.
func onlyHex(gap []byte) bool {
	if len(gap) < 2 || gap[0] != '<' || gap[len(gap)-1] != '>' {
		return false
	}
	return len(bytes.Trim(gap[1:len(gap)-1], "0123456789abcdefABCDEF")) == 0
}

func (w *Web) returnSigned(ctx context.Context, c room.Command, data []byte, signers []string) error {
	ref, size, err := w.Documents.PutBytes(ctx, data)
	if err != nil {
		return err
	}
	c.Verb = func(s *meeting.Session, a meeting.Act) ([]meeting.Event, error) {
		return s.ReturnFile(a, meeting.Returned{
			Filed: meeting.Filed{Name: "bien-ban-da-ky.pdf", Ref: string(ref), Type: pdfType, Size: size},
			Sort:  meeting.ReturnedSigned, Signers: signers,
		})
	}
	_, err = w.Room.Do(ctx, c)
	return err
}
