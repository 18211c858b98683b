package io.github.raspberryspy.camera.overlay;

import io.github.raspberryspy.segments.Box;
import io.github.raspberryspy.segments.Polygon;
import java.text.Normalizer;
import java.util.List;

/**
 * What is burnt into every recorded picture and every snapshot. Immutable; each method returns a
 * changed copy. Anything but {@link #none} costs a copy of each frame before the encoder.
 *
 * @param time whether the local date and time stand in the picture, top left
 * @param text stands below it; at most {@value #LONGEST_TEXT} characters of those that the built-in
 *     letters have; empty for none
 * @param masks areas that are made black, in shares of the picture; at most {@value #MOST_MASKS}
 * @param shapes further areas that are made black, of any shape; at most {@value #MOST_MASKS}
 */
public record OverlayConfig(boolean time, String text, List<Box> masks, List<Polygon> shapes) {

  /** The longest text, characters. */
  public static final int LONGEST_TEXT = 64;

  /** The most privacy masks. */
  public static final int MOST_MASKS = 32;

  /** Which characters a text may have. */
  public static final String ALLOWED =
      "Latin, Greek and Cyrillic letters, digits, spaces and signs like .,:;-+/#()[]!?'\"&@%*=°§€";

  private static final OverlayConfig NONE = new OverlayConfig(false, "", List.of(), List.of());

  /** Composes accents that come apart from their letters, checks the text, copies the lists. */
  public OverlayConfig {
    text = Normalizer.normalize(text, Normalizer.Form.NFC);
    masks = List.copyOf(masks);
    shapes = List.copyOf(shapes);
    if (text.length() > LONGEST_TEXT || !text.chars().allMatch(c -> OverlayFont.has((char) c))) {
      throw new IllegalArgumentException(
          "overlay text \"" + text + "\" is not of at most 64 " + ALLOWED);
    }
    if (Math.max(masks.size(), shapes.size()) > MOST_MASKS) {
      throw new IllegalArgumentException(
          Math.max(masks.size(), shapes.size())
              + " privacy masks; at most "
              + MOST_MASKS
              + " are allowed");
    }
  }

  /** Nothing: frames go to the encoder as they are. */
  public static OverlayConfig none() {
    return NONE;
  }

  /** With the time or without. */
  public OverlayConfig time(boolean isShown) {
    return new OverlayConfig(isShown, text, masks, shapes);
  }

  /** With this text. */
  public OverlayConfig text(String newText) {
    return new OverlayConfig(time, newText, masks, shapes);
  }

  /** With these areas black. */
  public OverlayConfig masks(List<Box> newMasks) {
    return new OverlayConfig(time, text, newMasks, shapes);
  }

  /** With these areas of any shape black. */
  public OverlayConfig shapes(List<Polygon> newShapes) {
    return new OverlayConfig(time, text, masks, newShapes);
  }

  /** Whether there is nothing to burn in. */
  public boolean isEmpty() {
    return !time && text.isEmpty() && masks.isEmpty() && shapes.isEmpty();
  }
}
