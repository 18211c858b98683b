package io.github.raspberryspy.natives.v4l2;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.github.raspberryspy.natives.libc.Descriptor;
import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.libc.NativeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An open video device: its requests with types, and no policy.
 *
 * <p>Requests may come from any thread, as the kernel has it; {@link #close} is the owner's.
 * Whatever the device refuses is a {@link NativeException} that names request, device and error:
 * {@code VIDIOC_S_FMT /dev/video0: EBUSY (16)}.
 */
public final class V4l2Device implements AutoCloseable {

  private static final int FIELD_ANY = 0;
  private static final int PRIV_MAGIC = 0xfeedcafe;
  private static final int TIME_PER_FRAME = 0x1000;
  private static final int MAX_PLANES = 8; // VIDEO_MAX_PLANES

  private final Descriptor descriptor;
  private final V4l2Capabilities capabilities;
  private final V4l2Layout layout = V4l2Layout.HERE;

  private V4l2Device(Descriptor descriptor) {
    this.descriptor = descriptor;
    this.capabilities = queryCapabilities();
  }

  /**
   * Opens a device; no call on it waits.
   *
   * @param path such as {@code /dev/video0}
   * @throws NativeException of call {@code open} if there is none or it may not be used, of call
   *     {@code VIDIOC_QUERYCAP} if it is no video device
   */
  public static V4l2Device open(LibC libc, String path) {
    Descriptor descriptor =
        Descriptor.open(libc, path, LibC.O_RDWR | LibC.O_NONBLOCK | LibC.O_CLOEXEC);
    try {
      return new V4l2Device(descriptor);
    } catch (NativeException e) {
      descriptor.close();
      throw e;
    }
  }

  /** What it is. */
  public V4l2Capabilities capabilities() {
    return capabilities;
  }

  /** Its path. */
  public String path() {
    return descriptor.subject();
  }

  /** What it offers: formats, sizes, rates. */
  public V4l2Offers offers() {
    return new V4l2Offers(descriptor);
  }

  /** Its controls. */
  public V4l2Controls controls() {
    return new V4l2Controls(descriptor);
  }

  /** The format that a queue has now. */
  public V4l2Format format(BufferType type) {
    try (Memory format = cleared(layout.formatSize())) {
      format.setInt(0, type.number());
      ioctl(Request.VIDIOC_G_FMT, format);
      return read(format, type);
    }
  }

  /**
   * Asks for a format. The device is free to grant another: the answer counts.
   *
   * @param sizeBytes of a buffer for a codec's stream; 0 leaves it to the device
   */
  public V4l2Format setFormat(
      BufferType type, FourCc pixels, int width, int height, int sizeBytes) {
    try (Memory format = cleared(layout.formatSize())) {
      format.setInt(0, type.number());
      long at = layout.formatUnion();
      if (type.isMultiPlanar()) {
        format.setInt(at + V4l2Layout.PixMplane.WIDTH, width);
        format.setInt(at + V4l2Layout.PixMplane.HEIGHT, height);
        format.setInt(at + V4l2Layout.PixMplane.PIXEL_FORMAT, pixels.code());
        format.setInt(at + V4l2Layout.PixMplane.FIELD, FIELD_ANY);
        format.setInt(at + V4l2Layout.PixMplane.PLANE_FORMATS, sizeBytes);
        format.setByte(at + V4l2Layout.PixMplane.NUM_PLANES, (byte) (sizeBytes > 0 ? 1 : 0));
      } else {
        format.setInt(at + V4l2Layout.Pix.WIDTH, width);
        format.setInt(at + V4l2Layout.Pix.HEIGHT, height);
        format.setInt(at + V4l2Layout.Pix.PIXEL_FORMAT, pixels.code());
        format.setInt(at + V4l2Layout.Pix.FIELD, FIELD_ANY);
        format.setInt(at + V4l2Layout.Pix.SIZE_IMAGE, sizeBytes);
        format.setInt(at + V4l2Layout.Pix.PRIV, PRIV_MAGIC); // the fields behind it are valid
      }
      ioctl(Request.VIDIOC_S_FMT, format);
      return read(format, type);
    }
  }

  /**
   * Asks for a rate. The device is free to grant another.
   *
   * @return the granted one; empty where the device has no say in it
   */
  public Optional<Interval> setInterval(BufferType type, Interval interval) {
    try (Memory parm = cleared(V4l2Layout.StreamParm.SIZE)) {
      parm.setInt(0, type.number());
      parm.setInt(V4l2Layout.StreamParm.NUMERATOR, interval.numerator());
      parm.setInt(V4l2Layout.StreamParm.DENOMINATOR, interval.denominator());
      int error = descriptor.tryIoctl(Request.VIDIOC_S_PARM.number(), parm);
      if (error == Errno.ENOTTY.number() || error == Errno.EINVAL.number()) {
        return Optional.empty();
      }
      require(error, Request.VIDIOC_S_PARM);
      boolean isGranted =
          (parm.getInt(V4l2Layout.StreamParm.CAPABILITY) & TIME_PER_FRAME) != 0
              && parm.getInt(V4l2Layout.StreamParm.DENOMINATOR) > 0;
      return isGranted
          ? Optional.of(
              new Interval(
                  parm.getInt(V4l2Layout.StreamParm.NUMERATOR),
                  parm.getInt(V4l2Layout.StreamParm.DENOMINATOR)))
          : Optional.empty();
    }
  }

  /** Asks for events of a kind; false where the device has none such. */
  public boolean subscribe(V4l2Event.Kind kind) {
    try (Memory subscription = cleared(V4l2Layout.EventSubscription.SIZE)) {
      subscription.setInt(V4l2Layout.EventSubscription.TYPE, kind.number());
      return descriptor.tryIoctl(Request.VIDIOC_SUBSCRIBE_EVENT.number(), subscription) == 0;
    }
  }

  /** The oldest event that waits. */
  public Optional<V4l2Event> nextEvent() {
    try (Memory event = cleared(layout.eventSize())) {
      int error = descriptor.tryIoctl(Request.VIDIOC_DQEVENT.number(), event);
      return error == 0
          ? V4l2Event.of(event.getInt(0), event.getInt(layout.eventUnion()))
          : Optional.empty();
    }
  }

  /**
   * Says which part of the pictures that go into a device counts: the upper left.
   *
   * @throws NativeException if the device refuses
   */
  void crop(int width, int height) {
    try (Memory selection = cleared(V4l2Layout.Selection.SIZE)) {
      // Single-planar numbers stand for both kinds here.
      selection.setInt(0, BufferType.OUTPUT.number());
      selection.setInt(V4l2Layout.Selection.WIDTH, width);
      selection.setInt(V4l2Layout.Selection.HEIGHT, height);
      ioctl(Request.VIDIOC_S_SELECTION, selection);
      if (selection.getInt(V4l2Layout.Selection.WIDTH) != width
          || selection.getInt(V4l2Layout.Selection.HEIGHT) != height) {
        throw new NativeException(Request.VIDIOC_S_SELECTION.name(), path(), Errno.EINVAL.number());
      }
    }
  }

  /** Tells a stateful encoder that no more pictures come: it gives out what it still holds. */
  public void stopEncoder() {
    encoderCommand(1);
  }

  /** Lets a drained encoder take pictures again. */
  public void startEncoder() {
    encoderCommand(0);
  }

  /** Asks for buffers of a kind of memory; returns how many it granted. 0 frees them. */
  int requestBuffers(BufferType type, int count, int memory) {
    try (Memory request = cleared(V4l2Layout.RequestBuffers.SIZE)) {
      request.setInt(V4l2Layout.RequestBuffers.COUNT, count);
      request.setInt(V4l2Layout.RequestBuffers.TYPE, type.number());
      request.setInt(V4l2Layout.RequestBuffers.MEMORY, memory);
      ioctl(Request.VIDIOC_REQBUFS, request);
      return request.getInt(V4l2Layout.RequestBuffers.COUNT);
    }
  }

  /**
   * A descriptor of a buffer's memory that other devices can be given.
   *
   * @return the dmabuf, owned by the caller
   */
  Descriptor export(BufferType type, int index, int plane) {
    try (Memory export = cleared(V4l2Layout.ExportBuffer.SIZE)) {
      export.setInt(V4l2Layout.ExportBuffer.TYPE, type.number());
      export.setInt(V4l2Layout.ExportBuffer.INDEX, index);
      export.setInt(V4l2Layout.ExportBuffer.PLANE, plane);
      export.setInt(V4l2Layout.ExportBuffer.FLAGS, LibC.O_RDWR | LibC.O_CLOEXEC);
      ioctl(Request.VIDIOC_EXPBUF, export);
      return Descriptor.adopt(
          descriptor.libc(),
          path() + " buffer " + index,
          export.getInt(V4l2Layout.ExportBuffer.FD));
    }
  }

  void query(V4l2Buffer buffer) {
    ioctl(Request.VIDIOC_QUERYBUF, buffer.memory());
  }

  void queue(V4l2Buffer buffer) {
    ioctl(Request.VIDIOC_QBUF, buffer.memory());
  }

  /** Takes a filled buffer; returns the error number, 0 for none. */
  int tryDequeue(V4l2Buffer buffer) {
    return descriptor.tryIoctl(Request.VIDIOC_DQBUF.number(), buffer.memory());
  }

  void stream(BufferType type, boolean on) {
    try (Memory number = cleared(Integer.BYTES)) {
      number.setInt(0, type.number());
      ioctl(on ? Request.VIDIOC_STREAMON : Request.VIDIOC_STREAMOFF, number);
    }
  }

  Descriptor descriptor() {
    return descriptor;
  }

  /** Gives the device back. Its mappings stay until they are undone. */
  @Override
  public void close() {
    descriptor.close();
  }

  @Override
  public String toString() {
    return path() + " (" + capabilities.card() + ")";
  }

  /** Memory for an argument, all zero. */
  static Memory cleared(int bytes) {
    Memory memory = new Memory(bytes);
    memory.clear();
    return memory;
  }

  /** A text that ends with a NUL or with its field. */
  static String text(Memory memory, int at, int bytes) {
    byte[] field = memory.getByteArray(at, bytes);
    int length = 0;
    while (length < bytes && field[length] != 0) {
      length++;
    }
    return new String(field, 0, length, StandardCharsets.UTF_8);
  }

  private void encoderCommand(int command) {
    try (Memory argument = cleared(V4l2Layout.EncoderCommand.SIZE)) {
      argument.setInt(V4l2Layout.EncoderCommand.COMMAND, command);
      ioctl(Request.VIDIOC_ENCODER_CMD, argument);
    }
  }

  private V4l2Capabilities queryCapabilities() {
    try (Memory memory = cleared(V4l2Layout.Capability.SIZE)) {
      ioctl(Request.VIDIOC_QUERYCAP, memory);
      int own = memory.getInt(V4l2Layout.Capability.DEVICE_CAPS);
      return new V4l2Capabilities(
          text(memory, V4l2Layout.Capability.DRIVER, V4l2Layout.Capability.DRIVER_BYTES),
          text(memory, V4l2Layout.Capability.CARD, V4l2Layout.Capability.NAME_BYTES),
          text(memory, V4l2Layout.Capability.BUS, V4l2Layout.Capability.NAME_BYTES),
          own == 0 ? memory.getInt(V4l2Layout.Capability.CAPABILITIES) : own);
    }
  }

  private V4l2Format read(Memory format, BufferType type) {
    long at = layout.formatUnion();
    if (type.isMultiPlanar()) {
      return readMultiPlanar(format, at, type);
    }
    return new V4l2Format(
        type,
        format.getInt(at + V4l2Layout.Pix.WIDTH),
        format.getInt(at + V4l2Layout.Pix.HEIGHT),
        new FourCc(format.getInt(at + V4l2Layout.Pix.PIXEL_FORMAT)),
        format.getInt(at + V4l2Layout.Pix.COLORSPACE),
        format.getInt(at + V4l2Layout.Pix.QUANTIZATION),
        List.of(
            new V4l2Format.Plane(
                format.getInt(at + V4l2Layout.Pix.BYTES_PER_LINE),
                format.getInt(at + V4l2Layout.Pix.SIZE_IMAGE))));
  }

  private V4l2Format readMultiPlanar(Memory format, long at, BufferType type) {
    int count = format.getByte(at + V4l2Layout.PixMplane.NUM_PLANES) & 0xff;
    if (count < 1 || count > MAX_PLANES) {
      throw new NativeException(Request.VIDIOC_G_FMT.name(), path(), Errno.EINVAL.number());
    }
    List<V4l2Format.Plane> planes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long plane =
          at
              + V4l2Layout.PixMplane.PLANE_FORMATS
              + (long) i * V4l2Layout.PixMplane.PLANE_FORMAT_SIZE;
      planes.add(
          new V4l2Format.Plane(
              format.getInt(plane + V4l2Layout.PixMplane.PLANE_BYTES_PER_LINE),
              format.getInt(plane + V4l2Layout.PixMplane.PLANE_SIZE_IMAGE)));
    }
    return new V4l2Format(
        type,
        format.getInt(at + V4l2Layout.PixMplane.WIDTH),
        format.getInt(at + V4l2Layout.PixMplane.HEIGHT),
        new FourCc(format.getInt(at + V4l2Layout.PixMplane.PIXEL_FORMAT)),
        format.getInt(at + V4l2Layout.PixMplane.COLORSPACE),
        format.getByte(at + V4l2Layout.PixMplane.QUANTIZATION),
        planes);
  }

  private void ioctl(Request request, Pointer argument) {
    descriptor.ioctl(request.name(), request.number(), argument);
  }

  private void require(int error, Request request) {
    if (error != 0) {
      throw new NativeException(request.name(), path(), error);
    }
  }
}
