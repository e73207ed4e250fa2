package pages

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// start starts a program that belongs to us: it dies with us, in a group of its
// own that can be ended at once, and without a network where the kernel lets us,
// as root or else as root of a world of its own.
func start(c func() (*exec.Cmd, error)) (*exec.Cmd, error) {
	var all error
	for _, alone := range []func(*syscall.SysProcAttr){withoutNetwork, inAWorldOfItsOwn, func(*syscall.SysProcAttr) {}} {
		command, err := c()
		if err != nil {
			return nil, err
		}
		command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
		alone(command.SysProcAttr)
		if err = command.Start(); err == nil {
			return command, nil
		}
		all = errors.Join(all, err)
	}
	return nil, all
}

func withoutNetwork(a *syscall.SysProcAttr) { a.Cloneflags = syscall.CLONE_NEWNET }

func inAWorldOfItsOwn(a *syscall.SysProcAttr) {
	a.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET
	a.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getuid(), HostID: os.Getuid(), Size: 1}}
	a.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getgid(), HostID: os.Getgid(), Size: 1}}
}

// endGroup ends a program and all that it started.
func endGroup(c *exec.Cmd) { _ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
