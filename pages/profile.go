package pages

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// settings are those of LibreOffice's that keep a paper from acting: no macros, no
// links that are followed, nothing active, no wizard.
func settings() string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
`)
	for _, s := range []struct{ path, name, value string }{
		{"org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"},
		{"org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"},
		{"org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"},
		{"org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"},
		{"org.openoffice.Office.Writer/Content/Update", "Link", "0"},
		{"org.openoffice.Office.Calc/Content/Update", "Link", "2"},
		{"org.openoffice.Office.Common/Misc", "FirstRun", "false"},
	} {
		b.WriteString(`<item oor:path="/` + s.path + `"><prop oor:name="` + s.name + `" oor:op="fuse"><value>` + s.value + "</value></prop></item>\n")
	}
	b.WriteString("</oor:items>\n")
	return b.String()
}

// takeProfile is the profile LibreOffice runs with: the one kept in the cache, or,
// while another process has that, a new one in dir. Two at one profile would make
// one LibreOffice of them.
func takeProfile(cache, dir string) (profile string, done func(), err error) {
	lock, err := os.OpenFile(filepath.Join(cache, "office.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", nil, err
	}
	profile = filepath.Join(cache, "office")
	if unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB) != nil {
		profile = filepath.Join(dir, "profile")
	}
	if err := writeProfile(profile); err != nil {
		return "", nil, errors.Join(err, lock.Close())
	}
	return profile, func() { lock.Close() }, nil
}

// writeProfile lays out the settings of a profile that is not there yet.
func writeProfile(dir string) error {
	path := filepath.Join(dir, "user", "registrymodifications.xcu")
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(settings()), 0o600)
}
