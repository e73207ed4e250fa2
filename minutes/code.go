package minutes

import qrcode "github.com/skip2/go-qrcode"

// qrPicture is a QR code as PNG; nil where there is nothing to say, or more
// than a code holds.
func qrPicture(link string) []byte {
	if link == "" {
		return nil
	}
	png, err := qrcode.Encode(tidy(link), qrcode.Medium, 512)
	if err != nil {
		return nil
	}
	return png
}
