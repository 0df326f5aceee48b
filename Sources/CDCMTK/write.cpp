// Building DICOM objects, and taking identity from one. See dicom_write.h.
#include "dcmtk/config/osconfig.h"

#include "dcmtk/dcmdata/dctk.h"
#include "dcmtk/dcmdata/dcostrmb.h"
#include "dcmtk/dcmdata/dcvrof.h"
#include "dcmtk/oflog/oflog.h"
#include "dicom_write.h"

#include <climits>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

// Patient and study, in the order of the standard's modules; what a private element says of a person stays out.
const DcmTagKey identity[] = {
    DCM_PatientName, DCM_PatientID, DCM_IssuerOfPatientID, DCM_PatientBirthDate, DCM_PatientSex,
    DCM_PatientBirthTime, DCM_PatientIdentityRemoved, DCM_DeidentificationMethod,
    DCM_StudyInstanceUID, DCM_StudyDate, DCM_StudyTime, DCM_ReferringPhysicianName, DCM_StudyID,
    DCM_AccessionNumber, DCM_StudyDescription, DCM_PatientAge, DCM_PatientSize, DCM_PatientWeight,
};

// Must be there, although they may be empty (type 2).
const DcmTagKey neededEvenEmpty[] = {
    DCM_PatientName, DCM_PatientID, DCM_PatientBirthDate, DCM_PatientSex, DCM_StudyDate,
    DCM_StudyTime, DCM_ReferringPhysicianName, DCM_StudyID, DCM_AccessionNumber,
};

const DcmTagKey frameOfReference[] = {DCM_FrameOfReferenceUID, DCM_PositionReferenceIndicator};

// What may be handed out as text: nothing of it names a person.
const DcmTagKey handedOut[] = {
    DCM_SOPClassUID, DCM_SOPInstanceUID, DCM_SeriesInstanceUID, DCM_StudyInstanceUID,
    DCM_FrameOfReferenceUID, DCM_Modality, DCM_BodyPartExamined, DCM_ImagePositionPatient,
    DCM_ImageOrientationPatient, DCM_PixelSpacing, DCM_Rows, DCM_Columns, DCM_PatientPosition,
};

// The library's own words would end on the terminal, with values of the file in them.
void be_quiet() {
  static const bool isQuiet = (OFLog::configure(OFLogger::OFF_LOG_LEVEL), true);
  (void)isQuiet;
}

void tell(char *reason, size_t room, const char *words) {
  if (room > 0) std::snprintf(reason, room, "%s", words);
}

bool isOneOf(const DcmTagKey &key, const DcmTagKey *list, size_t count) {
  for (size_t n = 0; n < count; n++)
    if (list[n] == key) return true;
  return false;
}

template <size_t count> bool keep(
    DcmItem &from, const DcmTagKey (&list)[count], DcmItem &to) {
  for (const DcmTagKey &key : list) {
    DcmElement *element = nullptr;
    if (from.findAndGetElement(key, element).bad() || !element) continue;
    if (to.insert(OFstatic_cast(DcmElement *, element->clone()), OFTrue).bad()) return false;
  }
  return true;
}

// Whether no text of identity holds what would act on a screen.
bool isClean(DcmDataset &kept) {
  for (const DcmTagKey &key : identity) {
    OFString text;
    if (kept.findAndGetOFStringArray(key, text).bad()) continue;
    for (size_t n = 0; n < text.size(); n++) {
      const unsigned char c = (unsigned char)text[n];
      // A zero pads.
      if ((c < 0x20 && !(c == 0 && n + 1 == text.size())) || c == 0x7f) return false;
    }
  }
  return true;
}

// Whether text holds only what an element of that representation may hold.
const char *refusal(const char *text, DcmEVR vr) {
  const bool isBlock = vr == EVR_ST || vr == EVR_LT || vr == EVR_UT;
  for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
    if (*c == '\\' && !isBlock) return "a backslash would divide the value";
    if (*c == 0x7f) return "it holds a control character";
    if (*c < 0x20 && !(isBlock && (*c == '\n' || *c == '\r'))) return "it holds a control character";
  }
  return nullptr;
}

} // namespace

struct boldspect_export_source {
  DcmDataset kept;
};

struct boldspect_export_object {
  DcmFileFormat file;
  std::vector<DcmItem *> path;
  // The first failure in words; empty without one. Of fixed size, so that telling it cannot fail.
  char failure[160] = "";

  DcmItem *here() { return path.empty() ? file.getDataset() : path.back(); }

  bool has_failed() const { return failure[0] != 0; }

  void fail(const DcmTagKey &key, const char *words) {
    if (has_failed()) return;
    std::snprintf(
        failure, sizeof failure, "(%04x,%04x) %s", key.getGroup(), key.getElement(), words);
  }

  // Takes what was made, or says why not.
  void take(DcmElement *element, const OFCondition &made) {
    const DcmTagKey key = element->getTag();
    if (made.bad()) {
      fail(key, made.text());
      delete element;
      return;
    }
    const OFCondition inserted = here()->insert(element, OFFalse);
    if (inserted.bad()) {
      fail(key, inserted.text());
      delete element;
    }
  }

  // Nothing that throws leaves this, and after a failure nothing more is done.
  template <typename Work> void attempt(uint16_t group, uint16_t element, Work work) {
    if (has_failed()) return;
    try {
      work(DcmTag(group, element));
    } catch (...) {
      fail(DcmTagKey(group, element), "there is no memory for it");
    }
  }
};

// Without padding; empty where there is none.
static OFString first_value(const boldspect_export_source *source, const DcmTagKey &key) {
  DcmDataset &kept = const_cast<boldspect_export_source *>(source)->kept;
  OFString value;
  if (kept.findAndGetOFString(key, value).bad()) return OFString();
  while (!value.empty() && (value[value.size() - 1] == ' ' || value[value.size() - 1] == '\0'))
    value.erase(value.size() - 1);
  return value;
}

extern "C" {

boldspect_export_source *boldspect_export_source_open(
    const char *path, char *reason, size_t room) {
  boldspect_export_source *source = nullptr;
  try {
    be_quiet();
    DcmFileFormat file;
    const OFCondition read = file.loadFileUntilTag(
        OFFilename(path), EXS_Unknown, EGL_noChange, 65536, ERM_fileOnly, DCM_PixelData);
    if (read.bad()) {
      tell(reason, room, read.text());
      return nullptr;
    }
    source = new boldspect_export_source;
    DcmDataset &data = *file.getDataset();
    const DcmTagKey characterSet[] = {DCM_SpecificCharacterSet};
    if (!keep(data, characterSet, source->kept) || !keep(data, identity, source->kept) ||
        !keep(data, frameOfReference, source->kept) || !keep(data, handedOut, source->kept) ||
        source->kept.convertToUTF8().bad()) {
      tell(reason, room, "its text cannot be turned into UTF-8 from the character set that it names");
      delete source;
      return nullptr;
    }
    if (!isClean(source->kept)) {
      tell(reason, room, "its identity holds control characters");
      delete source;
      return nullptr;
    }
    return source;
  } catch (...) {
    delete source;
    tell(reason, room, "it cannot be read");
    return nullptr;
  }
}

void boldspect_export_source_close(boldspect_export_source *source) { delete source; }

long boldspect_export_source_text(
    const boldspect_export_source *source, uint16_t group, uint16_t element, unsigned long index,
    char *text, size_t room) {
  try {
    const DcmTagKey key(group, element);
    if (!isOneOf(key, handedOut, sizeof handedOut / sizeof *handedOut)) return -1;
    DcmDataset &kept = const_cast<boldspect_export_source *>(source)->kept;
    OFString value;
    DcmElement *found = nullptr;
    if (kept.findAndGetElement(key, found).bad() || !found) return -1;
    if (index >= found->getNumberOfValues() || found->getOFString(value, index).bad()) return -1;
    if (value.size() >= room || value.size() > LONG_MAX) return -1;
    std::memcpy(text, value.c_str(), value.size() + 1);
    return (long)value.size();
  } catch (...) {
    return -1;
  }
}

int boldspect_export_source_equals(
    const boldspect_export_source *source, uint16_t group, uint16_t element, const char *text) {
  try {
    const OFString value = first_value(source, DcmTagKey(group, element));
    return !value.empty() && value == text;
  } catch (...) {
    return 0;
  }
}

int boldspect_export_source_shares(
    const boldspect_export_source *source, const boldspect_export_source *other, uint16_t group,
    uint16_t element) {
  try {
    const DcmTagKey key(group, element);
    const OFString value = first_value(source, key);
    return !value.empty() && value == first_value(other, key);
  } catch (...) {
    return 0;
  }
}

int boldspect_export_source_has(
    const boldspect_export_source *source, uint16_t group, uint16_t element) {
  try {
    DcmDataset &kept = const_cast<boldspect_export_source *>(source)->kept;
    OFString value;
    if (kept.findAndGetOFStringArray(DcmTagKey(group, element), value).bad()) return 0;
    for (size_t n = 0; n < value.size(); n++)
      if (value[n] != ' ' && value[n] != '\0' && value[n] != '^' && value[n] != '=') return 1;
    return 0;
  } catch (...) {
    return 0;
  }
}

boldspect_export_object *boldspect_export_object_new(void) {
  try {
    be_quiet();
    if (!dcmDataDict.isDictionaryLoaded()) return nullptr;
    boldspect_export_object *object = new boldspect_export_object;
    if (object->file.getDataset()->putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192").bad()) {
      delete object;
      return nullptr;
    }
    return object;
  } catch (...) {
    return nullptr;
  }
}

void boldspect_export_object_free(boldspect_export_object *object) { delete object; }

void boldspect_export_inherit(
    boldspect_export_object *object, const boldspect_export_source *source, int frame) {
  object->attempt(0x0010, 0x0020, [&](const DcmTag &) {
    DcmDataset &to = *object->file.getDataset();
    DcmDataset &from = const_cast<boldspect_export_source *>(source)->kept;
    bool isDone = keep(from, identity, to);
    for (const DcmTagKey &key : neededEvenEmpty)
      if (!to.tagExists(key)) isDone = isDone && to.insertEmptyElement(key).good();
    if (frame) {
      isDone = isDone && keep(from, frameOfReference, to);
      if (!to.tagExists(DCM_PositionReferenceIndicator))
        isDone = isDone && to.insertEmptyElement(DCM_PositionReferenceIndicator).good();
    }
    if (!isDone) object->fail(DCM_PatientID, "identity cannot be copied");
  });
}

void boldspect_export_put_text(
    boldspect_export_object *object, uint16_t group, uint16_t element, const char *const *values,
    int count) {
  object->attempt(group, element, [&](const DcmTag &tag) {
    if (count == 0) {
      const OFCondition made = object->here()->insertEmptyElement(tag, OFFalse);
      if (made.bad()) object->fail(tag, made.text());
      return;
    }
    OFString joined;
    for (int n = 0; n < count; n++) {
      if (const char *why = refusal(values[n], tag.getEVR())) return object->fail(tag, why);
      if (n > 0) joined += '\\';
      joined += values[n];
    }
    DcmElement *made = nullptr;
    if (DcmItem::newDicomElement(made, tag).bad() || !made)
      return object->fail(tag, "it is in no dictionary");
    if (made->isLeaf() == OFFalse || made->ident() == EVR_AT || !dynamic_cast<DcmByteString *>(made)) {
      delete made;
      return object->fail(tag, "it holds no text");
    }
    object->take(made, made->putOFStringArray(joined));
    if (object->has_failed()) return;
    const OFCondition fits = made->checkValue("1-n", OFFalse);
    if (fits.bad()) object->fail(tag, fits.text());
  });
}

void boldspect_export_put_numbers(
    boldspect_export_object *object, uint16_t group, uint16_t element, const double *values,
    int count) {
  object->attempt(group, element, [&](const DcmTag &dictionary) {
    DcmEVR vr = dictionary.getEVR();
    if (vr == EVR_xs || vr == EVR_lt) vr = EVR_SS;
    const DcmTag tag(dictionary.getXTag(), DcmVR(vr));
    double low = -INFINITY, high = INFINITY;
    DcmElement *made = nullptr;
    switch (vr) {
    case EVR_US: low = 0, high = 65535, made = new DcmUnsignedShort(tag); break;
    case EVR_SS: low = -32768, high = 32767, made = new DcmSignedShort(tag); break;
    case EVR_UL: low = 0, high = 4294967295.0, made = new DcmUnsignedLong(tag); break;
    case EVR_SL: low = -2147483648.0, high = 2147483647.0, made = new DcmSignedLong(tag); break;
    case EVR_FL: made = new DcmFloatingPointSingle(tag); break;
    case EVR_FD: made = new DcmFloatingPointDouble(tag); break;
    default: return object->fail(tag, "it holds no binary number");
    }
    OFCondition put = EC_Normal;
    for (int n = 0; n < count && put.good(); n++) {
      const double x = values[n];
      const bool isWhole = vr == EVR_FL || vr == EVR_FD || x == std::floor(x);
      if (!std::isfinite(x) || x < low || x > high || !isWhole) {
        delete made;
        return object->fail(tag, "a number does not fit");
      }
      switch (vr) {
      case EVR_US: put = made->putUint16((Uint16)x, n); break;
      case EVR_SS: put = made->putSint16((Sint16)x, n); break;
      case EVR_UL: put = made->putUint32((Uint32)x, n); break;
      case EVR_SL: put = made->putSint32((Sint32)x, n); break;
      case EVR_FL: put = made->putFloat32((Float32)x, n); break;
      default: put = made->putFloat64(x, n); break;
      }
    }
    object->take(made, put);
  });
}

void boldspect_export_put_tag(
    boldspect_export_object *object, uint16_t group, uint16_t element, uint16_t value_group,
    uint16_t value_element) {
  object->attempt(group, element, [&](const DcmTag &tag) {
    if (tag.getEVR() != EVR_AT) return object->fail(tag, "it holds no tag");
    DcmElement *made = new DcmAttributeTag(tag);
    object->take(made, made->putTagVal(DcmTagKey(value_group, value_element), 0));
  });
}

void boldspect_export_put_bytes(
    boldspect_export_object *object, uint16_t group, uint16_t element, const uint8_t *bytes,
    size_t count) {
  object->attempt(group, element, [&](const DcmTag &dictionary) {
    if (count > 0x7ffffff0) return object->fail(dictionary, "it is too large");
    const DcmTag tag(dictionary.getXTag(), DcmVR(EVR_OB));
    DcmElement *made = tag.getXTag() == DCM_PixelData
                           ? (DcmElement *)new DcmPixelData(tag)
                           : (DcmElement *)new DcmOtherByteOtherWord(tag);
    made->setVR(EVR_OB);
    std::vector<Uint8> even(bytes, bytes + count);
    if (even.size() % 2) even.push_back(0);
    object->take(made, made->putUint8Array(even.data(), (unsigned long)even.size()));
  });
}

void boldspect_export_put_words(
    boldspect_export_object *object, uint16_t group, uint16_t element, const int16_t *words,
    size_t count) {
  object->attempt(group, element, [&](const DcmTag &dictionary) {
    if (count > 0x3ffffff0) return object->fail(dictionary, "it is too large");
    const DcmTag tag(dictionary.getXTag(), DcmVR(EVR_OW));
    DcmElement *made = new DcmPixelData(tag);
    made->setVR(EVR_OW);
    object->take(made, made->putUint16Array((const Uint16 *)words, (unsigned long)count));
  });
}

void boldspect_export_put_floats(
    boldspect_export_object *object, uint16_t group, uint16_t element, const float *floats,
    size_t count) {
  object->attempt(group, element, [&](const DcmTag &tag) {
    if (count > 0x1ffffff0) return object->fail(tag, "it is too large");
    if (tag.getEVR() != EVR_OF) return object->fail(tag, "it holds no floats");
    DcmElement *made = new DcmOtherFloat(tag);
    object->take(made, made->putFloat32Array(floats, (unsigned long)count));
  });
}

void boldspect_export_begin_item(
    boldspect_export_object *object, uint16_t group, uint16_t element) {
  object->attempt(group, element, [&](const DcmTag &tag) {
    DcmItem *item = nullptr;
    const OFCondition made = object->here()->findOrCreateSequenceItem(tag, item, -2);
    if (made.bad() || !item) return object->fail(tag, made.text());
    object->path.push_back(item);
  });
}

void boldspect_export_end_item(boldspect_export_object *object) {
  if (!object->has_failed() && !object->path.empty()) object->path.pop_back();
}

uint8_t *boldspect_export_bytes(
    boldspect_export_object *object, size_t *count, char *reason, size_t room) {
  try {
    if (object->has_failed()) {
      tell(reason, room, object->failure);
      return nullptr;
    }
    const E_TransferSyntax syntax = EXS_LittleEndianExplicit;
    OFCondition done = object->file.validateMetaInfo(syntax);
    std::vector<uint8_t> bytes;
    std::vector<char> buffer(1 << 20);
    DcmOutputBufferStream stream(buffer.data(), (offile_off_t)buffer.size());
    object->file.transferInit();
    while (done.good()) {
      done = object->file.write(stream, syntax, EET_ExplicitLength, nullptr, EGL_recalcGL);
      if (done.good() || done == EC_StreamNotifyClient) {
        void *part = nullptr;
        offile_off_t length = 0;
        stream.flushBuffer(part, length);
        bytes.insert(bytes.end(), (uint8_t *)part, (uint8_t *)part + length);
        if (done.good()) break;
        done = EC_Normal;
      }
    }
    object->file.transferEnd();
    if (done.bad()) {
      tell(reason, room, done.text());
      return nullptr;
    }
    uint8_t *out = (uint8_t *)std::malloc(bytes.size() ? bytes.size() : 1);
    if (!out) {
      tell(reason, room, "there is no memory for it");
      return nullptr;
    }
    std::memcpy(out, bytes.data(), bytes.size());
    *count = bytes.size();
    return out;
  } catch (...) {
    tell(reason, room, "there is no memory for it");
    return nullptr;
  }
}

} // extern "C"
