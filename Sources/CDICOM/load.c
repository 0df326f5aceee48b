// The faces of DICOM, called through a library that is loaded when the first file of DICOM is met: DCMTK brings a
// dozen libraries, which every start of the program would pay for.
#include <CBeside.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "dicom_read.h"
#include "dicom_write.h"

static const char name[] = "libboldspect-dicom.so";

static struct {
  boldspect_dicom *(*dicom_open)(const char *path, boldspect_dicom_limits limits,
      boldspect_dicom_error *error);
  void (*dicom_close)(boldspect_dicom *file);
  const char *(*dicom_transfer_syntax)(const boldspect_dicom *file);
  int64_t (*dicom_pixel_bytes)(const boldspect_dicom *file);
  int64_t (*dicom_pixel_pieces)(const boldspect_dicom *file);
  const boldspect_dicom_item *(*dicom_dataset)(const boldspect_dicom *file);
  int (*dicom_has)(const boldspect_dicom_item *item, uint16_t group, uint16_t element);
  int64_t (*dicom_item_count)(const boldspect_dicom_item *item, uint16_t group, uint16_t element);
  const boldspect_dicom_item *(*dicom_item_at)(const boldspect_dicom_item *item, uint16_t group,
      uint16_t element, int64_t index);
  int64_t (*dicom_text)(const boldspect_dicom *file, const boldspect_dicom_item *item, uint16_t group,
      uint16_t element, char *text, int64_t capacity);
  int64_t (*dicom_numbers)(const boldspect_dicom_item *item, uint16_t group, uint16_t element, double
      *numbers, int64_t capacity);
  int64_t (*dicom_bytes)(const boldspect_dicom_item *item, uint16_t group, uint16_t element, uint8_t
      *bytes, int64_t capacity);
  int (*dicom_frame)(boldspect_dicom *file, uint32_t frame, uint8_t *buffer, int64_t size,
      boldspect_dicom_error *error);
  boldspect_export_source *(*export_source_open)(const char *path, char *reason, size_t room);
  void (*export_source_close)(boldspect_export_source *source);
  long (*export_source_text)(const boldspect_export_source *source, uint16_t group, uint16_t element,
      unsigned long index, char *text, size_t room);
  int (*export_source_equals)(const boldspect_export_source *source, uint16_t group, uint16_t element,
      const char *text);
  int (*export_source_shares)(const boldspect_export_source *source, const boldspect_export_source
      *other, uint16_t group, uint16_t element);
  int (*export_source_has)(const boldspect_export_source *source, uint16_t group, uint16_t element);
  boldspect_export_object *(*export_object_new)(void);
  void (*export_object_free)(boldspect_export_object *object);
  void (*export_inherit)(boldspect_export_object *object, const boldspect_export_source *source, int
      frame);
  void (*export_put_text)(boldspect_export_object *object, uint16_t group, uint16_t element, const
      char *const *values, int count);
  void (*export_put_numbers)(boldspect_export_object *object, uint16_t group, uint16_t element, const
      double *values, int count);
  void (*export_put_tag)(boldspect_export_object *object, uint16_t group, uint16_t element, uint16_t
      value_group, uint16_t value_element);
  void (*export_put_bytes)(boldspect_export_object *object, uint16_t group, uint16_t element, const
      uint8_t *bytes, size_t count);
  void (*export_put_words)(boldspect_export_object *object, uint16_t group, uint16_t element, const
      int16_t *words, size_t count);
  void (*export_put_floats)(boldspect_export_object *object, uint16_t group, uint16_t element, const
      float *floats, size_t count);
  void (*export_begin_item)(boldspect_export_object *object, uint16_t group, uint16_t element);
  void (*export_end_item)(boldspect_export_object *object);
  uint8_t *(*export_bytes)(boldspect_export_object *object, size_t *count, char *reason, size_t room);
} parts;

static int is_loaded;
static int is_incomplete;

static void *find(void *library, const char *symbol) {
  void *found = dlsym(library, symbol);
  if (!found) is_incomplete = 1;
  return found;
}

static void load(void) {
  void *library = boldspect_library_beside(name);
  if (!library) return;
  parts.dicom_open = find(library, "boldspect_dicom_open");
  parts.dicom_close = find(library, "boldspect_dicom_close");
  parts.dicom_transfer_syntax = find(library, "boldspect_dicom_transfer_syntax");
  parts.dicom_pixel_bytes = find(library, "boldspect_dicom_pixel_bytes");
  parts.dicom_pixel_pieces = find(library, "boldspect_dicom_pixel_pieces");
  parts.dicom_dataset = find(library, "boldspect_dicom_dataset");
  parts.dicom_has = find(library, "boldspect_dicom_has");
  parts.dicom_item_count = find(library, "boldspect_dicom_item_count");
  parts.dicom_item_at = find(library, "boldspect_dicom_item_at");
  parts.dicom_text = find(library, "boldspect_dicom_text");
  parts.dicom_numbers = find(library, "boldspect_dicom_numbers");
  parts.dicom_bytes = find(library, "boldspect_dicom_bytes");
  parts.dicom_frame = find(library, "boldspect_dicom_frame");
  parts.export_source_open = find(library, "boldspect_export_source_open");
  parts.export_source_close = find(library, "boldspect_export_source_close");
  parts.export_source_text = find(library, "boldspect_export_source_text");
  parts.export_source_equals = find(library, "boldspect_export_source_equals");
  parts.export_source_shares = find(library, "boldspect_export_source_shares");
  parts.export_source_has = find(library, "boldspect_export_source_has");
  parts.export_object_new = find(library, "boldspect_export_object_new");
  parts.export_object_free = find(library, "boldspect_export_object_free");
  parts.export_inherit = find(library, "boldspect_export_inherit");
  parts.export_put_text = find(library, "boldspect_export_put_text");
  parts.export_put_numbers = find(library, "boldspect_export_put_numbers");
  parts.export_put_tag = find(library, "boldspect_export_put_tag");
  parts.export_put_bytes = find(library, "boldspect_export_put_bytes");
  parts.export_put_words = find(library, "boldspect_export_put_words");
  parts.export_put_floats = find(library, "boldspect_export_put_floats");
  parts.export_begin_item = find(library, "boldspect_export_begin_item");
  parts.export_end_item = find(library, "boldspect_export_end_item");
  parts.export_bytes = find(library, "boldspect_export_bytes");
  int (*face)(void) = (int (*)(void))find(library, "boldspect_dicom_face");
  is_loaded = !is_incomplete && face() == BOLDSPECT_DICOM_FACE;
}

static int loaded(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return is_loaded;
}

boldspect_dicom *boldspect_dicom_open(const char *path, boldspect_dicom_limits limits,
    boldspect_dicom_error *error) {
  if (!loaded()) {
    memset(error, 0, sizeof *error);
    error->status = BOLDSPECT_DICOM_NO_READER;
    return NULL;
  }
  return parts.dicom_open(path, limits, error);
}

void boldspect_dicom_close(boldspect_dicom *file) {
  parts.dicom_close(file);
}

const char *boldspect_dicom_transfer_syntax(const boldspect_dicom *file) {
  return parts.dicom_transfer_syntax(file);
}

int64_t boldspect_dicom_pixel_bytes(const boldspect_dicom *file) {
  return parts.dicom_pixel_bytes(file);
}

int64_t boldspect_dicom_pixel_pieces(const boldspect_dicom *file) {
  return parts.dicom_pixel_pieces(file);
}

const boldspect_dicom_item *boldspect_dicom_dataset(const boldspect_dicom *file) {
  return parts.dicom_dataset(file);
}

int boldspect_dicom_has(const boldspect_dicom_item *item, uint16_t group, uint16_t element) {
  return parts.dicom_has(item, group, element);
}

int64_t boldspect_dicom_item_count(const boldspect_dicom_item *item, uint16_t group, uint16_t
    element) {
  return parts.dicom_item_count(item, group, element);
}

const boldspect_dicom_item *boldspect_dicom_item_at(const boldspect_dicom_item *item, uint16_t
    group, uint16_t element, int64_t index) {
  return parts.dicom_item_at(item, group, element, index);
}

int64_t boldspect_dicom_text(const boldspect_dicom *file, const boldspect_dicom_item *item, uint16_t
    group, uint16_t element, char *text, int64_t capacity) {
  return parts.dicom_text(file, item, group, element, text, capacity);
}

int64_t boldspect_dicom_numbers(const boldspect_dicom_item *item, uint16_t group, uint16_t element,
    double *numbers, int64_t capacity) {
  return parts.dicom_numbers(item, group, element, numbers, capacity);
}

int64_t boldspect_dicom_bytes(const boldspect_dicom_item *item, uint16_t group, uint16_t element,
    uint8_t *bytes, int64_t capacity) {
  return parts.dicom_bytes(item, group, element, bytes, capacity);
}

int boldspect_dicom_frame(boldspect_dicom *file, uint32_t frame, uint8_t *buffer, int64_t size,
    boldspect_dicom_error *error) {
  return parts.dicom_frame(file, frame, buffer, size, error);
}

boldspect_export_source *boldspect_export_source_open(const char *path, char *reason, size_t room) {
  if (!loaded()) {
    snprintf(reason, room, "the library that reads DICOM is not beside the program");
    return NULL;
  }
  return parts.export_source_open(path, reason, room);
}

void boldspect_export_source_close(boldspect_export_source *source) {
  parts.export_source_close(source);
}

long boldspect_export_source_text(const boldspect_export_source *source, uint16_t group, uint16_t
    element, unsigned long index, char *text, size_t room) {
  return parts.export_source_text(source, group, element, index, text, room);
}

int boldspect_export_source_equals(const boldspect_export_source *source, uint16_t group, uint16_t
    element, const char *text) {
  return parts.export_source_equals(source, group, element, text);
}

int boldspect_export_source_shares(const boldspect_export_source *source, const
    boldspect_export_source *other, uint16_t group, uint16_t element) {
  return parts.export_source_shares(source, other, group, element);
}

int boldspect_export_source_has(const boldspect_export_source *source, uint16_t group, uint16_t
    element) {
  return parts.export_source_has(source, group, element);
}

boldspect_export_object *boldspect_export_object_new(void) {
  if (!loaded()) return NULL;
  return parts.export_object_new();
}

void boldspect_export_object_free(boldspect_export_object *object) {
  parts.export_object_free(object);
}

void boldspect_export_inherit(boldspect_export_object *object, const boldspect_export_source
    *source, int frame) {
  parts.export_inherit(object, source, frame);
}

void boldspect_export_put_text(boldspect_export_object *object, uint16_t group, uint16_t element,
    const char *const *values, int count) {
  parts.export_put_text(object, group, element, values, count);
}

void boldspect_export_put_numbers(boldspect_export_object *object, uint16_t group, uint16_t element,
    const double *values, int count) {
  parts.export_put_numbers(object, group, element, values, count);
}

void boldspect_export_put_tag(boldspect_export_object *object, uint16_t group, uint16_t element,
    uint16_t value_group, uint16_t value_element) {
  parts.export_put_tag(object, group, element, value_group, value_element);
}

void boldspect_export_put_bytes(boldspect_export_object *object, uint16_t group, uint16_t element,
    const uint8_t *bytes, size_t count) {
  parts.export_put_bytes(object, group, element, bytes, count);
}

void boldspect_export_put_words(boldspect_export_object *object, uint16_t group, uint16_t element,
    const int16_t *words, size_t count) {
  parts.export_put_words(object, group, element, words, count);
}

void boldspect_export_put_floats(boldspect_export_object *object, uint16_t group, uint16_t element,
    const float *floats, size_t count) {
  parts.export_put_floats(object, group, element, floats, count);
}

void boldspect_export_begin_item(boldspect_export_object *object, uint16_t group, uint16_t element)
    {
  parts.export_begin_item(object, group, element);
}

void boldspect_export_end_item(boldspect_export_object *object) {
  parts.export_end_item(object);
}

uint8_t *boldspect_export_bytes(boldspect_export_object *object, size_t *count, char *reason, size_t
    room) {
  return parts.export_bytes(object, count, reason, room);
}
