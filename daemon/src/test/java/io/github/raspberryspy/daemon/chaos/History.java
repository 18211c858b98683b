package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.segments.ManifestCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What was seen, in order, and as a line each in a file for whoever looks for the cause. */
final class History implements AutoCloseable {

  private final List<Seen> seen = new ArrayList<>();
  private final Writer file;

  History(Path file) throws IOException {
    this.file = Files.newBufferedWriter(file);
  }

  synchronized void add(Seen what) {
    seen.add(what);
    try {
      file.write(Instant.now() + " " + text(what) + "\n");
      file.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How much was seen by now. */
  synchronized int size() {
    return seen.size();
  }

  synchronized List<Seen> all() {
    return List.copyOf(seen);
  }

  private static String text(Seen what) {
    if (what instanceof Seen.Recorded r) {
      String manifest =
          new String(ManifestCodec.encode(r.manifest()), StandardCharsets.UTF_8)
              .replaceAll("\\s+", " ");
      return "Recorded " + r.manifest().id() + " " + manifest;
    }
    if (what instanceof Seen.Visible v) {
      return "Visible " + v.id() + " " + v.sha256() + " since " + v.since();
    }
    return what.toString();
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
