package viet

import (
	"fmt"
	"strings"
	"time"
)

// Zone is the time of Việt Nam, +07:00 all year, known without a time-zone
// database on the box.
func Zone() *time.Location { return time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60) }

// FormalDate writes a date as decree 30/2020 asks: a zero before days 1 to 9
// and before months 1 and 2 only. "ngày 05 tháng 02 năm 2026", "ngày 25 tháng 3
// năm 2021".
func FormalDate(t time.Time) string {
	t = t.In(Zone())
	month := fmt.Sprintf("%d", t.Month())
	if t.Month() <= time.February {
		month = "0" + month
	}
	return fmt.Sprintf("ngày %02d tháng %s năm %d", t.Day(), month, t.Year())
}

// FormalClock writes a time of day for documents: "14 giờ 30 phút".
func FormalClock(t time.Time) string { return t.In(Zone()).Format("15 giờ 04 phút") }

// FormalMoment writes both, as minutes begin and end: "14 giờ 30 phút, ngày 05
// tháng 02 năm 2026".
func FormalMoment(t time.Time) string { return FormalClock(t) + ", " + FormalDate(t) }

// Date writes a date for screens: "05/02/2026".
func Date(t time.Time) string { return t.In(Zone()).Format("02/01/2006") }

// LongDate adds the day of the week: "Thứ Tư, 24/06/2026".
func LongDate(t time.Time) string { return Weekday(t) + ", " + Date(t) }

// Clock writes a time of day for screens: "14:30".
func Clock(t time.Time) string { return t.In(Zone()).Format("15:04") }

// ClockSeconds writes it to the second, for records: "14:30:05".
func ClockSeconds(t time.Time) string { return t.In(Zone()).Format("15:04:05") }

// Weekday names the day: "Thứ Tư", "Chủ nhật".
func Weekday(t time.Time) string {
	names := [...]string{"Chủ nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"}
	return names[t.In(Zone()).Weekday()]
}

// ParseDate reads 24/6/2026, 24-06-2026, 24.6.2026 or the 2026-06-24 of a
// browser's date field, as midnight in Việt Nam.
func ParseDate(s string) (time.Time, error) {
	plain := strings.NewReplacer(".", "/", "-", "/", " ", "").Replace(Clean(s))
	for _, layout := range []string{"2/1/2006", "2006/1/2"} {
		if t, err := time.ParseInLocation(layout, plain, Zone()); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a date like 24/06/2026", s)
}

// ParseClock reads 14:30, 14h30, 14g30, 8h or "14 giờ 30 phút" as the time since
// midnight.
func ParseClock(s string) (time.Duration, error) {
	plain := strings.NewReplacer(" ", "", "gio", ":", "phut", "", "h", ":", "g", ":", ".", ":").Replace(Fold(Clean(s)))
	for _, layout := range []string{"15:4:5", "15:4", "15:"} {
		if t, err := time.Parse(layout, plain); err == nil {
			return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second, nil
		}
	}
	return 0, fmt.Errorf("%q is not a time like 14:30", s)
}

// Duration says a length of time in words: "40 giây", "3 phút", "9 phút 40
// giây", "1 giờ 20 phút". From an hour on, seconds are left out.
func Duration(d time.Duration) string {
	d = max(d, 0).Round(time.Second)
	if d >= time.Hour {
		d = d.Round(time.Minute)
	}
	h, m, s := int(d/time.Hour), int(d%time.Hour/time.Minute), int(d%time.Minute/time.Second)
	var parts []string
	if h > 0 {
		parts = append(parts, Number(int64(h))+" giờ")
	}
	if m > 0 {
		parts = append(parts, fmt.Sprintf("%d phút", m))
	}
	if s > 0 || len(parts) == 0 {
		parts = append(parts, fmt.Sprintf("%d giây", s))
	}
	return strings.Join(parts, " ")
}
