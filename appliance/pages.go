package main

import (
	"os"
	"runtime"
	"syscall"

	"github.com/spf13/cobra"

	"phonghop/pages"
)

// pagesCommand is the child process that draws papers; the program starts itself
// as this, and nobody else does.
func pagesCommand() *cobra.Command {
	var cache string
	c := &cobra.Command{
		Use: "pages", Args: noArgs, Hidden: true,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := humbly(); err != nil {
				return err
			}
			if err := os.MkdirAll(cache, 0o700); err != nil {
				return err
			}
			return pages.Serve(c.InOrStdin(), c.OutOrStdout(), cache)
		},
	}
	c.Flags().StringVar(&cache, "cache", "", "folder for the compiled renderer")
	return c
}

// humble marks a process that is last in every queue already.
const humble = "PHONGHOP_PAGES_HUMBLE"

// humbly starts the program anew, last in every queue: a thread's place there is
// inherited by the program that it becomes, and so by every thread of that.
func humbly() error {
	if os.Getenv(humble) != "" {
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	runtime.LockOSThread()
	pages.Humble()
	return syscall.Exec(self, os.Args, append(os.Environ(), humble+"=1"))
}
