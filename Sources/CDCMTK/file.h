// What the parts of the reader share: an open file, and how an error is told.
#ifndef BOLDSPECT_DICOM_FILE_H
#define BOLDSPECT_DICOM_FILE_H
#include "dicom_read.h"
#include "guard.h"

#include <cstring>
#include <memory>

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcfcache.h>
#include <dcmtk/dcmdata/dcspchrs.h>
#include <dcmtk/dcmdata/dctk.h>

/// A file, or a data set that was inflated into memory.
struct boldspect_dicom {
  DcmFileFormat format;
  DcmDataset *dataset = nullptr;
  std::unique_ptr<DcmDataset> inflated;
  DcmFileCache cache;
  boldspect::Outline outline;
  DcmSpecificCharacterSet characters;
  enum { unknown, converts, plain } text = unknown;
};

namespace boldspect {

inline void set(boldspect_dicom_error *error, boldspect_dicom_status status, int64_t number) {
  error->status = status;
  error->number = number;
}

inline void set(boldspect_dicom_error *error, const OFCondition &condition) {
  error->status = BOLDSPECT_DICOM_LIBRARY;
  std::strncpy(error->text, condition.text(), sizeof error->text - 1);
}

}  // namespace boldspect
#endif
