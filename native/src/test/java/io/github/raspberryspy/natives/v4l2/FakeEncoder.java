package io.github.raspberryspy.natives.v4l2;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libc.LibC;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The H.264 encoder of a Raspberry Pi as its driver shows it, without the Pi. What it codes can be
 * told apart (keyframes carry parameter sets, each picture its first byte, or the number of the
 * dmabuf that it came in) but not decoded. It stalls, damages and goes away on cue; while it has
 * nothing to give, a poll lets its clock run on.
 *
 * <p>Source: raspberrypi/linux {@code
 * drivers/staging/vc04_services/bcm2835-codec/bcm2835-v4l2-codec.c}; for what its buffers refuse,
 * {@code drivers/media/common/videobuf2/videobuf2-core.c}. Thread-safe.
 */
public final class FakeEncoder extends FakeDevice {

  private static final int DEVICE = 200;
  private static final int MEM_TO_MEM_STREAMING = 0x04004000;
  private static final int POLLHUP = 0x10;
  private static final int NEXT_CONTROL = 0x80000000;
  private static final int LARGEST = 1920;
  private static final int SMALLEST = 32;
  private static final int RAW_OFFSET = 0x1000000;

  private final V4l2Layout layout = V4l2Layout.HERE;
  private final FakeQueue raw = new FakeQueue(RAW_OFFSET);
  private final FakeQueue coded = new FakeQueue(0);
  private final Map<Long, Memory> mapped = new HashMap<>();
  private final Map<EncoderControl, List<Long>> controls = new EnumMap<>(EncoderControl.class);
  private final List<EncoderControl> known =
      new ArrayList<>(
          Set.of(
              EncoderControl.BITRATE,
              EncoderControl.B_FRAMES,
              EncoderControl.REPEAT_HEADER,
              EncoderControl.H264_I_PERIOD,
              EncoderControl.H264_LEVEL,
              EncoderControl.H264_PROFILE,
              EncoderControl.FORCE_KEYFRAME));
  private String codec = "H264";
  private int rowAlignment = 1;
  private int strideAlignment = 64;
  private int missingBytes;
  private int keptBack;
  private int leastBuffers = 1;
  private Errno importRefusal;
  private boolean stalled;
  private boolean swallows;
  private boolean damages;
  private boolean gone;
  private boolean draining;
  private long pictures;
  private boolean keyframeIsForced;
  private long nanos = 1_000_000_000_000L;

  /** Fails a call, a function's or a request's name, the next times it is made; 0 lets one pass. */
  public FakeEncoder fails(String call, Errno... errors) {
    for (Errno errno : errors) {
      failNext(call, errno.number());
    }
    return this;
  }

  /** Lets so many calls pass before one fails. */
  public FakeEncoder failsAfter(String call, int passes, Errno errno) {
    failNext(call, new int[passes]);
    return fails(call, errno);
  }

  /** Codes this instead of H.264. */
  public synchronized FakeEncoder codes(String letters) {
    codec = letters;
    return this;
  }

  /** Grants rows that begin at multiples of these bytes, and so many rows that these divide. */
  public synchronized FakeEncoder aligns(int stride, int rows) {
    strideAlignment = stride;
    rowAlignment = rows;
    return this;
  }

  /** Grants buffers that lack so many bytes of a picture. */
  public synchronized FakeEncoder grantsTooLittle(int bytes) {
    missingBytes = bytes;
    return this;
  }

  /** Grants so many buffers at least. */
  public synchronized FakeEncoder grantsBuffers(int least) {
    leastBuffers = least;
    return this;
  }

  /** Gives a code out when so many more pictures have come in. */
  public synchronized FakeEncoder keepsBack(int count) {
    keptBack = count;
    return this;
  }

  /** Refuses other devices' memory, picture by picture; {@code null} takes it. */
  public synchronized FakeEncoder refusesImports(Errno errno) {
    importRefusal = errno;
    return this;
  }

  /** Has not got these controls. */
  public synchronized FakeEncoder lacks(EncoderControl... absent) {
    known.removeAll(List.of(absent));
    return this;
  }

  /** Takes and gives nothing any more. */
  public synchronized FakeEncoder stalls(boolean does) {
    stalled = does;
    return this;
  }

  /** Takes pictures, gives them back, and codes nothing. */
  public synchronized FakeEncoder swallows(boolean does) {
    swallows = does;
    return this;
  }

  /** Damages the next code. */
  public synchronized FakeEncoder damagesNext() {
    damages = true;
    return this;
  }

  /** Goes away. */
  public synchronized FakeEncoder goes() {
    gone = true;
    return this;
  }

  /** What a control was set to, in order. */
  public synchronized List<Long> settings(EncoderControl control) {
    return List.copyOf(controls.getOrDefault(control, List.of()));
  }

  /** How many mappings there are. */
  public synchronized int mappings() {
    return mapped.size();
  }

  /** How many pictures lie with it, coded or not, that nobody has taken back. */
  public synchronized int pending() {
    return raw.queued.size() + raw.done.size();
  }

  /** How many buffers are asked for, of both ends. */
  public synchronized int buffers() {
    return raw.count() + coded.count();
  }

  /** Its clock. */
  public synchronized long nanos() {
    return nanos;
  }

  /** Lets its clock run on. */
  public synchronized void pass(long more) {
    nanos += more;
  }

  @Override
  public synchronized int open(String path, int flags) {
    return run("open") ? opened(DEVICE) : -1;
  }

  @Override
  void closed(int fd) {
    raw.forget();
    coded.forget();
    draining = false;
  }

  @Override
  public synchronized long mmap(long bytes, int protection, int flags, int fd, long offset) {
    if (!run("mmap")) {
      return -1;
    }
    Memory memory = (offset >= RAW_OFFSET ? raw : coded).memoryAt(offset);
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
    work();
    int found = gone ? LibC.POLLERR | POLLHUP : 0;
    found |= coded.done.isEmpty() ? 0 : LibC.POLLIN;
    found |= raw.done.isEmpty() ? 0 : LibC.POLLOUT;
    entries.setShort(6, (short) found);
    if (found == 0) {
      nanos += timeoutMillis * 1_000_000L;
    }
    return found == 0 ? 0 : 1;
  }

  @Override
  public synchronized int ioctl(int fd, long number, Pointer argument) {
    return gone ? refuse(Errno.ENODEV) : super.ioctl(fd, number, argument);
  }

  @Override
  int answer(Request request, Pointer a) {
    return switch (request) {
      case VIDIOC_QUERYCAP -> {
        a.setInt(V4l2Layout.Capability.DEVICE_CAPS, MEM_TO_MEM_STREAMING);
        yield 0;
      }
      case VIDIOC_ENUM_FMT -> offer(a);
      case VIDIOC_S_FMT -> setFormat(a);
      case VIDIOC_G_FMT -> {
        queue(a.getInt(0)).tellFormat(a);
        yield 0;
      }
      case VIDIOC_S_SELECTION -> crop(a);
      case VIDIOC_S_PARM -> 0;
      case VIDIOC_REQBUFS ->
          result(queue(a.getInt(V4l2Layout.RequestBuffers.TYPE)).request(a, leastBuffers));
      case VIDIOC_QUERYBUF -> {
        queue(a.getInt(V4l2Layout.Buffer.TYPE)).query(a);
        yield 0;
      }
      case VIDIOC_QBUF -> result(queue(a.getInt(V4l2Layout.Buffer.TYPE)).queue(a, importRefusal));
      case VIDIOC_DQBUF -> {
        work();
        yield result(queue(a.getInt(V4l2Layout.Buffer.TYPE)).dequeue(a));
      }
      case VIDIOC_STREAMON -> result(queue(a.getInt(0)).stream(true));
      case VIDIOC_STREAMOFF -> {
        pictures = 0;
        yield result(queue(a.getInt(0)).stream(false));
      }
      case VIDIOC_ENCODER_CMD -> {
        draining = a.getInt(V4l2Layout.EncoderCommand.COMMAND) == 1;
        yield 0;
      }
      case VIDIOC_QUERY_EXT_CTRL -> describe(a);
      case VIDIOC_S_EXT_CTRLS -> setControl(a.getPointer(layout.controlsPointer()));
      case VIDIOC_QUERYMENU -> refuse(Errno.EINVAL);
      default -> refuse(Errno.ENOTTY);
    };
  }

  private int result(Optional<Errno> refusal) {
    return refusal.map(this::refuse).orElse(0);
  }

  private FakeQueue queue(int type) {
    return type == BufferType.OUTPUT_MPLANE.number() ? raw : coded;
  }

  private int offer(Pointer a) {
    List<String> offers =
        queue(a.getInt(V4l2Layout.FormatDescription.TYPE)) == raw
            ? List.of("YU12", "NV12")
            : List.of(codec);
    int index = a.getInt(0);
    if (index >= offers.size()) {
      return refuse(Errno.EINVAL);
    }
    a.setInt(V4l2Layout.FormatDescription.PIXEL_FORMAT, FourCc.of(offers.get(index)).code());
    return 0;
  }

  /** Never refuses a format: another is granted. Refuses while there are buffers. */
  private int setFormat(Pointer a) {
    FakeQueue queue = queue(a.getInt(0));
    if (queue.count() > 0) {
      return refuse(Errno.EBUSY);
    }
    long at = layout.formatUnion();
    String asked = new FourCc(a.getInt(at + V4l2Layout.PixMplane.PIXEL_FORMAT)).toString();
    int height = Math.min(LARGEST, a.getInt(at + V4l2Layout.PixMplane.HEIGHT));
    queue.width = Math.min(LARGEST, a.getInt(at + V4l2Layout.PixMplane.WIDTH));
    queue.height = height;
    if (queue == raw) {
      queue.pixels = FourCc.of(asked.equals("NV12") ? asked : "YU12").code();
      queue.width = Math.max(SMALLEST, queue.width);
      queue.height = align(Math.max(SMALLEST, height), rowAlignment);
      queue.stride = align(queue.width, strideAlignment);
      queue.bytes = queue.stride * queue.height * 3 / 2 - missingBytes;
    } else {
      queue.pixels = FourCc.of(codec).code();
      queue.bytes = Math.max(512 << 10, a.getInt(at + V4l2Layout.PixMplane.PLANE_FORMATS));
    }
    queue.tellFormat(a);
    return 0;
  }

  private static int align(int number, int to) {
    return (number + to - 1) / to * to;
  }

  private int crop(Pointer a) {
    if (a.getInt(0) != BufferType.OUTPUT.number()) {
      return refuse(Errno.EINVAL);
    }
    a.setInt(V4l2Layout.Selection.WIDTH, Math.min(raw.width, a.getInt(V4l2Layout.Selection.WIDTH)));
    a.setInt(
        V4l2Layout.Selection.HEIGHT, Math.min(raw.height, a.getInt(V4l2Layout.Selection.HEIGHT)));
    return 0;
  }

  private int describe(Pointer a) {
    int asked = a.getInt(V4l2Layout.QueryControl.ID);
    boolean isNext = (asked & NEXT_CONTROL) != 0;
    int id = asked & ~NEXT_CONTROL;
    Optional<EncoderControl> found =
        known.stream().sorted().filter(c -> isNext ? c.id() > id : c.id() == id).findFirst();
    if (found.isEmpty()) {
      return refuse(Errno.EINVAL);
    }
    a.setInt(V4l2Layout.QueryControl.ID, found.get().id());
    a.setInt(V4l2Layout.QueryControl.TYPE, found.get() == EncoderControl.FORCE_KEYFRAME ? 4 : 1);
    return 0;
  }

  private int setControl(Pointer item) {
    int id = item.getInt(V4l2Layout.Control.ID);
    Optional<EncoderControl> control = known.stream().filter(c -> c.id() == id).findFirst();
    if (control.isEmpty()) {
      return refuse(Errno.EINVAL);
    }
    keyframeIsForced |= control.get() == EncoderControl.FORCE_KEYFRAME;
    controls
        .computeIfAbsent(control.get(), c -> new ArrayList<>())
        .add((long) item.getInt(V4l2Layout.Control.VALUE));
    return 0;
  }

  /** Codes what can be coded now. */
  private void work() {
    if (gone || stalled || !raw.isStreaming() || !coded.isStreaming()) {
      return;
    }
    while (raw.queued.size() > (draining ? 0 : keptBack) && !coded.queued.isEmpty()) {
      FakeQueue.Held picture = raw.queued.remove();
      raw.done.add(picture);
      if (!swallows) {
        code(picture, coded.queued.remove().index());
      }
    }
    if (draining && raw.queued.isEmpty() && !coded.queued.isEmpty() && !swallows) {
      draining = false;
      coded.done.add(
          new FakeQueue.Held(coded.queued.remove().index(), 0, 0, FakeQueue.FLAG_LAST, 0));
    }
  }

  private void code(FakeQueue.Held picture, int index) {
    List<Long> periods = controls.getOrDefault(EncoderControl.H264_I_PERIOD, List.of());
    long period = periods.isEmpty() ? 60 : periods.get(periods.size() - 1);
    boolean isKeyframe = keyframeIsForced || pictures % period == 0;
    keyframeIsForced = false;
    pictures++;
    boolean isRepeated = controls.containsKey(EncoderControl.REPEAT_HEADER);
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    if (isKeyframe && (isRepeated || pictures == 1)) {
      code.writeBytes(new byte[] {0, 0, 0, 1, 0x67, 100, 0, 0, 0, 1, 0x68, 50});
    }
    code.writeBytes(new byte[] {0, 0, 0, 1, (byte) (isKeyframe ? 0x65 : 0x41)});
    code.write(picture.firstByte());
    coded.memory(index).write(0, code.toByteArray(), 0, code.size());
    coded.done.add(
        new FakeQueue.Held(
            index, picture.micros(), code.size(), damages ? FakeQueue.FLAG_ERROR : 0, 0));
    damages = false;
  }
}
