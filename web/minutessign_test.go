package web

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	pdfdoc "github.com/digitorus/pdf"
	"github.com/digitorus/pdfsign/sign"

	"phonghop/meeting"
)

// pen signs PDFs as a clerk's signing program does.
type pen struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
}

func newPen(t *testing.T, name string) pen {
	t.Helper()
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	c := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
	}
	der := must(x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key))(t)
	return pen{key, must(x509.ParseCertificate(der))(t)}
}

func (p pen) sign(t *testing.T, data []byte) []byte {
	t.Helper()
	in := bytes.NewReader(data)
	doc := must(pdfdoc.NewReader(in, int64(len(data))))(t)
	var out bytes.Buffer
	err := sign.Sign(in, &out, doc, int64(len(data)), sign.SignData{
		Signature: sign.SignDataSignature{
			Info: sign.SignDataSignatureInfo{Name: "Ai đó", Date: time.Now()}, CertType: sign.ApprovalSignature,
		},
		Signer: p.key, DigestAlgorithm: crypto.SHA256, Certificate: p.cert,
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// locked is a house whose minutes are locked and filed, with the secretary.
func locked(t *testing.T) (*house, *tablet) {
	t.Helper()
	h := writing(t)
	clerk := h.at(clerkID)
	h.closeSitting()
	h.filed(0)
	clerk.post("/minutes/lock", nil)
	h.filed(1)
	return h, clerk
}

// link is a signing link's two paths.
func (h *house) link(clerk *tablet) (get, post string) {
	h.t.Helper()
	a := clerk.program().post("/minutes/sign-link", nil)
	if a.status != http.StatusOK {
		h.t.Fatalf("no link: %d %s", a.status, a.body)
	}
	v := a.json(h.t)
	return strings.TrimPrefix(v["get"].(string), h.server.URL), strings.TrimPrefix(v["post"].(string), h.server.URL)
}

// raw posts bytes as a program does.
func (tb *tablet) raw(path, kind string, data []byte) answer {
	tb.h.t.Helper()
	res := must(tb.client.Post(tb.h.server.URL+path, kind, bytes.NewReader(data)))(tb.h.t)
	defer res.Body.Close()
	var b bytes.Buffer
	must(b.ReadFrom(res.Body))(tb.h.t)
	return answer{res.StatusCode, res.Header, b.String()}
}

func TestASignedPDFComesBackOnce(t *testing.T) {
	h, clerk := locked(t)
	program := h.tablet()
	get, post := h.link(clerk)
	ours := []byte(program.get(get).body)
	if !bytes.HasPrefix(ours, []byte("%PDF-")) || string(ours) != clerk.get(get).body {
		t.Fatalf("%.40q", ours)
	}
	signed := newPen(t, "Nguyễn Văn Chánh").sign(t, ours)
	agrees(t, signed)
	refused := map[string][]byte{
		"không bắt đầu bằng đúng":  newPen(t, "Kẻ khác").sign(t, bytes.Replace(ours, []byte("/Producer"), []byte("/Producex"), 1)),
		"chưa có chữ ký nào":       ours,
		"không khớp với nội dung":  tampered(signed, len(ours)),
		"không phủ hết nội dung":   append(bytes.Clone(signed), "\n% thêm một dòng\n"...),
		"không bắt đầu bằng đúng ": []byte("%PDF-1.7 nothing"),
	}
	for why, data := range refused {
		if a := program.raw(post, "application/pdf", data); a.status != http.StatusConflict || !strings.Contains(a.body, strings.TrimSpace(why)) {
			t.Errorf("%q: %d %s", why, a.status, a.body)
		}
	}
	if n := len(h.minutes().Returned); n != 0 {
		t.Fatalf("%d refused files are on record", n)
	}
	if a := program.raw(post, "application/pdf", signed); a.status != http.StatusOK || !strings.Contains(a.body, `"Status":true`) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	back := h.minutes().Returned
	if len(back) != 1 || back[0].Sort != meeting.ReturnedSigned || back[0].By.ID != clerkID || !strings.Contains(back[0].Signers[0], "Nguyễn Văn Chánh; chuỗi chứng thư chưa kiểm tra được") {
		t.Fatalf("%+v", back)
	}
	for _, a := range []answer{program.raw(post, "application/pdf", signed), program.get(get)} {
		if a.status != http.StatusGone {
			t.Errorf("the link again: %d", a.status)
		}
	}
	page := clerk.get("/minutes").body
	stage(t, "signed", page)
	says(t, "the desk", page, "Bản chính thức", "Nguyễn Văn Chánh")
	if a := clerk.get("/minutes/" + string(h.room.State().Session.ID()) + "/tra-lai/" + back[0].Ref); a.body != string(signed) {
		t.Error("the file taken back differs")
	}
	if a := h.at("m1").get("/minutes/" + string(h.room.State().Session.ID()) + "/tra-lai/" + back[0].Ref); a.status != http.StatusForbidden {
		t.Errorf("a member takes it: %d", a.status)
	}
}

// tampered changes a byte the signature speaks of, behind our own.
func tampered(signed []byte, ours int) []byte {
	out := bytes.Clone(signed)
	at := ours + bytes.Index(out[ours:], []byte("Adobe.PPKLite"))
	name := bytes.Index(out[at:], []byte("/M "))
	digit := at + name + bytes.IndexAny(out[at+name:], "0123456789")
	out[digit+3] ^= 1
	return out
}

// agrees asks another program whether the signature is good.
func agrees(t *testing.T, signed []byte) {
	t.Helper()
	path, err := exec.LookPath("pdfsig")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("pdfsig is missing")
		}
		t.Log("pdfsig is missing: only our own check was made")
		return
	}
	file := filepath.Join(t.TempDir(), "signed.pdf")
	if err := os.WriteFile(file, signed, 0o600); err != nil {
		t.Fatal(err)
	}
	said, _ := exec.CommandContext(t.Context(), path, "-nocert", file).CombinedOutput()
	if !strings.Contains(string(said), "Signature is Valid") {
		t.Errorf("pdfsig: %s", said)
	}
}

func TestASignedPDFAsAFormAndTwoSigners(t *testing.T) {
	h, clerk := locked(t)
	get, post := h.link(clerk)
	ours := []byte(clerk.get(get).body)
	both := newPen(t, "Thư ký Dung").sign(t, newPen(t, "Chủ tọa An").sign(t, ours))
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	h.check(m.WriteField("note", "x"))
	part := must(m.CreateFormFile("uploadfile", "signed.pdf"))(t)
	must(part.Write(both))(t)
	h.check(m.Close())
	if a := h.tablet().raw(post, m.FormDataContentType(), b.Bytes()); a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if s := h.minutes().Returned[0].Signers; len(s) != 2 {
		t.Errorf("%q", s)
	}
}

func TestSigningLinksAreTheSecretarys(t *testing.T) {
	h, clerk := locked(t)
	for _, who := range []string{"m0", "m1"} {
		if a := h.at(who).program().post("/minutes/sign-link", nil); a.status != http.StatusConflict {
			t.Errorf("%s: %d", who, a.status)
		}
	}
	old, _ := h.link(clerk)
	h.link(clerk)
	if a := h.tablet().get(old); a.status != http.StatusGone {
		t.Errorf("the older link: %d", a.status)
	}
	a := clerk.post("/minutes/sign-link", nil)
	page := clerk.get(a.to()).body
	stage(t, "link", page)
	says(t, "the desk", page, "/sign/", "gửi bản đã ký về đúng một lần")
	lacks(t, "another's desk", h.at("m0").get(a.to()).body, "/sign/")
	clerk.post("/minutes/unlock", url.Values{"reason": {"Sửa"}})
	if a := clerk.program().post("/minutes/sign-link", nil); a.status != http.StatusConflict {
		t.Errorf("unlocked: %d", a.status)
	}
}

// Whatever comes back, the check answers and says no.
func FuzzSigned(f *testing.F) {
	f.Add([]byte("%PDF-1.4\n"), []byte("xref trailer <</Root 1 0 R>> startxref 0 %%EOF"))
	f.Add([]byte(""), []byte("1 0 obj <</Filter/Adobe.PPKLite/ByteRange[0 1 2 3]>> endobj"))
	f.Fuzz(func(t *testing.T, ours, more []byte) {
		data := append(bytes.Clone(ours), more...)
		if covered(data, len(ours)) == nil {
			if _, err := signersOf(data); err == nil {
				t.Error("made-up bytes are signed")
			}
		}
	})
}
