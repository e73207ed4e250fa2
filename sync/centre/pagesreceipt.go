package centre

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"

	"phonghop/journal"
	"phonghop/templates"
)

// ReceiptNumber is what people call a receipt: eight signs of the hash of its
// text, the same at both ends.
func ReceiptNumber(note []byte) string {
	if len(note) == 0 {
		return ""
	}
	sum := sha256.Sum256(note)
	return strings.ToUpper(fmt.Sprintf("%x-%x", sum[:2], sum[2:4]))
}

func shown(r Receipt) templates.CentreReceipt {
	return templates.CentreReceipt{Number: ReceiptNumber(r.Note), At: r.At, Size: r.Size}
}

func (d *desk) ownReceipt(w http.ResponseWriter, r *http.Request) error {
	return d.handReceipt(w, r, journal.RoomLog)
}

func (d *desk) receipt(w http.ResponseWriter, r *http.Request) error {
	return d.handReceipt(w, r, r.PathValue("session"))
}

// handReceipt hands out a receipt as the room has it too: a text anybody can
// check with the centre's public key.
func (d *desk) handReceipt(w http.ResponseWriter, r *http.Request, log string) error {
	_, c, err := d.known(r.Context(), r.PathValue("room"))
	if err != nil {
		return err
	}
	receipt := c.signedOf(log)
	if len(receipt.Note) == 0 {
		return errNothingHere
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", attachment("bien-nhan-"+ReceiptNumber(receipt.Note)+".txt"))
	w.Write(receipt.Note)
	return nil
}
