// Reading small groups of numbers and words out of HDF5 files. libhdf5's names are macros over
// globals, which Swift does not see: so all of it stays behind these.
#ifndef BOLDSPECT_CHDF5_H
#define BOLDSPECT_CHDF5_H
#include <stdint.h>

typedef struct boldspect_h5 boldspect_h5;

/// Opens a file for reading; null when libhdf5 does not take it.
boldspect_h5 *boldspect_h5_open(const char *path);
void boldspect_h5_close(boldspect_h5 *file);

/// The number of elements of a dataset of floating-point numbers that lie in this very file; -1 for
/// anything else: none there, another type, a link, data in other files.
int64_t boldspect_h5_count(boldspect_h5 *file, const char *name);

/// Reads all of a dataset, which must have `count` elements; 1 when it could.
int boldspect_h5_doubles(boldspect_h5 *file, const char *name, double *out, int64_t count);
int boldspect_h5_floats(boldspect_h5 *file, const char *name, float *out, int64_t count);

/// Reads a dataset of one string into `out`, ended by 0 within `room` bytes; 1 when it could.
int boldspect_h5_word(boldspect_h5 *file, const char *name, char *out, int64_t room);
#endif
