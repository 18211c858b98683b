package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.natives.libcamera.LibcameraDevice;
import io.github.raspberryspy.natives.libcamera.LibcameraDevice.Control;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets on an open, configured camera what an address asks for. */
final class LibcameraControls {

  private static final Logger log = LoggerFactory.getLogger(LibcameraControls.class);
  private static final String PACE = "FrameDurationLimits";
  private static final String CROP = "ScalerCrop";

  /** A rectangle as libcamera writes it: {@code (0, 0)/4608x2592}, once {@code (0x0)/4608x2592}. */
  private static final Pattern RECTANGLE =
      Pattern.compile("\\((-?\\d+)\\D+?(-?\\d+)\\)/(\\d+)x(\\d+)");

  private final LibcameraDevice device;
  private final LibcameraRequest request;
  private final Map<String, Control> offered;

  LibcameraControls(LibcameraDevice device, LibcameraRequest request) {
    this.device = device;
    this.request = request;
    this.offered =
        new TreeMap<>(
            device.controls().stream()
                .collect(Collectors.toMap(Control::name, Function.identity(), (a, b) -> a)));
  }

  /**
   * Sets all of it.
   *
   * @return the frames per second that are to be expected
   * @throws CameraException of kind INVALID, for a key that this camera cannot follow
   */
  double apply() {
    double fps = pace();
    for (LibcameraKeys.Setting setting : request.keys().settings()) {
      if (offered.containsKey(setting.control())) {
        requireRange(setting);
        device.set(setting.control(), setting.value());
      } else if (!setting.isOptional()) {
        throw lacks(setting.key(), setting.control());
      }
    }
    request.keys().region().ifPresent(this::crop);
    return fps;
  }

  private double pace() {
    Control limits = offered.get(PACE);
    if (limits == null) {
      log.info("camera {} keeps a pace of its own", device.id());
      return request.fps();
    }
    double fps = request.fps();
    double fastest = 1e6 / Math.max(1, number(limits.least(), 1));
    if (fps > fastest * 1.001) {
      log.warn(
          "camera {} gives at most {} pictures a second at this size, not {}",
          device.id(),
          Math.round(fastest * 100) / 100.0,
          fps);
      fps = fastest;
    }
    long us = Math.round(1e6 / fps);
    device.set(PACE, us + "," + us);
    return fps;
  }

  private void requireRange(LibcameraKeys.Setting setting) {
    Control control = offered.get(setting.control());
    double value = number(setting.value(), Double.NaN);
    double least = number(control.least(), Double.NEGATIVE_INFINITY);
    double most = number(control.most(), Double.POSITIVE_INFINITY);
    if (value < least || value > most) {
      throw new CameraException(
          Kind.INVALID,
          "source "
              + request.uri()
              + ": key \""
              + setting.key()
              + "\" is \""
              + request.uri().text(setting.key(), "")
              + "\"; camera "
              + device.id()
              + " takes "
              + setting.control()
              + " from "
              + control.least()
              + " to "
              + control.most());
    }
  }

  private void crop(LibcameraKeys.Region region) {
    Control crop = offered.get(CROP);
    if (crop == null) {
      throw lacks("roi", CROP);
    }
    Matcher most = RECTANGLE.matcher(crop.most());
    if (!most.find()) {
      throw lacks("roi", CROP + " with a size");
    }
    long width = Long.parseLong(most.group(3));
    long height = Long.parseLong(most.group(4));
    device.set(
        CROP,
        Long.parseLong(most.group(1))
            + Math.round(region.x() * width)
            + ","
            + (Long.parseLong(most.group(2)) + Math.round(region.y() * height))
            + ","
            + Math.max(1, Math.round(region.width() * width))
            + ","
            + Math.max(1, Math.round(region.height() * height)));
  }

  private CameraException lacks(String key, String control) {
    return new CameraException(
        Kind.INVALID,
        "source "
            + request.uri()
            + ": key \""
            + key
            + "\" needs the control "
            + control
            + ", which camera "
            + device.id()
            + " lacks; it has "
            + (offered.isEmpty() ? "none" : String.join(", ", offered.keySet())));
  }

  private static double number(String text, double fallback) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return fallback; // a limit that is no number, such as "true", limits nothing here
    }
  }
}
