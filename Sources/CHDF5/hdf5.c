#include "CHDF5.h"
#include <hdf5/serial/hdf5.h>
#include <stdlib.h>
#include <string.h>

struct boldspect_h5 {
  hid_t file;
};

boldspect_h5 *boldspect_h5_open(const char *path) {
  // The library prints its errors otherwise, and loads code that a file asks for by a filter's number.
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  H5PLset_loading_state(0);
  boldspect_h5 *out = calloc(1, sizeof *out);
  if (!out) return NULL;
  out->file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
  if (out->file < 0) {
    free(out);
    return NULL;
  }
  return out;
}

void boldspect_h5_close(boldspect_h5 *file) {
  if (!file) return;
  H5Fclose(file->file);
  free(file);
}

/// Whether every step of a path is a hard link: others lead to other places and other files.
static int is_hard(hid_t file, const char *name) {
  char part[256];
  size_t length = strlen(name);
  if (length == 0 || length >= sizeof part || name[0] != '/') return 0;
  for (size_t n = 1; n <= length; n++) {
    if (n < length && name[n] != '/') continue;
    memcpy(part, name, n);
    part[n] = 0;
    H5L_info_t info;
    if (H5Lexists(file, part, H5P_DEFAULT) <= 0) return 0;
    if (H5Lget_info(file, part, &info, H5P_DEFAULT) < 0 || info.type != H5L_TYPE_HARD) return 0;
  }
  return 1;
}

/// A dataset whose values lie in this file, -1 otherwise.
static hid_t open_dataset(hid_t file, const char *name) {
  if (!is_hard(file, name)) return -1;
  hid_t set = H5Dopen2(file, name, H5P_DEFAULT);
  if (set < 0) return -1;
  hid_t plist = H5Dget_create_plist(set);
  int own = plist >= 0 && H5Pget_external_count(plist) == 0;
  H5D_layout_t layout = plist >= 0 ? H5Pget_layout(plist) : H5D_LAYOUT_ERROR;
  if (plist >= 0) H5Pclose(plist);
  if (own && (layout == H5D_COMPACT || layout == H5D_CONTIGUOUS || layout == H5D_CHUNKED)) return set;
  H5Dclose(set);
  return -1;
}

static int64_t elements(hid_t set) {
  hid_t space = H5Dget_space(set);
  if (space < 0) return -1;
  hssize_t count = H5Sget_simple_extent_npoints(space);
  H5Sclose(space);
  return count < 0 ? -1 : (int64_t)count;
}

static int is_class(hid_t set, H5T_class_t wanted) {
  hid_t type = H5Dget_type(set);
  if (type < 0) return 0;
  int is = H5Tget_class(type) == wanted;
  if (is && wanted == H5T_FLOAT) is = H5Tget_size(type) == 4 || H5Tget_size(type) == 8;
  H5Tclose(type);
  return is;
}

int64_t boldspect_h5_count(boldspect_h5 *file, const char *name) {
  hid_t set = open_dataset(file->file, name);
  if (set < 0) return -1;
  int64_t count = is_class(set, H5T_FLOAT) ? elements(set) : -1;
  H5Dclose(set);
  return count;
}

static int numbers(boldspect_h5 *file, const char *name, hid_t type, void *out, int64_t count) {
  hid_t set = open_dataset(file->file, name);
  if (set < 0) return 0;
  int done = is_class(set, H5T_FLOAT) && elements(set) == count &&
             H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, out) >= 0;
  H5Dclose(set);
  return done;
}

int boldspect_h5_doubles(boldspect_h5 *file, const char *name, double *out, int64_t count) {
  return numbers(file, name, H5T_NATIVE_DOUBLE, out, count);
}

int boldspect_h5_floats(boldspect_h5 *file, const char *name, float *out, int64_t count) {
  return numbers(file, name, H5T_NATIVE_FLOAT, out, count);
}

/// A string of fixed length.
static int fixed_word(hid_t set, hid_t type, char *out, int64_t room) {
  size_t size = H5Tget_size(type);
  if (size == 0 || (int64_t)size >= room) return 0;
  memset(out, 0, (size_t)room);
  hid_t memory = H5Tcopy(H5T_C_S1);
  if (memory < 0) return 0;
  // One more for the zero at the end.
  int done = H5Tset_size(memory, size + 1) >= 0 &&
             H5Tset_cset(memory, H5Tget_cset(type)) >= 0 &&
             H5Dread(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, out) >= 0;
  H5Tclose(memory);
  return done;
}

/// A string of variable length, which the library allocates.
static int variable_word(hid_t set, hid_t type, char *out, int64_t room) {
  char *found = NULL;
  hid_t memory = H5Tcopy(H5T_C_S1);
  if (memory < 0) return 0;
  int done = H5Tset_size(memory, H5T_VARIABLE) >= 0 &&
             H5Tset_cset(memory, H5Tget_cset(type)) >= 0 &&
             H5Dread(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, &found) >= 0 && found;
  H5Tclose(memory);
  if (done) {
    done = (int64_t)strlen(found) < room;
    if (done) strcpy(out, found);
  }
  if (found) H5free_memory(found);
  return done;
}

int boldspect_h5_word(boldspect_h5 *file, const char *name, char *out, int64_t room) {
  hid_t set = open_dataset(file->file, name);
  if (set < 0) return 0;
  hid_t type = H5Dget_type(set);
  int done = 0;
  if (type >= 0 && is_class(set, H5T_STRING) && elements(set) == 1)
    done = H5Tis_variable_str(type) > 0 ? variable_word(set, type, out, room)
                                        : fixed_word(set, type, out, room);
  if (type >= 0) H5Tclose(type);
  H5Dclose(set);
  return done;
}
