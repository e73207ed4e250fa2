package templates

import (
	"cmp"
	"embed"
	"encoding/json"
	"io/fs"
	"mime"
	"path"
	"sync"
)

// dist is what scripts/assets built; before that only the folder is there, and
// pages come without their looks.
//
//go:embed all:assets/dist
var dist embed.FS

// Assets are the files under /assets/. Each carries a mark of its content in
// its name, so a browser may keep it for ever.
func Assets() fs.FS {
	files, err := fs.Sub(dist, "assets/dist")
	if err != nil {
		panic(err) // only for a path that is not one
	}
	return files
}

// Asset is one of them as a browser asks for it, with its media type. The table of
// names is not for browsers.
func Asset(name string) (data []byte, kind string, ok bool) {
	data, err := fs.ReadFile(Assets(), name)
	if err != nil || name == "manifest.json" {
		return nil, "", false
	}
	if path.Ext(name) == ".woff2" {
		return data, "font/woff2", true // not in every system's table
	}
	return data, mime.TypeByExtension(path.Ext(name)), true
}

// manifest is the table of plain names to marked names, read once.
var manifest = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	content, err := fs.ReadFile(Assets(), "manifest.json")
	if err == nil {
		err = json.Unmarshal(content, &names)
	}
	if err != nil {
		return nil
	}
	return names
})

// asset is where a page finds a stylesheet, script or picture.
func asset(name string) string { return "/assets/" + cmp.Or(manifest()[name], name) }
