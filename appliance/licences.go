package main

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// licenceTable has a row for everything of others in the program: Go modules,
// npm packages in the embedded pages, and parts of either.
//
//go:embed licences.csv
var licenceTable string

// licenceTexts are the notices and terms of all of them, gathered from the
// modules themselves (go test ./appliance -run TestLicenceTexts -update).
//
//go:embed licences.txt
var licenceTexts string

// licenceRow is one line of the table. The version of a Go module is the one
// linked in.
type licenceRow struct{ kind, name, version, spdx, holder string }

func licencesCommand(l language) *cobra.Command {
	full := false
	c := &cobra.Command{
		Use: "licences", Args: noArgs,
		Short: l.or("in giấy phép của những phần mềm có trong chương trình", "print what the program embeds, and under which terms"),
		RunE: func(c *cobra.Command, _ []string) error {
			rows, err := licenceRows()
			if err != nil {
				return err
			}
			return printLicences(l, rows, full, c.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&full, "full", false, l.or("in toàn văn các giấy phép", "print the terms in full"))
	return c
}

func licenceRows() ([]licenceRow, error) {
	lines, err := csv.NewReader(strings.NewReader(licenceTable)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("reading the table of licences: %w", err)
	}
	linked := linkedVersions()
	var rows []licenceRow
	for _, f := range lines[1:] {
		r := licenceRow{f[0], f[1], f[2], f[3], f[4]}
		switch {
		case r.kind == "go":
			r.version = linked[r.name]
		case r.name == "Go":
			r.version = runtime.Version()
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// linkedVersions are the modules this binary was linked from.
func linkedVersions() map[string]string {
	versions := map[string]string{}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			versions[m.Path] = m.Version
		}
	}
	return versions
}

func printLicences(l language, rows []licenceRow, full bool, out io.Writer) error {
	fmt.Fprintln(out, l.or("Chương trình có trong mình các phần mềm sau:", "This program embeds:"))
	for _, r := range rows {
		fmt.Fprintf(out, "  %-40s %-36s %-26s %s\n", r.name, r.version, r.spdx, r.holder)
	}
	if !full {
		_, err := fmt.Fprintln(out, l.or("Toàn văn: phonghop licences --full", "In full: phonghop licences --full"))
		return err
	}
	_, err := io.WriteString(out, "\n"+licenceTexts)
	return err
}
