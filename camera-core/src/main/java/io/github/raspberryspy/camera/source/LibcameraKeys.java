package io.github.raspberryspy.camera.source;

import static java.util.stream.Collectors.joining;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a camera of libcamera is to take its pictures: the keys that {@code libcamera:} and {@code
 * rpicam:} have in common, as libcamera's controls and as arguments of {@code rpicam-vid}.
 *
 * <p>Source: libcamera {@code src/libcamera/control_ids_core.yaml}, rpicam-apps {@code
 * core/options.cpp}.
 */
final class LibcameraKeys {

  /** The keys that are read here. */
  private static final String[] NAMES = {
    "exposure",
    "gain",
    "ev",
    "awb",
    "af",
    "lens",
    "hdr",
    "flicker",
    "noise",
    "brightness",
    "contrast",
    "saturation",
    "sharpness",
    "roi"
  };

  private static final List<String> AWB =
      List.of("auto", "incandescent", "tungsten", "fluorescent", "indoor", "daylight", "cloudy");
  private static final List<String> AF = List.of("manual", "auto", "continuous");

  /** HdrMode; what is not in libcamera is the sensor's own, which rpicam-vid sets by itself. */
  private static final Map<String, String> HDR_CONTROL =
      ordered("off", "0", "single", "3", "multi", "2", "night", "4");

  private static final Map<String, String> HDR_ARGUMENT =
      ordered("off", "off", "auto", "auto", "sensor", "sensor", "single", "single-exp");
  private static final Map<String, String> FLICKER_US = ordered("50", "10000", "60", "8333");
  private static final Map<String, String> NOISE_CONTROL =
      ordered("off", "0", "fast", "1", "high", "2");
  private static final Map<String, String> NOISE_ARGUMENT =
      ordered("off", "off", "fast", "cdn_fast", "high", "cdn_hq");

  /**
   * A control to be set.
   *
   * @param key that asks for it, for messages
   * @param control libcamera's name
   * @param value libcamera's form
   * @param isOptional whether a camera without it does the same anyway
   */
  record Setting(String key, String control, String value, boolean isOptional) {}

  /** A part of the picture; fractions of its width and height. */
  record Region(double x, double y, double width, double height) {}

  private final SourceUri uri;
  private final List<Setting> settings = new ArrayList<>();
  private final List<String> arguments = new ArrayList<>();
  private Region region;

  private LibcameraKeys(SourceUri uri) {
    this.uri = uri;
  }

  /** Reads the keys for libcamera itself. */
  static LibcameraKeys forControls(SourceUri uri) {
    return new LibcameraKeys(uri).read(HDR_CONTROL);
  }

  /** Reads the keys for {@code rpicam-vid}. */
  static LibcameraKeys forArguments(SourceUri uri) {
    return new LibcameraKeys(uri).read(HDR_ARGUMENT);
  }

  /** These keys and more, for {@link SourceUri#requireOnly}. */
  static String[] and(String... more) {
    return Stream.concat(Arrays.stream(NAMES), Arrays.stream(more)).toArray(String[]::new);
  }

  /** A word out of a list. */
  static String oneOf(SourceUri uri, String key, String fallback, Iterable<String> allowed) {
    String value = uri.text(key, fallback);
    for (String word : allowed) {
      if (word.equals(value)) {
        return value;
      }
    }
    throw wrong(uri, key, value, "one of " + String.join(", ", allowed));
  }

  /** The camera's number or name: what stands where an address has its host. */
  static String camera(SourceUri uri) {
    String text = uri.text();
    String rest = text.substring(text.indexOf(':') + 1).replaceFirst("^//", "");
    int end = rest.indexOf('?');
    String name = end < 0 ? rest : rest.substring(0, end);
    // A plus sign is one here, and not a space as in a form.
    return name.isEmpty()
        ? "0"
        : URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** The controls that the keys ask for. */
  List<Setting> settings() {
    return settings;
  }

  /** The arguments that the keys ask for. */
  List<String> arguments() {
    return arguments;
  }

  /** The part of the picture that is filmed, where not all of it is. */
  Optional<Region> region() {
    return Optional.ofNullable(region);
  }

  private LibcameraKeys read(Map<String, String> hdr) {
    exposure();
    number("ev", "ExposureValue", "--ev", -8, 8);
    white();
    focus();
    hdr(hdr);
    flicker();
    noise();
    number("brightness", "Brightness", "--brightness", -1, 1);
    number("contrast", "Contrast", "--contrast", 0, 32);
    number("saturation", "Saturation", "--saturation", 0, 32);
    number("sharpness", "Sharpness", "--sharpness", 0, 16);
    readRegion();
    return this;
  }

  private void exposure() {
    if (has("exposure")) {
      int us = uri.integer("exposure", 0, 1, 200_000_000);
      mode("exposure", "ExposureTimeMode", "1");
      set("exposure", "ExposureTime", Integer.toString(us));
      argue("--shutter", Integer.toString(us));
    }
    if (has("gain")) {
      double gain = uri.decimal("gain", 1, 1, 64);
      mode("gain", "AnalogueGainMode", "1");
      set("gain", "AnalogueGain", text(gain));
      argue("--gain", text(gain));
    }
  }

  private void white() {
    if (has("awb")) {
      String mode = oneOf(uri, "awb", "auto", AWB);
      mode("awb", "AwbEnable", "true");
      set("awb", "AwbMode", Integer.toString(AWB.indexOf(mode)));
      argue("--awb", mode);
    }
  }

  private void focus() {
    if (has("lens")) {
      double dioptres = uri.decimal("lens", 0, 0, 32);
      if (!uri.text("af", "manual").equals("manual")) {
        throw wrong(uri, "af", uri.text("af", ""), "manual, for key \"lens\" is set");
      }
      set("lens", "AfMode", "0");
      set("lens", "LensPosition", text(dioptres));
      argue("--lens-position", text(dioptres));
    } else if (has("af")) {
      String mode = oneOf(uri, "af", "continuous", AF);
      set("af", "AfMode", Integer.toString(AF.indexOf(mode)));
      if (mode.equals("auto")) {
        set("af", "AfTrigger", "0"); // start: once, then it stays
      }
      argue("--autofocus-mode", mode);
    }
  }

  private void hdr(Map<String, String> forms) {
    if (has("hdr")) {
      String form = forms.get(oneOf(uri, "hdr", "off", forms.keySet()));
      set("hdr", "HdrMode", form);
      argue("--hdr", form);
    }
  }

  private void flicker() {
    if (has("flicker")) {
      String hertz = oneOf(uri, "flicker", "off", List.of("off", "50", "60"));
      if (hertz.equals("off")) {
        mode("flicker", "AeFlickerMode", "0");
      } else {
        set("flicker", "AeFlickerMode", "1");
        set("flicker", "AeFlickerPeriod", FLICKER_US.get(hertz));
        argue("--flicker-period", FLICKER_US.get(hertz) + "us");
      }
    }
  }

  private void noise() {
    if (has("noise")) {
      String word = oneOf(uri, "noise", "fast", NOISE_CONTROL.keySet());
      set("noise", "NoiseReductionMode", NOISE_CONTROL.get(word));
      argue("--denoise", NOISE_ARGUMENT.get(word));
    }
  }

  private void number(String key, String control, String argument, double min, double max) {
    if (has(key)) {
      String value = text(uri.decimal(key, 0, min, max));
      set(key, control, value);
      argue(argument, value);
    }
  }

  private void readRegion() {
    if (!has("roi")) {
      return;
    }
    String value = uri.text("roi", "");
    String allowed = "X,Y,WIDTH,HEIGHT as fractions of the picture, such as 0.25,0.25,0.5,0.5";
    String[] parts = value.split(",", -1);
    double[] numbers = new double[4];
    try {
      for (int i = 0; i < 4 && parts.length == 4; i++) {
        numbers[i] = Double.parseDouble(parts[i]);
      }
    } catch (NumberFormatException e) {
      throw wrong(uri, "roi", value, allowed);
    }
    region = new Region(numbers[0], numbers[1], numbers[2], numbers[3]);
    boolean isInside =
        region.x >= 0
            && region.y >= 0
            && region.width > 0
            && region.height > 0
            && region.x + region.width <= 1
            && region.y + region.height <= 1;
    if (!isInside) {
      throw wrong(uri, "roi", value, allowed);
    }
    argue("--roi", Arrays.stream(numbers).mapToObj(LibcameraKeys::plain).collect(joining(",")));
  }

  private boolean has(String key) {
    return !uri.text(key, "\0").equals("\0");
  }

  private void set(String key, String control, String value) {
    settings.add(new Setting(key, control, value, false));
  }

  /** What newer cameras want to be told besides, and older ones do not know. */
  private void mode(String key, String control, String value) {
    settings.add(new Setting(key, control, value, true));
  }

  private void argue(String name, String value) {
    arguments.add(name);
    arguments.add(value);
  }

  /** As short as can be: what a user writes may have spaces around it, or be hexadecimal. */
  private static String plain(double number) {
    return BigDecimal.valueOf(Math.abs(number)).stripTrailingZeros().toPlainString(); // no "-0"
  }

  /** Without an exponent, and with a point in every country. */
  private static String text(double number) {
    return String.format(Locale.ROOT, "%.4f", number);
  }

  private static CameraException wrong(SourceUri uri, String key, String value, String allowed) {
    return new CameraException(
        Kind.INVALID,
        "source " + uri + ": key \"" + key + "\" is \"" + value + "\"; allowed is " + allowed);
  }

  private static Map<String, String> ordered(String... pairs) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
