package main

import (
	"testing"
	"time"

	"phonghop/inbox"
)

// A drive that hangs while it is asked holds up neither the page nor its next look;
// once it answers, it is shown.
func TestADriveThatHangsHoldsNothingUp(t *testing.T) {
	hangs := make(chan struct{})
	asked := 0
	d := &drives{media: func() []inbox.Medium {
		asked++
		<-hangs
		return []inbox.Medium{{Name: "USB", Path: t.TempDir()}}
	}}
	for range 2 {
		if shown := d.plugged(); shown != nil {
			t.Fatalf("%v is shown of a drive that has not answered", shown)
		}
	}
	close(hangs)
	for end := time.Now().Add(time.Minute); len(d.plugged()) == 0; {
		if time.Now().After(end) {
			t.Fatal("the drive has answered and is not shown")
		}
	}
	if shown := d.plugged(); asked != 1 || shown[0].Name != "USB" || shown[0].Free == 0 {
		t.Errorf("asked %d times, shown %+v", asked, shown)
	}
}
