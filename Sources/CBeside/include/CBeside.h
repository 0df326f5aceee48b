#ifndef BOLDSPECT_CBESIDE_H
#define BOLDSPECT_CBESIDE_H

/// Opens a library that lies beside the program, or in ../lib/boldspect: nowhere else, so that no other file of
/// that name can take its place. Null where it is not there.
void *boldspect_library_beside(const char *name);
#endif
