package io.github.raspberryspy.segments.spool;

import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.SegmentName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends footage that is older than its owner wants to have on the camera. What the master has goes
 * without a word; what it does not have is on record ({@link Losses}) and told, and a warning comes
 * before the first. Footage whose time is not known has no age. For one thread.
 */
public final class AgeLimit {

  private static final Logger log = LoggerFactory.getLogger(AgeLimit.class);

  private final Spool spool;
  private final Losses losses;
  private final Duration most;
  private final Consumer<String> alerts;
  private boolean isWarned;

  /**
   * Of a spool.
   *
   * @param most how old a segment may grow, above 0
   * @param alerts hears a sentence of each loss, and one before the first
   */
  public AgeLimit(Spool spool, Duration most, Consumer<String> alerts) {
    this.spool = spool;
    this.losses = new Losses(spool);
    this.most = most;
    this.alerts = alerts;
  }

  /**
   * Looks, and deletes what is too old.
   *
   * @param now a time that can be believed
   * @throws IOException if the disk fails
   */
  public void keep(Instant now) throws IOException {
    if (!older(now.minus(most)).isEmpty()) {
      spool.finishReclaims();
      for (SealedSegment segment : older(now.minus(most))) {
        losses.drop(segment.files(), Losses.Cause.TOO_OLD);
        tell(
            String.format(
                Locale.ROOT,
                "%s of %s, which the master does not have, is over %d hours old and was deleted",
                segment.manifest().id(),
                segment.manifest().start(),
                most.toHours()));
      }
    }
    warn(!older(now.minus(most).plus(most.dividedBy(10))).isEmpty());
  }

  /** Says once that losses are near; again only after there was nothing so old meanwhile. */
  private void warn(boolean isNear) {
    if (isNear && !isWarned) {
      tell(
          spool.folder()
              + " holds old footage that the master does not have; from "
              + most.toHours()
              + " hours on it is deleted");
    }
    isWarned = isNear;
  }

  private void tell(String sentence) {
    log.warn("{}", sentence);
    alerts.accept(sentence);
  }

  /** Sealed segments that ended before, as far as that is known. Reads only what is old by name. */
  private List<SealedSegment> older(Instant before) throws IOException {
    List<SealedSegment> older = new ArrayList<>();
    for (SegmentFiles files : spool.list(SegmentName.MANIFEST)) {
      if (files.name().start().isBefore(before)) {
        Optional<SealedSegment> segment = spool.find(files);
        if (segment.isPresent()
            && segment.get().manifest().clock() != ClockState.UNSYNCED
            && segment.get().manifest().end().isBefore(before)) {
          older.add(segment.get());
        }
      }
    }
    return older;
  }
}
