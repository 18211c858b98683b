package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libcamera.LibcameraDevice;
import io.github.raspberryspy.natives.libcamera.LibcameraException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bytedeco.javacpp.BytePointer;

/** A camera that completes what a test tells it to; it keeps the rules of the real one. */
final class FakeLibcamera implements LibcameraDevice {

  static final int BUFFERS = 4;
  static final int STRIDE = 192;

  final List<Integer> requeued = new CopyOnWriteArrayList<>();
  final Map<String, String> set = new TreeMap<>();
  final List<Control> controls = new ArrayList<>();
  final List<BytePointer> memory = new ArrayList<>();
  final ArrayDeque<Completion> completions = new ArrayDeque<>();
  private final ArrayDeque<Runnable> failures = new ArrayDeque<>();
  Ask ask;
  volatile String state = "open";
  int width;
  int height;
  long offset; // of each picture in its memory

  /** Makes the next call of {@link #next} fail. */
  void fail(Errno errno, String sentence) {
    failures.add(
        () -> {
          throw new LibcameraException(errno.number(), sentence);
        });
  }

  void complete(int buffer, Status status, long sequence) {
    completions.add(new Completion(buffer, status, sequence, stamp(sequence)));
  }

  /** Thirty pictures a second, in the recent past. */
  private final long start = System.nanoTime() - 1_000_000_000;

  long stamp(long sequence) {
    return start + sequence * 33_333_333;
  }

  @Override
  public String id() {
    return "fake";
  }

  @Override
  public List<Stream> configure(Ask asked) {
    ask = asked;
    width = asked.main().width();
    height = asked.main().height();
    for (int i = 0; i < 2 * BUFFERS; i++) {
      memory.add(new BytePointer((long) STRIDE * height * 2));
    }
    List<Stream> granted = new ArrayList<>();
    granted.add(new Stream(width, height, asked.main().fourcc(), 3, BUFFERS, Range.FULL));
    asked
        .lores()
        .ifPresent(
            lores ->
                granted.add(
                    new Stream(
                        lores.width(), lores.height(), lores.fourcc(), 3, BUFFERS, Range.FULL)));
    return granted;
  }

  @Override
  public List<Plane> planes(int stream, int buffer) {
    int h = stream == 0 ? height : ask.lores().orElseThrow().height();
    long base = memory.get(stream * BUFFERS + buffer).address();
    int luma = STRIDE * h;
    int chroma = STRIDE / 2 * ((h + 1) / 2);
    return List.of(
        new Plane(base, luma, offset, STRIDE, 100 + buffer),
        new Plane(base + luma, chroma, offset + luma, STRIDE / 2, 100 + buffer),
        new Plane(base + luma + chroma, chroma, offset + luma + chroma, STRIDE / 2, 100 + buffer));
  }

  @Override
  public List<Control> controls() {
    return controls;
  }

  @Override
  public void set(String name, String value) {
    set.put(name, value);
  }

  @Override
  public void start() {
    state = "running";
  }

  @Override
  public boolean await(int millis) {
    return !completions.isEmpty();
  }

  @Override
  public void wake() {}

  @Override
  public Optional<Completion> next() {
    if (!failures.isEmpty()) {
      failures.remove().run();
    }
    return Optional.ofNullable(completions.poll());
  }

  @Override
  public void requeue(int buffer) {
    requeued.add(buffer);
  }

  @Override
  public void stop() {
    state = "stopped";
  }

  @Override
  public void release() {
    state = "released";
  }

  @Override
  public void close() {
    if (state.equals("closed")) {
      throw new AssertionError("closed twice");
    }
    state = "closed";
    memory.forEach(BytePointer::deallocate);
  }
}
