#include "CISAL.h"

#include <isa-l/igzip_lib.h>
#include <stdlib.h>

struct boldspect_inflater {
  struct inflate_state state;
};

boldspect_inflater *boldspect_inflater_new(void) {
  boldspect_inflater *inflater = malloc(sizeof *inflater);
  if (inflater) boldspect_inflater_reset(inflater);
  return inflater;
}

void boldspect_inflater_free(boldspect_inflater *inflater) { free(inflater); }

void boldspect_inflater_reset(boldspect_inflater *inflater) {
  isal_inflate_init(&inflater->state);
  inflater->state.crc_flag = ISAL_GZIP;
}

boldspect_inflate_status boldspect_inflater_step(
    boldspect_inflater *inflater, const uint8_t *input, size_t *input_count, uint8_t *output,
    size_t *output_count) {
  struct inflate_state *state = &inflater->state;
  uint32_t room = *output_count > 0x40000000u ? 0x40000000u : (uint32_t)*output_count;
  uint32_t given = *input_count > 0x40000000u ? 0x40000000u : (uint32_t)*input_count;
  state->next_in = (uint8_t *)input;
  state->avail_in = given;
  state->next_out = output;
  state->avail_out = room;
  int result = isal_inflate(state);
  *input_count = given - state->avail_in;
  *output_count = room - state->avail_out;
  if (result == ISAL_INCORRECT_CHECKSUM) return BOLDSPECT_INFLATE_BAD_CHECKSUM;
  if (result < 0 || result == ISAL_NEED_DICT) return BOLDSPECT_INFLATE_BAD_DATA;
  return state->block_state == ISAL_BLOCK_FINISH ? BOLDSPECT_INFLATE_MEMBER_END
                                                 : BOLDSPECT_INFLATE_MORE;
}
