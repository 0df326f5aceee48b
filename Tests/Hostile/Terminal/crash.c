// Ends of the program that nothing outside can bring about: SIEGE_CRASH says which, SIGURG says when.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile int now;
static const char *kind;

__attribute__((noinline)) static int deeper(volatile char *above) {
  volatile char here[4096];
  memset((void *)here, above ? above[0] : 1, sizeof here);
  return deeper(here) + here[17];
}

static void *beside(void *nothing) {
  (void)nothing;
  while (!now) usleep(2000);
  if (!strcmp(kind, "thread-overflow")) deeper(0);
  if (!strcmp(kind, "thread-trap")) __builtin_trap();
  abort();
}

static void told(int number) {
  (void)number;
  if (!strcmp(kind, "overflow")) deeper(0);
  if (!strcmp(kind, "trap")) __builtin_trap();
  if (!strcmp(kind, "abort")) abort();
  now = 1;
}

__attribute__((constructor)) static void begin(void) {
  kind = getenv("SIEGE_CRASH");
  unsetenv("LD_PRELOAD");
  if (!kind) return;
  struct sigaction action = {.sa_handler = told};
  sigaction(SIGURG, &action, 0);
  pthread_t thread;
  if (!strncmp(kind, "thread", 6)) pthread_create(&thread, 0, beside, 0);
}
