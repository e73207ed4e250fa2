package main

import "testing"

func TestWithin(t *testing.T) {
	for _, tt := range []struct {
		folder, path string
		want         bool
	}{
		{"/mnt/saoluu", "/mnt/saoluu", true},
		{"/mnt/saoluu", "/mnt/saoluu/phong-a2", true},
		{"/mnt/saoluu", "/mnt/saoluu2", false},
		{"/media/it/KINGSTON", "/var/lib/phonghop", false},
		{"/mnt", "", false},
	} {
		if got := within(tt.folder, tt.path); got != tt.want {
			t.Errorf("within(%q, %q) = %v", tt.folder, tt.path, got)
		}
	}
}
