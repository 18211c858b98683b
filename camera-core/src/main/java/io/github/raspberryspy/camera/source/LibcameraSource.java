package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.Frame;
import io.github.raspberryspy.natives.libcamera.LibcameraDevice;
import io.github.raspberryspy.natives.libcamera.LibcameraDevice.Completion;
import io.github.raspberryspy.natives.libcamera.LibcameraException;
import io.github.raspberryspy.natives.libcamera.LibcameraShim;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A camera of libcamera, such as those on a Raspberry Pi's ribbon connectors: {@code
 * libcamera://0?size=1920x1080&fps=30&lores=640x360}.
 *
 * <p>Frames are handles to the camera's own buffers: nothing is copied, and the last close of a
 * frame gives its buffer back. A camera that completes nothing for two seconds ends the run, and
 * the pipeline starts another one.
 */
final class LibcameraSource implements CameraSource {

  private static final Logger log = LoggerFactory.getLogger(LibcameraSource.class);
  private static final int WAIT_MILLIS = 400;

  /** A camera takes its time to start; afterwards pictures come steadily. */
  private static final long FIRST_PATIENCE_NANOS = 5_000_000_000L;

  private static final long PATIENCE_NANOS = 2_000_000_000L;

  private final LibcameraRequest request;
  private final Function<String, LibcameraDevice> devices;
  private final long firstPatienceNanos;
  private final long patienceNanos;
  private volatile LibcameraDevice device; // written by open, read by stop
  private volatile boolean stopped; // set by any thread
  private LibcameraFrames frames;
  private boolean hasBegun;
  private long firstSequence;
  private long nextSequence;
  private long firstStamp;
  private long clockOffset; // from the camera's stamps to System.nanoTime
  private long lastUs = -1;
  private long completedNanos; // when the latest request came back, or could not have

  private LibcameraSource(
      LibcameraRequest request,
      Function<String, LibcameraDevice> devices,
      long firstPatienceNanos,
      long patienceNanos) {
    this.request = request;
    this.devices = devices;
    this.firstPatienceNanos = firstPatienceNanos;
    this.patienceNanos = patienceNanos;
  }

  /** The source that an address names. */
  static CameraSource of(SourceUri uri) {
    return of(uri, LibcameraSource::openReal, FIRST_PATIENCE_NANOS, PATIENCE_NANOS);
  }

  static CameraSource of(
      SourceUri uri, Function<String, LibcameraDevice> devices, long firstPatience, long patience) {
    LibcameraRequest request = LibcameraRequest.of(uri);
    long exposed = 3 * request.exposureNanos(); // pictures come no faster than they are exposed
    return new LibcameraSource(request, devices, firstPatience + exposed, patience + exposed);
  }

  @Override
  public StreamInfo open() {
    if (device != null) {
      throw new IllegalStateException("the source is open already");
    }
    device = openDevice();
    try {
      StreamInfo info = configure();
      device.start();
      completedNanos = System.nanoTime();
      return info;
    } catch (LibcameraException e) {
      throw failed(e);
    }
  }

  @Override
  public boolean deliver(Receiver receiver) {
    if (isStopped()) {
      return false;
    }
    try {
      Optional<Completion> next = device.next();
      if (next.isEmpty()) {
        device.await(WAIT_MILLIS);
        next = isStopped() ? Optional.empty() : device.next();
      }
      if (next.isPresent()) {
        completedNanos = System.nanoTime();
        take(next.get(), receiver);
      } else if (!isStopped()) {
        requireCompletion();
      }
    } catch (LibcameraException e) {
      throw failed(e);
    }
    return !isStopped();
  }

  @Override
  public void stop() {
    stopped = true;
    LibcameraDevice opened = device;
    if (opened != null) {
      try {
        opened.wake();
      } catch (LibcameraException e) {
        log.debug("camera {} was closed meanwhile", request.camera(), e);
      }
    }
  }

  /** Gives the camera back at once, and its memory when the last frame is closed. */
  @Override
  public void close() {
    stopped = true;
    if (device == null) {
      return;
    }
    try {
      device.release();
    } catch (LibcameraException e) {
      log.warn("camera {} was not given back properly: {}", request.camera(), e.getMessage());
    }
    if (frames != null) {
      frames.close();
    } else {
      device.close();
    }
  }

  private boolean isStopped() {
    return stopped || Thread.currentThread().isInterrupted();
  }

  private LibcameraDevice openDevice() {
    try {
      return devices.apply(request.camera());
    } catch (LibcameraException e) {
      throw failed(e);
    }
  }

  private static LibcameraDevice openReal(String which) {
    LibcameraShim shim;
    try {
      shim = LibcameraShim.load();
    } catch (LibcameraException e) {
      throw new CameraException(Kind.INVALID, e.getMessage(), e);
    }
    return shim.open(which);
  }

  private StreamInfo configure() {
    List<LibcameraDevice.Stream> granted = device.configure(request.ask());
    LibcameraDevice.Stream main = granted.get(0);
    if (main.width() != request.width() || main.height() != request.height()) {
      log.warn(
          "camera {} gives pictures of {}x{}, not {}x{}",
          device.id(),
          main.width(),
          main.height(),
          request.width(),
          request.height());
    }
    double fps = new LibcameraControls(device, request).apply();
    frames = new LibcameraFrames(device, request, granted);
    return new StreamInfo(
        false,
        true,
        main.width(),
        main.height(),
        fps,
        Optional.of(frames.imageFormat()),
        List.of());
  }

  private void take(Completion completion, Receiver receiver) {
    switch (completion.status()) {
      case GOOD -> frame(completion, receiver);
      case STARTUP -> {
        device.requeue(completion.buffer());
        nextSequence = completion.sequence() + 1;
      }
      case DAMAGED -> {
        device.requeue(completion.buffer());
        lose(completion, 1, receiver);
      }
      case CANCELLED ->
          throw new CameraException(
              Kind.DEVICE_TIMEOUT, "camera " + device.id() + " gave up in the middle of a picture");
    }
  }

  private void frame(Completion completion, Receiver receiver) {
    begin(completion);
    lose(completion, 0, receiver);
    lastUs = Math.max(lastUs + 1, (completion.timestampNanos() - firstStamp) / 1000);
    long number = completion.sequence() - firstSequence;
    long nanos = firstStamp + clockOffset + lastUs * 1000;
    try (Frame frame = frames.publish(completion.buffer(), number, lastUs, nanos)) {
      receiver.onFrame(frame);
    }
  }

  private void begin(Completion completion) {
    if (hasBegun) {
      return;
    }
    hasBegun = true;
    firstSequence = completion.sequence();
    nextSequence = firstSequence;
    firstStamp = completion.timestampNanos();
    // The kernel's monotonic clock is Java's. A driver with another one is tied to it here.
    long now = System.nanoTime();
    clockOffset = Math.abs(now - firstStamp) < PATIENCE_NANOS ? 0 : now - firstStamp;
  }

  /** Reports what is missing before this picture, and the picture itself where it is damaged. */
  private void lose(Completion completion, long damaged, Receiver receiver) {
    long missing = hasBegun ? Math.max(0, completion.sequence() - nextSequence) : 0;
    nextSequence = completion.sequence() + 1;
    if (missing + damaged > 0) {
      receiver.onLost(missing + damaged);
    }
  }

  private void requireCompletion() {
    long now = System.nanoTime();
    if (frames.areAllHeld()) {
      completedNanos = now; // the camera waits for us, not we for it
    }
    long patience = hasBegun ? patienceNanos : firstPatienceNanos;
    if (now - completedNanos > patience) {
      throw new CameraException(
          Kind.DEVICE_TIMEOUT,
          "camera " + device.id() + " has sent no picture for " + patience / 1_000_000 + " ms");
    }
  }

  private CameraException failed(LibcameraException e) {
    Kind kind =
        e.errno()
            .map(
                errno ->
                    switch (errno) {
                      case ENODEV -> Kind.DEVICE_ABSENT;
                      case EBUSY -> Kind.DEVICE_BUSY;
                      case EINVAL -> Kind.FORMAT_UNSUPPORTED;
                      case ENOENT -> Kind.INVALID;
                      default -> Kind.DEVICE_TIMEOUT;
                    })
            .orElse(Kind.DEVICE_TIMEOUT);
    return new CameraException(kind, e.getMessage(), e);
  }
}
