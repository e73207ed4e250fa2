package centre

import (
	"net/http"
)

// adminCookie holds the administrator's word.
const adminCookie = "phonghop-centre"

// pages adds what people look at.
func (z *Centre) pages(mux *http.ServeMux) {
	mux.HandleFunc("GET /admin/{token}", z.signIn)
}

// signIn takes the link of the first start and leaves a cookie.
func (z *Centre) signIn(w http.ResponseWriter, r *http.Request) {
	token := r.PathValue("token")
	if !z.admin(r, token) {
		http.Error(w, "Liên kết quản trị không còn hiệu lực.", http.StatusForbidden)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: adminCookie, Value: token, Path: "/", HttpOnly: true, Secure: !z.Loopback, SameSite: http.SameSiteLaxMode, MaxAge: 30 * 24 * 3600})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (z *Centre) admin(r *http.Request, token string) bool {
	var there bool
	err := z.ledger.db.Read().QueryRowContext(r.Context(), `SELECT EXISTS (SELECT 1 FROM admin WHERE hash = ?)`, hashed(token)).Scan(&there)
	return err == nil && there
}
