package io.github.raspberryspy.natives.v4l2;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libc.LibC;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A camera that is not there, behind the functions of the C library: it grants what a test says,
 * fills buffers when a test says so, and fails a call on cue. Thread-safe.
 */
public class FakeCamera extends FakeDevice {

  private static final int CAMERA = 100;
  private static final int ALARM = 101;
  private static final int CAPTURE_STREAMING = 0x04000001;
  private static final int MULTIPLANAR_STREAMING = 0x04001000;
  private static final int MONOTONIC = 0x2000;

  private final V4l2Layout layout = V4l2Layout.HERE;
  private final BufferType type;
  private final List<String> formats = new ArrayList<>();
  private final Map<Long, Memory> mapped = new TreeMap<>();
  private final List<Memory> planes = new ArrayList<>();
  private final ArrayDeque<Integer> queued = new ArrayDeque<>();
  private final ArrayDeque<Filled> filled = new ArrayDeque<>();
  private int width = 64;
  private int height = 36;
  private int[] strides = {64};
  private int[] sizes = {64 * 54};
  private int grants = 32;
  private int quantization;
  private int pollResult;
  private boolean alarmed;
  private int pixels;
  private int numerator = 1;
  private int denominator = 25;
  private int planesGranted = -1; // as many as there are sizes

  private record Filled(
      int index, int sequence, long micros, int flags, int used, int offset, boolean isHonest) {}

  /** A camera with a queue of this type that offers these formats at 64x36, 25 frames a second. */
  public FakeCamera(BufferType type, String... formats) {
    this.type = type;
    this.formats.addAll(List.of(formats));
  }

  /** Grants rows and buffers of these many bytes, one each for a plane. */
  public synchronized FakeCamera grants(int[] newStrides, int[] newSizes) {
    strides = newStrides.clone();
    sizes = newSizes.clone();
    return this;
  }

  /** Grants one picture in so many seconds. */
  public synchronized FakeCamera interval(int newNumerator, int newDenominator) {
    numerator = newNumerator;
    denominator = newDenominator;
    return this;
  }

  /** Says that a picture has so many planes, whatever the sizes say. */
  public synchronized FakeCamera grantsPlanes(int number) {
    planesGranted = number;
    return this;
  }

  /** Grants so many buffers at the most. */
  public synchronized FakeCamera grantsBuffers(int most) {
    grants = most;
    return this;
  }

  /** Grants this range: 1 for the full one. */
  public synchronized FakeCamera grantsQuantization(int number) {
    quantization = number;
    return this;
  }

  /** Fails a call, a function's or a request's name, the next times it is made; 0 lets one pass. */
  public synchronized FakeCamera fails(String call, int... errors) {
    failNext(call, errors);
    return this;
  }

  /** Fills the buffer that was queued first. */
  public synchronized FakeCamera fills(int sequence, long micros, int flags, int used) {
    filled.add(new Filled(queued.remove(), sequence, micros, flags | MONOTONIC, used, 0, true));
    return this;
  }

  /** Says of a buffer what is not true: its number, and for each plane how much it holds. */
  public synchronized FakeCamera claims(int index, int used, int offset) {
    queued.remove();
    filled.add(new Filled(index, 0, 0, MONOTONIC, used, offset, false));
    return this;
  }

  /**
   * Fills the buffer that was queued first, with so many bytes in front of each plane's picture.
   */
  public synchronized FakeCamera fillsBehind(int offset, int sequence, long micros) {
    int used = sizes[0];
    filled.add(new Filled(queued.remove(), sequence, micros, MONOTONIC, used, offset, true));
    return this;
  }

  /** What the next polls find besides what is filled: {@link LibC#POLLERR} for instance. */
  public synchronized FakeCamera polls(int result) {
    pollResult = result;
    return this;
  }

  /** How many buffers the camera has, empty ones. */
  public synchronized int queued() {
    return queued.size();
  }

  /** How many mappings there are. */
  public synchronized int mappings() {
    return mapped.size();
  }

  /** The memory of a plane, wherever it is mapped. */
  public synchronized Pointer memory(int index, int plane) {
    return planes.get(index * sizes.length + plane);
  }

  @Override
  public synchronized int open(String path, int flags) {
    return run("open") ? opened(CAMERA) : -1;
  }

  @Override
  public synchronized int eventfd(int initial, int flags) {
    return run("eventfd") ? opened(ALARM) : -1;
  }

  @Override
  public synchronized long mmap(long bytes, int protection, int flags, int fd, long offset) {
    if (!run("mmap")) {
      return -1;
    }
    Memory memory = planes.get((int) (offset / 4096));
    mapped.put(Pointer.nativeValue(memory), memory);
    return Pointer.nativeValue(memory);
  }

  @Override
  public synchronized int munmap(long address, long bytes) {
    return run("munmap") && mapped.remove(address) != null ? 0 : -1;
  }

  @Override
  public synchronized int poll(Pointer entries, int count, int timeoutMillis) {
    if (!run("poll")) {
      return -1;
    }
    int found = pollResult | (filled.isEmpty() ? 0 : LibC.POLLIN);
    entries.setShort(6, (short) found);
    entries.setShort(14, (short) (alarmed ? LibC.POLLIN : 0));
    return found != 0 || alarmed ? 1 : 0;
  }

  @Override
  public synchronized long read(int fd, Pointer into, long bytes) {
    boolean was = alarmed;
    alarmed = false;
    return was ? bytes : refuse(Errno.EAGAIN);
  }

  @Override
  public synchronized long write(int fd, Pointer from, long bytes) {
    alarmed = true;
    return bytes;
  }

  @Override
  int answer(Request request, Pointer a) {
    return switch (request) {
      case VIDIOC_QUERYCAP -> capabilities(a);
      case VIDIOC_ENUM_FMT -> format(a);
      case VIDIOC_ENUM_FRAMESIZES -> size(a);
      case VIDIOC_ENUM_FRAMEINTERVALS -> interval(a);
      case VIDIOC_S_FMT, VIDIOC_G_FMT -> grant(a);
      case VIDIOC_S_PARM -> {
        a.setInt(V4l2Layout.StreamParm.CAPABILITY, 0x1000);
        a.setInt(V4l2Layout.StreamParm.NUMERATOR, numerator);
        a.setInt(V4l2Layout.StreamParm.DENOMINATOR, denominator);
        yield 0;
      }
      case VIDIOC_REQBUFS -> request(a);
      case VIDIOC_QUERYBUF -> query(a);
      case VIDIOC_QBUF -> {
        queued.add(a.getInt(V4l2Layout.Buffer.INDEX));
        yield 0;
      }
      case VIDIOC_DQBUF -> filled.isEmpty() ? refuse(Errno.EAGAIN) : dequeue(a, filled.remove());
      case VIDIOC_STREAMOFF -> {
        queued.clear();
        filled.clear();
        yield 0;
      }
      case VIDIOC_STREAMON, VIDIOC_SUBSCRIBE_EVENT -> 0;
      default -> refuse(Errno.ENOTTY);
    };
  }

  private int capabilities(Pointer a) {
    a.write(V4l2Layout.Capability.CARD, "Fake".getBytes(StandardCharsets.UTF_8), 0, 4);
    a.setInt(
        V4l2Layout.Capability.DEVICE_CAPS,
        type.isMultiPlanar() ? MULTIPLANAR_STREAMING : CAPTURE_STREAMING);
    return 0;
  }

  private int format(Pointer a) {
    int index = a.getInt(0);
    if (index >= formats.size()) {
      return refuse(Errno.EINVAL);
    }
    a.setInt(V4l2Layout.FormatDescription.PIXEL_FORMAT, FourCc.of(formats.get(index)).code());
    return 0;
  }

  private int size(Pointer a) {
    if (a.getInt(0) > 0) {
      return refuse(Errno.EINVAL);
    }
    a.setInt(V4l2Layout.FrameSizes.TYPE, 1);
    a.setInt(V4l2Layout.FrameSizes.DISCRETE_WIDTH, width);
    a.setInt(V4l2Layout.FrameSizes.DISCRETE_HEIGHT, height);
    return 0;
  }

  private int interval(Pointer a) {
    if (a.getInt(0) > 0) {
      return refuse(Errno.EINVAL);
    }
    a.setInt(V4l2Layout.FrameIntervals.TYPE, 1);
    a.setInt(V4l2Layout.FrameIntervals.DISCRETE, 1);
    a.setInt(V4l2Layout.FrameIntervals.DISCRETE + 4, 25);
    return 0;
  }

  private int grant(Pointer a) {
    long at = layout.formatUnion();
    a.setInt(at + V4l2Layout.Pix.WIDTH, width); // the same places with many planes
    a.setInt(at + V4l2Layout.Pix.HEIGHT, height);
    pixels = pixels == 0 ? a.getInt(at + V4l2Layout.Pix.PIXEL_FORMAT) : pixels;
    a.setInt(at + V4l2Layout.Pix.PIXEL_FORMAT, pixels);
    if (!type.isMultiPlanar()) {
      a.setInt(at + V4l2Layout.Pix.BYTES_PER_LINE, strides[0]);
      a.setInt(at + V4l2Layout.Pix.SIZE_IMAGE, sizes[0]);
      a.setInt(at + V4l2Layout.Pix.QUANTIZATION, quantization);
      return 0;
    }
    a.setByte(
        at + V4l2Layout.PixMplane.NUM_PLANES,
        (byte) (planesGranted < 0 ? sizes.length : planesGranted));
    a.setByte(at + V4l2Layout.PixMplane.QUANTIZATION, (byte) quantization);
    for (int i = 0; i < sizes.length; i++) {
      long plane =
          at
              + V4l2Layout.PixMplane.PLANE_FORMATS
              + (long) i * V4l2Layout.PixMplane.PLANE_FORMAT_SIZE;
      a.setInt(plane + V4l2Layout.PixMplane.PLANE_SIZE_IMAGE, sizes[i]);
      a.setInt(plane + V4l2Layout.PixMplane.PLANE_BYTES_PER_LINE, strides[i]);
    }
    return 0;
  }

  private int request(Pointer a) {
    int count = Math.min(grants, a.getInt(V4l2Layout.RequestBuffers.COUNT));
    a.setInt(V4l2Layout.RequestBuffers.COUNT, count);
    for (int i = 0; i < count * sizes.length; i++) {
      Memory memory = new Memory(sizes[i % sizes.length]);
      memory.clear();
      planes.add(memory);
    }
    return 0;
  }

  private int query(Pointer a) {
    int index = a.getInt(V4l2Layout.Buffer.INDEX);
    if (!type.isMultiPlanar()) {
      a.setInt(layout.bufferUnion(), index * 4096);
      a.setInt(layout.bufferLength(), sizes[0]);
      return 0;
    }
    for (int i = 0; i < sizes.length; i++) {
      Pointer plane = a.getPointer(layout.bufferUnion()).share((long) i * layout.planeSize());
      plane.setInt(V4l2Layout.Plane.MEMORY, (index * sizes.length + i) * 4096);
      plane.setInt(V4l2Layout.Plane.LENGTH, sizes[i]);
    }
    return 0;
  }

  private int dequeue(Pointer a, Filled next) {
    a.setInt(V4l2Layout.Buffer.INDEX, next.index());
    a.setInt(V4l2Layout.Buffer.FLAGS, next.flags());
    a.setInt(layout.bufferSequence(), next.sequence());
    if (layout.word() == Long.BYTES) {
      a.setLong(layout.bufferSeconds(), next.micros() / 1_000_000);
      a.setLong(layout.bufferMicroseconds(), next.micros() % 1_000_000);
    } else {
      a.setInt(layout.bufferSeconds(), (int) (next.micros() / 1_000_000));
      a.setInt(layout.bufferMicroseconds(), (int) (next.micros() % 1_000_000));
    }
    if (!type.isMultiPlanar()) {
      a.setInt(V4l2Layout.Buffer.BYTES_USED, next.used());
      return 0;
    }
    for (int i = 0; i < sizes.length; i++) {
      Pointer plane = a.getPointer(layout.bufferUnion()).share((long) i * layout.planeSize());
      int used = next.isHonest() ? Math.min(next.used(), sizes[i]) : next.used();
      plane.setInt(V4l2Layout.Plane.BYTES_USED, used);
      plane.setInt(layout.planeDataOffset(), next.offset());
    }
    return 0;
  }
}
