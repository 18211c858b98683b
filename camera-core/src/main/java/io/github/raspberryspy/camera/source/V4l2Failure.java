package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libc.NativeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What an error number of a camera means for whoever uses it. */
final class V4l2Failure {

  private V4l2Failure() {}

  /**
   * A camera could not be opened or set up.
   *
   * @param users who has it open, as far as is known
   */
  static CameraException onOpen(String path, NativeException e, List<String> users) {
    String camera = "camera " + path;
    return switch (e.errno().orElse(Errno.EIO)) {
      case ENOENT, ENXIO, ENODEV, ENOTDIR ->
          failure(Kind.DEVICE_ABSENT, camera + " cannot be opened: it is not there", e);
      case EACCES, EPERM ->
          failure(
              Kind.DEVICE_ABSENT,
              camera
                  + " cannot be opened: this user may not; members of its group (mostly \"video\")"
                  + " may",
              e);
      case EBUSY ->
          failure(
              Kind.DEVICE_BUSY,
              camera
                  + " is in use by "
                  + (users.isEmpty() ? "another program" : String.join(", ", users)),
              e);
      case ENOTTY -> failure(Kind.INVALID, camera + " is no video device", e);
      case ENOMEM -> failure(Kind.DEVICE_BUSY, camera + " finds no memory for its pictures", e);
      default -> failure(Kind.DEVICE_ABSENT, camera + " cannot be opened: " + e.getMessage(), e);
    };
  }

  /** A camera failed while it delivered. */
  static CameraException onRead(String path, NativeException e) {
    boolean hasGone =
        e.errno().filter(n -> n == Errno.ENODEV || n == Errno.ENXIO).isPresent()
            || !Files.exists(Path.of(path));
    return hasGone
        ? failure(Kind.DEVICE_ABSENT, "camera " + path + " has gone", e)
        : failure(Kind.DEVICE_TIMEOUT, "camera " + path + " broke off: " + e.getMessage(), e);
  }

  private static CameraException failure(Kind kind, String sentence, NativeException e) {
    return new CameraException(kind, sentence, e);
  }
}
