#include "file.h"

#include <vector>

#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>

using boldspect::set;

namespace {

uint32_t little(const Uint8 *at, int count) {
  uint32_t value = 0;
  for (int n = 0; n < count; n++) value |= uint32_t(at[n]) << (8 * n);
  return value;
}

/// Whether a segment in RLE unpacks to exactly so many bytes. The standard pads it with one byte to an even number.
bool fills(const Uint8 *at, const Uint8 *end, size_t wanted) {
  size_t got = 0;
  while (got < wanted && at < end) {
    size_t code = *at++;
    // 0 … 127: so many bytes and one as they are; 129 … 255: the next byte 257 − so many times; 128: nothing.
    size_t count = code < 128 ? code + 1 : code > 128 ? 257 - code : 0;
    size_t stored = code < 128 ? count : code > 128 ? 1 : 0;
    if (stored > size_t(end - at)) return false;
    at += stored;
    got += count;
  }
  return got == wanted && end - at <= 1;
}

/// Whether the segments of a frame in RLE (PS3.5, annex G) lie inside it and each holds a byte of every pixel. DCMTK
/// believes their offsets, and leaves memory as it was where a segment ends early.
bool is_sound_rle(const Uint8 *bytes, size_t count, Uint32 segments, size_t pixels) {
  if (count < 64 || segments == 0 || segments > 15 || little(bytes, 4) != segments) return false;
  for (Uint32 n = 0; n < segments; n++) {
    size_t start = little(bytes + 4 + 4 * n, 4);
    size_t end = n + 1 < segments ? little(bytes + 8 + 4 * n, 4) : count;
    if (start < 64 || end <= start || end > count || (n == 0 && start != 64)) return false;
    if (!fills(bytes + start, bytes + end, pixels)) return false;
  }
  return true;
}

/// Whether a frame of lossless JPEG (ISO 10918-1) or of JPEG-LS (ISO 14495-1) has the size that the header says:
/// DCMTK's decoders believe it.
bool is_sound_jpeg(const Uint8 *bytes, size_t count, Uint16 rows, Uint16 columns, Uint16 bits) {
  size_t at = 2;
  if (count < 4 || bytes[0] != 0xff || bytes[1] != 0xd8) return false;
  while (at + 4 <= count) {
    if (bytes[at] != 0xff) return false;
    Uint8 mark = bytes[at + 1];
    if (mark == 0xff) {
      at++;
      continue;
    }
    size_t length = size_t(bytes[at + 2]) << 8 | bytes[at + 3];
    if (length < 2 || length > count - at - 2) return false;
    if (mark == 0xc3 || mark == 0xf7) {
      if (length < 8) return false;
      const Uint8 *frame = bytes + at + 4;
      return (frame[1] << 8 | frame[2]) == rows && (frame[3] << 8 | frame[4]) == columns
          && frame[5] == 1 && frame[0] <= bits && (frame[0] <= 8) == (bits == 8);
    }
    // The picture must not begin before its size was said.
    if (mark == 0xda || mark == 0xd9) return false;
    at += 2 + length;
  }
  return false;
}

/// The piece of compressed pixel data that holds a frame, checked; nullptr where it is unsound. A frame is one
/// piece, as RLE demands and as writers of scans do.
DcmPixelItem *sound_piece(boldspect_dicom *file, DcmElement *element, Uint32 frame) {
  DcmPixelData *pixels = dynamic_cast<DcmPixelData *>(element);
  DcmPixelSequence *pieces = nullptr;
  DcmPixelItem *piece = nullptr;
  E_TransferSyntax syntax = file->dataset->getOriginalXfer();
  Uint16 rows = 0, columns = 0, bits = 0, samples = 1;
  Sint32 frames = 1;
  Uint8 *bytes = nullptr;
  DcmDataset *data = file->dataset;
  // What is not there comes back as 0: one frame is one that says nothing of it.
  if (data->findAndGetSint32(DCM_NumberOfFrames, frames).bad()) frames = 1;
  if (data->findAndGetUint16(DCM_SamplesPerPixel, samples).bad()) samples = 1;
  if (!pixels || data->findAndGetUint16(DCM_Rows, rows).bad()
      || data->findAndGetUint16(DCM_Columns, columns).bad()
      || data->findAndGetUint16(DCM_BitsAllocated, bits).bad() || samples != 1)
    return nullptr;
  if (pixels->getEncapsulatedRepresentation(syntax, nullptr, pieces).bad() || !pieces
      || int64_t(pieces->card()) != int64_t(frames) + 1 || int64_t(frame) >= int64_t(frames)
      || pieces->getItem(piece, frame + 1).bad() || !piece || piece->getUint8Array(bytes).bad()
      || !bytes)
    return nullptr;
  size_t count = piece->getLength();
  bool is_sound = syntax == EXS_RLELossless
      ? is_sound_rle(bytes, count, bits / 8u, size_t(rows) * columns)
      : is_sound_jpeg(bytes, count, rows, columns, bits);
  return is_sound ? piece : nullptr;
}

}  // namespace

int boldspect_dicom_frame(
    boldspect_dicom *file, uint32_t frame, uint8_t *buffer, int64_t size,
    boldspect_dicom_error *error) {
  std::memset(error, 0, sizeof *error);
  try {
    DcmElement *pixels = nullptr;
    if (file->dataset->findAndGetElement(DCM_PixelData, pixels).bad() || !pixels) {
      set(error, BOLDSPECT_DICOM_NO_PIXELS, 0);
      return 0;
    }
    Uint32 needed = 0;
    OFCondition condition = pixels->getUncompressedFrameSize(file->dataset, needed);
    if (condition.bad()) {
      set(error, condition);
      return 0;
    }
    if (int64_t(needed) != size) {
      set(error, BOLDSPECT_DICOM_WRONG_SIZE, int64_t(needed));
      return 0;
    }
    // The library wants an even number of bytes.
    std::vector<uint8_t> room;
    if (size % 2 != 0) room.resize(size_t(size) + 1);
    uint8_t *target = room.empty() ? buffer : room.data();
    Uint32 fragment = 0;
    DcmPixelItem *piece = nullptr;
    if (DcmXfer(file->dataset->getOriginalXfer()).isEncapsulated()) {
      piece = sound_piece(file, pixels, frame);
      if (!piece) {
        set(error, BOLDSPECT_DICOM_UNSOUND, frame);
        return 0;
      }
      fragment = frame + 1;
    }
    OFString model;
    condition = pixels->getUncompressedFrame(
        file->dataset, frame, fragment, target, Uint32(size + size % 2), model, &file->cache);
    if (piece) piece->compact();
    if (condition.bad()) {
      set(error, condition);
      return 0;
    }
    if (!room.empty()) std::memcpy(buffer, room.data(), size_t(size));
    return 1;
  } catch (...) {
    set(error, BOLDSPECT_DICOM_TOO_MANY, 0);
    return 0;
  }
}
