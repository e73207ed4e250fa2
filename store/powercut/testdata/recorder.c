/*
 * The recorder: a shared library put before libc (LD_PRELOAD) of a writer under
 * test. It carries out every call that changes a file in one folder and writes
 * it down, in the order in which the calls were made, so that trace.go can read
 * it and disk.go can cut the power anywhere. It can also make a sync fail or the
 * disk be full, when the writer asks for it.
 *
 * Environment: POWERCUT_DIR     the folder that is watched (no trailing slash)
 *              POWERCUT_TRACE   the trace; the writer appends its own marks to it
 *              POWERCUT_CONTROL a file holding struct control, shared with the writer
 *
 * One lock is held over a call and its record. Records are appended with one
 * write each, so a mark appended by the writer itself falls into its true place.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* What a record says; trace.go has the same letters. */
enum op {
	OP_BEGIN = 'B', OP_OPEN = 'O', OP_CLOSE = 'C', OP_WRITE = 'W', OP_TRUNCATE = 'T', OP_SYNC = 'S',
	OP_UNLINK = 'U', OP_RENAME = 'R', OP_MAP = 'P', OP_OTHER = '?'
};

struct record {
	uint32_t op;
	int32_t fd;
	int32_t failed; /* errno, or 0 */
	uint32_t size;  /* of what follows: a path relative to the folder, or bytes */
	int64_t at;     /* offset, new size or open flags */
};

/* What the writer may ask for; see writer_test.go. */
struct control {
	int64_t sync_after;  /* that many syncs succeed, */
	int64_t sync_fail;   /* then that many fail with EIO, their pages lost */
	int64_t write_after; /* that many writes find room, */
	int64_t write_fail;  /* then that many fail with ENOSPC */
	int64_t kill_at;     /* at that write, half done, the process is killed; 0 never */
	int64_t sync_kill;   /* the process is killed with the last sync that fails */
};

#define MOST_FDS 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *folder;
static size_t folder_length;
static int trace = -1;
static struct control *control;
static unsigned char watched[MOST_FDS];

static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);
static int (*real_rename)(const char *, const char *);
static void *(*real_mmap)(void *, size_t, int, int, int, off_t);

static void note(enum op op, int fd, int64_t at, const void *bytes, size_t size, int failed);

static void *next(const char *name)
{
	void *f = dlsym(RTLD_NEXT, name);
	if (!f) {
		fprintf(stderr, "recorder: libc has no %s\n", name);
		abort();
	}
	return f;
}

static void *map_control(const char *path)
{
	int fd = real_open(path, O_RDWR | O_CLOEXEC);
	void *at = fd < 0 ? MAP_FAILED : real_mmap(0, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED) {
		perror("recorder: the control file");
		abort();
	}
	real_close(fd);
	return at;
}

__attribute__((constructor)) static void begin(void)
{
	real_open = next("open64");
	real_close = next("close");
	real_write = next("write");
	real_pwrite = next("pwrite64");
	real_ftruncate = next("ftruncate64");
	real_fsync = next("fsync");
	real_fdatasync = next("fdatasync");
	real_unlink = next("unlink");
	real_rename = next("rename");
	real_mmap = next("mmap64");
	folder = getenv("POWERCUT_DIR");
	if (!folder)
		return;
	folder_length = strlen(folder);
	trace = real_open(getenv("POWERCUT_TRACE"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (trace < 0) {
		perror("recorder: the trace");
		abort();
	}
	control = map_control(getenv("POWERCUT_CONTROL"));
	note(OP_BEGIN, -1, 0, 0, 0, 0);
}

/* note appends one record. A trace with a hole proves nothing, so it ends here. */
static void note(enum op op, int fd, int64_t at, const void *bytes, size_t size, int failed)
{
	struct record r = {op, fd, failed, (uint32_t)size, at};
	struct iovec parts[] = {{&r, sizeof r}, {(void *)bytes, size}};
	if (writev(trace, parts, 2) != (ssize_t)(sizeof r + size)) {
		perror("recorder: appending to the trace");
		abort();
	}
}

/* inside is the path relative to the folder, "." for the folder, 0 elsewhere. */
static const char *inside(const char *path)
{
	if (trace < 0 || strncmp(path, folder, folder_length) != 0)
		return 0;
	if (path[folder_length] == 0)
		return ".";
	return path[folder_length] == '/' ? path + folder_length + 1 : 0;
}

static int is_watched(int fd) { return trace >= 0 && fd >= 0 && fd < MOST_FDS && watched[fd]; }

/* due counts one call down and tells whether it has to fail. */
static int due(int64_t *after, int64_t *fail)
{
	if (*fail <= 0)
		return 0;
	if (*after > 0) {
		--*after;
		return 0;
	}
	--*fail;
	return 1;
}

static int open_watched(const char *path, int flags, mode_t mode)
{
	const char *name = inside(path);
	if (!name)
		return real_open(path, flags, mode);
	pthread_mutex_lock(&lock);
	int fd = real_open(path, flags, mode);
	int failed = errno;
	if (fd >= MOST_FDS)
		abort();
	if (fd >= 0) {
		watched[fd] = 1;
		note(OP_OPEN, fd, flags, name, strlen(name), 0);
	}
	pthread_mutex_unlock(&lock);
	errno = failed;
	return fd;
}

static mode_t mode_of(int flags, va_list rest)
{
	return flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
	va_list rest;
	va_start(rest, flags);
	mode_t mode = mode_of(flags, rest);
	va_end(rest);
	return open_watched(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list rest;
	va_start(rest, flags);
	mode_t mode = mode_of(flags, rest);
	va_end(rest);
	return open_watched(path, flags | O_LARGEFILE, mode);
}

int close(int fd)
{
	if (!is_watched(fd))
		return real_close(fd);
	pthread_mutex_lock(&lock);
	watched[fd] = 0;
	note(OP_CLOSE, fd, 0, 0, 0, 0);
	int result = real_close(fd);
	int failed = errno;
	pthread_mutex_unlock(&lock);
	errno = failed;
	return result;
}

/* killed is kill -9 in the middle of a write, where it is due. */
static void killed(int fd, const void *bytes, size_t size, off_t at)
{
	if (control->kill_at <= 0 || --control->kill_at > 0)
		return;
	ssize_t done = real_pwrite(fd, bytes, size / 2, at);
	if (done > 0)
		note(OP_WRITE, fd, at, bytes, (size_t)done, 0);
	kill(getpid(), SIGKILL);
}

/* write_watched writes at an offset, or where the file stands if at is -1. */
static ssize_t write_watched(int fd, const void *bytes, size_t size, off_t at)
{
	pthread_mutex_lock(&lock);
	off_t where = at < 0 ? lseek(fd, 0, SEEK_CUR) : at;
	killed(fd, bytes, size, where);
	ssize_t done = -1;
	int failed = ENOSPC;
	if (!due(&control->write_after, &control->write_fail)) {
		done = at < 0 ? real_write(fd, bytes, size) : real_pwrite(fd, bytes, size, at);
		failed = errno;
	}
	if (done > 0)
		note(OP_WRITE, fd, where, bytes, (size_t)done, 0);
	else
		note(OP_WRITE, fd, where, 0, 0, failed);
	pthread_mutex_unlock(&lock);
	errno = failed;
	return done;
}

ssize_t write(int fd, const void *bytes, size_t size)
{
	return is_watched(fd) ? write_watched(fd, bytes, size, -1) : real_write(fd, bytes, size);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
	return is_watched(fd) ? write_watched(fd, bytes, size, at) : real_pwrite(fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
	return is_watched(fd) ? write_watched(fd, bytes, size, at) : real_pwrite(fd, bytes, size, at);
}

static int truncate_watched(int fd, off_t size)
{
	pthread_mutex_lock(&lock);
	int result = real_ftruncate(fd, size);
	int failed = errno;
	note(OP_TRUNCATE, fd, size, 0, 0, result ? failed : 0);
	pthread_mutex_unlock(&lock);
	errno = failed;
	return result;
}

int ftruncate(int fd, off_t size)
{
	return is_watched(fd) ? truncate_watched(fd, size) : real_ftruncate(fd, size);
}

int ftruncate64(int fd, off64_t size)
{
	return is_watched(fd) ? truncate_watched(fd, size) : real_ftruncate(fd, size);
}

static int sync_watched(int fd, int (*real)(int))
{
	pthread_mutex_lock(&lock);
	int result = -1, failed = EIO;
	if (!due(&control->sync_after, &control->sync_fail)) {
		result = real(fd);
		failed = errno;
	}
	note(OP_SYNC, fd, 0, 0, 0, result ? failed : 0);
	if (result && control->sync_fail == 0 && control->sync_kill)
		kill(getpid(), SIGKILL);
	pthread_mutex_unlock(&lock);
	errno = failed;
	return result;
}

int fsync(int fd) { return is_watched(fd) ? sync_watched(fd, real_fsync) : real_fsync(fd); }

int fdatasync(int fd) { return is_watched(fd) ? sync_watched(fd, real_fdatasync) : real_fdatasync(fd); }

int unlink(const char *path)
{
	const char *name = inside(path);
	if (!name)
		return real_unlink(path);
	pthread_mutex_lock(&lock);
	int result = real_unlink(path);
	int failed = errno;
	if (result == 0)
		note(OP_UNLINK, -1, 0, name, strlen(name), 0);
	pthread_mutex_unlock(&lock);
	errno = failed;
	return result;
}

/* rename notes both names, a NUL between them. */
int rename(const char *from, const char *to)
{
	const char *a = inside(from), *b = inside(to);
	if (!a && !b)
		return real_rename(from, to);
	pthread_mutex_lock(&lock);
	int result = real_rename(from, to);
	int failed = errno;
	char both[1024];
	int size = snprintf(both, sizeof both, "%s%c%s", a ? a : "", 0, b ? b : "");
	if (size >= (int)sizeof both)
		abort();
	if (result == 0)
		note(OP_RENAME, -1, 0, both, (size_t)size, 0);
	pthread_mutex_unlock(&lock);
	errno = failed;
	return result;
}

/* A shared writable mapping changes a file without a call we could see. */
static void *map_watched(void *near, size_t size, int may, int how, int fd, off_t at)
{
	if (is_watched(fd) && (may & PROT_WRITE) && (how & MAP_SHARED)) {
		pthread_mutex_lock(&lock);
		note(OP_MAP, fd, at, 0, 0, 0);
		pthread_mutex_unlock(&lock);
	}
	return real_mmap(near, size, may, how, fd, at);
}

void *mmap(void *near, size_t size, int may, int how, int fd, off_t at)
{
	if (!real_mmap) /* before begin: the loader's own */
		return (void *)syscall(SYS_mmap, near, size, may, how, fd, at);
	return map_watched(near, size, may, how, fd, at);
}

void *mmap64(void *near, size_t size, int may, int how, int fd, off64_t at)
{
	return mmap(near, size, may, how, fd, at);
}

/* Calls that could change a file and that SQLite does not make today: should it
 * begin to, the trace says so and the replay refuses it. */
#define FOREIGN(name)                                       \
	do {                                                \
		if (is_watched(fd))                         \
			note(OP_OTHER, fd, 0, name, strlen(name), 0); \
	} while (0)

int fallocate(int fd, int mode, off_t at, off_t size)
{
	FOREIGN("fallocate");
	return (int)syscall(SYS_fallocate, fd, mode, at, size);
}

int fallocate64(int fd, int mode, off64_t at, off64_t size) { return fallocate(fd, mode, at, size); }

int posix_fallocate(int fd, off_t at, off_t size) { return fallocate(fd, 0, at, size) ? errno : 0; }

int posix_fallocate64(int fd, off64_t at, off64_t size) { return posix_fallocate(fd, at, size); }

ssize_t pwritev(int fd, const struct iovec *parts, int n, off_t at)
{
	FOREIGN("pwritev");
	return syscall(SYS_pwritev, fd, parts, n, at, 0);
}

ssize_t writev(int fd, const struct iovec *parts, int n)
{
	FOREIGN("writev");
	return syscall(SYS_writev, fd, parts, n);
}
