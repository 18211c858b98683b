package io.github.raspberryspy.segments;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names one segment for ever: camera, the camera's key, run and sequence.
 *
 * <p>Written {@code front-3f9a1c22-r17-000123}. Two files with the same id and other bytes are a
 * conflict, never an update.
 *
 * @param camera the camera's name: lower-case letters, digits and hyphens, 1 to 32 characters, no
 *     hyphen at either end
 * @param key 8 lower-case hexadecimal digits, drawn when the camera's spool is created: a re-imaged
 *     camera that counts from the start again has another key
 * @param run number of the unbroken capture, from 1
 * @param sequence number of the segment in its run, from 0
 */
public record SegmentId(String camera, String key, long run, long sequence)
    implements Comparable<SegmentId> {

  /** Largest run and sequence: what 18 digits hold. */
  static final long MAX_NUMBER = 999_999_999_999_999_999L;

  private static final Pattern CAMERA = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{8}");
  private static final Pattern TEXT =
      Pattern.compile("(.{1,32})-([0-9a-f]{8})-r([0-9]{1,18})-([0-9]{6,18})");

  /** Checks every part. */
  public SegmentId {
    requireCameraName(camera);
    Objects.requireNonNull(key, "key");
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "key \"" + key + "\" is not 8 lower-case hexadecimal digits");
    }
    if (run < 1 || run > MAX_NUMBER) {
      throw new IllegalArgumentException("run " + run + " is not within 1 to " + MAX_NUMBER);
    }
    if (sequence < 0 || sequence > MAX_NUMBER) {
      throw new IllegalArgumentException(
          "sequence " + sequence + " is not within 0 to " + MAX_NUMBER);
    }
  }

  /**
   * Returns the name if a camera may be called so.
   *
   * @throws IllegalArgumentException otherwise, in one sentence that says what is allowed
   */
  public static String requireCameraName(String name) {
    Objects.requireNonNull(name, "camera name");
    if (!CAMERA.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "camera name \""
              + name
              + "\" is not allowed: 1 to 32 lower-case letters, digits and inner hyphens");
    }
    return name;
  }

  /**
   * Reads the text form. Each id has exactly one.
   *
   * @throws IllegalArgumentException if the text is not one
   */
  public static SegmentId parse(String text) {
    Matcher m = TEXT.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "segment id \"" + text + "\" does not read CAMERA-KEY-rRUN-SEQUENCE");
    }
    SegmentId id =
        new SegmentId(
            m.group(1), m.group(2), Long.parseLong(m.group(3)), Long.parseLong(m.group(4)));
    if (!id.toString().equals(text)) {
      throw new IllegalArgumentException("segment id \"" + text + "\" should read " + id);
    }
    return id;
  }

  /** Run and sequence as file names carry them: {@code r17-000123}. */
  public String runAndSequence() {
    String number = Long.toString(sequence); // not by a format: every listing has thousands
    return "r" + run + "-" + "0".repeat(Math.max(0, 6 - number.length())) + number;
  }

  /** Orders by camera, key, run and sequence: the order of filming within one camera's key. */
  @Override
  public int compareTo(SegmentId other) {
    int byCamera = camera.compareTo(other.camera);
    int byKey = byCamera != 0 ? byCamera : key.compareTo(other.key);
    int byRun = byKey != 0 ? byKey : Long.compare(run, other.run);
    return byRun != 0 ? byRun : Long.compare(sequence, other.sequence);
  }

  @Override
  public String toString() {
    return camera + "-" + key + "-" + runAndSequence();
  }
}
