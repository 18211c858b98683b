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
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes segments of what a camera had sent of them when it was lost, or lost them: the part is cut
 * at its last whole fragment, its own header makes the manifest, and from there on it is sealed as
 * any other. If the camera comes with the whole, that takes its place. Thread-safe.
 */
final class Salvage {

  private static final Logger log = LoggerFactory.getLogger(Salvage.class);

  /** How many uploads a request may look at that needs room for another one. */
  private static final int MOST_TRIES = 3;

  private final Incoming incoming;
  private final Filming filming;
  private final Sealer sealer;
  private final Consumer<StoredSegment> sealed;

  /**
   * Salvages nothing yet.
   *
   * @param sealed is told of each segment that comes of it, with the upload's lock held
   */
  Salvage(Incoming incoming, Filming filming, Sealer sealer, Consumer<StoredSegment> sealed) {
    this.incoming = incoming;
    this.filming = filming;
    this.sealer = sealer;
    this.sealed = sealed;
  }

  /**
   * Those of cameras that are gone. Returns how many became a segment. One upload that fails holds
   * up no other.
   */
  int run(Predicate<String> isGone, long idleNanos) {
    return run((camera, segment) -> isGone.test(camera), camera -> idleNanos);
  }

  /** Likewise those of segments that their cameras do not film any more. */
  int runPassedOver(ToLongFunction<String> idleNanos) {
    return run((camera, segment) -> filming.isOver(segment), idleNanos);
  }

  private int run(BiPredicate<String, SegmentId> which, ToLongFunction<String> idleNanos) {
    int salvaged = 0;
    for (Partial partial : inTurns()) {
      String camera = partial.info().camera();
      if (partial.info().segment().filter(id -> which.test(camera, id)).isPresent()
          && partial.lockIdle(idleNanos.applyAsLong(camera))) {
        try {
          salvaged += lookAt(partial) ? 1 : 0;
        } finally {
          partial.unlockIdle();
        }
      }
    }
    return salvaged;
  }

  /** One of each camera, and another of each, so that no camera waits for all those of another. */
  private List<Partial> inTurns() {
    Map<String, Integer> counts = new HashMap<>();
    Map<Partial, Integer> turns = new HashMap<>();
    List<Partial> all = incoming.all();
    Collections.reverse(all); // what was filmed last goes first
    for (Partial partial : all) {
      turns.put(partial, counts.merge(partial.info().camera(), 1, Integer::sum));
    }
    all.sort(Comparator.comparingInt(turns::get));
    return all;
  }

  /** What was found not to play is not read again until more of it came, or it expires. */
  private boolean lookAt(Partial partial) {
    Looks looks = partial.looks();
    long offset = partial.status().offset();
    if (!looks.isDue(offset)) {
      return false;
    }
    try {
      boolean isSalvaged = salvage(partial);
      looks.saw(offset);
      return isSalvaged;
    } catch (IOException | RuntimeException e) {
      tell(partial, e);
      looks.failed();
      return false;
    }
  }

  /**
   * Ends every upload that nobody went on with for so long, whoever is heard. What fails now is
   * tried again at the next look.
   */
  void expire(long idleNanos) {
    for (Partial partial : incoming.all()) {
      if (partial.looks().isDue() && partial.lockIdle(idleNanos)) {
        try {
          log.info(
              "an upload of camera {} with {} bytes has expired",
              partial.info().camera(),
              partial.status().offset());
          end(partial);
        } catch (IOException | RuntimeException e) {
          tell(partial, e);
          partial.looks().failed();
        } finally {
          partial.unlockIdle();
        }
      }
    }
  }

  /**
   * Ends an upload, whose lock the caller holds: what plays becomes a segment, for it may be the
   * only copy; what was found not to play is dropped.
   *
   * @throws IOException if that could not be found out, or not be done: the upload is still there
   */
  void end(Partial partial) throws IOException {
    run(partial);
    if (!partial.isGone()) {
      incoming.discard(partial);
    }
  }

  /**
   * Ends the first of these that nobody was at for so long and that can be ended; few are tried.
   */
  void endOne(List<Partial> partials, long idleNanos) {
    int tries = 0;
    for (int i = 0; i < partials.size() && tries < MOST_TRIES; i++) {
      Partial partial = partials.get(i);
      if (partial.lockIdle(idleNanos)) {
        tries++;
        try {
          end(partial);
          return;
        } catch (IOException | RuntimeException e) {
          tell(partial, e);
        } finally {
          partial.unlockIdle();
        }
      }
    }
  }

  /** Makes a segment of an upload, whose lock the caller holds, if something plays. */
  void run(Partial partial) throws IOException {
    try {
      salvage(partial);
    } catch (StoreException e) {
      if (!partial.isGone()) {
        throw e;
      }
      tell(partial, e); // it is in quarantine
    }
  }

  private static void tell(Partial partial, Exception e) {
    log.warn(
        "an upload of camera {}, {}, was not salvaged: {}",
        partial.info().camera(),
        partial.info().segment().map(SegmentId::toString).orElse("of no name"),
        e.getMessage());
  }

  /** Returns whether it became a segment; where it did not and is still there, nothing plays. */
  private boolean salvage(Partial partial) throws IOException {
    Optional<StoredSegment> segment =
        Files.exists(partial.intent())
            ? sealer.resume(partial) // a seal that failed, and that nobody asks for any more
            : seal(partial);
    segment.ifPresent(
        s -> {
          log.warn("{} was salvaged: {} frames", s.manifest().id(), s.manifest().frames());
          sealed.accept(s);
        });
    return segment.isPresent();
  }

  private Optional<StoredSegment> seal(Partial partial) throws IOException {
    Optional<FragmentedMp4> file = scan(partial);
    Optional<FileFacts> facts =
        file.filter(FragmentedMp4::startsWithKeyframe).flatMap(FileFacts::of);
    if (facts.isEmpty() || !isOf(partial, facts.get())) {
      return Optional.empty(); // nothing that plays has come yet
    }
    partial.cut(file.get().wholeBytes());
    SegmentManifest manifest;
    try {
      manifest = manifest(partial, facts.get());
    } catch (IllegalArgumentException e) {
      log.warn("{} is no segment: {}", partial.part(), e.getMessage());
      return Optional.empty();
    }
    return sealer.seal(partial, manifest);
  }

  private static boolean isOf(Partial partial, FileFacts facts) {
    return partial.info().segment().equals(Optional.of(facts.header().id()));
  }

  private static SegmentManifest manifest(Partial partial, FileFacts facts) throws IOException {
    List<Gap> gaps = new ArrayList<>(facts.header().gaps());
    gaps.addAll(facts.holes("frames dropped"));
    return facts.manifest(
        DurableFiles.hash(partial.part()), List.of(), facts.unknown(), gaps, CloseReason.SALVAGED);
  }

  private static Optional<FragmentedMp4> scan(Partial partial) throws IOException {
    partial.refresh();
    if (partial.status().offset() == 0) {
      return Optional.empty();
    }
    partial.trim();
    try {
      return Optional.of(FragmentedMp4.scan(partial.part()));
    } catch (DamagedVideoException e) {
      log.debug("{} holds no video yet", partial.part(), e);
      return Optional.empty();
    }
  }
}
