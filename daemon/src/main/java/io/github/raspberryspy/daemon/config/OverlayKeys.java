package io.github.raspberryspy.daemon.config;

import io.github.raspberryspy.camera.overlay.OverlayConfig;
import io.github.raspberryspy.segments.Box;
import java.util.List;
import java.util.Optional;

/** The keys of what is burnt into the picture. */
public final class OverlayKeys {

  static final ConfigKey<Boolean> TIME =
      ConfigKey.flag("overlay.time", "Whether date and time are burnt into the picture.", false);

  static final ConfigKey<String> TEXT =
      new ConfigKey<>(
          "overlay.text",
          "A text that is burnt into the picture; empty for none.",
          Optional.of(""),
          "at most " + OverlayConfig.LONGEST_TEXT + " " + OverlayConfig.ALLOWED,
          text -> OverlayConfig.none().text(text).text());

  /** What is made black. */
  public static final ConfigKey<List<Box>> MASKS =
      MotionKeys.boxes("privacy.masks", "Parts of the picture that are made black.");

  private OverlayKeys() {}

  /** What is burnt in. */
  static OverlayConfig config(Settings settings) {
    return new OverlayConfig(
        settings.get(TIME), settings.get(TEXT), settings.get(MASKS), List.of());
  }

  /**
   * Areas from the text of a key or an option.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static List<Box> masks(String text) {
    return MASKS.reader().apply(text);
  }
}
