package io.github.raspberryspy.natives.v4l2;

import com.sun.jna.Native;
import com.sun.jna.Platform;

/**
 * Where the fields of V4L2's structures lie. Most lie at the same place everywhere and are
 * constants; those behind a pointer, a {@code timeval} or a 64-bit number depend on the width of a
 * word and on how 64-bit numbers are aligned.
 *
 * <pre>
 *                     64-bit                               32-bit
 *   v4l2_buffer       0  index type bytesused flags        0  index type bytesused flags
 *                     16 field (pad)                       16 field
 *                     24 timeval (16)  40 timecode (16)    20 timeval (8)  28 timecode (16)
 *                     56 sequence  60 memory               44 sequence  48 memory
 *                     64 m: offset | planes | fd (8)       52 m (4)
 *                     72 length  76 reserved  80 request   56 length  60 reserved  64 request
 *                     88 end                               68 end
 *   v4l2_plane        0 bytesused 4 length 8 m (8)         0 bytesused 4 length 8 m (4)
 *                     16 data_offset 20 reserved 64 end    12 data_offset 16 reserved 60 end
 *   v4l2_format       0 type 8 fmt (200)  208 end          0 type 4 fmt (200)  204 end
 *   v4l2_ext_controls 24 controls  32 end                  20 controls  24 end
 *   v4l2_event        8 u (64) 72 pending 76 sequence      the same on ARM; on x86 u lies at 4, and
 *                     80 timespec (16) 96 id  136 end      what follows 4 earlier; timespec has 8
 * </pre>
 *
 * On 32-bit systems this is the interface with 32-bit times, which the kernel keeps for good.
 *
 * @param word bytes of a pointer, and of a {@code long}: 4 or 8
 * @param longAlignment alignment of 64-bit numbers in structures: 8, or 4 on 32-bit x86
 */
record V4l2Layout(int word, int longAlignment) {

  /** That of this process. */
  static final V4l2Layout HERE =
      new V4l2Layout(
          Native.POINTER_SIZE, Native.POINTER_SIZE == 4 && Platform.isIntel() ? 4 : Long.BYTES);

  /** {@code struct v4l2_capability}. */
  static final class Capability {
    static final int SIZE = 104;
    static final int DRIVER = 0;
    static final int DRIVER_BYTES = 16;
    static final int CARD = 16;
    static final int BUS = 48;
    static final int NAME_BYTES = 32;
    static final int CAPABILITIES = 84;
    static final int DEVICE_CAPS = 88;

    private Capability() {}
  }

  /** {@code struct v4l2_fmtdesc}. */
  static final class FormatDescription {
    static final int SIZE = 64;
    static final int TYPE = 4;
    static final int FLAGS = 8;
    static final int DESCRIPTION = 12;
    static final int DESCRIPTION_BYTES = 32;
    static final int PIXEL_FORMAT = 44;

    private FormatDescription() {}
  }

  /** {@code struct v4l2_frmsizeenum}. */
  static final class FrameSizes {
    static final int SIZE = 44;
    static final int PIXEL_FORMAT = 4;
    static final int TYPE = 8;
    static final int DISCRETE_WIDTH = 12;
    static final int DISCRETE_HEIGHT = 16;
    static final int MIN_WIDTH = 12;
    static final int MAX_WIDTH = 16;
    static final int STEP_WIDTH = 20;
    static final int MIN_HEIGHT = 24;
    static final int MAX_HEIGHT = 28;
    static final int STEP_HEIGHT = 32;

    private FrameSizes() {}
  }

  /** {@code struct v4l2_frmivalenum}. */
  static final class FrameIntervals {
    static final int SIZE = 52;
    static final int PIXEL_FORMAT = 4;
    static final int WIDTH = 8;
    static final int HEIGHT = 12;
    static final int TYPE = 16;
    static final int DISCRETE = 20;
    static final int MIN = 20;
    static final int MAX = 28;

    private FrameIntervals() {}
  }

  /** {@code struct v4l2_pix_format}, within a {@code v4l2_format}. */
  static final class Pix {
    static final int WIDTH = 0;
    static final int HEIGHT = 4;
    static final int PIXEL_FORMAT = 8;
    static final int FIELD = 12;
    static final int BYTES_PER_LINE = 16;
    static final int SIZE_IMAGE = 20;
    static final int COLORSPACE = 24;
    static final int PRIV = 28;
    static final int QUANTIZATION = 40;

    private Pix() {}
  }

  /** {@code struct v4l2_pix_format_mplane}, within a {@code v4l2_format}. */
  static final class PixMplane {
    static final int WIDTH = 0;
    static final int HEIGHT = 4;
    static final int PIXEL_FORMAT = 8;
    static final int FIELD = 12;
    static final int COLORSPACE = 16;
    static final int PLANE_FORMATS = 20;
    static final int PLANE_FORMAT_SIZE = 20;
    static final int PLANE_SIZE_IMAGE = 0;
    static final int PLANE_BYTES_PER_LINE = 4;
    static final int NUM_PLANES = 180;
    static final int QUANTIZATION = 183;

    private PixMplane() {}
  }

  /** {@code struct v4l2_streamparm}: the same places for capture and output. */
  static final class StreamParm {
    static final int SIZE = 204;
    static final int CAPABILITY = 4;
    static final int NUMERATOR = 12;
    static final int DENOMINATOR = 16;

    private StreamParm() {}
  }

  /** {@code struct v4l2_requestbuffers}. */
  static final class RequestBuffers {
    static final int SIZE = 20;
    static final int COUNT = 0;
    static final int TYPE = 4;
    static final int MEMORY = 8;

    private RequestBuffers() {}
  }

  /** {@code struct v4l2_exportbuffer}. */
  static final class ExportBuffer {
    static final int SIZE = 64;
    static final int TYPE = 0;
    static final int INDEX = 4;
    static final int PLANE = 8;
    static final int FLAGS = 12;
    static final int FD = 16;

    private ExportBuffer() {}
  }

  /** {@code struct v4l2_query_ext_ctrl}. */
  static final class QueryControl {
    static final int SIZE = 232;
    static final int ID = 0;
    static final int TYPE = 4;
    static final int NAME = 8;
    static final int NAME_BYTES = 32;
    static final int MINIMUM = 40;
    static final int MAXIMUM = 48;
    static final int STEP = 56;
    static final int DEFAULT = 64;
    static final int FLAGS = 72;

    private QueryControl() {}
  }

  /** {@code struct v4l2_querymenu}. */
  static final class QueryMenu {
    static final int SIZE = 44;
    static final int ID = 0;
    static final int INDEX = 4;
    static final int NAME = 8;
    static final int NAME_BYTES = 32;

    private QueryMenu() {}
  }

  /** {@code struct v4l2_ext_control}, packed. */
  static final class Control {
    static final int SIZE = 20;
    static final int ID = 0;
    static final int VALUE = 12;

    private Control() {}
  }

  /** The head of {@code struct v4l2_ext_controls}. */
  static final class Controls {
    static final int WHICH = 0;
    static final int COUNT = 4;

    private Controls() {}
  }

  /** {@code struct v4l2_event_subscription}. */
  static final class EventSubscription {
    static final int SIZE = 32;
    static final int TYPE = 0;

    private EventSubscription() {}
  }

  /** {@code struct v4l2_selection}; its target 0 is the crop rectangle. */
  static final class Selection {
    static final int SIZE = 64;
    static final int WIDTH = 20;
    static final int HEIGHT = 24;

    private Selection() {}
  }

  /** {@code struct v4l2_encoder_cmd}. */
  static final class EncoderCommand {
    static final int SIZE = 40;
    static final int COMMAND = 0;

    private EncoderCommand() {}
  }

  /** The head of {@code struct v4l2_buffer}. */
  static final class Buffer {
    static final int INDEX = 0;
    static final int TYPE = 4;
    static final int BYTES_USED = 8;
    static final int FLAGS = 12;
    static final int FIELD = 16;

    private Buffer() {}
  }

  /** The head of {@code struct v4l2_plane}. */
  static final class Plane {
    static final int BYTES_USED = 0;
    static final int LENGTH = 4;
    static final int MEMORY = 8;

    private Plane() {}
  }

  private boolean isWide() {
    return word == Long.BYTES;
  }

  int formatSize() {
    return isWide() ? 208 : 204;
  }

  int formatUnion() {
    return isWide() ? 8 : 4;
  }

  int bufferSize() {
    return isWide() ? 88 : 68;
  }

  int bufferSeconds() {
    return isWide() ? 24 : 20;
  }

  int bufferMicroseconds() {
    return bufferSeconds() + word;
  }

  int bufferSequence() {
    return isWide() ? 56 : 44;
  }

  int bufferMemory() {
    return isWide() ? 60 : 48;
  }

  int bufferUnion() {
    return isWide() ? 64 : 52;
  }

  int bufferLength() {
    return isWide() ? 72 : 56;
  }

  int planeSize() {
    return isWide() ? 64 : 60;
  }

  int planeDataOffset() {
    return isWide() ? 16 : 12;
  }

  int controlsSize() {
    return isWide() ? 32 : 24;
  }

  int controlsPointer() {
    return isWide() ? 24 : 20;
  }

  int eventUnion() {
    return longAlignment;
  }

  int eventPending() {
    return eventUnion() + 64;
  }

  int eventSize() {
    int end = eventPending() + 8 + 2 * word + 36; // pending and sequence, time, id and reserved
    return -Math.floorDiv(-end, longAlignment) * longAlignment;
  }
}
