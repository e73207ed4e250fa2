// Assets gathers what the pages load besides themselves: stylesheets, scripts,
// letters and signs, each in a file named after its content, so that a tablet
// keeps it for ever and never shows an old one.
//
// It reads templates/assets and node_modules and writes templates/assets/dist,
// which the binary embeds. Run it by "make generate".
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
)

const (
	sources  = "templates/assets"
	packages = "node_modules"
	dist     = sources + "/dist"
)

func main() {
	log.SetFlags(0)
	if err := build(); err != nil {
		log.Fatalf("assets: %v", err)
	}
}

func build() error {
	files, err := bundle()
	if err != nil {
		return err
	}
	icons, err := sprite(filepath.Join(sources, "icons"), filepath.Join(packages, "lucide-static"))
	if err != nil {
		return err
	}
	files.add("icons.svg", icons)
	favicon, err := os.ReadFile(filepath.Join(sources, "icons", "icon.svg"))
	if err != nil {
		return fmt.Errorf("reading the room's sign: %w", err)
	}
	files.add("icon.svg", favicon)
	notices, err := licences(packages)
	if err != nil {
		return err
	}
	files.add("licences.txt", notices)
	return files.write(dist)
}
