#include "CISAL.h"

#include <isa-l/crc.h>

uint32_t boldspect_crc32(uint32_t crc, const uint8_t *bytes, size_t count) {
  return count > 0 ? crc32_gzip_refl(crc, bytes, count) : crc;
}
