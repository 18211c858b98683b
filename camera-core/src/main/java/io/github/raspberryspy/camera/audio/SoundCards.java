package io.github.raspberryspy.camera.audio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The sound cards of this machine that can record, as the kernel lists them. */
final class SoundCards {

  private static final Path LIST = Path.of("/proc/asound/pcm");

  /** A line such as {@code 01-00: USB Audio : USB Audio : playback 1 : capture 1}. */
  private static final Pattern CAPTURES =
      Pattern.compile("(\\d+)-(\\d+): ([^:]*?) *:.*: capture \\d+.*");

  private static final Pattern NUMBERED = Pattern.compile("(?:plug)?hw:(\\d+)(?:,(\\d+))?(?:,.*)?");
  private static final Pattern CALLED =
      Pattern.compile("(?:plug)?hw:(?:CARD=)?([A-Za-z]\\w*)(?:,.*)?");

  private SoundCards() {}

  /** Whether a name is that of a card's own device, and there is no such card, or it only plays. */
  static boolean isAbsent(String name) {
    return isAbsent(name, Path.of("/dev/snd"), Path.of("/proc/asound"));
  }

  static boolean isAbsent(String name, Path devices, Path cards) {
    Matcher number = NUMBERED.matcher(name);
    if (number.matches()) {
      String device = number.group(2) == null ? "0" : number.group(2);
      return !Files.exists(devices.resolve("pcmC" + number.group(1) + "D" + device + "c"));
    }
    Matcher called = CALLED.matcher(name);
    return called.matches() && !Files.exists(cards.resolve(called.group(1)));
  }

  /** For people: which there are. */
  static String listed() {
    return listed(LIST);
  }

  static String listed(Path list) {
    List<String> cards = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(list)) {
        Matcher matcher = CAPTURES.matcher(line);
        if (matcher.matches()) {
          int card = Integer.parseInt(matcher.group(1));
          int device = Integer.parseInt(matcher.group(2));
          cards.add("hw:" + card + "," + device + " (" + matcher.group(3) + ")");
        }
      }
    } catch (IOException | NumberFormatException e) {
      return "this system lists no sound cards";
    }
    return cards.isEmpty()
        ? "no card of this machine records"
        : "those that record are " + String.join(", ", cards);
  }
}
