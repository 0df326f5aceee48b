#define _GNU_SOURCE
#include "CThreads.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { bytes = 1 << 16 };

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

// At the end of a thread.
static void give_back(void *memory) {
  stack_t none = {.ss_flags = SS_DISABLE};
  sigaltstack(&none, 0);
  munmap(memory, bytes);
}

static void make_key(void) { pthread_key_create(&key, give_back); }

void boldspect_alternate_stack(void) {
  stack_t now;
  if (sigaltstack(0, &now) == 0 && !(now.ss_flags & SS_DISABLE)) return;
  void *memory = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return;
  stack_t stack = {.ss_sp = memory, .ss_size = bytes};
  if (sigaltstack(&stack, 0) != 0) {
    munmap(memory, bytes);
    return;
  }
  pthread_once(&once, make_key);
  pthread_setspecific(key, memory);
}

#ifndef __has_feature
#define __has_feature(x) 0
#endif
// A sanitizer has a function of its own in this place, and stacks too.
#if !defined(__SANITIZE_ADDRESS__) && !__has_feature(address_sanitizer) && !defined(__SANITIZE_THREAD__) && \
    !__has_feature(thread_sanitizer)

struct task {
  void *(*start)(void *);
  void *argument;
};

static void *begin(void *given) {
  struct task task = *(struct task *)given;
  free(given);
  boldspect_alternate_stack();
  return task.start(task.argument);
}

// In the place of the C library's own, which it calls: Dispatch and the libraries make their threads by it, and
// a stack that overflows on one of those would end the program before the terminal is given back.
__attribute__((visibility("default"))) int pthread_create(
    pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument) {
  static _Atomic(void *) real;
  if (!real) real = dlsym(RTLD_NEXT, "pthread_create");
  int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) =
      (int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))real;
  struct task *task = malloc(sizeof *task);
  if (!task) return EAGAIN;
  *task = (struct task){start, argument};
  int code = create(thread, attributes, begin, task);
  // Dispatch waits for room for a thread, a second each time and for ever.
  static atomic_int failures;
  if (code == 0) {
    failures = 0;
    return 0;
  }
  free(task);
  // Its threads block signals, which `abort` overcomes; the handler ends it in words.
  if (++failures >= 3 && boldspect_is_exhausted()) abort();
  return code;
}
#endif
