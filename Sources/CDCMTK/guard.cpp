#include "guard.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace boldspect {

namespace {

const int64_t undefined_length = 0xffffffff;
const int64_t pixel_data = 0x7fe00010;
/// Deeper nesting than any object of the standard has, and far less than a stack bears.
const size_t most_levels = 48;

bool fail(boldspect_dicom_error &error, boldspect_dicom_status status, int64_t at) {
  error.status = status;
  error.number = at;
  return false;
}

/// One level of nesting.
struct Level {
  enum Kind { sequence, item, fragments } kind;
  /// Where it ends; -1 when a delimiter says so.
  int64_t end;
  Encoding encoding;
  /// The last element met, group and number.
  int64_t tag = -1;
};

/// The head of one element.
struct Head {
  uint16_t group, element;
  char vr[3];
  int64_t length;
  /// Bytes of the head itself.
  int64_t size;
};

bool is_one_of(const char *vr, const char *list) {
  for (const char *at = list; *at; at += 2)
    if (at[0] == vr[0] && at[1] == vr[1]) return true;
  return false;
}

uint32_t number(const uint8_t *at, int count, bool big) {
  uint32_t value = 0;
  for (int n = 0; n < count; n++) value |= uint32_t(at[big ? count - 1 - n : n]) << (8 * n);
  return value;
}

/// Reads the head of an element or item.
bool read_head(
    Bytes &bytes, int64_t at, Encoding encoding, Head &head, boldspect_dicom_error &error) {
  uint8_t raw[12];
  if (!bytes.read(at, raw, 8)) return fail(error, BOLDSPECT_DICOM_TRUNCATED, at);
  head.group = uint16_t(number(raw, 2, encoding.is_big));
  head.element = uint16_t(number(raw + 2, 2, encoding.is_big));
  std::memset(head.vr, 0, sizeof head.vr);
  head.size = 8;
  if (head.group == 0xfffe || !encoding.is_explicit) {
    head.length = number(raw + 4, 4, encoding.is_big);
    return true;
  }
  head.vr[0] = char(raw[4]);
  head.vr[1] = char(raw[5]);
  if (is_one_of(head.vr, "OBODOFOLOVOWSQSVUCUNURUTUV")) {
    if (!bytes.read(at, raw, 12)) return fail(error, BOLDSPECT_DICOM_TRUNCATED, at);
    head.length = number(raw + 8, 4, encoding.is_big);
    head.size = 12;
    return true;
  }
  if (!is_one_of(head.vr, "AEASATCSDADSDTFDFLISLOLTPNSHSLSSSTTMUIULUS"))
    return fail(error, BOLDSPECT_DICOM_MALFORMED, at);
  head.length = number(raw + 6, 2, encoding.is_big);
  return true;
}

/// The walk itself, a level on a list instead of on the stack.
class Walk {
public:
  Walk(
      Bytes &bytes, int64_t start, Encoding encoding, const boldspect_dicom_limits &limits,
      Outline &outline, boldspect_dicom_error &error)
      : bytes_(bytes), at_(start), encoding_(encoding), limits_(limits), outline_(outline),
        error_(error) {}

  bool run() {
    int64_t count = 0;
    while (true) {
      if (!leave_finished()) return false;
      if (at_ >= bytes_.size()) break;
      if (++count > limits_.most_elements) return fail(error_, BOLDSPECT_DICOM_TOO_MANY, at_);
      Encoding encoding = levels_.empty() ? encoding_ : levels_.back().encoding;
      Head head;
      bool may_end = levels_.empty() && tag_ >= pixel_data;
      bool is_head = read_head(bytes_, at_, encoding, head, error_);
      if (may_end && (!is_head || head.group == 0))
        return fail(error_, BOLDSPECT_DICOM_TRAILING, bytes_.size() - at_);
      if (!is_head) return false;
      if (!step(head, encoding)) return false;
    }
    return levels_.empty() || fail(error_, BOLDSPECT_DICOM_TRUNCATED, at_);
  }

private:
  Bytes &bytes_;
  int64_t at_;
  Encoding encoding_;
  const boldspect_dicom_limits &limits_;
  Outline &outline_;
  boldspect_dicom_error &error_;
  std::vector<Level> levels_;
  int64_t tag_ = -1;

  /// Elements of a data set or item ascend, and none stands twice (PS3.5, 7.1): which of two would be believed is
  /// chance.
  bool ascends(const Head &head) {
    int64_t &last = levels_.empty() ? tag_ : levels_.back().tag;
    int64_t tag = int64_t(head.group) << 16 | head.element;
    if (tag <= last) return fail(error_, BOLDSPECT_DICOM_OUT_OF_ORDER, tag);
    last = tag;
    return true;
  }

  /// What the pixel data of the object itself claim to be.
  void note_pixels(const Head &head) {
    if (!levels_.empty() || head.group != 0x7fe0 || head.element != 0x0010) return;
    if (head.length == undefined_length) outline_.pixel_pieces = 0;
    else outline_.pixel_bytes = head.length;
  }

  bool leave_finished() {
    while (!levels_.empty() && levels_.back().end >= 0 && at_ >= levels_.back().end) {
      if (at_ > levels_.back().end) return fail(error_, BOLDSPECT_DICOM_MALFORMED, at_);
      levels_.pop_back();
    }
    return true;
  }

  bool enter(Level::Kind kind, int64_t length, Encoding encoding) {
    if (levels_.size() >= most_levels) return fail(error_, BOLDSPECT_DICOM_TOO_DEEP, at_);
    levels_.push_back({kind, length == undefined_length ? -1 : at_ + length, encoding, -1});
    return true;
  }

  /// What is left of the file, or of the nearest level that says its length.
  int64_t room() const {
    int64_t end = bytes_.size();
    for (const Level &level : levels_)
      if (level.end >= 0) end = std::min(end, level.end);
    return end - at_;
  }

  bool step(const Head &head, Encoding encoding) {
    int64_t start = at_;
    at_ += head.size;
    bool is_open = head.length == undefined_length;
    if (!is_open && head.length > room()) return fail(error_, BOLDSPECT_DICOM_TRUNCATED, start);
    if (head.group == 0xfffe) return step_mark(head, encoding, start);
    if (!levels_.empty() && levels_.back().kind != Level::item)
      return fail(error_, BOLDSPECT_DICOM_MALFORMED, start);
    if (!ascends(head)) return false;
    note_pixels(head);
    bool is_pixels = head.group == 0x7fe0;
    if (is_open) {
      if (is_pixels || (head.vr[0] == 'O' && head.vr[1] != 0))
        return enter(Level::fragments, head.length, encoding);
      // What is unknown and of no length is written implicitly, in little endian.
      if (is_one_of("UN", head.vr)) encoding = {false, false};
      return enter(Level::sequence, head.length, encoding);
    }
    if (is_one_of("SQ", head.vr)) return enter(Level::sequence, head.length, encoding);
    bool may_be_sequence = !encoding.is_explicit || is_one_of("UN", head.vr);
    if (may_be_sequence && !is_pixels && head.length >= 8) {
      uint8_t mark[4];
      if (!bytes_.read(at_, mark, 4)) return fail(error_, BOLDSPECT_DICOM_TRUNCATED, start);
      if (mark[0] == 0xfe && mark[1] == 0xff && mark[2] == 0x00 && mark[3] == 0xe0)
        return enter(Level::sequence, head.length, {false, false});
    }
    at_ += head.length;
    return true;
  }

  /// An item, or the end of an item or of a sequence.
  bool step_mark(const Head &head, Encoding encoding, int64_t start) {
    if (levels_.empty()) return fail(error_, BOLDSPECT_DICOM_MALFORMED, start);
    Level::Kind kind = levels_.back().kind;
    bool is_open = head.length == undefined_length;
    switch (head.element) {
    case 0xe000:
      if (kind == Level::item) return fail(error_, BOLDSPECT_DICOM_MALFORMED, start);
      if (kind == Level::sequence) return enter(Level::item, head.length, encoding);
      if (is_open) return fail(error_, BOLDSPECT_DICOM_MALFORMED, start);
      if (levels_.size() == 1 && tag_ == pixel_data) outline_.pixel_pieces++;
      at_ += head.length;
      return true;
    case 0xe00d:
      // Some writers end items of a known length as well.
      if (kind != Level::item || head.length != 0) break;
      if (levels_.back().end < 0) levels_.pop_back();
      return true;
    case 0xe0dd:
      if (kind == Level::item || head.length != 0) break;
      if (levels_.back().end < 0) levels_.pop_back();
      return true;
    default: break;
    }
    return fail(error_, BOLDSPECT_DICOM_MALFORMED, start);
  }
};

}  // namespace

bool Bytes::read(int64_t at, uint8_t *into, int64_t count) {
  if (at < 0 || count < 0 || count > size_ - at) return false;
  if (count == 0) return true;
  if (memory_) {
    std::memcpy(into, memory_ + at, size_t(count));
    return true;
  }
  bool is_inside = at >= window_start_ && at + count <= window_start_ + int64_t(window_.size());
  if (!is_inside) {
    window_.resize(size_t(std::min<int64_t>(size_ - at, 1 << 14)));
    window_start_ = at;
    size_t got = 0;
    while (got < window_.size()) {
      ssize_t n = pread(descriptor_, window_.data() + got, window_.size() - got, at + int64_t(got));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) break;
      got += size_t(n);
    }
    window_.resize(got);
    if (int64_t(got) < count) return false;
  }
  std::memcpy(into, window_.data() + (at - window_start_), size_t(count));
  return true;
}

bool read_meta(Bytes &bytes, Outline &outline, boldspect_dicom_error &error) {
  uint8_t mark[4];
  if (!bytes.read(128, mark, 4) || std::memcmp(mark, "DICM", 4) != 0)
    return fail(error, BOLDSPECT_DICOM_NO_MARK, 128);
  int64_t at = 132;
  int64_t last = -1;
  for (int n = 0; n < 100 && at < bytes.size(); n++) {
    uint8_t group[2];
    if (!bytes.read(at, group, 2)) return fail(error, BOLDSPECT_DICOM_TRUNCATED, at);
    if (number(group, 2, false) != 0x0002) break;
    Head head;
    if (!read_head(bytes, at, {true, false}, head, error)) return false;
    if (head.element <= last) return fail(error, BOLDSPECT_DICOM_OUT_OF_ORDER, 0x20000 | head.element);
    last = head.element;
    int64_t value = at + head.size;
    if (head.length > bytes.size() - value) return fail(error, BOLDSPECT_DICOM_TRUNCATED, at);
    if (head.element == 0x0010) {
      if (head.length > 64) return fail(error, BOLDSPECT_DICOM_MALFORMED, at);
      std::vector<uint8_t> text(size_t(head.length), 0);
      if (!bytes.read(value, text.data(), head.length))
        return fail(error, BOLDSPECT_DICOM_TRUNCATED, at);
      outline.syntax.assign(text.begin(), text.end());
      while (!outline.syntax.empty() && (outline.syntax.back() == 0 || outline.syntax.back() == ' '))
        outline.syntax.pop_back();
    }
    at = value + head.length;
  }
  if (outline.syntax.empty()) return fail(error, BOLDSPECT_DICOM_NO_SYNTAX, at);
  outline.dataset_start = at;
  return true;
}

bool walk_dataset(
    Bytes &bytes, int64_t start, Encoding encoding, const boldspect_dicom_limits &limits,
    Outline &outline, boldspect_dicom_error &error) {
  return Walk(bytes, start, encoding, limits, outline, error).run();
}

}  // namespace boldspect
