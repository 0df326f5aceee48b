// DICOM files read through DCMTK: no exception and no type of DCMTK crosses this face.
#ifndef BOLDSPECT_DICOM_READ_H
#define BOLDSPECT_DICOM_READ_H
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Counts up with every change of the faces of DICOM: program and library must be of one build.
#define BOLDSPECT_DICOM_FACE 2
int boldspect_dicom_face(void);

/// An open DICOM file. One thread at a time may use it.
typedef struct boldspect_dicom boldspect_dicom;

/// A data set or an item of a sequence; it lives as long as its file.
typedef struct boldspect_dicom_item boldspect_dicom_item;

/// Why a file was not opened or a frame not read.
typedef enum {
  BOLDSPECT_DICOM_OK = 0,
  BOLDSPECT_DICOM_CANNOT_OPEN,   ///< `number`: errno
  BOLDSPECT_DICOM_NO_FILE,       ///< no regular file
  BOLDSPECT_DICOM_NO_MARK,       ///< no "DICM" at byte 128
  BOLDSPECT_DICOM_TRUNCATED,     ///< an element claims more bytes than follow
  BOLDSPECT_DICOM_MALFORMED,     ///< elements cannot be followed
  BOLDSPECT_DICOM_OUT_OF_ORDER,  ///< `number`: the element that stands twice or out of order
  BOLDSPECT_DICOM_TRAILING,      ///< `number`: bytes behind the pixel data that are no elements
  BOLDSPECT_DICOM_TOO_DEEP,      ///< sequences nested deeper than allowed
  BOLDSPECT_DICOM_TOO_MANY,      ///< more elements than allowed
  BOLDSPECT_DICOM_NO_SYNTAX,     ///< the transfer syntax is missing
  BOLDSPECT_DICOM_TOO_LARGE,     ///< inflates to more than allowed
  BOLDSPECT_DICOM_NO_DICTIONARY, ///< DCMTK's data dictionary is not installed
  BOLDSPECT_DICOM_NO_PIXELS,     ///< no pixel data, or not that frame
  BOLDSPECT_DICOM_WRONG_SIZE,    ///< a frame has another size than asked for
  BOLDSPECT_DICOM_UNSOUND,       ///< a compressed frame that contradicts the header, or in several pieces
  BOLDSPECT_DICOM_NO_READER,     ///< the library that holds DCMTK is not beside the program
  BOLDSPECT_DICOM_LIBRARY,       ///< DCMTK refused: see `text`
} boldspect_dicom_status;

typedef struct {
  boldspect_dicom_status status;
  int64_t number;  ///< errno, or the byte where the file went wrong
  char text[120];  ///< DCMTK's own words; never a value of the file
} boldspect_dicom_error;

/// What the reader may take.
typedef struct {
  int whole;              ///< 0: up to the pixel data only
  int64_t most_elements;  ///< data elements altogether
  int64_t most_inflated;  ///< bytes of a deflated data set
} boldspect_dicom_limits;

/// Opens and parses a file with a DICOM mark. Values of more than 4 kB stay on disk until they are asked for.
boldspect_dicom *boldspect_dicom_open(
    const char *path, boldspect_dicom_limits limits, boldspect_dicom_error *error);
void boldspect_dicom_close(boldspect_dicom *file);

/// The UID that the file's meta header gives for its encoding; empty when there is none.
const char *boldspect_dicom_transfer_syntax(const boldspect_dicom *file);
/// Bytes of pixel data as the file claims them; -1 when they are encapsulated or there are none.
int64_t boldspect_dicom_pixel_bytes(const boldspect_dicom *file);
/// Items of encapsulated pixel data, the table of offsets among them; -1 when they are not encapsulated.
int64_t boldspect_dicom_pixel_pieces(const boldspect_dicom *file);
/// The data set itself.
const boldspect_dicom_item *boldspect_dicom_dataset(const boldspect_dicom *file);

/// Whether an element is there, with or without a value.
int boldspect_dicom_has(const boldspect_dicom_item *item, uint16_t group, uint16_t element);
/// Items of a sequence; -1 when it is absent or no sequence.
int64_t boldspect_dicom_item_count(
    const boldspect_dicom_item *item, uint16_t group, uint16_t element);
const boldspect_dicom_item *boldspect_dicom_item_at(
    const boldspect_dicom_item *item, uint16_t group, uint16_t element, int64_t index);

/// Text as UTF-8, values apart by backslashes; returns its length, -1 when absent or no text. At most
/// `capacity` bytes are written.
int64_t boldspect_dicom_text(
    const boldspect_dicom *file, const boldspect_dicom_item *item, uint16_t group,
    uint16_t element, char *text, int64_t capacity);
/// Numbers of a binary element (US, SS, UL, SL, FL, FD, AT and words of OW); returns how many there are, -1
/// when absent, and -2 when the element is text.
int64_t boldspect_dicom_numbers(
    const boldspect_dicom_item *item, uint16_t group, uint16_t element, double *numbers,
    int64_t capacity);
/// Raw bytes of OB or UN; returns how many there are, -1 when absent.
int64_t boldspect_dicom_bytes(
    const boldspect_dicom_item *item, uint16_t group, uint16_t element, uint8_t *bytes,
    int64_t capacity);

/// One frame, decompressed, in host byte order. `size` must be the frame's size.
int boldspect_dicom_frame(
    boldspect_dicom *file, uint32_t frame, uint8_t *buffer, int64_t size,
    boldspect_dicom_error *error);

#ifdef __cplusplus
}
#endif
#endif
