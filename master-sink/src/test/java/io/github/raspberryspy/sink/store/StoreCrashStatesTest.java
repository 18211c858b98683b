package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.faults.CrashStates;
import io.github.raspberryspy.segments.faults.DiskImage;
import io.github.raspberryspy.segments.faults.FaultyFiles;
import io.github.raspberryspy.segments.faults.MemoryDisk;
import io.github.raspberryspy.sink.Footage;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.auth.MasterSecret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * F4 and F5, power cuts of the master: it takes uploads, seals, saves, deletes and is restarted;
 * for each moment of that, what a power cut may leave of its files (what was not synced dropped,
 * torn, or there without what came before) is opened anew and looked at.
 *
 * <p>The index is SQLite's own file, on a real disk: what is committed is durable, which is what
 * {@code synchronous=FULL} promises; a commit between two changes of files is tried both ways.
 *
 * <p>{@code -Draspberryspy.crashes=N} looks at up to N times as many states.
 */
@Timeout(3600)
class StoreCrashStatesTest {

  private static final int TIMES = Integer.getInteger("raspberryspy.crashes", 1);
  private static final Logger OURS = Logger.getLogger("io.github.raspberryspy");

  /** Where there is memory that looks like a disk, the indexes lie there: they are many. */
  private static final Path MEMORY = Path.of("/dev/shm");

  @TempDir Path temporary;

  private Path real;
  private final MemoryDisk disk = new MemoryDisk();
  private final FaultyFiles watched = new FaultyFiles(disk.path("/"));
  private final List<Index> versions = new ArrayList<>();
  private final List<Held> held = new ArrayList<>();
  private final List<Clip> all = new ArrayList<>();
  private MasterSecret secret;

  /** The index's files as they were after so many changes of other files. */
  private static final class Index {
    final int changes;
    final byte[] file;
    final byte[] log;

    Index(int changes, byte[] file, byte[] log) {
      this.changes = changes;
      this.file = file;
      this.log = log;
    }

    boolean isSame(Index other) {
      return Arrays.equals(file, other.file) && Arrays.equals(log, other.log);
    }
  }

  /** A promise that holds from one change on, up to another. */
  private static final class Held {
    final Clip clip;
    final int from;
    int until = Integer.MAX_VALUE;
    int savedFrom = Integer.MAX_VALUE;
    int savedUntil = Integer.MAX_VALUE;

    Held(Clip clip, int from) {
      this.clip = clip;
      this.from = from;
    }
  }

  @BeforeEach
  void setUp() throws IOException {
    OURS.setLevel(Level.OFF); // each state is told of in the log, which nobody reads
    real = Files.isWritable(MEMORY) ? Files.createTempDirectory(MEMORY, "states") : temporary;
    secret = MasterSecret.openOrCreate(real.resolve("secret"));
    watched.before(what -> noteIndex());
  }

  @AfterEach
  void speak() throws IOException {
    OURS.setLevel(null);
    FileUtils.deleteDirectory(real.toFile());
  }

  private Path database() {
    return real.resolve("index.db");
  }

  private void noteIndex() throws IOException {
    Index now = new Index(disk.log().size(), bytes(""), bytes("-wal"));
    if (versions.isEmpty() || !versions.get(versions.size() - 1).isSame(now)) {
      versions.add(now);
    }
  }

  private byte[] bytes(String ending) throws IOException {
    Path file = real.resolve("index.db" + ending);
    return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
  }

  private StoreLife life() throws IOException {
    return new StoreLife(watched.path(disk.path("/footage")), database(), secret);
  }

  private int now() {
    return disk.log().size();
  }

  private Held vouch(StoreLife life, Clip clip) throws IOException {
    all.add(clip);
    life.upload(clip);
    Held promise = new Held(clip, now());
    held.add(promise);
    return promise;
  }

  /** What is cut: three lives in which segments come, are saved, doubled, deleted and left open. */
  private void live() throws IOException {
    Held first;
    Held second;
    try (StoreLife life = life()) {
      first = vouch(life, Footage.clip("front", 0, 1500));
      second = vouch(life, Footage.clip("front", 1, 1700));
      life.store.save(second.clip.id(), true);
      second.savedFrom = now();
      Clip open = Footage.clip("front", 2, 1600);
      all.add(open);
      life.fill(open, 1000);
    }
    try (StoreLife life = life()) {
      first.until = now();
      life.store.delete(first.clip.id(), "too old");
      sendOtherBytes(life, second.clip.id());
      vouch(life, Footage.clip("yard", 0, 900));
      second.savedUntil = now();
      life.store.save(second.clip.id(), false);
    }
    try (StoreLife life = life()) {
      Held again = vouch(life, Footage.clip("front", 2, 1600));
      life.store.save(again.clip.id(), true);
      again.savedFrom = now();
    }
    noteIndex();
  }

  private static void sendOtherBytes(StoreLife life, SegmentId id) throws IOException {
    Clip other = Footage.clip(id, 1200, 99);
    UploadStatus upload = life.store.create("front", OptionalLong.of(other.bytes().length));
    life.store.append("front", upload.token(), 0, ByteBuffer.wrap(other.bytes()));
    assertThatThrownBy(() -> life.store.seal("front", upload.token(), other.manifest()))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void whateverAPowerCutLeavesWhatWasVouchedForIsThereOnce() throws Exception {
    live();
    int[] opened = {0};
    new CrashStates(new DiskImage(), disk.log(), 11)
        .forEach(
            8 * TIMES,
            (changes, image) -> {
              for (Index index : indexes(changes)) {
                check(changes, image.copy(), index);
                opened[0]++;
              }
            });
    System.out.printf(
        "%d states of the master's disk after a power cut, at %d moments%n", opened[0], now() + 1);
    assertThat(opened[0]).as("states").isGreaterThanOrEqualTo(500);
  }

  /** The one that was there by then, and those that were committed before the next change. */
  private List<Index> indexes(int changes) {
    List<Index> possible = new ArrayList<>();
    for (Index index : versions) {
      if (index.changes < changes) {
        possible.clear();
      }
      if (index.changes <= changes) {
        possible.add(index);
      }
    }
    return possible;
  }

  private void check(int changes, DiskImage image, Index index) throws IOException {
    Path folder = Files.createDirectory(real.resolve("state"));
    Files.write(folder.resolve("index.db"), index.file);
    Files.write(folder.resolve("index.db-wal"), index.log);
    MemoryDisk after = new MemoryDisk(image);
    try (StoreLife life =
        new StoreLife(after.path("/footage"), folder.resolve("index.db"), secret)) {
      for (Held promise : held) {
        if (promise.from <= changes && changes < promise.until) {
          life.requireHeld(promise.clip);
        }
        if (promise.savedFrom <= changes && changes < promise.savedUntil) {
          life.requireSaved(promise.clip);
        }
      }
      for (Clip clip : all) {
        life.requireTaken(clip);
      }
      assertThat(after.snapshot().contents().keySet())
          .noneMatch(f -> f.contains("/incoming/") && f.endsWith(".tmp"));
    } catch (AssertionError | IOException | RuntimeException e) {
      throw new AssertionError("after " + changes + " changes: " + e.getMessage(), e);
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }
}
