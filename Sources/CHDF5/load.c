// The face of CHDF5Reader, in a library that is loaded when the first .h5 file is met: libhdf5 brings 30 libraries,
// which every start of the program would pay for.
#include "CHDF5.h"

#include <CBeside.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

static int (*list)(const char *, boldspect_h5_transform *, int);
static int (*field)(const char *, int, float *, int64_t);

static void load(void) {
  void *library = boldspect_library_beside("libboldspect-hdf5.so");
  if (!library) return;
  int (*face)(void) = (int (*)(void))dlsym(library, "boldspect_h5_face");
  if (!face || face() != BOLDSPECT_H5_FACE) return;
  list = (int (*)(const char *, boldspect_h5_transform *, int))dlsym(library, "boldspect_h5_list");
  field = (int (*)(const char *, int, float *, int64_t))dlsym(library, "boldspect_h5_field");
}

static int loaded(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return list && field;
}

int boldspect_h5_list(const char *path, boldspect_h5_transform *out, int room) {
  return loaded() ? list(path, out, room) : BOLDSPECT_H5_NO_READER;
}

int boldspect_h5_field(const char *path, int n, float *out, int64_t count) {
  return loaded() ? field(path, n, out, count) : 0;
}
