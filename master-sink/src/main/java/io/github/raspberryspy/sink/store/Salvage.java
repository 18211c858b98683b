package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.DamagedVideoException;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.FileFacts;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes segments of what a camera had sent of them when it was lost: the part is cut at its last
 * whole fragment, its own header makes the manifest, and from there on it is sealed as any other.
 * If the camera comes back with the whole, that takes its place. Thread-safe.
 */
final class Salvage {

  private static final Logger log = LoggerFactory.getLogger(Salvage.class);

  private final Incoming incoming;
  private final Sealer sealer;

  Salvage(Incoming incoming, Sealer sealer) {
    this.incoming = incoming;
    this.sealer = sealer;
  }

  /** Returns what became a segment. One upload that fails holds up no other. */
  List<StoredSegment> run(Predicate<String> isGone, long idleNanos) {
    List<StoredSegment> salvaged = new ArrayList<>();
    for (Partial partial : incoming.all()) {
      if (partial.info().segment().isPresent()
          && isGone.test(partial.info().camera())
          && partial.lockIdle(idleNanos)) {
        try {
          salvage(partial, partial.info().segment().get()).ifPresent(salvaged::add);
        } catch (IOException | RuntimeException e) {
          log.warn("{} was not salvaged: {}", partial.info().segment().get(), e.getMessage());
        } finally {
          partial.unlockIdle();
        }
      }
    }
    return salvaged;
  }

  /**
   * Ends every upload that nobody went on with for so long: what plays becomes a segment, whoever
   * is heard, for it may be the only copy; the rest is dropped.
   */
  List<StoredSegment> expire(long idleNanos) throws IOException {
    List<StoredSegment> salvaged = run(camera -> true, idleNanos);
    for (Partial partial : incoming.all()) {
      if (!Files.exists(partial.intent()) && partial.lockIdle(idleNanos)) {
        try {
          log.info(
              "an upload of camera {} with {} bytes has expired",
              partial.info().camera(),
              partial.status().offset());
          incoming.discard(partial);
        } finally {
          partial.unlockIdle();
        }
      }
    }
    return salvaged;
  }

  private Optional<StoredSegment> salvage(Partial partial, SegmentId id) throws IOException {
    if (Files.exists(partial.intent())) {
      return sealer.resume(partial); // a seal that failed, and that nobody asks for any more
    }
    Optional<FragmentedMp4> file = scan(partial);
    Optional<FileFacts> facts =
        file.filter(FragmentedMp4::startsWithKeyframe).flatMap(FileFacts::of);
    if (facts.isEmpty() || !facts.get().header().id().equals(id)) {
      return Optional.empty(); // nothing that plays has come yet
    }
    partial.cut(file.get().wholeBytes());
    Optional<StoredSegment> segment = sealer.seal(partial, manifest(partial, facts.get()));
    segment.ifPresent(s -> log.warn("{} was salvaged: {} frames", id, s.manifest().frames()));
    return segment;
  }

  private static SegmentManifest manifest(Partial partial, FileFacts facts) throws IOException {
    List<Gap> gaps = new ArrayList<>(facts.header().gaps());
    gaps.addAll(facts.holes("frames dropped"));
    return facts.manifest(
        DurableFiles.hash(partial.part()), List.of(), facts.unknown(), gaps, CloseReason.SALVAGED);
  }

  private static Optional<FragmentedMp4> scan(Partial partial) throws IOException {
    if (partial.status().offset() == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(FragmentedMp4.scan(partial.part()));
    } catch (DamagedVideoException e) {
      log.debug("{} holds no video yet", partial.part(), e);
      return Optional.empty();
    }
  }
}
