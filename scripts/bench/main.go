// Bench measures a room beside its floor: the smallest server that does the same
// durable work. Both run as programs of their own on the same machine in the same
// minutes, under the same simulated tablets, so that the ratio says what being a
// room costs and not how fast the machine is.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch {
	case len(os.Args) == 5 && os.Args[1] == "floor":
		fail(serveFloor(ctx, os.Args[2], os.Args[3], os.Args[4]))
		return
	case len(os.Args) > 1 && os.Args[1] == "soak":
		fail(soakRun(ctx, os.Args[2:], os.Stdout))
		return
	}
	b := &bench{}
	only := flag.String("only", ".", "the figures whose name matches")
	flag.IntVar(&b.rounds, "rounds", 7, "rounds of each figure")
	flag.StringVar(&b.binary, "binary", "bin/phonghop", "the room's program")
	flag.IntVar(&b.most, "most", 0, "tablets at most; 0: as the figures say")
	out := flag.String("out", "", "file for the table")
	flag.Parse()
	fail(b.run(ctx, regexp.MustCompile(*only), *out))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one run.
type bench struct {
	binary string
	rounds int
	most   int
	dir    string
}

// many is a number of tablets, no more than this run wants.
func (b *bench) many(n int) int {
	if b.most > 0 {
		return min(n, b.most)
	}
	return n
}

func figures() []figure {
	return []figure{
		{"1,000 ballots in the same instant, all acknowledged", "ms", 2, true, instant(1000, 0)},
		{"500 ballots, 5 ms more to every fsync", "ms", 2, true, instant(500, 5*time.Millisecond)},
		{"fsyncs for 100 ballots at once", "fsyncs", 20, false, fsyncs},
		{"a vote opens: the last of 1,000 screens", "ms", 2, true, opens(1000)},
		{"a vote opens: the last of 2,000 screens", "ms", 2, true, opens(2000)},
		{"1,000 vote and watch: final count on the last screen after the last acknowledgement", "ms", 150, false, watched("count")},
		{"the same: the last acknowledgement", "ms", 0, false, watched("acknowledged")},
		{"the same: bytes for a tablet and vote", "bytes", 2000, false, watched("bytes")},
		{"the same: the room's own memory", "MB", 110, false, watched("memory")},
		{"the same: resident, with the pages of the program file", "MB", 0, false, watched("resident")},
		{"a ballot at p99 while 200 MB of papers are drawn", "ms", 2, true, besideDrawing(200 * MB)},
		{"1,000 tablets dial again at once", "ms", 2, true, again(1000, false)},
		{"1,000 tablets dial again at once over TLS", "ms", 1.5, true, again(1000, true)},
		{"memory a tablet, 1,000 screens on", "kB", 32, false, aTablet(false, ghostsCome)},
		{"memory a tablet, 1,000 screens on over https and http/2", "kB", 0, false, aTablet(true, browsersCome)},
		{"an idle room: its own memory", "MB", 25, false, idle((*server).memory)},
		{"an idle room: resident, with the pages of the program file", "MB", 0, false, idle((*server).resident)},
		{"the first page after a start with 50 closed sessions", "ms", 50, false, firstPage(50)},
	}
}

// run measures what was asked for, tells each figure as it comes, and writes the
// table if all went well.
func (b *bench) run(ctx context.Context, only *regexp.Regexp, out string) (err error) {
	if b.dir, err = os.MkdirTemp("", "phonghop-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	if err := certify(b.cert(), b.key()); err != nil {
		return err
	}
	var page bytes.Buffer
	var results []result
	for _, f := range figures() {
		if !only.MatchString(f.name) {
			continue
		}
		r, err := b.measure(ctx, f)
		if err != nil {
			return err
		}
		results = append(results, r)
		fmt.Printf("%-84s %s  %s %s\n", f.name, spread(r.room, f.unit), r.against(), r.verdict())
	}
	table(&page, b.rounds, results)
	if out == "" {
		return nil
	}
	return os.WriteFile(out, page.Bytes(), 0o644)
}

// against is the floor in the line of a figure.
func (r result) against() string {
	if len(r.under) == 0 {
		return ""
	}
	return fmt.Sprintf("floor %s  ratio %.2f", spread(r.under, r.unit), r.ratio())
}

// stage makes the data folder of one side of one figure.
func (b *bench) stage(ctx context.Context, members int, side string) (*stage, error) {
	dir, err := os.MkdirTemp(b.dir, side+"-")
	if err != nil {
		return nil, err
	}
	st, err := stageRoom(ctx, dir, members)
	if err != nil {
		return nil, fmt.Errorf("staging %d members: %w", members, err)
	}
	return st, st.keep()
}

// serve is the command of the room.
func (b *bench) serve(dir string, secure bool) []string {
	if secure {
		return []string{b.binary, "serve", "--data", dir, "--listen", "127.0.0.1:0", "--plain", "off", "--cert", b.cert(), "--key", b.key()}
	}
	return []string{b.binary, "serve", "--data", dir, "--listen", "127.0.0.1:0"}
}

// serveFloor is the command of the floor: this program again.
func (b *bench) serveFloor(dir string, secure bool) []string {
	if secure {
		return []string{os.Args[0], "floor", dir, b.cert(), b.key()}
	}
	return []string{os.Args[0], "floor", dir, "", ""}
}

func (b *bench) cert() string { return filepath.Join(b.dir, "cert.pem") }
func (b *bench) key() string  { return filepath.Join(b.dir, "key.pem") }
