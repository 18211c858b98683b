package io.github.raspberryspy.sink.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** The mark beside a saved segment's video, which holds what somebody wrote of it. */
final class SavedMark {

  /** Longest note, characters. */
  static final int MOST_CHARACTERS = 500;

  private static final int MOST_BYTES = 4 * MOST_CHARACTERS;

  private SavedMark() {}

  /** Saves a segment durably. */
  static void write(FootageFiles files, String video, String note) throws IOException {
    files.write(FootageKeys.savedMark(video), note.getBytes(UTF_8));
  }

  /** What was written of a saved segment, maybe nothing; empty where it is not saved. */
  static Optional<String> read(FootageFiles files, String video) throws IOException {
    try {
      return Optional.of(text(files.read(FootageKeys.savedMark(video), MOST_BYTES)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static String text(byte[] bytes) {
    String text = new String(bytes, UTF_8).replace("\0", "");
    return text.substring(0, Math.min(text.length(), MOST_CHARACTERS));
  }
}
