package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.sink.store.FootageCheck.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The partial uploads. Thread-safe. */
final class Incoming {

  /** Most uploads that one camera may have open. */
  static final int MOST_PER_CAMERA = 1000;

  private static final Logger log = LoggerFactory.getLogger(Incoming.class);
  private static final String NOTE = ".info";

  private final Path folder;
  private final Optional<UploadPieces.Shared> shared;
  private final Map<String, Partial> partials = new ConcurrentHashMap<>();

  /**
   * Finds what an earlier process left.
   *
   * @param shared where what grows is kept for all replicas; empty where the folder keeps it
   */
  Incoming(Path folder, Optional<UploadPieces.Shared> shared) throws IOException {
    this.folder = folder;
    this.shared = shared;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        load(file);
      }
    }
    if (shared.isPresent()) {
      dropCopies();
      for (Partial partial : UploadPieces.all(shared.get(), folder)) {
        partials.put(partial.token(), partial);
      }
    }
  }

  /** What is wrong with what a master has in this folder, which is only read. */
  static Set<Fault> faults(Path folder) throws IOException {
    Set<Fault> faults = new LinkedHashSet<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String problem = problem(file);
        if (!problem.isEmpty()) {
          faults.add(new Fault(UploadPieces.FOLDER + "/" + file.getFileName(), problem));
        }
      }
    }
    return faults;
  }

  private static String problem(Path file) throws IOException {
    String name = file.getFileName().toString();
    Path note = file.resolveSibling(name.substring(0, Math.max(name.lastIndexOf('.'), 0)) + NOTE);
    try {
      if (name.endsWith(".part") && !Files.exists(note)) {
        return Files.exists(file) ? "is what an upload left that has ended" : "";
      }
      if (name.endsWith(".part")) {
        OptionalLong length = UploadInfo.decode(Files.readAllBytes(note)).length();
        long bytes = Files.size(file);
        return length.isPresent() && bytes > length.getAsLong()
            ? "has " + bytes + " bytes of an upload of " + length.getAsLong()
            : "";
      }
      if (name.endsWith(NOTE)) {
        UploadInfo.decode(Files.readAllBytes(file));
      }
      return "";
    } catch (NoSuchFileException e) {
      return ""; // it has ended meanwhile
    } catch (IOException e) {
      return "cannot be gone on with: " + e.getMessage();
    }
  }

  /** What is in the bucket has no note here: what an earlier process had of it does not count. */
  private void dropCopies() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        String token = name.substring(0, Math.max(name.lastIndexOf('.'), 0));
        if (!Files.exists(folder.resolve(token + NOTE))) {
          Files.delete(file);
        }
      }
    }
  }

  Optional<Partial> find(String token) {
    return Optional.ofNullable(partials.get(token));
  }

  /**
   * The upload with this token, created durably if it is not there. It waits for nobody but those
   * who are at this very upload.
   */
  Partial findOrCreate(String token, UploadInfo info) throws IOException {
    Optional<UploadPieces> pieces =
        info.length().isEmpty()
            ? shared.map(all -> new UploadPieces(all, token))
            : Optional.empty();
    Partial fresh = new Partial(folder, token, info, pieces);
    fresh.lock(0); // it is nobody else's yet; others wait for its note
    try {
      Partial found = find(fresh);
      while (found.isLeaving()) {
        found = find(fresh);
      }
      if (found == fresh) {
        begin(fresh);
      } else {
        found.touch();
      }
      return found;
    } finally {
      fresh.unlock();
    }
  }

  private void begin(Partial fresh) throws IOException {
    try {
      fresh.begin();
    } catch (IOException e) {
      try {
        discard(fresh);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /** The one that is there, which may be the fresh one from now on. No disk is touched here. */
  private synchronized Partial find(Partial fresh) {
    Partial known = partials.get(fresh.token());
    if (known != null) {
      return known;
    }
    int open = of(fresh.info().camera()).size();
    if (open >= MOST_PER_CAMERA) {
      throw new StoreException(
          StoreException.Kind.TOO_MANY,
          "camera "
              + fresh.info().camera()
              + " has "
              + open
              + " uploads open, and no more are allowed");
    }
    partials.put(fresh.token(), fresh);
    return fresh;
  }

  /** Uploads of a camera that has no room for another one, the longest at rest first. */
  List<Partial> crowd(String camera) {
    List<Partial> open = of(camera);
    if (open.size() < MOST_PER_CAMERA) {
      return List.of();
    }
    return byRest(open);
  }

  /** Bytes of a camera's uploads that lie here. */
  long bytes(String camera) {
    long bytes = 0;
    for (Partial partial : partials.values()) {
      bytes += partial.info().camera().equals(camera) ? partial.heldBytes() : 0;
    }
    return bytes;
  }

  /** Uploads of a camera, the longest at rest first. */
  List<Partial> atRest(String camera) {
    return byRest(of(camera));
  }

  private List<Partial> of(String camera) {
    List<Partial> open = new ArrayList<>();
    for (Partial partial : partials.values()) {
      if (partial.info().camera().equals(camera)) {
        open.add(partial);
      }
    }
    return open;
  }

  /** Deletes a partial upload, whose lock the caller holds; what cannot be is found at start. */
  void discard(Partial partial) throws IOException {
    try {
      partial.discard();
    } finally {
      partials.remove(partial.token(), partial); // last: until then nobody uses its files' names
    }
  }

  /** Those that are open now, the longest at rest first. */
  List<Partial> all() {
    return byRest(List.copyOf(partials.values()));
  }

  /** By a note of the times: they change while it sorts. */
  private static List<Partial> byRest(List<Partial> some) {
    Map<Partial, Long> touched = new HashMap<>();
    some.forEach(partial -> touched.put(partial, partial.lastTouch()));
    List<Partial> sorted = new ArrayList<>(some);
    sorted.sort(Comparator.comparingLong(touched::get));
    return sorted;
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
    } else if (name.endsWith(NOTE)) {
      String token = name.substring(0, name.length() - NOTE.length());
      try {
        UploadInfo info = UploadInfo.decode(Files.readAllBytes(file));
        partials.put(token, new Partial(folder, token, info, Optional.empty()));
      } catch (IOException e) {
        log.warn("{} is passed over: {}", file, e.getMessage());
      }
    }
  }
}
