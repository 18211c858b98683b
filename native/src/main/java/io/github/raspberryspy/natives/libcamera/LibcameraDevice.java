package io.github.raspberryspy.natives.libcamera;

import java.util.List;
import java.util.Optional;

/**
 * One open camera of libcamera. {@link LibcameraShim#open} gives the real one; tests put another in
 * its place.
 *
 * <pre>
 *   configure ─► start ─► await/next/requeue … ─► stop ─► release ─► close
 *                  ▲                               │
 *                  └───────────────────────────────┘
 * </pre>
 *
 * <p>Thread-safe. Every method throws {@link LibcameraException} where libcamera refuses, with
 * {@code EBADF} once it is closed.
 */
public interface LibcameraDevice extends AutoCloseable {

  /**
   * A stream to be asked for.
   *
   * @param width pixels across
   * @param height pixels down
   * @param fourcc pixel format by DRM's code, see {@link #fourcc}
   */
  record StreamAsk(int width, int height, int fourcc) {}

  /**
   * What is asked for.
   *
   * @param main the stream that is recorded
   * @param lores a second, smaller one
   * @param buffers pictures in flight
   * @param rotationDegrees clockwise: 0, 90, 180 or 270
   */
  record Ask(StreamAsk main, Optional<StreamAsk> lores, int buffers, int rotationDegrees) {}

  /** Whether luma runs from 0 to 255 or from 16 to 235, where the camera says. */
  enum Range {
    /** It does not say. */
    UNKNOWN,
    /** From 16 to 235. */
    LIMITED,
    /** From 0 to 255. */
    FULL
  }

  /**
   * A stream as it was granted: the size may be another than was asked for, the format is not.
   *
   * @param width pixels across
   * @param height pixels down
   * @param fourcc pixel format by DRM's code
   * @param planes how many planes a picture has
   * @param buffers how many pictures there is room for
   * @param range of luma
   */
  record Stream(int width, int height, int fourcc, int planes, int buffers, Range range) {}

  /**
   * A plane of a picture, mapped for reading until {@link #close}.
   *
   * @param address of its first byte
   * @param length bytes
   * @param offset of its first byte in the dmabuf
   * @param stride bytes from one row to the next
   * @param dmabuf the kernel's descriptor of the memory; it stays the device's own, and is open
   *     until {@link #close}
   */
  record Plane(long address, long length, long offset, int stride, int dmabuf) {}

  /** What became of a request. */
  enum Status {
    /** A picture. */
    GOOD,
    /** A picture that is not whole. */
    DAMAGED,
    /** None: the front end gave up, or the camera is gone. */
    CANCELLED,
    /** A picture from before exposure and colours had settled. */
    STARTUP
  }

  /**
   * A completed request: one picture of each stream.
   *
   * @param buffer index of the buffers that hold them; the reader's until {@link #requeue}
   * @param status what became of it
   * @param sequence of the picture; a hole is one that was lost
   * @param timestampNanos of the sensor, by the kernel's monotonic clock
   */
  record Completion(int buffer, Status status, long sequence, long timestampNanos) {}

  /**
   * Something that can be set.
   *
   * @param name as libcamera calls it
   * @param least smallest value; empty where there is none
   * @param most largest value; empty where there is none
   */
  record Control(String name, String least, String most) {}

  /** The code of a format from its four letters, such as {@code YU12}. Source: drm_fourcc.h. */
  static int fourcc(String letters) {
    int code = 0;
    for (int i = 3; i >= 0; i--) {
      code = (code << 8) | (letters.charAt(i) & 0xff);
    }
    return code;
  }

  /** The camera's own lasting name. */
  String id();

  /** Sets sizes and formats, and maps the buffers. Returns a stream for each one asked for. */
  List<Stream> configure(Ask ask);

  /** The planes of one stream's picture in one buffer. */
  List<Plane> planes(int stream, int buffer);

  /** What can be set. Some limits are known once it is configured. */
  List<Control> controls();

  /**
   * Sets a control: before the start from the first picture on, later with the next request.
   *
   * @param value a number, true or false; several are separated by commas
   */
  void set(String name, String value);

  /** Starts with every buffer queued. */
  void start();

  /**
   * Waits for a completed request.
   *
   * @return false if none came in this time
   */
  boolean await(int millis);

  /** Makes a waiting {@link #await}, or the next one, return. */
  void wake();

  /** The oldest completed request that nobody has taken, if there is one. Does not wait. */
  Optional<Completion> next();

  /**
   * Gives a buffer back, to be filled anew; does nothing where the camera was stopped meanwhile.
   */
  void requeue(int buffer);

  /** Stops; every buffer is back. It can be started again. */
  void stop();

  /** Gives the camera back to the system; what is mapped stays readable. */
  void release();

  /** Releases, and unmaps: nobody may read the pictures any more. Idempotent. */
  @Override
  void close();
}
