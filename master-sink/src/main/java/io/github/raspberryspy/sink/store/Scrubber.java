package io.github.raspberryspy.sink.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.sink.event.Troubles;
import io.github.raspberryspy.sink.index.FileFact;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all footage again within a number of days, at an even pace, and marks what is no longer
 * what was verified: what was read twice and differs, or is missing. What cannot be read just now
 * is a trouble of the disk, and tried again. Marked footage stays: with one bit turned over most of
 * it still plays. A camera that asks after a marked segment, and so still has it, sends it again.
 * Goes on after a restart where it was. Thread-safe.
 */
public final class Scrubber implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Scrubber.class);
  private static final String DAMAGE = "damage";
  private static final String UNKNOWN = "unknown-files";
  private static final String UNREADABLE = "unreadable";
  private static final String FAILED = "scrub";
  private static final String POSITION = "scrub.after";
  private static final Duration TURN = Duration.ofSeconds(10);
  private static final int BATCH = 50;
  private static final int BLOCK = 256 << 10;

  /** With so many that are to be read again it goes no further. */
  private static final int MOST_SUSPECTS = 100;

  /** The most turns that a file waits which cannot be read: about an hour. */
  private static final int MOST_TURNS = 360;

  /** Fastest reading, so that one large file is not felt; bytes a second. */
  private static final long FASTEST = 16 << 20;

  /** A younger file without a row is one that is just being sealed. */
  private static final Duration YOUNG = Duration.ofHours(1);

  private final FootageFiles files;
  private final SegmentIndex index;
  private final Troubles troubles;
  private final Clock clock;
  private final Duration pass;
  private final Thread thread = new Thread(this::run, "master-scrubber");
  private final Map<SegmentId, Suspect> suspects = new LinkedHashMap<>(); // of the reader alone
  private Duration turnLength = TURN; // before the thread starts
  private long turn;
  private long unknown;

  @GuardedBy("this")
  private boolean stopped;

  /** What became of reading a file. */
  private enum Verdict {
    WHOLE,
    CHANGED,
    UNREADABLE,
    BROKEN_OFF
  }

  private record Finding(Verdict verdict, String reason) {}

  /** What was read, of which there may be nothing. */
  private record Held(long bytes, String sha256) {
    boolean isLike(Content content) {
      return bytes == content.bytes() && sha256.equals(content.sha256());
    }
  }

  /**
   * A file that is read again.
   *
   * @param hasChanged whether it differed when it was read last
   * @param reason what was wrong then
   * @param tries so often it was read
   * @param due in which turn it is read again
   */
  private record Suspect(FileFact fact, boolean hasChanged, String reason, int tries, long due) {}

  /**
   * Not started yet.
   *
   * @param pass how long it takes to read everything once; zero reads nothing
   */
  public Scrubber(
      FootageFiles files, SegmentIndex index, Troubles troubles, Clock clock, Duration pass) {
    this.files = files;
    this.index = index;
    this.troubles = troubles;
    this.clock = clock;
    this.pass = pass;
    thread.setDaemon(true);
  }

  /** Tells of what was found before, and starts reading. */
  public void start() {
    start(TURN);
  }

  void start(Duration everyTurn) {
    turnLength = everyTurn;
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
    turn++;
    long done = readSuspects(budget);
    String after = index.notes().get(POSITION).orElse("");
    while (done < budget && suspects.size() < MOST_SUSPECTS && !isStopped()) {
      List<FileFact> facts = index.damage().after(after, BATCH);
      if (facts.isEmpty()) {
        index.notes().put(POSITION, "");
        tell(); // segments with damage may have been deleted
        findUnknown();
        return done;
      }
      for (FileFact fact : facts) {
        if (done >= budget || isStopped() || !files.isHere()) {
          break;
        }
        done += check(fact);
        after = fact.id().toString();
      }
      index.notes().put(POSITION, after);
      if (!files.isHere()) {
        return done;
      }
    }
    return done;
  }

  private void run() {
    double credit = 0;
    while (pause(turnLength.toMillis())) {
      try {
        double aSecond = index.totals().bytes() / (double) Math.max(pass.toSeconds(), 1);
        credit = Math.min(credit, 0) + aSecond * turnLength.toMillis() / 1000;
        if (credit > 0) {
          credit -= read((long) Math.ceil(credit));
        }
        troubles.end(FAILED);
      } catch (IOException | RuntimeException e) {
        log.warn("the footage could not be read again, and this is tried again", e);
        troubles.begin(
            FAILED, "the footage is not read again for damage just now: " + e.getMessage());
      }
    }
  }

  /** Returns how many bytes that were. */
  private long readSuspects(long budget) {
    long done = 0;
    for (Suspect suspect : List.copyOf(suspects.values())) {
      if (done < budget && suspect.due() <= turn && files.isHere()) {
        done += check(suspect.fact());
      }
    }
    return done;
  }

  /** Returns how many bytes that were, at least 1. */
  private long check(FileFact fact) {
    Finding finding = look(fact);
    if (!isStopped() && files.isHere()) { // else what cannot be read says nothing
      judge(fact, finding);
      tell();
    }
    return Math.max(fact.content().bytes(), 1);
  }

  private void judge(FileFact fact, Finding finding) {
    Suspect before = suspects.remove(fact.id());
    int tries = before == null ? 1 : before.tries() + 1;
    switch (finding.verdict()) {
      case WHOLE -> {
        if (index.damage().clear(fact.id())) {
          log.info("{} is whole after all", fact.id());
        }
      }
      case CHANGED -> {
        boolean isSure = before != null && before.hasChanged();
        if (isSure && index.damage().note(fact, finding.reason(), clock.instant())) {
          log.error("{} is damaged: {}", fact.id(), finding.reason());
        } else if (!isSure && !index.damage().of(fact.id()).equals(reasonOf(finding))) {
          suspects.put(fact.id(), new Suspect(fact, true, finding.reason(), tries, turn + 1));
        }
      }
      case UNREADABLE -> {
        boolean hadChanged = before != null && before.hasChanged();
        long due = turn + Math.min(MOST_TURNS, 1L << Math.min(tries, 16));
        if (isThere(fact)) {
          suspects.put(fact.id(), new Suspect(fact, hadChanged, finding.reason(), tries, due));
        }
      }
      case BROKEN_OFF -> {}
    }
  }

  private static Optional<String> reasonOf(Finding finding) {
    return Optional.of(finding.reason());
  }

  private boolean isThere(FileFact fact) {
    return index.find(fact.id()).filter(row -> row.path().equals(fact.path())).isPresent();
  }

  private Finding look(FileFact fact) {
    long bytes = fact.content().bytes();
    try {
      Optional<Held> held = hash(fact.path());
      if (held.isEmpty()) {
        return new Finding(Verdict.BROKEN_OFF, "");
      }
      if (held.get().isLike(fact.content())) {
        return new Finding(Verdict.WHOLE, "");
      }
      return new Finding(
          Verdict.CHANGED,
          held.get().bytes() == bytes
              ? "its bytes changed " + files.where()
              : "it has " + held.get().bytes() + " of " + bytes + " bytes");
    } catch (NoSuchFileException e) {
      return new Finding(Verdict.CHANGED, "its file is missing");
    } catch (IOException e) {
      return new Finding(Verdict.UNREADABLE, String.valueOf(e.getMessage()));
    }
  }

  /** Empty if the program ends meanwhile. */
  private Optional<Held> hash(String video) throws IOException {
    MessageDigest digest = DurableFiles.sha256();
    byte[] buffer = new byte[BLOCK];
    long size = 0;
    try (InputStream in = files.open(video, 0, Long.MAX_VALUE)) {
      for (int n = in.readNBytes(buffer, 0, BLOCK); n > 0; n = in.readNBytes(buffer, 0, BLOCK)) {
        size += n;
        digest.update(buffer, 0, n);
        if (n == BLOCK && !pause(BLOCK * 1000L / FASTEST)) {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new Held(size, HexFormat.of().formatHex(digest.digest())));
  }

  private void tell() {
    long damaged = index.damage().count();
    if (damaged == 0) {
      troubles.end(DAMAGE);
    } else {
      troubles.begin(
          DAMAGE,
          (damaged == 1 ? "1 segment is" : damaged + " segments are")
              + " damaged "
              + files.where());
    }
    List<Suspect> unreadable =
        suspects.values().stream().filter(s -> s.tries() > 1 && !s.hasChanged()).toList();
    if (unreadable.isEmpty()) {
      troubles.end(UNREADABLE);
    } else {
      troubles.begin(
          UNREADABLE,
          files.name()
              + " does not read "
              + (unreadable.size() == 1 ? "1 segment" : unreadable.size() + " segments")
              + ", which is tried again: "
              + unreadable.get(0).reason());
    }
  }

  /** Videos that nobody knows of. */
  private void findUnknown() throws IOException {
    unknown = 0;
    String example = "";
    for (String day : files.days()) {
      example = unknownIn(day).orElse(example);
    }
    if (unknown == 0) {
      troubles.end(UNKNOWN);
    } else {
      troubles.begin(
          UNKNOWN,
          (unknown == 1
                  ? "a video beside the footage is not the master's: "
                  : unknown + " videos beside the footage are not the master's, such as ")
              + example);
    }
  }

  private Optional<String> unknownIn(String day) throws IOException {
    Optional<String> found = Optional.empty();
    Instant young = clock.instant().minus(YOUNG);
    for (FootageFiles.Entry file : files.list(day)) {
      if (file.key().endsWith(SegmentName.VIDEO)
          && !file.written().isAfter(young)
          && !index.damage().isKnown(file.key())) {
        unknown++;
        found = Optional.of(file.key());
      }
    }
    return found;
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
