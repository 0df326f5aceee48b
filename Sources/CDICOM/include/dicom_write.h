// Writing DICOM objects through DCMTK. No exception and no type of C++ crosses this face.
//
// An object is built element by element; the value representation is that of DCMTK's dictionary, and what it
// does not allow is refused. The first failure stays with the object, so that one question at the end is enough.
// Identity goes from a source to an object within the wrapper: a patient's name is never handed out.
#ifndef BOLDSPECT_DICOM_WRITE_H
#define BOLDSPECT_DICOM_WRITE_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What an export takes from a DICOM file: identity, references and the place of its first frame.
typedef struct boldspect_export_source boldspect_export_source;
/// An object that is being built.
typedef struct boldspect_export_object boldspect_export_object;

/// Reads a file of DICOM part 10 up to its pixels. Null with a reason when it is none, is damaged, or holds
/// text in no character set that it names.
boldspect_export_source *boldspect_export_source_open(
    const char *path, char *reason, size_t room);
void boldspect_export_source_close(boldspect_export_source *source);
/// Copies one value of a kept element as UTF-8, zero-terminated.
///
/// Returns its length in bytes; -1 where there is none, where it does not fit, or where it names a person.
long boldspect_export_source_text(
    const boldspect_export_source *source, uint16_t group, uint16_t element, unsigned long index,
    char *text, size_t room);
/// Whether the first value of any kept element is that text, padding apart; 0 also without a value.
int boldspect_export_source_equals(
    const boldspect_export_source *source, uint16_t group, uint16_t element, const char *text);
/// Whether two sources have the same first value of an element, padding apart; 0 where either has none.
int boldspect_export_source_shares(
    const boldspect_export_source *source, const boldspect_export_source *other, uint16_t group,
    uint16_t element);
/// Whether an element of identity has a value.
int boldspect_export_source_has(
    const boldspect_export_source *source, uint16_t group, uint16_t element);

/// An object of UTF-8 text; null without memory or without DCMTK's dictionary.
boldspect_export_object *boldspect_export_object_new(void);
void boldspect_export_object_free(boldspect_export_object *object);
/// Patient and study of a source; with `frame` also its frame of reference.
void boldspect_export_inherit(
    boldspect_export_object *object, const boldspect_export_source *source, int frame);
/// Text values of an element; none makes it empty. Controls, and backslashes where they divide values, are refused.
void boldspect_export_put_text(
    boldspect_export_object *object, uint16_t group, uint16_t element, const char *const *values,
    int count);
/// Binary numbers (US, SS, UL, SL, FL, FD); one that the representation cannot hold is refused. What may be US or SS
/// is written as SS.
void boldspect_export_put_numbers(
    boldspect_export_object *object, uint16_t group, uint16_t element, const double *values,
    int count);
/// A tag as value (AT).
void boldspect_export_put_tag(
    boldspect_export_object *object, uint16_t group, uint16_t element, uint16_t value_group,
    uint16_t value_element);
/// Bytes (OB); an odd number is padded with a zero.
void boldspect_export_put_bytes(
    boldspect_export_object *object, uint16_t group, uint16_t element, const uint8_t *bytes,
    size_t count);
/// 16-bit words (OW).
void boldspect_export_put_words(
    boldspect_export_object *object, uint16_t group, uint16_t element, const int16_t *words,
    size_t count);
/// 32-bit floats (OF).
void boldspect_export_put_floats(
    boldspect_export_object *object, uint16_t group, uint16_t element, const float *floats,
    size_t count);
/// Adds an item to a sequence; what is put next goes into it until `end`.
void boldspect_export_begin_item(
    boldspect_export_object *object, uint16_t group, uint16_t element);
void boldspect_export_end_item(boldspect_export_object *object);
/// The file's bytes, explicit little endian; the caller's to free. Null with a reason after any failure.
uint8_t *boldspect_export_bytes(
    boldspect_export_object *object, size_t *count, char *reason, size_t room);

#ifdef __cplusplus
}
#endif
#endif
