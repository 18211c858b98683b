package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The partial uploads. Thread-safe. */
final class Incoming {

  /** Most uploads that one camera may have open. */
  static final int MOST_PER_CAMERA = 1000;

  private static final Logger log = LoggerFactory.getLogger(Incoming.class);

  private final Path folder;
  private final Map<String, Partial> partials = new ConcurrentHashMap<>();

  /** Finds what an earlier process left. */
  Incoming(Path folder) throws IOException {
    this.folder = folder;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        load(file);
      }
    }
  }

  Optional<Partial> find(String token) {
    return Optional.ofNullable(partials.get(token));
  }

  /** The upload with this token, created durably if it is not there. */
  synchronized Partial findOrCreate(String token, UploadInfo info) throws IOException {
    Partial known = partials.get(token);
    if (known != null) {
      return known;
    }
    long open =
        partials.values().stream().filter(p -> p.info().camera().equals(info.camera())).count();
    if (open >= MOST_PER_CAMERA) {
      throw new StoreException(
          StoreException.Kind.TOO_MANY,
          "camera " + info.camera() + " has " + open + " uploads open, and no more are allowed");
    }
    Partial fresh = new Partial(folder, token, info);
    DurableFiles.write(fresh.note(), info.encode());
    partials.put(token, fresh);
    return fresh;
  }

  /** Deletes a partial upload, whose lock the caller holds. */
  synchronized void discard(Partial partial) throws IOException {
    partials.remove(partial.token(), partial); // first: what cannot be deleted is found at start
    partial.discard();
  }

  /** Those that are open now. */
  List<Partial> all() {
    return List.copyOf(partials.values());
  }

  /** Uploads whose seal had begun when the process ended. */
  List<Partial> sealing() {
    List<Partial> sealing = new ArrayList<>();
    for (Partial partial : partials.values()) {
      if (Files.exists(partial.intent())) {
        sealing.add(partial);
      }
    }
    return sealing;
  }

  private void load(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (name.endsWith(".tmp")) {
      Files.deleteIfExists(file);
    } else if (name.endsWith(".info")) {
      String token = name.substring(0, name.length() - ".info".length());
      try {
        partials.put(
            token, new Partial(folder, token, UploadInfo.decode(Files.readAllBytes(file))));
      } catch (IOException e) {
        log.warn("{} is passed over: {}", file, e.getMessage());
      }
    }
  }
}
