// A disk that fails: the calls that change files in SIEGE_FOLDER are counted, and the SIEGE_AT-th of them
// ends the process (SIEGE_HOW=kill) or gives an error (ENOSPC, EIO, EROFS, EDQUOT), as do all that follow
// where SIEGE_STAYS is set. Half of a write goes through before a kill. SIEGE_COUNT takes the number of calls.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *folder;
static size_t folder_length;
static long at = -1;
static int how, stays, counter = -1;
static atomic_long count;
static unsigned char watched[1024];

__attribute__((constructor)) static void begin(void) {
  folder = getenv("SIEGE_FOLDER");
  folder_length = folder ? strlen(folder) : 0;
  const char *n = getenv("SIEGE_AT"), *what = getenv("SIEGE_HOW"), *file = getenv("SIEGE_COUNT");
  if (n) at = atol(n);
  stays = getenv("SIEGE_STAYS") != 0;
  if (what) {
    if (!strcmp(what, "kill")) how = -1;
    if (!strcmp(what, "ENOSPC")) how = ENOSPC;
    if (!strcmp(what, "EIO")) how = EIO;
    if (!strcmp(what, "EROFS")) how = EROFS;
    if (!strcmp(what, "EDQUOT")) how = EDQUOT;
  }
  if (file) counter = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  // Only the program itself: its children have disks of their own.
  unsetenv("LD_PRELOAD");
}

static int inside(int directory, const char *path) {
  char whole[4096];
  if (!folder || !path) return 0;
  if (path[0] != '/') {
    if (directory == AT_FDCWD) {
      if (!getcwd(whole, sizeof whole)) return 0;
    } else {
      char link[64];
      snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
      ssize_t n = readlink(link, whole, sizeof whole - 1);
      if (n <= 0) return 0;
      whole[n] = 0;
    }
    return !strncmp(whole, folder, folder_length);
  }
  return !strncmp(path, folder, folder_length);
}

static int watches(int fd) { return fd >= 0 && fd < 1024 && watched[fd]; }

// Whether this call fails; `half` is done before a kill.
static int fails(const char *name, int fd, const void *bytes, size_t half) {
  long n = atomic_fetch_add(&count, 1) + 1;
  if (counter >= 0) {
    char line[64];
    int length = snprintf(line, sizeof line, "%ld %s\n", n, name);
    (void)!syscall(SYS_write, counter, line, (size_t)length);
  }
  if (at < 0 || !how || n < at || (n > at && !stays)) return 0;
  if (how < 0) {
    if (half) (void)!syscall(SYS_write, fd, bytes, half);
    syscall(SYS_kill, (pid_t)syscall(SYS_getpid), SIGKILL);
    for (;;) pause();
  }
  // A disk that is full, or a quota that is used up, still gives room back, and a file its old name.
  if (how == ENOSPC || how == EDQUOT) {
    if (!strcmp(name, "unlink") || !strcmp(name, "rmdir") || (n > at && !strcmp(name, "rename"))) return 0;
  }
  // What was written at once may fail at the end only; a close that fails has closed.
  errno = how;
  return 1;
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(real))dlsym(RTLD_NEXT, #name)

static int changes(int flags) { return (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT); }

static int opened(int directory, const char *path, int flags, mode_t mode) {
  int counts = changes(flags) && inside(directory, path);
  if (counts && fails("open", -1, 0, 0)) return -1;
  int fd = (int)syscall(SYS_openat, directory, path, flags | O_LARGEFILE, mode);
  if (fd >= 0 && fd < 1024) watched[fd] = counts || ((flags & O_DIRECTORY) && inside(directory, path));
  return fd;
}

#define MODE \
  mode_t mode = 0; \
  if (flags & (O_CREAT | __O_TMPFILE)) { \
    va_list list; \
    va_start(list, flags); \
    mode = va_arg(list, mode_t); \
    va_end(list); \
  }

int open(const char *path, int flags, ...) { MODE return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE return opened(AT_FDCWD, path, flags, mode); }
int openat(int d, const char *path, int flags, ...) { MODE return opened(d, path, flags, mode); }
int openat64(int d, const char *path, int flags, ...) { MODE return opened(d, path, flags, mode); }

ssize_t write(int fd, const void *bytes, size_t n) {
  if (watches(fd) && fails("write", fd, bytes, n / 2)) return -1;
  return syscall(SYS_write, fd, bytes, n);
}
ssize_t pwrite(int fd, const void *bytes, size_t n, off_t where) {
  if (watches(fd) && fails("write", fd, 0, 0)) return -1;
  return syscall(SYS_pwrite64, fd, bytes, n, where);
}
ssize_t writev(int fd, const struct iovec *parts, int n) {
  if (watches(fd) && fails("write", fd, 0, 0)) return -1;
  return syscall(SYS_writev, fd, parts, n);
}
int fsync(int fd) {
  if (watches(fd) && fails("fsync", -1, 0, 0)) return -1;
  return (int)syscall(SYS_fsync, fd);
}
int ftruncate(int fd, off_t length) {
  if (watches(fd) && fails("ftruncate", -1, 0, 0)) return -1;
  return (int)syscall(SYS_ftruncate, fd, length);
}
int close(int fd) {
  int was = watches(fd);
  if (fd >= 0 && fd < 1024) watched[fd] = 0;
  if (was && fails("close", -1, 0, 0)) {
    int code = errno;
    syscall(SYS_close, fd);
    errno = code;
    return -1;
  }
  return (int)syscall(SYS_close, fd);
}
int rename(const char *from, const char *to) {
  if ((inside(AT_FDCWD, from) || inside(AT_FDCWD, to)) && fails("rename", -1, 0, 0)) return -1;
  REAL(rename);
  return real(from, to);
}
int renameat(int a, const char *from, int b, const char *to) {
  if ((inside(a, from) || inside(b, to)) && fails("rename", -1, 0, 0)) return -1;
  REAL(renameat);
  return real(a, from, b, to);
}
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
  if ((inside(a, from) || inside(b, to)) && fails("rename", -1, 0, 0)) return -1;
  return (int)syscall(SYS_renameat2, a, from, b, to, flags);
}
int link(const char *from, const char *to) {
  if (inside(AT_FDCWD, to) && fails("link", -1, 0, 0)) return -1;
  REAL(link);
  return real(from, to);
}
int symlink(const char *from, const char *to) {
  if (inside(AT_FDCWD, to) && fails("link", -1, 0, 0)) return -1;
  REAL(symlink);
  return real(from, to);
}
int unlink(const char *path) {
  if (inside(AT_FDCWD, path) && fails("unlink", -1, 0, 0)) return -1;
  REAL(unlink);
  return real(path);
}
int unlinkat(int d, const char *path, int flags) {
  if (inside(d, path) && fails("unlink", -1, 0, 0)) return -1;
  REAL(unlinkat);
  return real(d, path, flags);
}
int rmdir(const char *path) {
  if (inside(AT_FDCWD, path) && fails("rmdir", -1, 0, 0)) return -1;
  REAL(rmdir);
  return real(path);
}
int mkdir(const char *path, mode_t mode) {
  if (inside(AT_FDCWD, path) && fails("mkdir", -1, 0, 0)) return -1;
  REAL(mkdir);
  return real(path, mode);
}
int chmod(const char *path, mode_t mode) {
  if (inside(AT_FDCWD, path) && fails("chmod", -1, 0, 0)) return -1;
  REAL(chmod);
  return real(path, mode);
}
ssize_t sendfile(int to, int from, off_t *where, size_t n) {
  if (watches(to) && fails("write", -1, 0, 0)) return -1;
  return syscall(SYS_sendfile, to, from, where, n);
}
