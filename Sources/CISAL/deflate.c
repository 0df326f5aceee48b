#include "CISAL.h"

#include <isa-l/igzip_lib.h>
#include <stdlib.h>

struct boldspect_deflater {
  struct isal_zstream stream;
  uint8_t *work;
};

boldspect_deflater *boldspect_deflater_new(void) {
  boldspect_deflater *deflater = malloc(sizeof *deflater);
  if (!deflater) return NULL;
  deflater->work = malloc(ISAL_DEF_LVL1_DEFAULT);
  if (!deflater->work) {
    free(deflater);
    return NULL;
  }
  isal_deflate_init(&deflater->stream);
  deflater->stream.level = 1;
  deflater->stream.level_buf = deflater->work;
  deflater->stream.level_buf_size = ISAL_DEF_LVL1_DEFAULT;
  deflater->stream.gzip_flag = IGZIP_GZIP;
  return deflater;
}

void boldspect_deflater_free(boldspect_deflater *deflater) {
  if (deflater) free(deflater->work);
  free(deflater);
}

int boldspect_deflater_step(
    boldspect_deflater *deflater, const uint8_t *input, size_t *input_count, uint8_t *output,
    size_t *output_count, int last) {
  struct isal_zstream *stream = &deflater->stream;
  uint32_t room = *output_count > 0x40000000u ? 0x40000000u : (uint32_t)*output_count;
  uint32_t given = *input_count > 0x40000000u ? 0x40000000u : (uint32_t)*input_count;
  stream->next_in = (uint8_t *)input;
  stream->avail_in = given;
  stream->next_out = output;
  stream->avail_out = room;
  stream->end_of_stream = last && given == *input_count;
  int result = isal_deflate(stream);
  *input_count = given - stream->avail_in;
  *output_count = room - stream->avail_out;
  if (result != COMP_OK) return -1;
  return stream->internal_state.state == ZSTATE_END;
}
