package pages

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// watch looks after the memory of a program until it ends, and calls tooLarge once
// when it, with what it started, holds more than most.
func watch(pid int, most int64, ended <-chan struct{}, tooLarge func(used int64)) {
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-ended:
			return
		case <-look.C:
			if used := resident(pid, 0); used > most {
				tooLarge(used)
				return
			}
		}
	}
}

// resident is how much memory a process and its descendants hold.
func resident(pid, depth int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil || depth > 8 {
		return 0
	}
	var all int64
	if fields := strings.Fields(string(text)); len(fields) > 1 {
		pages, _ := strconv.ParseInt(fields[1], 10, 64)
		all = pages * int64(os.Getpagesize())
	}
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return all
	}
	for _, child := range strings.Fields(string(children)) {
		if n, err := strconv.Atoi(child); err == nil {
			all += resident(n, depth+1)
		}
	}
	return all
}
