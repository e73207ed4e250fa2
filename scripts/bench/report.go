package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"
)

// preface says how to read the table. Who changes what is measured changes it here.
const preface = `# How near a room is to what the machine allows

*Written by ` + "`make bench`" + `; do not edit.*

Each figure of the room stands beside its **floor**: the smallest Go server that does
the same durable work (net/http, SQLite with synchronous=FULL and one fsync for all
that wait, server-sent events whose bytes were made beforehand; scripts/bench/floor.go).
The floor has no rules, no log that can be proven, no pages, no sign-in but a cookie in
a table. Both are programs of their own on the same machine, measured in turns by the
same simulated tablets (package ghosts), over real connections, from the moment before
the first byte until the last tablet has its answer. The tablets run on the same
processors as the server, which slows both sides alike.

The ratio is the median of the rounds' own ratios; figures are medians, with the least
and the most of the rounds behind them. The bar is of the ratio; in a line whose figure has
a unit of its own to keep to (memory, bytes, the final count, the first page) it is of
that figure. A bar that was missed says so. A room's own memory is what its
process holds and the system cannot take back at will; resident counts the pages of the
program file as well that were touched.

The first page is of a program that was just built: one that was copied, or comes from
the disk, lies in memory in smaller pieces, and takes up to a fifth longer to start.

A ballot while papers are drawn stands beside the same ballots in the same room with the
process that draws held still. What drawing costs beside a map of 300,000 strokes is
measured in pages (BenchmarkVotingBesideDrawing), and delivery to the centre in
sync/courier (entries at most 2.5 x, papers at most 1.5 x the plainest durable receiver):
` + "`make bench`" + ` runs both after this table. What eight hours leave in memory is in soak.md.
`

// table writes what was measured as Markdown.
func table(w io.Writer, rounds int, results []result) {
	fmt.Fprintf(w, "%s\nMeasured on %s: %s, %d rounds each.\n\n", preface, time.Now().Format("2006-01-02"), machine(), rounds)
	fmt.Fprintln(w, "| figure | floor | room | ratio | bar | |")
	fmt.Fprintln(w, "|---|---:|---:|---:|---:|---|")
	for _, r := range results {
		floor, ratio, bar := "", "", ""
		if len(r.under) > 0 {
			floor, ratio = spread(r.under, r.unit), fmt.Sprintf("%.2f", r.ratio())
		}
		if r.bar > 0 {
			bar = fmt.Sprintf("%g", r.bar)
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %s |\n", r.name, floor, spread(r.room, r.unit), ratio, bar, r.verdict())
	}
}

func (r result) verdict() string {
	switch {
	case r.bar == 0:
		return ""
	case r.passes():
		return "held"
	}
	return "**missed**"
}

func spread(s samples, unit string) string {
	least, most := s.spread()
	return fmt.Sprintf("%.4g %s (%.4g–%.4g)", s.median(), unit, least, most)
}

// machine names what all this was measured on, and how busy it was.
func machine() string {
	load, _ := os.ReadFile("/proc/loadavg")
	busy, _, _ := strings.Cut(string(load), " ")
	return fmt.Sprintf("%s, %d processors, %s, load %s when it began", processor(), runtime.NumCPU(), runtime.Version(), busy)
}

func processor() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
