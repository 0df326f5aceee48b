// Writing and reading PNG through libpng, and zlib's stream for terminals. libpng leaves its own functions by
// longjmp, which must not cross Swift: so all of it stays behind these.
#ifndef BOLDSPECT_CPNG_H
#define BOLDSPECT_CPNG_H
#include <stddef.h>
#include <stdint.h>

/// Makes a PNG of 24-bit pixels with text in pairs of key and value. The bytes are the caller's to
/// free; null when something failed.
uint8_t *boldspect_png(
    uint32_t width, uint32_t height, const uint8_t *rgb, const char *const *texts, int pairs,
    size_t *count);
/// Reads a PNG of at most so many pixels as 24-bit ones, without transparency. The text of each key goes to
/// its place of `room` bytes in `words`, cut to fit, and `found` says whether it was there. The pixels are the
/// caller's to free; null when it is no whole PNG.
uint8_t *boldspect_png_read(
    const uint8_t *bytes, size_t length, size_t most_pixels, const char *const *keys, int count,
    char *words, size_t room, int *found, uint32_t *width, uint32_t *height);
/// Compresses bytes into a zlib stream; the bytes are the caller's to free, null when it failed.
uint8_t *boldspect_zlib(const uint8_t *bytes, size_t length, size_t *count);
#endif
