package io.github.raspberryspy.daemon.chaos;

import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.segments.faults.SmallDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What goes wrong on the disks of master and cameras. */
final class Disks {

  private final Stage stage;
  private final Optional<SmallDisk> masterDisk;
  private final History history;
  private final Random random;
  private long limitBytes;
  private boolean isMasterFull;
  private boolean isCameraFull;

  /** Of a master whose footage lies on this disk; empty where it has none that can be filled. */
  Disks(Stage stage, Optional<SmallDisk> masterDisk, History history, Random random) {
    this.stage = stage;
    this.masterDisk = masterDisk;
    this.history = history;
    this.random = random;
  }

  /** Whether the master's is small, so that it can be full. */
  boolean canFillMaster() {
    return masterDisk.isPresent();
  }

  /** Whether that of the first camera is. */
  boolean canFillCamera() {
    return cameraDisk().isPresent();
  }

  private Optional<SmallDisk> cameraDisk() {
    return stage.cameras().get(0).disk;
  }

  boolean isMasterFull() {
    return isMasterFull;
  }

  /** Draws how much footage the master is to keep from its next start on; 0 is no limit. */
  long drawLimit() {
    limit(random.nextInt(3) > 0 ? 0 : 1_000_000 + random.nextInt(5_000_000));
    return limitBytes;
  }

  /** Sets it, from its next start on. */
  void limit(long bytes) {
    limitBytes = bytes;
    tellRoom();
  }

  private void tellRoom() {
    history.add(new Seen.Room(limitBytes, isMasterFull));
  }

  void fillMaster() {
    if (!isMasterFull) {
      isMasterFull = true;
      tellRoom();
      masterDisk.orElseThrow().fill();
      history.add(new Seen.Broken("the master's disk is full"));
    }
  }

  void fillCamera() {
    if (!isCameraFull) {
      isCameraFull = true;
      cameraDisk().orElseThrow().fill();
      history.add(
          new Seen.Broken("the disk of camera " + stage.cameras().get(0).name + " is full"));
    }
  }

  /** There is room again. */
  void makeRoom() throws IOException {
    if (isMasterFull) {
      masterDisk.orElseThrow().empty();
      isMasterFull = false;
      history.add(new Seen.Broken("nothing: the master's disk has room"));
      tellRoom();
    }
    if (isCameraFull) {
      cameraDisk().orElseThrow().empty();
      isCameraFull = false;
      history.add(new Seen.Broken("nothing: the camera's disk has room"));
    }
  }

  /** Turns a bit of a segment that waits in a spool. */
  void flip() throws IOException {
    List<Path> sealed = new ArrayList<>();
    stage.cameras().forEach(camera -> sealed.addAll(Spools.sealed(camera.spool)));
    if (sealed.isEmpty()) {
      return;
    }
    Path file = sealed.get(random.nextInt(sealed.size()));
    SegmentManifest manifest = Spools.manifestOrNull(file);
    if (manifest != null) {
      history.add(new Seen.Flipped(manifest.id().toString()));
      flipBit(Spools.beside(file, SegmentName.VIDEO), random);
    }
  }

  /** Turns one bit of a file round, wherever in it; one that is gone stays so. */
  static void flipBit(Path file, Random random) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long at = (long) (random.nextDouble() * channel.size());
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, at);
      one.put(0, (byte) (one.get(0) ^ (1 << random.nextInt(8)))).rewind();
      channel.write(one, at);
    } catch (NoSuchFileException e) {
      // uploaded and deleted meanwhile
    }
  }

  /** Forgets the index's files; the master is down. */
  void loseIndex() throws IOException {
    for (String ending : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(stage.masters().footage().resolve(".raspberryspy/index.db" + ending));
    }
  }

  /** Copies what lies on small disks, which go away, for whoever looks for a cause. */
  void keep() throws IOException, InterruptedException {
    List<SmallDisk> disks = new ArrayList<>();
    masterDisk.ifPresent(disks::add);
    stage.cameras().forEach(camera -> camera.disk.ifPresent(disks::add));
    for (SmallDisk disk : disks) {
      String to = disk.path() + "-kept";
      new ProcessBuilder("cp", "-a", disk.path().toString(), to).inheritIO().start().waitFor();
    }
  }
}
