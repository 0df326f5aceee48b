// Compresses DICOM files for tests, with DCMTK's own encoders.
#ifndef BOLDSPECT_DICOM_CODECS_H
#define BOLDSPECT_DICOM_CODECS_H
#ifdef __cplusplus
extern "C" {
#endif
/// Writes a file anew: "rle", "jpeg" (lossless), "jpeg-ls" (lossless) or "deflated". Returns 1 when that was done.
int boldspect_test_compress(const char *path, const char *kind);
#ifdef __cplusplus
}
#endif
#endif
