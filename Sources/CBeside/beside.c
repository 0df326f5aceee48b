#define _GNU_SOURCE
#include "CBeside.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// DEEPBIND: functions of the program may have the names of those that they lead to. Sanitizers cannot be loaded so.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define FLAGS (RTLD_NOW | RTLD_LOCAL)
#endif
#endif
#ifndef FLAGS
#define FLAGS (RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND)
#endif

void *boldspect_library_beside(const char *name) {
  char folder[4096], path[4352];
  ssize_t length = readlink("/proc/self/exe", folder, sizeof folder - 1);
  if (length <= 0) return NULL;
  folder[length] = 0;
  char *last = strrchr(folder, '/');
  if (!last || strlen(name) > 128) return NULL;
  *last = 0;
  static const char *places[] = {"", "/../lib/boldspect"};
  for (int n = 0; n < 2; n++) {
    snprintf(path, sizeof path, "%s%s/%s", folder, places[n], name);
    void *library = dlopen(path, FLAGS);
    if (library) return library;
  }
  return NULL;
}
