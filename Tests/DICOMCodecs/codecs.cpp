#include "DICOMCodecs.h"

#include <cstring>
#include <mutex>

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcrleerg.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpls/djencode.h>
#include <dcmtk/oflog/oflog.h>

int boldspect_test_compress(const char *path, const char *kind) {
  try {
    static std::once_flag once;
    std::call_once(once, [] {
      OFLog::configure(OFLogger::OFF_LOG_LEVEL);
      DcmRLEEncoderRegistration::registerCodecs();
      DJEncoderRegistration::registerCodecs();
      DJLSEncoderRegistration::registerCodecs();
    });
    E_TransferSyntax syntax = !std::strcmp(kind, "rle") ? EXS_RLELossless
        : !std::strcmp(kind, "jpeg")                    ? EXS_JPEGProcess14SV1
        : !std::strcmp(kind, "jpeg-ls")                 ? EXS_JPEGLSLossless
                                                        : EXS_DeflatedLittleEndianExplicit;
    DcmFileFormat file;
    if (file.loadFile(path).bad() || file.loadAllDataIntoMemory().bad()) return 0;
    if (file.getDataset()->chooseRepresentation(syntax, nullptr).bad()) return 0;
    return file.saveFile(path, syntax).good();
  } catch (...) {
    return 0;
  }
}
