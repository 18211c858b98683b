package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.encode.Packet;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.faults.DiskImage;
import io.github.raspberryspy.segments.faults.FaultyFiles;
import io.github.raspberryspy.segments.faults.MemoryDisk;
import io.github.raspberryspy.segments.spool.Losses;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A camera's disk that can fail, in memory, and what must be true of it whatever has failed. */
final class FaultStage {

  static final String CARD = "/card";
  static final String RAM = "/ram";

  final MemoryDisk disk;
  final MemoryDisk memory = new MemoryDisk();
  final FaultyFiles faults;
  final Set<SegmentId> verified = new HashSet<>();
  private final Map<Instant, String> filmed = new TreeMap<>();

  FaultStage(DiskImage image, FaultyFiles.Fault fault) {
    disk = new MemoryDisk(image);
    faults = new FaultyFiles(disk.path(CARD));
    faults.fault(fault);
  }

  RecorderRig rig(Duration segment, StorageConfig hardTimes) throws IOException {
    return new RecorderRig(faults.path(disk.path(CARD)), segment, hardTimes);
  }

  StorageConfig withMemory(long bytes) {
    return StorageConfig.none().ram(memory.path(RAM), bytes);
  }

  /** Each of these must be there in the end, or be listed. */
  void filmed(RecorderRig rig, List<Packet> packets, String what) {
    packets.forEach(packet -> filmed.put(rig.at(packet.ptsUs()), what));
  }

  /** The disk works; the camera starts anew, and records: nothing of this may fail. */
  List<SegmentManifest> restartAndRecord(List<Packet> packets, int minutes) throws IOException {
    return restartAndRecord(packets, minutes, durableFrames());
  }

  /** Likewise, where so many frames are left by the recovery. */
  List<SegmentManifest> restartAndRecord(List<Packet> packets, int minutes, long left)
      throws IOException {
    RecorderRig next = rig(Duration.ofSeconds(1), StorageConfig.none());
    SpoolRecovery.recover(next.spool);
    assertThat(durableFrames()).as("recovery keeps what is durable").isEqualTo(left);
    assertThat(leftovers(".tmp")).isEmpty();
    next.recordOn(packets, minutes);
    assertThat(next.sealed.stream().mapToLong(SegmentManifest::frames).sum())
        .as("it records again")
        .isEqualTo(packets.size());
    return check(next.spool);
  }

  /** Checks I1 to I8, as far as files can show them. */
  List<SegmentManifest> check(Spool card) throws IOException {
    List<SealedSegment> segments = new ArrayList<>(card.sealed());
    List<Gap> gaps = new ArrayList<>(new Losses(card).unlisted().gaps());
    for (Spool ram : memories()) {
      segments.addAll(ram.sealed());
    }
    Set<SegmentId> ids = new HashSet<>();
    for (SealedSegment segment : segments) {
      checkIsComplete(segment);
      assertThat(ids.add(segment.manifest().id())).as("%s once", segment.manifest()).isTrue();
      gaps.addAll(segment.manifest().gaps());
    }
    assertThat(leftovers(".part")).isEmpty();
    List<SegmentManifest> manifests = segments.stream().map(SealedSegment::manifest).toList();
    filmed.forEach(
        (at, what) ->
            assertThat(isAccountedFor(at, manifests, gaps))
                .as("%s at %s is in %s or %s", what, at, manifests, gaps)
                .isTrue());
    checkOrder(manifests);
    return manifests;
  }

  private List<Spool> memories() throws IOException {
    Path root = memory.path(RAM);
    if (!Files.exists(root)) {
      return List.of();
    }
    List<Spool> spools = new ArrayList<>();
    try (Stream<Path> folders = Files.list(root)) {
      for (Path folder : folders.toList()) {
        spools.add(Spool.open(folder, "front"));
      }
    }
    return spools;
  }

  private static void checkIsComplete(SealedSegment segment) throws IOException {
    SegmentManifest manifest = segment.manifest();
    FragmentedMp4 file = FragmentedMp4.scan(segment.files().video());
    assertThat(file.isWhole()).as("%s is whole", segment).isTrue();
    assertThat(file.startsWithKeyframe()).isTrue();
    assertThat(file.frames()).isEqualTo(manifest.frames());
    assertThat(DurableFiles.hash(segment.files().video())).isEqualTo(manifest.content());
  }

  private boolean isAccountedFor(Instant at, List<SegmentManifest> manifests, List<Gap> gaps) {
    return manifests.stream().anyMatch(m -> contains(m.start(), m.end(), at))
        || gaps.stream().anyMatch(g -> contains(g.start(), g.end(), at))
        || isVerified(at);
  }

  private boolean isVerified(Instant at) {
    return !verified.isEmpty() && filmed.get(at).equals("verified");
  }

  private static boolean contains(Instant start, Instant end, Instant at) {
    return !at.isBefore(start) && at.isBefore(end);
  }

  private static void checkOrder(List<SegmentManifest> manifests) {
    List<SegmentManifest> order =
        manifests.stream().sorted((a, b) -> a.id().compareTo(b.id())).toList();
    for (int i = 1; i < order.size(); i++) {
      SegmentManifest a = order.get(i - 1);
      SegmentManifest b = order.get(i);
      if (a.id().run() == b.id().run()) {
        assertThat(b.firstPtsUs()).as("%s after %s", b, a).isGreaterThanOrEqualTo(a.firstPtsUs());
      }
    }
  }

  /** Frames in whole fragments, whatever the file is called. */
  long durableFrames() throws IOException {
    long frames = 0;
    try (Stream<Path> files = Files.walk(disk.path(CARD))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".mp4") || (name.endsWith(".mp4.part") && Files.size(file) > 1500)) {
          frames += FragmentedMp4.scan(file).frames();
        }
      }
    }
    return frames;
  }

  private List<Path> leftovers(String ending) throws IOException {
    try (Stream<Path> files = Files.walk(disk.path(CARD))) {
      return files
          .filter(f -> f.toString().endsWith(ending) && !f.toString().contains("quarantine"))
          .toList();
    }
  }
}
