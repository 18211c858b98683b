package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.natives.v4l2.V4l2Control;
import io.github.raspberryspy.natives.v4l2.V4l2Controls;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a camera's controls are to stand: {@code brightness:128,auto_exposure:Manual Mode}, set in
 * this order.
 *
 * @param values each with a number, or the name of a menu's item, by the control's key
 */
record V4l2Settings(Map<String, String> values) {

  /**
   * Reads them.
   *
   * @throws CameraException of kind INVALID
   */
  static V4l2Settings parse(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int colon = pair.indexOf(':');
      if (colon < 1 || colon == pair.length() - 1) {
        throw new CameraException(
            Kind.INVALID, "key \"controls\" has \"" + pair + "\"; it reads NAME:VALUE,NAME:VALUE");
      }
      values.put(pair.substring(0, colon).strip(), pair.substring(colon + 1).strip());
    }
    return new V4l2Settings(values);
  }

  /**
   * Sets them.
   *
   * @param camera its name, for messages
   * @throws CameraException of kind INVALID, which says what there is and what is allowed
   */
  void apply(V4l2Controls controls, String camera) {
    values.forEach(
        (key, value) -> {
          V4l2Control control =
              controls.find(key).orElseThrow(() -> unknown(controls, camera, key));
          if (!control.isWritable() || !hasNumber(control)) {
            throw new CameraException(
                Kind.INVALID,
                camera
                    + " does not let its control \""
                    + key
                    + "\" be set: it is fixed, or another that makes it automatic comes first");
          }
          controls.set(control, number(control, value, camera));
        });
  }

  private static boolean hasNumber(V4l2Control control) {
    return switch (control.type()) {
      case INTEGER, INTEGER64, BOOLEAN, MENU, INTEGER_MENU, BITMASK -> true;
      default -> false;
    };
  }

  private static long number(V4l2Control control, String value, String camera) {
    for (Map.Entry<Integer, String> item : control.menu().entrySet()) {
      if (item.getValue().equalsIgnoreCase(value)) {
        return item.getKey();
      }
    }
    try {
      long number = Long.parseLong(value);
      boolean isAllowed =
          control.menu().isEmpty()
              ? number >= control.minimum() && number <= control.maximum()
              : control.menu().containsKey((int) number);
      if (isAllowed) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, as a number that is out of range is
    }
    throw new CameraException(
        Kind.INVALID,
        camera
            + ": control \""
            + control.key()
            + "\" is \""
            + value
            + "\"; allowed is "
            + (control.menu().isEmpty()
                ? control.minimum() + " to " + control.maximum()
                : control.menu().values().stream().sorted().collect(Collectors.joining(", "))));
  }

  private static CameraException unknown(V4l2Controls controls, String camera, String key) {
    String known =
        controls.list().stream()
            .filter(V4l2Settings::hasNumber)
            .map(V4l2Control::key)
            .collect(Collectors.joining(", "));
    return new CameraException(
        Kind.INVALID,
        camera + " has no control \"" + key + "\"; it has " + (known.isEmpty() ? "none" : known));
  }
}
