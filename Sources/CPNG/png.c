#include "CPNG.h"
#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

typedef struct {
  uint8_t *bytes;
  size_t count;
  size_t room;
} sink;

static void take(png_structp png, png_bytep data, size_t length) {
  sink *out = png_get_io_ptr(png);
  if (out->count + length > out->room) {
    size_t room = 2 * (out->count + length);
    uint8_t *grown = realloc(out->bytes, room);
    if (!grown) png_error(png, "no memory");
    out->bytes = grown;
    out->room = room;
  }
  memcpy(out->bytes + out->count, data, length);
  out->count += length;
}

static void flush(png_structp png) { (void)png; }
static void quiet(png_structp png, png_const_charp words) { (void)png, (void)words; }

uint8_t *boldspect_png(
    uint32_t width, uint32_t height, const uint8_t *rgb, const char *const *texts, int pairs,
    size_t *count) {
  // On the heap, so that what it holds is certain after a longjmp.
  sink *out = calloc(1, sizeof *out);
  png_text *words = calloc(pairs > 0 ? (size_t)pairs : 1, sizeof *words);
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, quiet);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!out || !words || !info || setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    if (out) free(out->bytes);
    free(out);
    free(words);
    return NULL;
  }
  png_set_write_fn(png, out, take, flush);
  png_set_IHDR(
      png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
      PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_sRGB(png, info, PNG_sRGB_INTENT_RELATIVE);
  for (int n = 0; n < pairs; n++) {
    words[n].compression = PNG_TEXT_COMPRESSION_NONE;
    words[n].key = (char *)texts[2 * n];
    words[n].text = (char *)texts[2 * n + 1];
  }
  png_set_text(png, info, words, pairs);
  // Voxels are blocks of equal pixels: the row above is the best guess.
  png_set_filter(png, 0, PNG_FILTER_UP);
  png_set_compression_level(png, 9);
  png_write_info(png, info);
  for (uint32_t row = 0; row < height; row++)
    png_write_row(png, rgb + (size_t)row * width * 3);
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  uint8_t *bytes = out->bytes;
  *count = out->count;
  free(out);
  free(words);
  return bytes;
}

// Without libpng's own words on the terminal.
static void leave(png_structp png, png_const_charp words) {
  (void)words;
  png_longjmp(png, 1);
}

typedef struct {
  const uint8_t *bytes;
  size_t left;
} spring;

static void give(png_structp png, png_bytep data, size_t length) {
  spring *in = png_get_io_ptr(png);
  if (length > in->left) png_error(png, "it ends too early");
  memcpy(data, in->bytes, length);
  in->bytes += length;
  in->left -= length;
}

// The text of every key that is there.
static void tell(
    png_structp png, png_infop info, const char *const *keys, int count, char *words, size_t room,
    int *found) {
  png_textp texts = NULL;
  int all = png_get_text(png, info, &texts, NULL);
  for (int k = 0; k < count; k++) {
    found[k] = 0;
    for (int n = 0; n < all && !found[k]; n++) {
      if (!texts[n].key || !texts[n].text || strcmp(texts[n].key, keys[k]) != 0) continue;
      strncpy(words + (size_t)k * room, texts[n].text, room - 1);
      words[(size_t)k * room + room - 1] = 0;
      found[k] = 1;
    }
  }
}

uint8_t *boldspect_png_read(
    const uint8_t *bytes, size_t length, size_t most_pixels, const char *const *keys, int count,
    char *words, size_t room, int *found, uint32_t *width, uint32_t *height) {
  // On the heap, so that what they hold is certain after a longjmp.
  spring *in = calloc(1, sizeof *in);
  uint8_t **pixels = calloc(1, sizeof *pixels);
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, leave, quiet);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!in || !pixels || !info || setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    if (pixels) free(*pixels);
    free(pixels);
    free(in);
    return NULL;
  }
  in->bytes = bytes;
  in->left = length;
  png_set_user_limits(png, 20000, 20000);
  png_set_chunk_malloc_max(png, 1 << 20);
  png_set_read_fn(png, in, give);
  png_read_info(png, info);
  *width = png_get_image_width(png, info);
  *height = png_get_image_height(png, info);
  if ((size_t)*width * *height > most_pixels) png_error(png, "it is too large");
  png_set_expand(png);
  png_set_scale_16(png);
  png_set_gray_to_rgb(png);
  png_set_strip_alpha(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  if (png_get_rowbytes(png, info) != (size_t)*width * 3) png_error(png, "its pixels are odd");
  *pixels = malloc((size_t)*width * *height * 3);
  if (!*pixels) png_error(png, "no memory");
  for (int pass = 0; pass < passes; pass++)
    for (uint32_t row = 0; row < *height; row++)
      png_read_row(png, *pixels + (size_t)row * *width * 3, NULL);
  png_read_end(png, info);
  tell(png, info, keys, count, words, room, found);
  png_destroy_read_struct(&png, &info, NULL);
  uint8_t *out = *pixels;
  free(pixels);
  free(in);
  return out;
}

uint8_t *boldspect_zlib(const uint8_t *bytes, size_t length, size_t *count) {
  uLongf room = compressBound(length);
  uint8_t *out = malloc(room);
  if (!out) return NULL;
  if (compress2(out, &room, bytes, length, 9) != Z_OK) {
    free(out);
    return NULL;
  }
  *count = room;
  return out;
}
