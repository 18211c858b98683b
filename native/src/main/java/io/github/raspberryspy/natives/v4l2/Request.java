package io.github.raspberryspy.natives.v4l2;

/**
 * The requests to a video device, with their numbers: direction, size of the argument, {@code 'V'}
 * and a serial number.
 *
 * <pre>
 *   31 30 29                    16 15           8 7           0
 *   +-----+-----------------------+--------------+-------------+
 *   | r w | bytes of the argument |     'V'      |   number    |
 *   +-----+-----------------------+--------------+-------------+
 * </pre>
 *
 * Source: Linux {@code asm-generic/ioctl.h} (x86 and ARM) and {@code videodev2.h}.
 */
enum Request {
  VIDIOC_QUERYCAP(Direction.READ, 0),
  VIDIOC_ENUM_FMT(Direction.BOTH, 2),
  VIDIOC_G_FMT(Direction.BOTH, 4),
  VIDIOC_S_FMT(Direction.BOTH, 5),
  VIDIOC_REQBUFS(Direction.BOTH, 8),
  VIDIOC_QUERYBUF(Direction.BOTH, 9),
  VIDIOC_QBUF(Direction.BOTH, 15),
  VIDIOC_EXPBUF(Direction.BOTH, 16),
  VIDIOC_DQBUF(Direction.BOTH, 17),
  VIDIOC_STREAMON(Direction.WRITE, 18),
  VIDIOC_STREAMOFF(Direction.WRITE, 19),
  VIDIOC_G_PARM(Direction.BOTH, 21),
  VIDIOC_S_PARM(Direction.BOTH, 22),
  VIDIOC_QUERYMENU(Direction.BOTH, 37),
  VIDIOC_G_EXT_CTRLS(Direction.BOTH, 71),
  VIDIOC_S_EXT_CTRLS(Direction.BOTH, 72),
  VIDIOC_ENUM_FRAMESIZES(Direction.BOTH, 74),
  VIDIOC_ENUM_FRAMEINTERVALS(Direction.BOTH, 75),
  VIDIOC_ENCODER_CMD(Direction.BOTH, 77),
  VIDIOC_DQEVENT(Direction.READ, 89),
  VIDIOC_SUBSCRIBE_EVENT(Direction.WRITE, 90),
  VIDIOC_S_SELECTION(Direction.BOTH, 95),
  VIDIOC_QUERY_EXT_CTRL(Direction.BOTH, 103);

  private enum Direction {
    WRITE(1),
    READ(2),
    BOTH(3);

    private final long bits;

    Direction(long bits) {
      this.bits = bits;
    }
  }

  private final Direction direction;
  private final int serial;

  Request(Direction direction, int serial) {
    this.direction = direction;
    this.serial = serial;
  }

  /** Its number on this machine. */
  long number() {
    return number(V4l2Layout.HERE);
  }

  /** Its number with another layout. */
  long number(V4l2Layout layout) {
    return (direction.bits << 30) | ((long) size(layout) << 16) | ('V' << 8) | serial;
  }

  private int size(V4l2Layout layout) {
    return switch (this) {
      case VIDIOC_QUERYCAP -> V4l2Layout.Capability.SIZE;
      case VIDIOC_ENUM_FMT -> V4l2Layout.FormatDescription.SIZE;
      case VIDIOC_G_FMT, VIDIOC_S_FMT -> layout.formatSize();
      case VIDIOC_REQBUFS -> V4l2Layout.RequestBuffers.SIZE;
      case VIDIOC_QUERYBUF, VIDIOC_QBUF, VIDIOC_DQBUF -> layout.bufferSize();
      case VIDIOC_EXPBUF -> V4l2Layout.ExportBuffer.SIZE;
      case VIDIOC_STREAMON, VIDIOC_STREAMOFF -> Integer.BYTES;
      case VIDIOC_G_PARM, VIDIOC_S_PARM -> V4l2Layout.StreamParm.SIZE;
      case VIDIOC_QUERYMENU -> V4l2Layout.QueryMenu.SIZE;
      case VIDIOC_G_EXT_CTRLS, VIDIOC_S_EXT_CTRLS -> layout.controlsSize();
      case VIDIOC_ENUM_FRAMESIZES -> V4l2Layout.FrameSizes.SIZE;
      case VIDIOC_ENUM_FRAMEINTERVALS -> V4l2Layout.FrameIntervals.SIZE;
      case VIDIOC_ENCODER_CMD -> V4l2Layout.EncoderCommand.SIZE;
      case VIDIOC_DQEVENT -> layout.eventSize();
      case VIDIOC_S_SELECTION -> V4l2Layout.Selection.SIZE;
      case VIDIOC_SUBSCRIBE_EVENT -> V4l2Layout.EventSubscription.SIZE;
      case VIDIOC_QUERY_EXT_CTRL -> V4l2Layout.QueryControl.SIZE;
    };
  }
}
