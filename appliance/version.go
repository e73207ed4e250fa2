package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by the release build; a plain build says where it comes from.
var version = ""

func versionCommand(l language) *cobra.Command {
	return &cobra.Command{
		Use: "version", Args: noArgs, Short: l.or("in phiên bản", "print the version"),
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(c.OutOrStdout(), "phonghop", versionText())
			return err
		},
	}
}

// versionText is the release, or the commit it was built from.
func versionText() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	commit, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			commit = " " + s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = " +"
		}
	}
	return "devel" + commit + dirty + " " + info.GoVersion
}
