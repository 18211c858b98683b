package io.github.raspberryspy.daemon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.daemon.chaos.Ending.Stored;
import io.github.raspberryspy.segments.ClockState;
import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.Gap;
import io.github.raspberryspy.segments.SegmentId;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.VideoFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A checker that finds nothing is worth something only if it finds each kind of breach. */
class HistoryCheckerTest {

  private static final Instant START = Instant.parse("2026-11-23T14:00:00Z");

  private final List<Seen> history = new ArrayList<>();
  private final List<Stored> stored = new ArrayList<>();
  private final List<String> listed = new ArrayList<>();
  private final Set<String> saved = new TreeSet<>();
  private final Set<String> spooled = new TreeSet<>();
  private final Set<String> quarantined = new TreeSet<>();

  private static String hash(long n) {
    return String.format("%064x", n);
  }

  private static SegmentManifest segment(long sequence, Gap... gaps) {
    Instant start = START.plusSeconds(2 * sequence);
    return new SegmentManifest(
        new SegmentId("front", "0a1b2c3d", 1, sequence),
        start,
        start.plusSeconds(2),
        ClockState.SYNCED,
        2_000_000 * sequence,
        20,
        new VideoFormat("avc1.42c01e", 160, 120, 10),
        new Content(1000, hash(sequence)),
        List.of(),
        List.of(gaps),
        CloseReason.TIME);
  }

  private static String id(long sequence) {
    return segment(sequence).id().toString();
  }

  /** Recorded, vouched for, deleted by its camera, and here. */
  private void goesWell(long sequence, Gap... gaps) {
    SegmentManifest manifest = segment(sequence, gaps);
    history.add(new Seen.Recorded(manifest));
    history.add(new Seen.Acknowledged(id(sequence)));
    history.add(new Seen.Visible(id(sequence), hash(sequence)));
    history.add(new Seen.Deleted(id(sequence)));
    isHere(manifest);
  }

  private void isHere(SegmentManifest manifest) {
    stored.add(new Stored(manifest, manifest.content().sha256(), true));
    listed.add(manifest.id().toString());
  }

  private List<String> violations() {
    return HistoryChecker.violations(
        history, new Ending(stored, listed, saved, spooled, quarantined));
  }

  private void assertBreach(String sentence) {
    assertThat(violations()).anyMatch(v -> v.startsWith(sentence));
  }

  @Test
  void aGoodHistoryHasNoBreach() {
    goesWell(0);
    goesWell(1);
    history.add(new Seen.SaveAsked(id(1), true));
    history.add(new Seen.SaveDone(id(1), true));
    saved.add(id(1));
    assertThat(violations()).isEmpty();
  }

  @Test
  void whatWasVouchedForAndIsNotThereIsFound() {
    goesWell(0);
    history.add(new Seen.Recorded(segment(1)));
    history.add(new Seen.Acknowledged(id(1)));
    assertBreach("I1: " + id(1) + " was acknowledged and is not on the master");
  }

  @Test
  void whatWasDeletedAndIsNotThereIsFound() {
    goesWell(0);
    history.add(new Seen.Recorded(segment(1)));
    history.add(new Seen.Deleted(id(1)));
    goesWell(2);
    assertBreach("I1: " + id(1) + " was deleted by its camera and is not on the master");
    assertBreach("I7: nothing says what camera front filmed");
  }

  @Test
  void whatWasDeletedAndHasOtherBytesThereIsFound() {
    history.add(new Seen.Recorded(segment(0)));
    history.add(new Seen.Deleted(id(0)));
    stored.add(new Stored(segment(0), hash(7), true));
    listed.add(id(0));
    assertBreach("I1: " + id(0) + " was deleted by its camera and has other bytes");
    assertBreach("I2: " + id(0) + " has other bytes than its manifest says");
  }

  @Test
  void whatWasDroppedForWantOfRoomIsNoBreachWhereAGapSaysSo() {
    goesWell(0);
    history.add(new Seen.Recorded(segment(1)));
    history.add(new Seen.Deleted(id(1)));
    goesWell(2, new Gap(START.plusSeconds(2), START.plusSeconds(4), "deleted before upload"));
    assertThat(violations()).isEmpty();
  }

  @Test
  void whatWasFlippedMayBeLostButNotBeVouchedFor() {
    goesWell(0);
    history.add(new Seen.Recorded(segment(1)));
    history.add(new Seen.Flipped(id(1)));
    history.add(new Seen.Deleted(id(1)));
    goesWell(2);
    assertThat(violations()).isEmpty();
    history.add(new Seen.Acknowledged(id(1)));
    assertBreach("I1: " + id(1) + " was acknowledged");
  }

  @Test
  void whatDoesNotPlayIsFound() {
    stored.add(new Stored(segment(0), hash(0), false));
    listed.add(id(0));
    assertBreach("I2: " + id(0) + " does not play");
  }

  @Test
  void whatLiesThereUnlistedOrIsListedWithoutLyingThereIsFound() {
    stored.add(new Stored(segment(0), hash(0), true));
    listed.add(id(1));
    assertBreach("I2: " + id(0) + " lies in the footage folder and is not listed");
    assertBreach("I2: " + id(1) + " is listed and not there");
  }

  @Test
  void whatWasShownAsCompleteWithBytesThatNobodySealedIsFound() {
    history.add(new Seen.Recorded(segment(0)));
    history.add(new Seen.Visible(id(0), hash(9)));
    isHere(segment(0));
    assertBreach("I2: " + id(0) + " was listed with bytes that its camera never sealed");
  }

  @Test
  void whatWasShownAsCompleteAndIsGoneIsFound() {
    history.add(new Seen.Visible(id(0), hash(0)));
    assertBreach("I2: " + id(0) + " was listed as complete and is gone");
  }

  @Test
  void twoOfOneAreFoundWhereverTheyAre() {
    goesWell(0);
    isHere(segment(0));
    assertBreach("I3: " + id(0) + " lies twice");
    assertBreach("I3: " + id(0) + " is listed twice");
    history.add(new Seen.Visible(id(0), hash(0)));
    assertBreach("I3: " + id(0) + " was listed twice at once");
  }

  @Test
  void whatIsReplacedIsNotTwice() {
    history.add(new Seen.Visible(id(0), hash(9)));
    history.add(new Seen.Hidden(id(0)));
    goesWell(0);
    history.remove(2);
    assertThat(violations()).noneMatch(v -> v.startsWith("I3"));
  }

  @Test
  void aSaveThatWasForgottenOrLostIsFound() {
    goesWell(0);
    history.add(new Seen.SaveAsked(id(0), true));
    history.add(new Seen.SaveDone(id(0), true));
    assertBreach("I5: " + id(0) + " was saved, and is not");
    history.add(new Seen.SaveAsked(id(5), true));
    history.add(new Seen.SaveDone(id(5), true));
    assertBreach("I5: " + id(5) + " was saved and is gone");
  }

  @Test
  void aSaveWithoutAnAnswerMayBeEither() {
    goesWell(0);
    history.add(new Seen.SaveAsked(id(0), true));
    assertThat(violations()).isEmpty();
    saved.add(id(0));
    assertThat(violations()).isEmpty();
    history.add(new Seen.SaveDone(id(0), true));
    history.add(new Seen.SaveAsked(id(0), false));
    assertThat(violations()).isEmpty();
  }

  @Test
  void aHoleThatNothingExplainsIsFound() {
    goesWell(0);
    goesWell(2);
    assertBreach("I7: nothing says what camera front filmed from 2026-11-23T14:00:02Z");
  }

  @Test
  void aHoleBeforeTheFirstIsFound() {
    history.add(new Seen.Recorded(segment(0)));
    goesWell(1);
    assertBreach("I7: nothing says what camera front filmed from 2026-11-23T14:00:00Z");
  }

  @Test
  void segmentsOfOneRunThatOverlapAreFound() {
    goesWell(0);
    SegmentManifest b = segment(1);
    isHere(
        new SegmentManifest(
            b.id(),
            b.start(),
            b.end(),
            b.clock(),
            1_000_000,
            b.frames(),
            b.video(),
            b.content(),
            List.of(),
            List.of(),
            b.closed()));
    assertBreach("I6: " + id(1) + " begins before " + id(0) + " ends");
  }

  @Test
  void whatWaitsForEverIsFound() {
    goesWell(0);
    spooled.add(id(1));
    assertBreach("all is quiet, and " + id(1) + " was never brought to the master");
  }
}
