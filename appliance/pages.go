package main

import (
	"github.com/spf13/cobra"

	"phonghop/pages"
)

// pagesCommand is the child process that draws papers; the program starts itself
// as this, and nobody else does.
func pagesCommand() *cobra.Command {
	return &cobra.Command{
		Use: "pages", Hidden: true, DisableFlagParsing: true,
		RunE: func(c *cobra.Command, args []string) error {
			return pages.Main(args, c.InOrStdin(), c.OutOrStdout())
		},
	}
}
