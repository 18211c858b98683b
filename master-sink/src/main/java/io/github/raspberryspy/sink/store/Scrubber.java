package io.github.raspberryspy.sink.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.sink.event.Troubles;
import io.github.raspberryspy.sink.index.FileFact;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all footage again within a number of days, at an even pace, and marks what is no longer
 * what was verified. Marked footage stays: with one bit turned over most of it still plays. A
 * camera that asks after a marked segment, and so still has it, sends it again. Goes on after a
 * restart where it was. Thread-safe.
 */
public final class Scrubber implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Scrubber.class);
  private static final String DAMAGE = "damage";
  private static final String UNKNOWN = "unknown-files";
  private static final String POSITION = "scrub.after";
  private static final long TURN_MILLIS = 10_000;
  private static final int BATCH = 50;
  private static final int BLOCK = 256 << 10;

  /** Fastest reading, so that one large file is not felt; bytes a second. */
  private static final long FASTEST = 16 << 20;

  /** A younger file without a row is one that is just being sealed. */
  private static final Duration YOUNG = Duration.ofHours(1);

  private final FootageFolder folder;
  private final SegmentIndex index;
  private final Troubles troubles;
  private final Clock clock;
  private final Duration pass;
  private final Thread thread = new Thread(this::run, "master-scrubber");
  private long unknown;

  @GuardedBy("this")
  private boolean stopped;

  /**
   * Not started yet.
   *
   * @param pass how long it takes to read everything once; zero reads nothing
   */
  public Scrubber(
      FootageFolder folder, SegmentIndex index, Troubles troubles, Clock clock, Duration pass) {
    this.folder = folder;
    this.index = index;
    this.troubles = troubles;
    this.clock = clock;
    this.pass = pass;
    thread.setDaemon(true);
  }

  /** Tells of what was found before, and starts reading. */
  public void start() {
    tell();
    if (!pass.isZero()) {
      thread.start();
    }
  }

  /** Ends the thread; the file that it is at is read again next time. */
  @Override
  public void close() {
    synchronized (this) {
      stopped = true;
      notifyAll();
    }
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Reads on from where it was, and begins anew at the end at the most once.
   *
   * @param budget bytes to read; the last file may go beyond
   * @return the bytes that were read
   */
  long read(long budget) throws IOException {
    long done = 0;
    String after = index.notes().get(POSITION).orElse("");
    while (done < budget && !isStopped()) {
      List<FileFact> facts = index.damage().after(after, BATCH);
      if (facts.isEmpty()) {
        index.notes().put(POSITION, "");
        tell();
        findUnknown();
        return done;
      }
      for (FileFact fact : facts) {
        if (done >= budget || isStopped() || !folder.identity().isHere()) {
          break;
        }
        check(fact);
        after = fact.id().toString();
        done += Math.max(fact.content().bytes(), 1);
      }
      index.notes().put(POSITION, after);
      if (!folder.identity().isHere()) {
        return done;
      }
    }
    return done;
  }

  private void run() {
    double credit = 0;
    while (pause(TURN_MILLIS)) {
      try {
        double aSecond = index.totals().bytes() / (double) Math.max(pass.toSeconds(), 1);
        credit = Math.min(credit, 0) + aSecond * TURN_MILLIS / 1000;
        if (credit > 0) {
          credit -= read((long) Math.ceil(credit));
        }
      } catch (IOException | JdbiException e) {
        log.warn("reading the footage again failed and is tried again: {}", e.getMessage());
      }
    }
  }

  private void check(FileFact fact) {
    Optional<String> fault = fault(fact);
    if (isStopped() || !folder.identity().isHere()) {
      return; // what cannot be read then says nothing
    }
    Optional<String> known = index.find(fact.id()).flatMap(segment -> segment.damage());
    if (known.equals(fault)) {
      return;
    }
    if (fault.isEmpty()) {
      log.info("{} is whole after all", fact.id());
      index.damage().clear(fact.id());
    } else if (isStill(fact)) {
      log.error("{} is damaged: {}", fact.id(), fault.get());
      index.damage().note(fact.id(), fault.get(), clock.instant());
    }
    tell();
  }

  /** It may have been deleted, or sent anew, while it was read. */
  private boolean isStill(FileFact fact) {
    return index.find(fact.id()).filter(s -> s.path().equals(fact.path())).isPresent();
  }

  private Optional<String> fault(FileFact fact) {
    Path video = folder.video(fact.path());
    try {
      Optional<Content> held = hash(video);
      if (held.isEmpty() || held.get().equals(fact.content())) {
        return Optional.empty(); // whole, or we are stopping
      }
      return Optional.of(
          held.get().bytes() == fact.content().bytes()
              ? "its bytes changed on the master's disk"
              : "it has " + held.get().bytes() + " of " + fact.content().bytes() + " bytes");
    } catch (NoSuchFileException e) {
      return Optional.of("its file is missing");
    } catch (IOException e) {
      return Optional.of("the master's disk cannot read it: " + e.getMessage());
    }
  }

  /** Empty if the program ends meanwhile. */
  private Optional<Content> hash(Path video) throws IOException {
    MessageDigest digest = DurableFiles.sha256();
    ByteBuffer buffer = ByteBuffer.allocate(BLOCK);
    long size = 0;
    try (FileChannel in = FileChannel.open(video, StandardOpenOption.READ)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        size += n;
        digest.update(buffer.flip());
        buffer.clear();
        if (n == BLOCK && !pause(BLOCK * 1000L / FASTEST)) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new Content(size, HexFormat.of().formatHex(digest.digest())));
  }

  private void tell() {
    long damaged = index.damage().count();
    if (damaged == 0) {
      troubles.end(DAMAGE);
    } else {
      troubles.begin(DAMAGE, damaged + " segments are damaged on the master's disk");
    }
  }

  /** Videos that nobody knows of. */
  private void findUnknown() throws IOException {
    unknown = 0;
    String example = "";
    for (Path day : folder.days()) {
      example = unknownIn(day).orElse(example);
    }
    if (unknown == 0) {
      troubles.end(UNKNOWN);
    } else {
      troubles.begin(
          UNKNOWN,
          unknown + " videos in the footage folder are not the master's, such as " + example);
    }
  }

  private Optional<String> unknownIn(Path day) throws IOException {
    Optional<String> found = Optional.empty();
    try (Stream<Path> files = Files.list(day)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (file.toString().endsWith(SegmentName.VIDEO)
            && !index.damage().isKnown(folder.relative(file))
            && !isYoung(file)) {
          unknown++;
          found = Optional.of(folder.relative(file));
        }
      }
    }
    return found;
  }

  private boolean isYoung(Path file) throws IOException {
    return Files.getLastModifiedTime(file).toInstant().isAfter(clock.instant().minus(YOUNG));
  }

  /** Returns false where the thread has to end. */
  private synchronized boolean pause(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    try {
      for (long left = millis; left > 0 && !stopped; ) {
        wait(left);
        left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      }
    } catch (InterruptedException e) {
      stopped = true;
    }
    return !stopped;
  }

  private synchronized boolean isStopped() {
    return stopped;
  }
}
