package io.github.raspberryspy.natives.v4l2;

import com.sun.jna.Pointer;
import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.libc.NativeException;
import io.github.raspberryspy.natives.libc.PollSet;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Pictures through a hardware encoder: raw ones in, coded ones out, each with its time.
 *
 * <pre>
 *   raw picture ─► OUTPUT queue ─► encoder ─► CAPTURE queue ─► coded picture
 *                  copied into the device's buffers, or another device's memory, not copied
 * </pre>
 *
 * <p>For one thread. Source: the kernel's documentation, "Memory-to-Memory Stateful Video Encoder
 * Interface".
 */
public final class EncoderQueue implements AutoCloseable {

  private static final int DMABUF = 4;
  private static final int CODED_BUFFERS = 4;

  private final V4l2Device device;
  private final V4l2Format raw;
  private final V4l2Format coded;
  private final PollSet poll;
  private final V4l2Buffer input;
  private final V4l2Buffer output;
  private final ArrayDeque<Integer> freeInputs = new ArrayDeque<>();
  private MappedBuffers outputs; // the coded ones; once started
  private MappedBuffers inputs; // the raw ones, where pictures are copied
  private boolean isImporting;
  private int places; // for raw pictures
  private boolean isStreaming;
  private boolean isDrained;

  /** Takes what an encoder gives. */
  public interface Receiver {

    /**
     * A coded picture.
     *
     * @param data the receiver's own
     * @param ptsUs the time of the raw one
     */
    void onCoded(byte[] data, long ptsUs);

    /**
     * A coded picture that the device calls damaged; its content is left out. What follows builds
     * on it until the next keyframe.
     */
    void onDamaged();

    /** The raw picture in this place has been read: its memory may be used again. */
    void onReturned(int place);
  }

  /**
   * What is to be encoded into what.
   *
   * @param codec of the stream
   * @param pixels of the pictures that go in
   * @param width pixels across
   * @param height pixels down
   * @param interval from one picture to the next
   * @param codedBytes room for one coded picture
   */
  public record Job(
      FourCc codec, FourCc pixels, int width, int height, Interval interval, int codedBytes) {}

  private EncoderQueue(V4l2Device device, V4l2Format raw, V4l2Format coded) {
    this.device = device;
    this.raw = raw;
    this.coded = coded;
    this.poll = new PollSet(device.descriptor().libc(), device.path(), 1);
    this.input = new V4l2Buffer(raw.type(), raw.planes().size());
    this.output = new V4l2Buffer(coded.type(), coded.planes().size());
  }

  /**
   * Sets an encoder up. Controls are set next, then {@link #reserve} finds out whether it has room.
   *
   * @param device open as long as the queue; not owned
   * @throws NativeException if the device refuses, or grants another codec, format or size
   */
  public static EncoderQueue prepare(V4l2Device device, Job job) {
    BufferType rawType =
        device
            .capabilities()
            .memToMemType()
            .orElseThrow(() -> refused(device, Request.VIDIOC_QUERYCAP, Errno.ENOTTY));
    BufferType codedType = rawType.opposite();
    V4l2Format coded =
        device.setFormat(codedType, job.codec(), job.width(), job.height(), job.codedBytes());
    V4l2Format raw = device.setFormat(rawType, job.pixels(), job.width(), job.height(), 0);
    if (!coded.pixels().equals(job.codec()) || !raw.pixels().equals(job.pixels())) {
      throw refused(device, Request.VIDIOC_S_FMT, Errno.EINVAL);
    }
    if (raw.width() != job.width() || raw.height() != job.height()) {
      device.crop(job.width(), job.height());
    }
    device.setInterval(rawType, job.interval());
    return new EncoderQueue(device, raw, device.format(codedType));
  }

  /**
   * Takes what the encoder needs of its device: one that is out of memory, or has too many users,
   * says so now and not with the first picture.
   *
   * @throws NativeException if the device refuses
   */
  public void reserve() {
    outputs = MappedBuffers.allocate(device, coded, CODED_BUFFERS);
  }

  /** How the pictures that go in must lie: the granted stride and height, which may be larger. */
  public V4l2Format raw() {
    return raw;
  }

  /**
   * Starts with buffers of the device's own, into which pictures are copied. After {@link
   * #reserve}.
   *
   * @throws NativeException if the device refuses
   */
  public void startCopying(int count) {
    inputs = MappedBuffers.allocate(device, raw, count);
    start(inputs.count());
  }

  /**
   * Starts with room for pictures that stay in another device's memory. After {@link #reserve}.
   *
   * @throws NativeException if the device refuses: once this is closed, another may copy
   */
  public void startImporting(int count) {
    int granted = device.requestBuffers(raw.type(), count, DMABUF);
    isImporting = true;
    start(granted);
  }

  /** A free place for a picture, if there is one now. */
  public OptionalInt freeInput() {
    return freeInputs.isEmpty() ? OptionalInt.empty() : OptionalInt.of(freeInputs.peek());
  }

  /** Number of pictures that the device has taken and not given back. */
  public int pending() {
    return places - freeInputs.size();
  }

  /** Address of a plane of a free place, to copy into. */
  public long inputAddress(int index, int plane) {
    return inputs.address(index, plane);
  }

  /**
   * Encodes what was copied into a free place.
   *
   * @throws NativeException if the device refuses
   */
  public void queueCopied(int index, long ptsUs) {
    input.reset(index, MappedBuffers.MMAP);
    for (int i = 0; i < raw.planes().size(); i++) {
      input.setBytes(i, raw.planes().get(i).sizeBytes(), inputs.length(index, i));
    }
    queue(index, ptsUs);
  }

  /**
   * Encodes a picture where it is. Its memory must stay as it is until {@link #exchange} gives the
   * place back.
   *
   * @param dmabufs a descriptor for each plane of {@link #raw}
   * @throws NativeException if the device refuses; the place is free still
   */
  public void queueImported(int index, int[] dmabufs, long ptsUs) {
    input.reset(index, DMABUF);
    for (int i = 0; i < raw.planes().size(); i++) {
      int bytes = raw.planes().get(i).sizeBytes();
      input.setBytes(i, bytes, bytes);
      input.setDmabuf(i, dmabufs[i]);
    }
    queue(index, ptsUs);
  }

  /** Says that no picture follows: {@link #isDrained} once all coded ones are out. */
  public void drain() {
    device.stopEncoder();
  }

  /** Whether everything that went in has come out, after {@link #drain}. */
  public boolean isDrained() {
    return isDrained;
  }

  /**
   * Waits until the device has something to give, and takes all it has.
   *
   * @param timeoutMillis how long to wait at the most
   * @return whether anything came
   * @throws NativeException if the device fails
   */
  public boolean exchange(int timeoutMillis, Receiver receiver) {
    if (!isStreaming || !poll.await(timeoutMillis)) {
      return false;
    }
    boolean any = false;
    while (dequeue(input, isImporting ? DMABUF : MappedBuffers.MMAP)) {
      freeInputs.add(input.index());
      receiver.onReturned(input.index());
      any = true;
    }
    while (!isDrained && dequeue(output, MappedBuffers.MMAP)) {
      take(receiver);
      any = true;
    }
    return any;
  }

  /** Stops the device and gives its memory back; what it still held is lost. */
  @Override
  public void close() {
    if (isStreaming) {
      isStreaming = false;
      streamOff(raw.type());
      streamOff(coded.type());
    }
    if (isImporting) {
      isImporting = false;
      forgetImports();
    }
    for (MappedBuffers buffers : Arrays.asList(inputs, outputs)) {
      if (buffers != null) {
        buffers.releaseAll();
        buffers.free();
      }
    }
    inputs = null;
    outputs = null;
  }

  private void start(int granted) {
    places = granted;
    for (int i = 0; i < places; i++) {
      freeInputs.add(i);
    }
    for (int i = 0; i < outputs.count(); i++) {
      device.queue(output.reset(i, MappedBuffers.MMAP));
    }
    isStreaming = true;
    device.stream(raw.type(), true);
    device.stream(coded.type(), true);
    poll.watch(0, device.descriptor(), LibC.POLLIN | LibC.POLLOUT);
  }

  private void queue(int index, long ptsUs) {
    input.setTimestampUs(ptsUs);
    device.queue(input);
    freeInputs.remove(index);
  }

  private boolean dequeue(V4l2Buffer buffer, int memoryKind) {
    int error = device.tryDequeue(buffer.reset(0, memoryKind));
    if (error == Errno.EPIPE.number()) { // the last coded picture is out already
      isDrained = true;
      return false;
    }
    if (error != 0 && error != Errno.EAGAIN.number()) {
      throw new NativeException(Request.VIDIOC_DQBUF.name(), device.path(), error);
    }
    return error == 0;
  }

  private void take(Receiver receiver) {
    int index = output.index();
    int from = output.dataOffset(0);
    int bytes = output.bytesUsed(0) - from;
    isDrained = output.isLast();
    if (output.isDamaged() || from < 0 || output.bytesUsed(0) > outputs.length(index, 0)) {
      receiver.onDamaged();
    } else if (bytes > 0) {
      byte[] data = new Pointer(outputs.address(index, 0)).getByteArray(from, bytes);
      receiver.onCoded(data, output.timestampNanos() / 1000);
    }
    if (!isDrained) {
      device.queue(output.reset(index, MappedBuffers.MMAP));
    }
  }

  /** Other devices' memory is held by the place that it was last queued in. */
  private void forgetImports() {
    try {
      device.requestBuffers(raw.type(), 0, DMABUF);
    } catch (NativeException e) {
      // Gone: closing the device does what remains.
    }
  }

  private void streamOff(BufferType type) {
    try {
      device.stream(type, false);
    } catch (NativeException e) {
      // A device that has gone streams no more.
    }
  }

  private static NativeException refused(V4l2Device device, Request request, Errno errno) {
    return new NativeException(request.name(), device.path(), errno.number());
  }
}
