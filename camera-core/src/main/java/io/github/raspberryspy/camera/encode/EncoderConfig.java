package io.github.raspberryspy.camera.encode;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * How video is encoded. Immutable; each method returns a changed copy.
 *
 * @param choice which encoder
 * @param bitrateBps target, bits per second, 50,000 to 100,000,000
 * @param gop from one keyframe to the next, 0.1 s to 10 s: a segment can begin and live view can
 *     join only there
 * @param preset libx264's trade of time for size: {@code ultrafast} to {@code medium}
 */
public record EncoderConfig(Choice choice, int bitrateBps, Duration gop, String preset) {

  /** Which encoder makes the H.264. */
  public enum Choice {
    /**
     * Copies what is H.264 already; else the first that is there of the machine's own hardware,
     * libx264 and libopenh264.
     */
    AUTO(""),
    /** libx264, in the {@code -gpl} build of FFmpeg. */
    X264("libx264"),
    /** libopenh264. */
    OPENH264("libopenh264"),
    /**
     * A hardware encoder behind the kernel's mem-to-mem interface (Pi 4 and older), by our own
     * queue or, where that fails, FFmpeg's.
     */
    V4L2M2M("h264_v4l2m2m"),
    /** No encoding: only for sources that deliver H.264. */
    COPY("");

    private final String codecName;

    Choice(String codecName) {
      this.codecName = codecName;
    }

    /** FFmpeg's name for it; empty where it stands for no single one. */
    String codecName() {
      return codecName;
    }

    /** As users write it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Duration SHORTEST_GOP = Duration.ofMillis(100);
  private static final Duration LONGEST_GOP = Duration.ofSeconds(10);
  private static final List<String> PRESETS =
      List.of("ultrafast", "superfast", "veryfast", "faster", "fast", "medium");

  /** Checks ranges. */
  public EncoderConfig {
    Objects.requireNonNull(choice, "choice");
    if (bitrateBps < 50_000 || bitrateBps > 100_000_000) {
      throw new IllegalArgumentException(
          "bitrate of " + bitrateBps + " bit/s is not within 50000 to 100000000");
    }
    if (gop.compareTo(SHORTEST_GOP) < 0 || gop.compareTo(LONGEST_GOP) > 0) {
      throw new IllegalArgumentException(
          "gop of " + gop.toMillis() + " ms is not within 100 to 10000");
    }
    if (!PRESETS.contains(preset)) {
      throw new IllegalArgumentException("preset \"" + preset + "\" is not one of " + PRESETS);
    }
  }

  /** H.264 with the defaults: 4 Mbit/s, a keyframe a second, {@code ultrafast}. */
  public static EncoderConfig h264() {
    return new EncoderConfig(Choice.AUTO, 4_000_000, Duration.ofSeconds(1), "ultrafast");
  }

  /** With this encoder. */
  public EncoderConfig choice(Choice newChoice) {
    return new EncoderConfig(newChoice, bitrateBps, gop, preset);
  }

  /** With this target, bits per second. */
  public EncoderConfig bitrateBps(int newBitrate) {
    return new EncoderConfig(choice, newBitrate, gop, preset);
  }

  /** With this time between keyframes. */
  public EncoderConfig gop(Duration newGop) {
    return new EncoderConfig(choice, bitrateBps, newGop, preset);
  }

  /** With this preset of libx264. */
  public EncoderConfig preset(String newPreset) {
    return new EncoderConfig(choice, bitrateBps, gop, newPreset);
  }
}
