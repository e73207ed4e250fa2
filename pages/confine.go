package pages

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Main is the hidden command that the program starts itself as. With a program in
// args it becomes that one, confined: last in every queue, writing only in the
// folders of --write. Without, it is the child that draws: it answers on out what
// it is asked on in, until in ends.
func Main(args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("pages", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	cache := flags.String("cache", "", "folder of the compiled renderer")
	var f fence
	flags.Func("write", "a folder that may be written in", into(&f.write))
	flags.Func("socket", "a folder in which sockets may be made", into(&f.socket))
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return become(flags.Args(), f)
	}
	return serve(in, out, received, *cache)
}

func into(list *[]string) func(string) error {
	return func(s string) error {
		*list = append(*list, s)
		return nil
	}
}

// fence is what a program may touch beside the system, which it may read.
type fence struct {
	write  []string // folders
	socket []string // folders in which it may make sockets, and nothing else
}

// confined is the command line of a program behind the fence, run by command.
func confined(command []string, f fence, program ...string) *exec.Cmd {
	args := slices.Clone(command[1:])
	for _, dir := range f.write {
		args = append(args, "--write", dir)
	}
	for _, dir := range f.socket {
		args = append(args, "--socket", dir)
	}
	return exec.Command(command[0], append(append(args, "--"), program...)...)
}

// become turns this process into another program. What is set here belongs to a
// thread, and is inherited by the program the thread becomes and by all that it
// starts.
func become(argv []string, f fence) error {
	path, err := exec.LookPath(argv[0])
	if err != nil {
		return err
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return err
	}
	runtime.LockOSThread()
	humble()
	if err := f.close(path); err != nil {
		return fmt.Errorf("fencing in %s: %w", path, err)
	}
	return syscall.Exec(path, argv, os.Environ())
}

// humble puts this thread last in the queues for processor and disk, and keeps
// what it writes within bounds. What the system refuses is not worth a word.
func humble() {
	_ = unix.Setpriority(unix.PRIO_PROCESS, 0, 19)
	const whoProcess, classIdle = 1, 3 << 13
	_, _, _ = unix.Syscall(unix.SYS_IOPRIO_SET, whoProcess, 0, classIdle)
	_ = unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: fileMost, Max: fileMost})
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
}

const fileMost = 1 << 30 // bytes of a file that a confined program may write

// system is what a program needs to run: its libraries, fonts, settings. Papers,
// keys and records lie elsewhere.
func system() []string {
	return []string{"/usr", "/bin", "/lib", "/lib32", "/lib64", "/opt", "/nix", "/gnu", "/snap", "/etc", "/proc", "/sys", "/dev", "/var/cache/fontconfig", "/var/lib/libreoffice", "/var/spool/libreoffice"}
}

const (
	mayRead  = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_READ_DIR
	ofFiles  = unix.LANDLOCK_ACCESS_FS_EXECUTE | unix.LANDLOCK_ACCESS_FS_READ_FILE | unix.LANDLOCK_ACCESS_FS_WRITE_FILE | unix.LANDLOCK_ACCESS_FS_TRUNCATE | unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	anyTCP   = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	anyScope = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
)

// close takes from this thread every right to files but reading the system and
// the program, and writing in the given folders, and TCP with it. A kernel
// without Landlock leaves it as it is.
func (f fence) close(program string) error {
	attr, ok := rights()
	if !ok {
		return nil
	}
	rules, _, no := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0)
	if no != 0 {
		return fmt.Errorf("making the rules: %w", no)
	}
	defer unix.Close(int(rules))
	for _, path := range append(system(), program, filepath.Dir(program)) {
		if err := allow(rules, path, mayRead&attr.Handled_access_fs); err != nil {
			return err
		}
	}
	for _, path := range append(f.write, os.DevNull) {
		if err := allow(rules, path, attr.Handled_access_fs); err != nil {
			return err
		}
	}
	for _, path := range f.socket {
		if err := allow(rules, path, unix.LANDLOCK_ACCESS_FS_MAKE_SOCK|unix.LANDLOCK_ACCESS_FS_REMOVE_FILE); err != nil {
			return err
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	if _, _, no := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, rules, 0, 0); no != 0 {
		return fmt.Errorf("submitting to the rules: %w", no)
	}
	return nil
}

// rights are all that this kernel can take away.
func rights() (attr unix.LandlockRulesetAttr, ok bool) {
	version, _, no := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if no != 0 {
		return attr, false
	}
	attr.Handled_access_fs = unix.LANDLOCK_ACCESS_FS_MAKE_SYM<<1 - 1
	for _, later := range []struct {
		since    uintptr
		fs       uint64
		net, all uint64
	}{
		{2, unix.LANDLOCK_ACCESS_FS_REFER, 0, 0},
		{3, unix.LANDLOCK_ACCESS_FS_TRUNCATE, 0, 0},
		{4, 0, anyTCP, 0},
		{5, unix.LANDLOCK_ACCESS_FS_IOCTL_DEV, 0, 0},
		{6, 0, 0, anyScope},
	} {
		if version >= later.since {
			attr.Handled_access_fs |= later.fs
			attr.Handled_access_net |= later.net
			attr.Scoped |= later.all
		}
	}
	return attr, true
}

// allow gives rights to a path and what is beneath it. A path that is not there
// needs none.
func allow(rules uintptr, path string, access uint64) error {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("opening %s: %w", path, err)
	}
	defer unix.Close(fd)
	var info unix.Stat_t
	if err := unix.Fstat(fd, &info); err != nil {
		return fmt.Errorf("looking at %s: %w", path, err)
	}
	if info.Mode&unix.S_IFMT != unix.S_IFDIR {
		access &= ofFiles
	}
	beneath := unix.LandlockPathBeneathAttr{Allowed_access: access, Parent_fd: int32(fd)}
	if _, _, no := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, rules, unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&beneath)), 0, 0, 0); no != 0 {
		return fmt.Errorf("allowing %s: %w", path, no)
	}
	return nil
}
