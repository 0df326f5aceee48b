#include "dicom_read.h"
#include "file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <mutex>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcdict.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/oflog/oflog.h>

using boldspect::Bytes;
using boldspect::Encoding;
using boldspect::Outline;
using boldspect::set;

namespace {

/// Elements above this stay on disk.
const Uint32 most_read_at_once = 4096;
const char deflated_syntax[] = "1.2.840.10008.1.2.1.99";

/// Silences the library's own log and makes its decoders known.
void prepare() {
  static std::once_flag once;
  std::call_once(once, [] {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    DcmRLEDecoderRegistration::registerCodecs();
    DJDecoderRegistration::registerCodecs();
    DJLSDecoderRegistration::registerCodecs();
  });
}

/// An open descriptor that closes itself.
struct Descriptor {
  int number;
  explicit Descriptor(const char *path)
      : number(open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {}
  ~Descriptor() {
    if (number >= 0) close(number);
  }
};

/// Inflates a deflated data set as far as is allowed.
bool inflate_all(
    Bytes &bytes, int64_t start, int64_t most, std::vector<uint8_t> &out,
    boldspect_dicom_error *error) {
  z_stream stream;
  std::memset(&stream, 0, sizeof stream);
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) {
    set(error, BOLDSPECT_DICOM_TOO_LARGE, 0);
    return false;
  }
  std::unique_ptr<z_stream, int (*)(z_stream *)> owner(&stream, inflateEnd);
  std::vector<uint8_t> in(1 << 14);
  int64_t at = start;
  int result = Z_OK;
  while (result != Z_STREAM_END) {
    if (stream.avail_in == 0) {
      int64_t count = std::min<int64_t>(int64_t(in.size()), bytes.size() - at);
      if (count <= 0 || !bytes.read(at, in.data(), count)) {
        set(error, BOLDSPECT_DICOM_TRUNCATED, at);
        return false;
      }
      at += count;
      stream.next_in = in.data();
      stream.avail_in = uInt(count);
    }
    size_t had = out.size();
    if (int64_t(had) >= most) {
      set(error, BOLDSPECT_DICOM_TOO_LARGE, int64_t(had));
      return false;
    }
    out.resize(had + (1 << 16));
    stream.next_out = out.data() + had;
    stream.avail_out = 1 << 16;
    result = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      set(error, BOLDSPECT_DICOM_MALFORMED, at);
      return false;
    }
  }
  return true;
}

bool parse_inflated(
    boldspect_dicom *file, Bytes &bytes, const boldspect_dicom_limits &limits,
    boldspect_dicom_error *error) {
  std::vector<uint8_t> plain;
  if (!inflate_all(bytes, file->outline.dataset_start, limits.most_inflated, plain, error))
    return false;
  Bytes memory(plain.data(), int64_t(plain.size()));
  if (!boldspect::walk_dataset(memory, 0, {true, false}, limits, file->outline, *error))
    return false;
  DcmInputBufferStream stream;
  stream.setBuffer(plain.data(), offile_off_t(plain.size()));
  stream.setEos();
  file->inflated.reset(new DcmDataset());
  file->inflated->transferInit();
  OFCondition condition = limits.whole
      ? file->inflated->read(stream, EXS_LittleEndianExplicit)
      : file->inflated->readUntilTag(
          stream, EXS_LittleEndianExplicit, EGL_noChange, DCM_MaxReadLength, DCM_PixelData);
  file->inflated->transferEnd();
  if (condition.bad() && condition != EC_EndOfStream) {
    set(error, condition);
    return false;
  }
  file->dataset = file->inflated.get();
  return true;
}

bool parse(
    boldspect_dicom *file, const char *path, const boldspect_dicom_limits &limits,
    boldspect_dicom_error *error) {
  Descriptor descriptor(path);
  struct stat status;
  if (descriptor.number < 0 || fstat(descriptor.number, &status) != 0) {
    set(error, BOLDSPECT_DICOM_CANNOT_OPEN, errno);
    return false;
  }
  if (!S_ISREG(status.st_mode)) {
    set(error, BOLDSPECT_DICOM_NO_FILE, 0);
    return false;
  }
  Bytes bytes(descriptor.number, status.st_size);
  if (!boldspect::read_meta(bytes, file->outline, *error)) return false;
  if (!dcmDataDict.isDictionaryLoaded()) {
    set(error, BOLDSPECT_DICOM_NO_DICTIONARY, 0);
    return false;
  }
  if (file->outline.syntax == deflated_syntax) return parse_inflated(file, bytes, limits, error);
  Encoding encoding{
      file->outline.syntax != UID_LittleEndianImplicitTransferSyntax,
      file->outline.syntax == UID_BigEndianExplicitTransferSyntax};
  if (!boldspect::walk_dataset(
          bytes, file->outline.dataset_start, encoding, limits, file->outline, *error))
    return false;
  OFFilename name(path);
  OFCondition condition = limits.whole
      ? file->format.loadFile(name, EXS_Unknown, EGL_noChange, most_read_at_once, ERM_fileOnly)
      : file->format.loadFileUntilTag(
          name, EXS_Unknown, EGL_noChange, most_read_at_once, ERM_fileOnly, DCM_PixelData);
  if (condition.bad()) {
    set(error, condition);
    return false;
  }
  file->dataset = file->format.getDataset();
  return true;
}

/// The item behind the face's own name for it.
DcmItem *item_of(const boldspect_dicom_item *item) {
  return reinterpret_cast<DcmItem *>(const_cast<boldspect_dicom_item *>(item));
}

const boldspect_dicom_item *face(DcmItem *item) {
  return reinterpret_cast<const boldspect_dicom_item *>(item);
}

DcmElement *find(const boldspect_dicom_item *item, uint16_t group, uint16_t element) {
  DcmElement *found = nullptr;
  DcmItem *owner = item_of(item);
  if (!owner || owner->findAndGetElement(DcmTagKey(group, element), found).bad()) return nullptr;
  return found;
}

DcmSequenceOfItems *sequence(const boldspect_dicom_item *item, uint16_t group, uint16_t element) {
  DcmElement *found = find(item, group, element);
  return found && found->ident() == EVR_SQ ? static_cast<DcmSequenceOfItems *>(found) : nullptr;
}

/// One number of a binary element.
bool number_at(DcmElement *element, unsigned long n, double &value) {
  Uint16 us;
  Sint16 ss;
  Uint32 ul;
  Sint32 sl;
  Float32 fl;
  Float64 fd;
  switch (element->ident()) {
  case EVR_US: return element->getUint16(us, n).good() && (value = us, true);
  case EVR_SS: return element->getSint16(ss, n).good() && (value = ss, true);
  case EVR_UL: return element->getUint32(ul, n).good() && (value = ul, true);
  case EVR_SL: return element->getSint32(sl, n).good() && (value = sl, true);
  case EVR_FL: return element->getFloat32(fl, n).good() && (value = double(fl), true);
  case EVR_FD: return element->getFloat64(fd, n).good() && (value = fd, true);
  case EVR_AT: {
    DcmTagKey key;
    if (static_cast<DcmAttributeTag *>(element)->getTagVal(key, n).bad()) return false;
    value = double(key.getGroup()) * 65536 + key.getElement();
    return true;
  }
  default: return false;
  }
}

/// Text in UTF-8; other bytes than ASCII become '?' where the character set is not known.
OFString utf8(boldspect_dicom *file, const OFString &raw, bool is_ascii_kind) {
  bool is_plain = std::all_of(raw.begin(), raw.end(), [](char c) { return (c & 0x80) == 0 && c != 27; });
  if (is_plain) return raw;
  if (!is_ascii_kind && file->text == boldspect_dicom::unknown) {
    bool can = DcmSpecificCharacterSet::isConversionAvailable()
        && file->characters.selectCharacterSet(*file->dataset, "ISO_IR 192").good();
    file->text = can ? boldspect_dicom::converts : boldspect_dicom::plain;
  }
  OFString out;
  if (!is_ascii_kind && file->text == boldspect_dicom::converts
      && file->characters.convertString(raw, out).good())
    return out;
  out = raw;
  for (size_t n = 0; n < out.size(); n++)
    if ((out[n] & 0x80) || out[n] == 27) out[n] = '?';
  return out;
}

}  // namespace

boldspect_dicom *boldspect_dicom_open(
    const char *path, boldspect_dicom_limits limits, boldspect_dicom_error *error) {
  std::memset(error, 0, sizeof *error);
  try {
    prepare();
    std::unique_ptr<boldspect_dicom> file(new boldspect_dicom);
    return parse(file.get(), path, limits, error) ? file.release() : nullptr;
  } catch (...) {
    set(error, BOLDSPECT_DICOM_TOO_MANY, 0);
    return nullptr;
  }
}

void boldspect_dicom_close(boldspect_dicom *file) {
  try {
    delete file;
  } catch (...) {
  }
}

const char *boldspect_dicom_transfer_syntax(const boldspect_dicom *file) {
  return file->outline.syntax.c_str();
}

int64_t boldspect_dicom_pixel_bytes(const boldspect_dicom *file) {
  return file->outline.pixel_bytes;
}

int boldspect_dicom_face(void) { return BOLDSPECT_DICOM_FACE; }

int64_t boldspect_dicom_pixel_pieces(const boldspect_dicom *file) {
  return file->outline.pixel_pieces;
}

const boldspect_dicom_item *boldspect_dicom_dataset(const boldspect_dicom *file) {
  return face(file->dataset);
}

int boldspect_dicom_has(const boldspect_dicom_item *item, uint16_t group, uint16_t element) {
  try {
    return find(item, group, element) != nullptr;
  } catch (...) {
    return 0;
  }
}

int64_t boldspect_dicom_item_count(
    const boldspect_dicom_item *item, uint16_t group, uint16_t element) {
  try {
    DcmSequenceOfItems *found = sequence(item, group, element);
    return found ? int64_t(found->card()) : -1;
  } catch (...) {
    return -1;
  }
}

const boldspect_dicom_item *boldspect_dicom_item_at(
    const boldspect_dicom_item *item, uint16_t group, uint16_t element, int64_t index) {
  try {
    DcmSequenceOfItems *found = sequence(item, group, element);
    if (!found || index < 0 || index >= int64_t(found->card())) return nullptr;
    return face(found->getItem(static_cast<unsigned long>(index)));
  } catch (...) {
    return nullptr;
  }
}

int64_t boldspect_dicom_text(
    const boldspect_dicom *file, const boldspect_dicom_item *item, uint16_t group,
    uint16_t element, char *text, int64_t capacity) {
  try {
    DcmElement *found = find(item, group, element);
    if (!found) return -1;
    bool is_ascii_kind = true;
    switch (found->ident()) {
    case EVR_AE: case EVR_AS: case EVR_CS: case EVR_DA: case EVR_DS: case EVR_DT: case EVR_IS:
    case EVR_TM: case EVR_UI: case EVR_UR: break;
    case EVR_LO: case EVR_LT: case EVR_PN: case EVR_SH: case EVR_ST: case EVR_UC: case EVR_UT:
      is_ascii_kind = false;
      break;
    default: return -1;
    }
    OFString raw;
    if (found->getLength() > 1 << 20 || found->getOFStringArray(raw).bad()) return -1;
    OFString value = utf8(const_cast<boldspect_dicom *>(file), raw, is_ascii_kind);
    int64_t count = std::min<int64_t>(int64_t(value.size()), capacity);
    if (count > 0) std::memcpy(text, value.data(), size_t(count));
    return int64_t(value.size());
  } catch (...) {
    return -1;
  }
}

int64_t boldspect_dicom_numbers(
    const boldspect_dicom_item *item, uint16_t group, uint16_t element, double *numbers,
    int64_t capacity) {
  try {
    DcmElement *found = find(item, group, element);
    if (!found) return -1;
    double value;
    unsigned long count = found->getVM();
    if (count == 0) return 0;
    if (!number_at(found, 0, value)) return -2;
    for (unsigned long n = 0; n < count && int64_t(n) < capacity; n++)
      if (!number_at(found, n, numbers[n])) return -1;
    return int64_t(count);
  } catch (...) {
    return -1;
  }
}

int64_t boldspect_dicom_bytes(
    const boldspect_dicom_item *item, uint16_t group, uint16_t element, uint8_t *bytes,
    int64_t capacity) {
  try {
    DcmElement *found = find(item, group, element);
    if (!found) return -1;
    int64_t length = int64_t(found->getLength());
    if (capacity < length || length == 0) return length;
    Uint8 *raw = nullptr;
    if (found->getUint8Array(raw).bad() || !raw) return -1;
    std::memcpy(bytes, raw, size_t(length));
    return length;
  } catch (...) {
    return -1;
  }
}
