package io.github.raspberryspy.natives.libcamera;

import static io.github.raspberryspy.natives.libcamera.Texts.check;

import com.sun.jna.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A camera behind the shim's handle. Source of all offsets: {@code rspy_camera.h}, where the
 * compiler checks them.
 */
final class ShimDevice implements LibcameraDevice {

  private static final int MAX_STREAMS = 2;
  private static final int MAX_PLANES = 3;
  private static final int ASK_BYTES = 32;
  private static final int STREAM_BYTES = 24;
  private static final int PLANE_BYTES = 32;
  private static final int FRAME_BYTES = 32;

  private final int handle;
  private final String id;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Memory frame = new Memory(FRAME_BYTES); // guarded by itself

  private ShimDevice(int handle) {
    this.handle = handle;
    this.id = Texts.read((into, capacity) -> Functions.rspy_camera_id(handle, into, capacity));
  }

  static ShimDevice open(String which) {
    return new ShimDevice(check(Functions.rspy_camera_open(Texts.memory(which))));
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public List<Stream> configure(Ask ask) {
    Memory asked = new Memory(ASK_BYTES);
    asked.clear();
    put(asked, 0, ask.main());
    ask.lores().ifPresent(lores -> put(asked, 12, lores));
    asked.setInt(24, ask.buffers());
    asked.setInt(28, ask.rotationDegrees());
    Memory granted = new Memory((long) STREAM_BYTES * MAX_STREAMS);
    int count = check(Functions.rspy_camera_configure(handle, asked, granted));
    List<Stream> streams = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long at = (long) STREAM_BYTES * i;
      streams.add(
          new Stream(
              granted.getInt(at),
              granted.getInt(at + 4),
              granted.getInt(at + 8),
              granted.getInt(at + 12),
              granted.getInt(at + 16),
              range(granted.getInt(at + 20))));
    }
    return streams;
  }

  @Override
  public List<Plane> planes(int stream, int buffer) {
    Memory found = new Memory((long) PLANE_BYTES * MAX_PLANES);
    int count = check(Functions.rspy_camera_buffer(handle, stream, buffer, found));
    List<Plane> planes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long at = (long) PLANE_BYTES * i;
      planes.add(
          new Plane(
              found.getLong(at),
              found.getLong(at + 8),
              found.getLong(at + 16),
              found.getInt(at + 24),
              found.getInt(at + 28)));
    }
    return planes;
  }

  @Override
  public List<Control> controls() {
    String text =
        Texts.read((into, capacity) -> Functions.rspy_camera_controls(handle, into, capacity));
    // name, type, least, most, default
    return text.lines()
        .map(line -> line.split("\t", -1))
        .map(parts -> new Control(parts[0], parts[2], parts[3]))
        .toList();
  }

  @Override
  public void set(String name, String value) {
    check(Functions.rspy_camera_set_control(handle, Texts.memory(name), Texts.memory(value)));
  }

  @Override
  public void start() {
    check(Functions.rspy_camera_start(handle));
  }

  @Override
  public boolean await(int millis) {
    return check(Functions.rspy_camera_wait(handle, millis)) > 0;
  }

  @Override
  public void wake() {
    check(Functions.rspy_camera_wake(handle));
  }

  @Override
  public Optional<Completion> next() {
    synchronized (frame) {
      if (check(Functions.rspy_camera_next(handle, frame)) == 0) {
        return Optional.empty();
      }
      return Optional.of(
          new Completion(
              frame.getInt(16), status(frame.getInt(20)), frame.getLong(8), frame.getLong(0)));
    }
  }

  @Override
  public void requeue(int buffer) {
    check(Functions.rspy_camera_requeue(handle, buffer));
  }

  @Override
  public void stop() {
    check(Functions.rspy_camera_stop(handle));
  }

  @Override
  public void release() {
    check(Functions.rspy_camera_release(handle));
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      check(Functions.rspy_camera_close(handle));
    }
  }

  private static Range range(int code) {
    return switch (code) {
      case 1 -> Range.LIMITED;
      case 2 -> Range.FULL;
      default -> Range.UNKNOWN;
    };
  }

  private static Status status(int code) {
    return switch (code) {
      case 0 -> Status.GOOD;
      case 2 -> Status.CANCELLED;
      case 3 -> Status.STARTUP;
      default -> Status.DAMAGED;
    };
  }

  private static void put(Memory asked, long at, StreamAsk stream) {
    asked.setInt(at, stream.width());
    asked.setInt(at + 4, stream.height());
    asked.setInt(at + 8, stream.fourcc());
  }
}
