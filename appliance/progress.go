package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"phonghop/journal"
	"phonghop/sync/courier"
	"phonghop/viet"
)

// told shows the progress on a terminal, in one line that changes; elsewhere a
// line now and then.
func told(l language, c courier.Config, out io.Writer) courier.Config {
	human := terminal(out)
	every := 5 * time.Second
	if human {
		every = 200 * time.Millisecond
	}
	var last time.Time
	c.Told = func(p courier.Progress) {
		if p.BytesSent == 0 || time.Since(last) < every {
			return
		}
		last = time.Now()
		line := progressLine(l, p)
		if human {
			fmt.Fprintf(out, "\r%-78s", line)
			return
		}
		fmt.Fprintln(out, line)
	}
	return c
}

// endProgress leaves the line that changed.
func endProgress(out io.Writer) {
	if terminal(out) {
		fmt.Fprintf(out, "\r%s\r", strings.Repeat(" ", 78))
	}
}

func progressLine(l language, p courier.Progress) string {
	line := fmt.Sprintf(l.or("Tài liệu: %s / %s", "Papers: %s / %s"), bytesText(p.BytesSent), bytesText(p.Bytes))
	if p.Rate > 0 {
		line += fmt.Sprintf(l.or(", %s/giây", ", %s/s"), bytesText(int64(p.Rate)))
	}
	if p.Left >= time.Second {
		line += fmt.Sprintf(l.or(", còn khoảng %s", ", about %s left"), p.Left.Round(time.Second))
	}
	return line
}

// columns are here, sent, confirmed: only the third is done.
func columns(l language, out io.Writer, p courier.Progress) {
	fmt.Fprintf(out, l.or("%-40s %10s %10s %12s\n", "%-40s %10s %10s %12s\n"), l.or("Nhật ký", "Log"), l.or("Trên máy", "Here"), l.or("Đã gửi", "Sent"), l.or("Xác nhận", "Confirmed"))
	for _, name := range p.Order() {
		row := p.Logs[name]
		shown := name
		if name == journal.RoomLog {
			shown = l.or("phòng họp", "room")
		}
		fmt.Fprintf(out, "%-40s %10s %10s %12s\n", shown, viet.Number(row.Here), viet.Number(row.Sent), viet.Number(row.Confirmed))
	}
	if p.Done() {
		fmt.Fprintln(out, l.or("Trung tâm đã xác nhận tất cả, có biên nhận.", "The centre has signed for everything."))
	}
}

// bytesText writes a size for people.
func bytesText(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d KB", (n+1023)>>10)
}
