#define _GNU_SOURCE
#include "CThreads.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

// Of address space, below which libraries may not find the room that they ask for: two threads of linear algebra need
// some 320 MB, and each further one 128.
static rlim_t limit_of_address_space(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur >= (rlim_t)8 << 30) return 0;
  return limit.rlim_cur;
}

int boldspect_is_exhausted(void) {
  size_t part = limit_of_address_space() / 4;
  if (part == 0) return 0;
  void *room = mmap(0, part, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) return 1;
  munmap(room, part);
  return 0;
}

void boldspect_end_if_exhausted(void) {
  if (!boldspect_is_exhausted()) return;
  static const char words[] =
      "boldspect: 'memory': there is no more of it under the limit of the address space. Raise the limit of the shell "
      "(`ulimit -v`) or of the batch system.\n";
  (void)!write(2, words, sizeof words - 1);
  _exit(65);
}

static void crash(int number) {
  boldspect_end_if_exhausted();
  signal(number, SIG_DFL);
  raise(number);
}

// OpenBLAS starts a thread for each processor when it is loaded, and each asks for a buffer of 128 MB; where there is
// none it asks for ever, and where there is no room for the thread it raises SIGINT. Under a limit the program begins
// again with one thread.
static void before_libraries(int count, char **arguments, char **environment) {
  (void)count;
  if (limit_of_address_space() == 0) return;
  static const char variable[] = "OPENBLAS_NUM_THREADS=";
  int all = 0, is_one = 0;
  for (; environment[all]; all++) is_one = is_one || !strcmp(environment[all], "OPENBLAS_NUM_THREADS=1");
  if (is_one) {
    // The first thread's stack grows as it is used: where it can grow no more, nothing but another stack tells of it.
    boldspect_alternate_stack();
    struct sigaction action = {.sa_handler = crash, .sa_flags = SA_ONSTACK};
    const int crashes[] = {SIGABRT, SIGILL, SIGTRAP, SIGSEGV, SIGBUS};
    for (unsigned n = 0; n < sizeof crashes / sizeof *crashes; n++) sigaction(crashes[n], &action, 0);
    return;
  }
  char *more[all + 2];
  int n = 0;
  for (int m = 0; m < all; m++)
    if (strncmp(environment[m], variable, sizeof variable - 1)) more[n++] = environment[m];
  more[n++] = "OPENBLAS_NUM_THREADS=1";
  more[n] = 0;
  execve("/proc/self/exe", arguments, more);
}

// The linker runs these before the constructors of any library.
__attribute__((section(".preinit_array"), used)) static void (*const first)(int, char **, char **) = before_libraries;
