package web

import (
	"regexp"
	"strings"
)

// steady takes out of a page what differs from run to run: times, ids, codes.
func steady(s string) string {
	for _, re := range []string{
		`\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+07:00)`, `\d\d:\d\d(:\d\d)?`, `[0-9a-f]{8}-[0-9a-f-]{27}`, `data-[a-z]+="-?\d+"`, `<i[^>]*>.</i>`,
		`"code":"[0-9A-Z]{4,6}"`, `\d\d/\d\d/\d{4}`, `-[0-9]{10,}`,
	} {
		s = regexp.MustCompile(re).ReplaceAllString(s, "~")
	}
	return s
}

// figures are the lines of the metrics that tell of the session: not those of time,
// size and the process itself.
func figures(s string) string {
	var kept []string
	for line := range strings.Lines(s) {
		ours := !strings.Contains(line, "go_") && !strings.Contains(line, "process_")
		if ours && !strings.Contains(line, "seconds") && !strings.Contains(line, "bytes") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

// difference is where two texts part.
func difference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	cut := func(s string) string { return s[max(0, min(i-60, len(s))):min(len(s), i+60)] }
	return cut(a) + " | " + cut(b)
}
