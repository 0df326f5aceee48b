// Transforms of ITK and ANTs out of HDF5 files. libhdf5 may crash on a damaged file, so it runs in a
// child process that shares nothing but its answer: a crash there is a refusal here.
#ifndef BOLDSPECT_CHDF5_H
#define BOLDSPECT_CHDF5_H
#include <stdint.h>

#define BOLDSPECT_H5_NUMBERS 64

/// Counts up with every change of this face: program and library must be of one build.
#define BOLDSPECT_H5_FACE 1
int boldspect_h5_face(void);

/// The library that holds libhdf5 is not beside the program.
#define BOLDSPECT_H5_NO_READER -3

/// One transform of `/TransformGroup`. Counts are -1 where there is no dataset of floating-point numbers
/// in this very file (a link, another type, data elsewhere); the numbers are there up to 64 of them.
typedef struct {
  char type[128];
  int64_t fixed_count;
  int64_t parameter_count;
  double fixed[BOLDSPECT_H5_NUMBERS];
  double parameters[BOLDSPECT_H5_NUMBERS];
} boldspect_h5_transform;

/// Lists the transforms of a file, at most `room` of them. Returns their number, -1 where libhdf5 does not take
/// the file, -2 where it crashed on it or took too long,
/// BOLDSPECT_H5_NO_READER.
int boldspect_h5_list(const char *path, boldspect_h5_transform *out, int room);

/// Reads the `count` parameters of transform `n`; 1 when it could.
int boldspect_h5_field(const char *path, int n, float *out, int64_t count);
#endif
