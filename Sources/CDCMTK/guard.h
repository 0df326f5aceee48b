// A walk over the structure of a DICOM file before a recursive parser sees it.
#ifndef BOLDSPECT_DICOM_GUARD_H
#define BOLDSPECT_DICOM_GUARD_H
#include "dicom_read.h"

#include <cstddef>
#include <string>
#include <vector>

namespace boldspect {

/// Bytes of an open file, or of memory, read where they are asked for.
class Bytes {
public:
  Bytes(int descriptor, int64_t size) : descriptor_(descriptor), size_(size) {}
  Bytes(const uint8_t *memory, int64_t size) : memory_(memory), size_(size) {}
  int64_t size() const { return size_; }
  /// False when the bytes are not all there.
  bool read(int64_t at, uint8_t *into, int64_t count);

private:
  int descriptor_ = -1;
  const uint8_t *memory_ = nullptr;
  int64_t size_;
  std::vector<uint8_t> window_;
  int64_t window_start_ = 0;
};

/// How elements are written.
struct Encoding {
  bool is_explicit = true;
  bool is_big = false;
};

/// What the walk found out.
struct Outline {
  std::string syntax;
  int64_t dataset_start = 0;
  int64_t pixel_bytes = -1;
  /// Items of encapsulated pixel data, the table of offsets among them; -1 when there are none.
  int64_t pixel_pieces = -1;
};

/// Reads the meta header: where the data set starts and how it is written.
bool read_meta(Bytes &bytes, Outline &outline, boldspect_dicom_error &error);

/// Walks the whole data set without recursion: depth, lengths and count are bounded, and elements ascend.
bool walk_dataset(
    Bytes &bytes, int64_t start, Encoding encoding, const boldspect_dicom_limits &limits,
    Outline &outline, boldspect_dicom_error &error);

}  // namespace boldspect
#endif
