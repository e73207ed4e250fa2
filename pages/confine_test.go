package pages

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// confinedShell runs a line of shell as what draws is run.
func confinedShell(t *testing.T, f fence, line string) (string, error) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out")
	file, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	c, err := start(func() (*exec.Cmd, error) {
		c := confined([]string{os.Getenv(self), "child"}, f, "/bin/sh", "-c", line)
		c.Stdout, c.Stderr = file, file
		return c, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = c.Wait()
	return strings.TrimSpace(string(bytesOf(t, out))), err
}

// What draws is last in every queue, reads no paper and no key of this machine,
// and writes only where it may.
func TestWhatDrawsIsConfined(t *testing.T) {
	mine, other := t.TempDir(), t.TempDir()
	secret := filepath.Join(other, "key")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := fence{write: []string{mine}}
	if out, err := confinedShell(t, f, "cut -d' ' -f19 /proc/self/stat; ulimit -c"); err != nil || out != "19\n0" {
		t.Errorf("its claim on the processor: %q, %v", out, err)
	}
	if out, err := confinedShell(t, f, "echo x > "+mine+"/a && cat "+mine+"/a"); err != nil || out != "x" {
		t.Errorf("where it may write: %q, %v", out, err)
	}
	if _, ok := rights(); !ok {
		t.Skip("this kernel has no Landlock")
	}
	for _, line := range []string{"cat " + secret, "echo x > " + secret, "echo x > " + other + "/b", "ls " + other, "rm " + secret, "mkdir " + mine + "/../c", "ls /home"} {
		if out, err := confinedShell(t, f, line); err == nil {
			t.Errorf("%s: %q", line, out)
		}
	}
	if string(bytesOf(t, secret)) != "secret" {
		t.Error("the key is another")
	}
}

// It has no network where the kernel lets us, which a machine that runs these
// tests as root does.
func TestWhatDrawsHasNoNetwork(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root is sure to be allowed")
	}
	out, err := confinedShell(t, fence{}, "cat /proc/net/dev")
	if err != nil || strings.Count(out, ":") != 1 || !strings.Contains(out, "lo:") {
		t.Errorf("its network: %s, %v", out, err)
	}
}
