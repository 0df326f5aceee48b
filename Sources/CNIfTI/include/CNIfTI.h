// libnifti's header includes <znzlib.h> and <nifti2.h> bare although they are installed in nifti/;
// the two forwarding headers beside this one answer for them.
#ifndef BOLDSPECT_CNIFTI_H
#define BOLDSPECT_CNIFTI_H
#include <nifti/nifti2_io.h>
#include <zlib.h>

/// What libnifti makes of a header, in plain numbers that do not keep its image alive.
typedef struct {
  int ok;                  ///< 0 when the library refused the file
  int64_t ndim, dim[8];
  int datatype, nbyper, byteorder;
  int64_t offset;
  int sform_code, qform_code;
  double sform[16], qform[16];
  int same_names;          ///< 1 when the library opened the very path that was asked for
} boldspect_nifti_answer;

/// Reads the header of `path` through libnifti and frees its image again. `data_path` is the file
/// that is expected to hold the voxels.
boldspect_nifti_answer boldspect_nifti_ask(const char *path, const char *data_path);
#endif
