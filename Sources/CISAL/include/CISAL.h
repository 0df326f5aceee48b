// A streaming gzip reader and writer on ISA-L. Their state is a struct with arrays of thousands of entries that
// the Swift importer should not see, so it stays behind an opaque pointer.
#ifndef BOLDSPECT_CISAL_H
#define BOLDSPECT_CISAL_H
#include <stddef.h>
#include <stdint.h>

typedef struct boldspect_inflater boldspect_inflater;

/// What one step of the reader came to.
typedef enum {
  BOLDSPECT_INFLATE_MORE = 0,        ///< needs more input or more room
  BOLDSPECT_INFLATE_MEMBER_END = 1,  ///< a gzip member ended and its CRC and length are right
  BOLDSPECT_INFLATE_BAD_DATA = 2,
  BOLDSPECT_INFLATE_BAD_CHECKSUM = 3
} boldspect_inflate_status;

boldspect_inflater *boldspect_inflater_new(void);
void boldspect_inflater_free(boldspect_inflater *inflater);
/// Starts the next gzip member; what is left of the input stays with the caller.
void boldspect_inflater_reset(boldspect_inflater *inflater);
/// Inflates from `input` into `output`; the counts are replaced by what was used of each.
boldspect_inflate_status boldspect_inflater_step(
    boldspect_inflater *inflater, const uint8_t *input, size_t *input_count, uint8_t *output,
    size_t *output_count);

typedef struct boldspect_deflater boldspect_deflater;

/// Writes one gzip member at ISA-L's level 1, whose header has neither a name nor a time.
boldspect_deflater *boldspect_deflater_new(void);
void boldspect_deflater_free(boldspect_deflater *deflater);
/// Deflates from `input` into `output`; the counts are replaced by what was used of each. `last`: nothing follows
/// the input. Returns 1 once the member is written to its end, 0 before, -1 when the library fails.
int boldspect_deflater_step(
    boldspect_deflater *deflater, const uint8_t *input, size_t *input_count, uint8_t *output,
    size_t *output_count, int last);

/// The CRC of gzip over more bytes; 0 to begin with.
uint32_t boldspect_crc32(uint32_t crc, const uint8_t *bytes, size_t count);
#endif
