package main

import "github.com/google/uuid"

// newID names a person, an item, a vote or a paper. It panics only where the
// system has no randomness left to give, and nothing could go on then.
func newID() string { return uuid.Must(uuid.NewV7()).String() }
