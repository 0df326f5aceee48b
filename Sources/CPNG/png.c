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
