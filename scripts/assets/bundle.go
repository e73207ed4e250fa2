package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

// bundle makes main.css and main.js with everything they import.
func bundle() (fileSet, error) {
	files := fileSet{}
	style, err := styles(sources + "/css")
	if err != nil {
		return nil, err
	}
	script := api.BuildOptions{EntryPoints: []string{sources + "/js/main.js"}, EntryNames: "[name]-[hash]"}
	for _, options := range []api.BuildOptions{style, script} {
		if err := files.build(options); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// styles imports every stylesheet of a folder. Their order means nothing: what
// wins over what is said by the layers, which tokens.css puts in order; so that
// one comes first.
func styles(dir string) (api.BuildOptions, error) {
	all, err := filepath.Glob(filepath.Join(dir, "*.css"))
	if err != nil {
		return api.BuildOptions{}, fmt.Errorf("listing stylesheets: %w", err)
	}
	entry := "@import \"./tokens.css\";\n"
	for _, path := range all {
		if name := filepath.Base(path); name != "tokens.css" {
			entry += fmt.Sprintf("@import %q;\n", "./"+name)
		}
	}
	return api.BuildOptions{
		Stdin:      &api.StdinOptions{Contents: entry, ResolveDir: dir, Sourcefile: "main.css", Loader: api.LoaderCSS},
		EntryNames: "main-[hash]",
	}, nil
}

// build adds what one entry point becomes, lowered to what the oldest tablets
// we promise can read.
func (f fileSet) build(options api.BuildOptions) error {
	options.AssetNames = "[name]-[hash]"
	options.Outdir = dist
	options.Bundle = true
	options.Format = api.FormatIIFE
	options.Loader = map[string]api.Loader{".woff2": api.LoaderFile}
	options.MinifyWhitespace, options.MinifyIdentifiers, options.MinifySyntax = true, true, true
	options.LegalComments = api.LegalCommentsNone // they are in licences.txt
	options.Engines = []api.Engine{{Name: api.EngineChrome, Version: "99"}, {Name: api.EngineSafari, Version: "15.4"}}
	options.LogLevel = api.LogLevelSilent
	result := api.Build(options)
	var failures []error
	for _, m := range append(result.Errors, result.Warnings...) {
		failures = append(failures, message(m))
	}
	for _, out := range result.OutputFiles {
		f.keep(filepath.Base(out.Path), out.Contents)
	}
	return errors.Join(failures...)
}

func message(m api.Message) error {
	if m.Location == nil {
		return errors.New(m.Text)
	}
	return fmt.Errorf("%s:%d: %s", m.Location.File, m.Location.Line, m.Text)
}
