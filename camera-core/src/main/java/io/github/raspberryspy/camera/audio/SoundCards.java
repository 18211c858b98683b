package io.github.raspberryspy.camera.audio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The sound cards of this machine that can record, as the kernel lists them in {@code
 * /sys/class/sound}; unlike {@code /proc/asound}, every kernel with sound has that.
 */
final class SoundCards {

  private static final Path LIST = Path.of("/sys/class/sound");

  /** Such as {@code pcmC1D0c}: card 1, device 0, captures. */
  private static final Pattern CAPTURES = Pattern.compile("pcmC(\\d+)D(\\d+)c");

  private static final Pattern CARD = Pattern.compile("card\\d+");
  private static final Pattern NUMBERED = Pattern.compile("(?:plug)?hw:(\\d+)(?:,(\\d+))?(?:,.*)?");
  private static final Pattern CALLED =
      Pattern.compile("(?:plug)?hw:(?:CARD=)?([A-Za-z]\\w*)(?:,.*)?");

  private SoundCards() {}

  /** Whether a name is that of a card's own device, and there is no such card, or it only plays. */
  static boolean isAbsent(String name) {
    return isAbsent(name, LIST);
  }

  static boolean isAbsent(String name, Path list) {
    Matcher number = NUMBERED.matcher(name);
    if (number.matches()) {
      String device = number.group(2) == null ? "0" : number.group(2);
      return !Files.exists(list.resolve("pcmC" + number.group(1) + "D" + device + "c"));
    }
    Matcher called = CALLED.matcher(name);
    return called.matches()
        && entries(list).stream()
            .filter(entry -> CARD.matcher(entry).matches())
            .noneMatch(card -> id(list.resolve(card)).equals(called.group(1)));
  }

  /** For people: which there are. */
  static String listed() {
    return listed(LIST);
  }

  static String listed(Path list) {
    List<String> cards = new ArrayList<>();
    for (String entry : entries(list)) {
      Matcher device = CAPTURES.matcher(entry);
      if (device.matches()) {
        String card = device.group(1);
        cards.add(
            "hw:" + card + "," + device.group(2) + " (" + id(list.resolve("card" + card)) + ")");
      }
    }
    return cards.isEmpty()
        ? "no card of this machine records"
        : "those that record are " + String.join(", ", cards);
  }

  private static List<String> entries(Path list) {
    try (Stream<Path> files = Files.list(list)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      return List.of(); // a system without sound
    }
  }

  /** What ALSA calls a card. */
  private static String id(Path card) {
    try {
      return Files.readString(card.resolve("id")).strip();
    } catch (IOException e) {
      return "?"; // just gone
    }
  }
}
