package io.github.raspberryspy.sink.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.raspberryspy.segments.DurableFiles;
import java.net.URI;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * Something that people are to know. Immutable.
 *
 * @param id which: 32 hexadecimal digits, the same for the same event, so that who receives it
 *     twice can tell
 * @param kind what it is about
 * @param camera which one; empty where it is the master, or several
 * @param name what people call it; its own name where they have not said
 * @param at when, by the master's clock
 * @param zones of the picture, where it is about motion
 * @param sentence for people
 * @param joined how many alike ones came since, and are told with it
 */
public record Alert(
    String id,
    AlertKind kind,
    String camera,
    String name,
    Instant at,
    List<String> zones,
    String sentence,
    int joined) {

  private static final int ID_BYTES = 16;

  /** Checks presence, and copies the list. */
  public Alert {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(camera, "camera");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(at, "at");
    zones = List.copyOf(zones);
    Objects.requireNonNull(sentence, "sentence");
  }

  /**
   * A new one.
   *
   * @param event names the event that it is of
   */
  static Alert of(String event, AlertKind kind, String camera, Instant at, String sentence) {
    return new Alert(
        id(kind.text() + " " + event), kind, camera, camera, at, List.of(), sentence, 0);
  }

  /** Likewise, of a camera that people call so. */
  Alert named(String called) {
    return new Alert(id, kind, camera, called, at, zones, sentence, joined);
  }

  /** Likewise, of these zones. */
  Alert in(List<String> where) {
    return new Alert(id, kind, camera, name, at, where, sentence, joined);
  }

  /** A line that says what it is about. */
  public String title() {
    return switch (kind) {
      case LOST -> camera.isEmpty() ? "Several cameras are lost" : "Camera " + name + " is lost";
      case BACK -> camera.isEmpty() ? "Several cameras are back" : "Camera " + name + " is back";
      case FAULT -> "Camera " + name + " has a fault";
      case MOTION -> "Motion at " + name;
      case TROUBLE -> "The master has a problem";
      case TEST -> "A test";
    };
  }

  /** The sentence, with a word on those that are told with it. */
  public String message() {
    return joined == 0
        ? sentence
        : sentence + " (and " + joined + (joined == 1 ? " more like it)" : " more like these)");
  }

  /**
   * Where the page plays what its camera filmed then, or shows that day, where it is of several;
   * the page alone, where it is of none.
   */
  URI on(URI page) {
    if (camera.isEmpty()) {
      return kind == AlertKind.LOST || kind == AlertKind.BACK ? page.resolve("#at=" + at) : page;
    }
    return page.resolve("#camera=" + camera + "&at=" + at);
  }

  private static String id(String event) {
    byte[] hash = DurableFiles.sha256().digest(event.getBytes(UTF_8));
    return HexFormat.of().formatHex(hash, 0, ID_BYTES);
  }
}
