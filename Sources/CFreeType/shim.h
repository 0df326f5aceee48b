#ifndef BOLDSPECT_CFREETYPE_SHIM_H
#define BOLDSPECT_CFREETYPE_SHIM_H
#include <ft2build.h>
#include FT_FREETYPE_H

// A macro that the importer cannot see: grey glyphs, shaped as they are, whatever the hinting.
static inline FT_Int32 boldspect_grey_glyphs(void) { return FT_LOAD_RENDER | FT_LOAD_NO_HINTING; }
#endif
