#include "CNIfTI.h"

#include <string.h>

// Copied out field by field: nifti_image has 80 members and a lifetime of its own.
boldspect_nifti_answer boldspect_nifti_ask(const char *path, const char *data_path) {
  boldspect_nifti_answer answer;
  memset(&answer, 0, sizeof answer);
  nifti_set_debug_level(0);
  nifti_image *image = nifti_image_read(path, 0);
  if (!image) return answer;
  answer.ok = 1;
  answer.ndim = image->ndim;
  for (int i = 0; i < 8; i++) answer.dim[i] = image->dim[i];
  answer.datatype = image->datatype;
  answer.nbyper = image->nbyper;
  answer.byteorder = image->byteorder;
  answer.offset = image->iname_offset;
  answer.sform_code = image->sform_code;
  answer.qform_code = image->qform_code;
  for (int r = 0; r < 4; r++)
    for (int c = 0; c < 4; c++) {
      answer.sform[4 * r + c] = image->sto_xyz.m[r][c];
      answer.qform[4 * r + c] = image->qto_xyz.m[r][c];
    }
  answer.same_names = image->fname && image->iname && strcmp(image->fname, path) == 0 &&
                      strcmp(image->iname, data_path) == 0;
  nifti_image_free(image);
  return answer;
}
