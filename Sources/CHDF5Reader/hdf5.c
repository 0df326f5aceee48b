#define _GNU_SOURCE
#include "CHDF5.h"
#include <errno.h>
#include <fcntl.h>
#include <hdf5/serial/hdf5.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

// MARK: In the child

/// Whether every step of a path is a hard link: others lead to other places and other files.
static int is_hard(hid_t file, const char *name) {
  char part[256];
  size_t length = strlen(name);
  if (length == 0 || length >= sizeof part || name[0] != '/') return 0;
  for (size_t n = 1; n <= length; n++) {
    if (n < length && name[n] != '/') continue;
    memcpy(part, name, n);
    part[n] = 0;
    H5L_info_t info;
    if (H5Lexists(file, part, H5P_DEFAULT) <= 0) return 0;
    if (H5Lget_info(file, part, &info, H5P_DEFAULT) < 0 || info.type != H5L_TYPE_HARD) return 0;
  }
  return 1;
}

/// A dataset whose values lie in this file, -1 otherwise.
static hid_t open_dataset(hid_t file, const char *name) {
  if (!is_hard(file, name)) return -1;
  hid_t set = H5Dopen2(file, name, H5P_DEFAULT);
  if (set < 0) return -1;
  hid_t plist = H5Dget_create_plist(set);
  int own = plist >= 0 && H5Pget_external_count(plist) == 0;
  H5D_layout_t layout = plist >= 0 ? H5Pget_layout(plist) : H5D_LAYOUT_ERROR;
  if (own && (layout == H5D_COMPACT || layout == H5D_CONTIGUOUS || layout == H5D_CHUNKED)) return set;
  H5Dclose(set);
  return -1;
}

static int64_t elements(hid_t set) {
  hid_t space = H5Dget_space(set);
  return space < 0 ? -1 : (int64_t)H5Sget_simple_extent_npoints(space);
}

static int is_class(hid_t set, H5T_class_t wanted) {
  hid_t type = H5Dget_type(set);
  if (type < 0 || H5Tget_class(type) != wanted) return 0;
  return wanted != H5T_FLOAT || H5Tget_size(type) == 4 || H5Tget_size(type) == 8;
}

/// ITK wrote `Tranform` up to version 4.
static hid_t open_numbers(hid_t file, int n, const char *what) {
  static const char *spellings[] = {"Transform", "Tranform"};
  for (int s = 0; s < 2; s++) {
    char name[128];
    snprintf(name, sizeof name, "/TransformGroup/%d/%s%s", n, spellings[s], what);
    hid_t set = open_dataset(file, name);
    if (set >= 0) return is_class(set, H5T_FLOAT) ? set : -1;
  }
  return -1;
}

static int64_t numbers(hid_t file, int n, const char *what, double *out) {
  hid_t set = open_numbers(file, n, what);
  int64_t count = set < 0 ? -1 : elements(set);
  if (count > 0 && count <= BOLDSPECT_H5_NUMBERS &&
      H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, out) < 0)
    return -1;
  return count;
}

/// A string of fixed or variable length.
static int word(hid_t file, int n, char *out, size_t room) {
  char name[128];
  snprintf(name, sizeof name, "/TransformGroup/%d/TransformType", n);
  hid_t set = open_dataset(file, name);
  if (set < 0 || !is_class(set, H5T_STRING) || elements(set) != 1) return 0;
  hid_t type = H5Dget_type(set), memory = H5Tcopy(H5T_C_S1);
  if (type < 0 || memory < 0 || H5Tset_cset(memory, H5Tget_cset(type)) < 0) return 0;
  if (H5Tis_variable_str(type) > 0) {
    char *found = NULL;
    if (H5Tset_size(memory, H5T_VARIABLE) < 0 ||
        H5Dread(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, &found) < 0 || !found)
      return 0;
    // The child ends soon: nothing is given back.
    return snprintf(out, room, "%s", found) < (int)room;
  }
  size_t size = H5Tget_size(type);
  char *bytes = size > 0 && size < room ? calloc(1, size + 1) : NULL;
  if (!bytes || H5Tset_size(memory, size + 1) < 0 ||
      H5Dread(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes) < 0)
    return 0;
  return snprintf(out, room, "%s", bytes) < (int)room;
}

typedef struct {
  const char *path;
  int n;
  int room;
  int64_t count;
} question;

static hid_t open_file(const char *path) {
  // The library prints its errors otherwise, and loads code that a file asks for by a filter's number.
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  H5PLset_loading_state(0);
  return H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
}

static int list(const question *q, void *answer) {
  hid_t file = open_file(q->path);
  if (file < 0) return -1;
  boldspect_h5_transform *out = answer;
  for (int n = 0; n < q->room; n++) {
    if (!word(file, n, out[n].type, sizeof out[n].type)) return n;
    out[n].fixed_count = numbers(file, n, "FixedParameters", out[n].fixed);
    out[n].parameter_count = numbers(file, n, "Parameters", out[n].parameters);
  }
  return q->room;
}

static int field(const question *q, void *answer) {
  hid_t file = open_file(q->path);
  hid_t set = file < 0 ? -1 : open_numbers(file, q->n, "Parameters");
  return set >= 0 && elements(set) == q->count &&
         H5Dread(set, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, answer) >= 0;
}

// MARK: In the parent

typedef struct {
  int done;
  int value;
} ending;

static void run(int (*body)(const question *, void *), const question *q, ending *end, void *answer,
                int seconds) {
  static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGALRM, SIGTERM, SIGINT, SIGHUP};
  for (size_t n = 0; n < sizeof fatal / sizeof fatal[0]; n++) signal(fatal[n], SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  struct rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  // glibc's own complaints about a broken heap go nowhere: the terminal may be a viewer's.
  int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere < 0 || dup2(nowhere, STDERR_FILENO) < 0) _exit(1);
  alarm((unsigned)seconds);
  end->value = body(q, answer);
  end->done = 1;
  _exit(0);
}

/// Runs `body` in a child; its answer lies in `size` shared bytes, which `take` is given. -2 where it did not end well.
static int in_child(int (*body)(const question *, void *), const question *q, size_t size, int seconds,
                    void *out) {
  size_t head = 64;
  char *shared =
      mmap(NULL, head + size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return -2;
  ending *end = (ending *)shared;
  pid_t child = fork();
  if (child == 0) run(body, q, end, shared + head, seconds);
  int status = 0;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  int value = child > 0 && end->done ? end->value : -2;
  if (value > 0) memcpy(out, shared + head, size);
  munmap(shared, head + size);
  return value;
}

int boldspect_h5_face(void) { return BOLDSPECT_H5_FACE; }

int boldspect_h5_list(const char *path, boldspect_h5_transform *out, int room) {
  question q = {.path = path, .room = room};
  return in_child(list, &q, sizeof *out * (size_t)room, 20, out);
}

int boldspect_h5_field(const char *path, int n, float *out, int64_t count) {
  question q = {.path = path, .n = n, .count = count};
  return in_child(field, &q, sizeof *out * (size_t)count, 120, out) == 1;
}
