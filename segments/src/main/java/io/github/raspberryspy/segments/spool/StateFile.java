package io.github.raspberryspy.segments.spool;

import io.github.raspberryspy.segments.DurableFiles;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The small file in which a spool remembers its state; each save replaces it whole. */
final class StateFile {

  private static final Logger log = LoggerFactory.getLogger(StateFile.class);
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{8}");

  private final Path file;

  StateFile(Path file) {
    this.file = file;
  }

  /**
   * Makes sure that there is a readable state. A damaged one is set aside for a new one with a new
   * key, so that a bad sector does not stop a camera and no id is ever used twice.
   */
  void prepare() throws IOException {
    if (Files.exists(file)) {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      try {
        parse(text);
        return;
      } catch (RuntimeException e) {
        log.warn("{} is damaged; the camera goes on with a new key: {}", file, e.getMessage());
        DurableFiles.rename(file, file.resolveSibling(file.getFileName() + ".damaged"));
      }
    }
    byte[] key = new byte[4];
    new SecureRandom().nextBytes(key);
    save(new SpoolState(HexFormat.of().formatHex(key), 0, Optional.empty(), Optional.empty()));
  }

  /** Reads it. */
  SpoolState read() throws IOException {
    try {
      return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (RuntimeException e) {
      throw new IOException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  /** Replaces it, durably. */
  void save(SpoolState state) throws IOException {
    StringBuilder text =
        new StringBuilder("# What this camera remembers; written by the recorder\n");
    text.append("key=").append(state.key()).append('\n');
    text.append("run=").append(state.run()).append('\n');
    state.recordedUntil().ifPresent(t -> text.append("recordedUntil=").append(t).append('\n'));
    state.sealedLast().ifPresent(t -> text.append("sealedLast=").append(t).append('\n'));
    DurableFiles.write(file, text.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private static SpoolState parse(String text) {
    Properties p = new Properties();
    try {
      p.load(new StringReader(text));
    } catch (IOException e) {
      throw new IllegalArgumentException("it is no list of properties", e);
    }
    String key = p.getProperty("key", "");
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("its key is not 8 hexadecimal digits");
    }
    String run = p.getProperty("run", "");
    if (!run.matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException("its run is not a number");
    }
    return new SpoolState(
        key,
        Long.parseLong(run),
        Optional.ofNullable(p.getProperty("recordedUntil")).map(Instant::parse),
        Optional.ofNullable(p.getProperty("sealedLast")).map(Instant::parse));
  }
}
