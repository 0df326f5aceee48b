#ifndef BOLDSPECT_CTHREADS_H
#define BOLDSPECT_CTHREADS_H

/// Gives the calling thread a stack of its own for handlers of signals: one that has overflowed leaves them no
/// room. Threads that are made later have one from their beginning.
void boldspect_alternate_stack(void);

/// Whether a limit of the address space leaves no room that would be of use.
int boldspect_is_exhausted(void);

/// Ends the program in words where a crash comes of a limit of the address space that left no room; for handlers of
/// signals.
void boldspect_end_if_exhausted(void);
#endif
