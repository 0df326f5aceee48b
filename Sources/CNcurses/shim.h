#ifndef BOLDSPECT_CNCURSES_SHIM_H
#define BOLDSPECT_CNCURSES_SHIM_H
// Wide-character ncurses; set here because its pkg-config flags are refused by the package manager.
#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1
#endif
#include <ncursesw/curses.h>
#include <wchar.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

// Mutable C globals are an error in Swift 6; these read them.
static inline WINDOW *boldspect_stdscr(void) { return stdscr; }
static inline WINDOW *boldspect_curscr(void) { return curscr; }
static inline int boldspect_colors(void) { return COLORS; }

// Macros that the importer cannot see.
static inline attr_t boldspect_bold(void) { return A_BOLD; }
static inline attr_t boldspect_dim(void) { return A_DIM; }
static inline attr_t boldspect_reverse(void) { return A_REVERSE; }
static inline attr_t boldspect_underline(void) { return A_UNDERLINE; }

// cchar_t is filled through an out pointer and an options pointer that holds a wide pair number.
static inline int boldspect_put(int row, int column, wchar_t scalar, attr_t attributes, int pair) {
  cchar_t cell;
  wchar_t text[2] = {scalar, 0};
  if (setcchar(&cell, text, attributes, 0, &pair) == ERR) return ERR;
  return mvadd_wch(row, column, &cell);
}

// A file in memory, closed in children; the C library hides its own function from the importer.
static inline int boldspect_memory_file(void) {
  return (int)syscall(SYS_memfd_create, "screen", 1u);
}

// sa_handler sits in a union that the importer leaves out.
static inline int boldspect_on_signal(int number, void (*handler)(int)) {
  struct sigaction action;
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  return sigaction(number, &action, 0);
}

// For crashes: on a stack of its own, once, then the default end.
static inline int boldspect_on_crash(int number, void (*handler)(int)) {
  struct sigaction action;
  action.sa_handler = handler;
  action.sa_flags = SA_ONSTACK | SA_RESETHAND;
  sigemptyset(&action.sa_mask);
  return sigaction(number, &action, 0);
}

// Mouse masks are macros. 1 asks for presses, releases and the wheel; 0 gives the mouse back.
static inline int boldspect_mouse(int on) {
  mouseinterval(0);
  // Press and release that arrive together are made a click whatever the interval is.
  mmask_t wanted = on ? BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON1_CLICKED |
                            BUTTON1_DOUBLE_CLICKED | BUTTON1_TRIPLE_CLICKED | BUTTON4_PRESSED |
                            BUTTON5_PRESSED | REPORT_MOUSE_POSITION
                      : 0;
  return mousemask(wanted, 0) != 0;
}

// What happened: 1 press, 2 release, 3 and 4 wheel, 5 both press and release, 0 moved; the result is 0
// when nothing did.
static inline int boldspect_take_mouse(int *column, int *row, int *kind) {
  MEVENT event;
  if (getmouse(&event) != OK) return 0;
  *column = event.x;
  *row = event.y;
  if (event.bstate & BUTTON1_PRESSED) *kind = 1;
  else if (event.bstate & BUTTON1_RELEASED) *kind = 2;
  else if (event.bstate & (BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED | BUTTON1_TRIPLE_CLICKED)) *kind = 5;
  else if (event.bstate & BUTTON4_PRESSED) *kind = 3;
  else if (event.bstate & BUTTON5_PRESSED) *kind = 4;
  else if (event.bstate & REPORT_MOUSE_POSITION) *kind = 0;
  else return 0;
  return 1;
}
#endif
