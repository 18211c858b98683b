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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private final List<String> trashed = new ArrayList<>();
  private final Set<String> spooled = new TreeSet<>();
  private final Set<String> quarantined = new TreeSet<>();
  private final Map<String, Long> open = new HashMap<>();

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

  private static SegmentManifest with(SegmentManifest m, long frames, Content content) {
    return new SegmentManifest(
        m.id(),
        m.start(),
        m.end(),
        m.clock(),
        m.firstPtsUs(),
        frames,
        m.video(),
        content,
        List.of(),
        m.gaps(),
        m.closed());
  }

  private Seen.Visible visible(long sequence, String sha256) {
    SegmentManifest m = segment(sequence);
    return new Seen.Visible(with(m, m.frames(), new Content(1000, sha256)), history.size());
  }

  private Seen.Hidden hidden(long sequence, long usedBytes) {
    return new Seen.Hidden(id(sequence), history.size(), false, usedBytes);
  }

  /** Somebody asks, and the master says that it did. */
  private void trash(long sequence, boolean deleted) {
    history.add(new Seen.TrashAsked(id(sequence), deleted));
    history.add(new Seen.TrashDone(id(sequence), deleted));
  }

  private void save(long sequence) {
    history.add(new Seen.SaveAsked(id(sequence), true));
    history.add(new Seen.SaveDone(id(sequence), true));
    saved.add(id(sequence));
  }

  private void isGone(long sequence) {
    stored.removeIf(s -> s.id().equals(id(sequence)));
    listed.remove(id(sequence));
  }

  private static String id(long sequence) {
    return segment(sequence).id().toString();
  }

  /** Recorded, vouched for, deleted by its camera, and here. */
  private void goesWell(long sequence, Gap... gaps) {
    SegmentManifest manifest = segment(sequence, gaps);
    history.add(new Seen.Recorded(manifest));
    history.add(new Seen.Acknowledged(id(sequence)));
    history.add(visible(sequence, hash(sequence)));
    history.add(new Seen.Deleted(id(sequence)));
    isHere(manifest);
  }

  private void isHere(SegmentManifest manifest) {
    stored.add(new Stored(manifest, manifest.content().sha256(), true));
    listed.add(manifest.id().toString());
  }

  private List<String> violations() {
    return HistoryChecker.violations(
        history, new Ending(stored, listed, saved, trashed, spooled, quarantined, open));
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
    history.add(visible(0, hash(9)));
    isHere(segment(0));
    assertBreach("I2: " + id(0) + " was listed with bytes that its camera never sealed");
  }

  @Test
  void whatWasShownAsCompleteAndIsGoneIsFound() {
    history.add(visible(0, hash(0)));
    assertBreach("I2: " + id(0) + " was listed as complete and is gone");
  }

  @Test
  void twoOfOneAreFoundWhereverTheyAre() {
    goesWell(0);
    isHere(segment(0));
    assertBreach("I3: " + id(0) + " lies twice");
    assertBreach("I3: " + id(0) + " is listed twice");
    history.add(visible(0, hash(0)));
    assertBreach("I3: " + id(0) + " was listed twice at once");
  }

  @Test
  void whatIsReplacedIsNotTwice() {
    history.add(visible(0, hash(9)));
    history.add(new Seen.Hidden(id(0), 0, true, 1000));
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

  @Test
  void whatRetentionMayDeleteIsNoBreach() {
    history.add(new Seen.Room(4000, false));
    goesWell(0);
    goesWell(1);
    history.add(hidden(0, 3500));
    isGone(0);
    assertThat(violations()).isEmpty();
  }

  @Test
  void whatRetentionDeletesBelowItsLimitIsFound() {
    history.add(new Seen.Room(100_000, false));
    goesWell(0);
    goesWell(1);
    history.add(hidden(0, 1000));
    isGone(0);
    assertBreach("I2: " + id(0) + " is not listed any more; nobody deleted it for any reason");
  }

  @Test
  void whatRetentionDeletesThatIsSavedIsFound() {
    history.add(new Seen.Room(4000, false));
    goesWell(0);
    save(0);
    goesWell(1);
    history.add(hidden(0, 3500));
    isGone(0);
    saved.clear();
    assertBreach("I5: " + id(0) + " was saved and is not listed any more");
    assertBreach("I5: " + id(0) + " was saved and is gone");
    assertBreach("I1: " + id(0) + " was acknowledged and is not on the master");
  }

  @Test
  void aFullDiskIsAReason() {
    goesWell(0);
    goesWell(1);
    history.add(new Seen.Room(0, true));
    history.add(hidden(0, 1000));
    isGone(0);
    assertThat(violations()).isEmpty();
  }

  @Test
  void aDiskThatWasFullOnceIsNoReason() {
    history.add(new Seen.Room(0, true));
    goesWell(0);
    goesWell(1);
    history.add(new Seen.Room(0, false));
    history.add(hidden(0, 1000));
    isGone(0);
    assertBreach("I2: " + id(0) + " is not listed any more; nobody deleted it for any reason");
  }

  @Test
  void whatSomebodyDeletedIsInTheTrashAndMayComeBack() {
    goesWell(0);
    goesWell(1);
    trash(0, true);
    history.add(hidden(0, 2000));
    listed.remove(id(0));
    trashed.add(id(0));
    assertThat(violations()).isEmpty();
    trash(0, false);
    history.add(visible(0, hash(0)));
    trashed.clear();
    listed.add(id(0));
    assertThat(violations()).isEmpty();
  }

  @Test
  void whatSomebodyDeletedAndIsBackOrGoneForGoodIsFound() {
    goesWell(0);
    goesWell(1);
    trash(0, true);
    history.add(hidden(0, 2000));
    history.add(visible(0, hash(0)));
    assertBreach("I2: somebody deleted " + id(0) + ", and it is listed again");
    assertBreach("I2: somebody deleted " + id(0) + ", and in the end it is listed");
    isGone(0);
    assertBreach("I1: " + id(0) + " was acknowledged and is not on the master");
  }

  @Test
  void whatIsInTheTrashAndBesideItIsFound() {
    goesWell(0);
    trash(0, true);
    trashed.add(id(0));
    assertBreach("I3: " + id(0) + " is in the trash, and beside it");
  }

  @Test
  void whatIsSavedAndCouldBeDeletedIsFound() {
    goesWell(0);
    save(0);
    trash(0, true);
    assertBreach("I5: " + id(0) + " was deleted while it was saved");
  }

  @Test
  void whatTheMasterHeldOfAnOpenSegmentAndHasNoMoreIsFound() {
    history.add(new Seen.Held(id(0), 900, 800));
    history.add(new Seen.Held(id(0), 700, 700));
    goesWell(0);
    assertBreach("I4: the master held 800 bytes of " + id(0) + " that play, and later 700");
    history.add(new Seen.Held(id(1), 900, 800));
    assertBreach("I4: the master held 800 bytes of " + id(1) + " that play, and in the end 0");
  }

  @Test
  void whatTheMasterHoldsAsAnUploadStillIsNoBreach() {
    goesWell(0);
    history.add(new Seen.Held(id(1), 900, 800));
    open.put(id(1), 900L);
    assertThat(violations()).isEmpty();
    open.put(id(1), 700L);
    assertBreach("I4: the master held 800 bytes of " + id(1) + " that play, and in the end 700");
  }

  @Test
  void whatWasSalvagedUpToItsLastWholeFragmentIsNoBreach() {
    history.add(new Seen.Held(id(0), 900, 800));
    history.add(new Seen.Held(id(0), 800, 800));
    goesWell(0);
    assertThat(violations()).isEmpty();
  }

  @Test
  void aSegmentWithAHoleInItThatItDoesNotListIsFound() {
    SegmentManifest m = segment(0);
    SegmentManifest longer =
        new SegmentManifest(
            m.id(),
            m.start(),
            m.start().plusSeconds(6),
            m.clock(),
            m.firstPtsUs(),
            m.frames(),
            m.video(),
            m.content(),
            List.of(),
            List.of(),
            m.closed());
    isHere(longer);
    assertBreach("I7: " + id(0) + " has 20 pictures in PT6S, and lists PT0S as missing");
  }

  private void isHereInRun(long run, Instant start, Gap... gaps) {
    SegmentManifest m = segment(0);
    isHere(
        new SegmentManifest(
            new SegmentId("front", "0a1b2c3d", run, 0),
            start,
            start.plusSeconds(2),
            m.clock(),
            0,
            m.frames(),
            m.video(),
            new Content(1000, hash(8 + run)),
            List.of(),
            List.of(gaps),
            m.closed()));
  }

  @Test
  void aClockThatWasSetBackForARunMakesNoHole() {
    goesWell(0);
    isHereInRun(2, START.minusSeconds(3600));
    assertThat(violations()).isEmpty();
    Gap restart = new Gap(START.plusSeconds(2), START.plusSeconds(60), "restart");
    isHereInRun(3, START.plusSeconds(60), restart);
    assertThat(violations()).isEmpty();
    isHereInRun(4, START.minusSeconds(1800)); // and once more, half an hour later
    assertThat(violations()).isEmpty();
    isHereInRun(5, START.plusSeconds(90));
    assertBreach("I7: nothing says what camera front filmed from 2026-11-23T14:01:02Z");
  }

  @Test
  void whatItsCameraHadToDropMayHaveBeenSalvagedInPart() {
    goesWell(0);
    history.add(new Seen.Recorded(segment(1)));
    history.add(new Seen.Deleted(id(1)));
    SegmentManifest m = with(segment(1), 20, new Content(500, hash(9)));
    isHere(
        new SegmentManifest(
            m.id(),
            m.start(),
            m.end(),
            m.clock(),
            m.firstPtsUs(),
            m.frames(),
            m.video(),
            m.content(),
            List.of(),
            List.of(),
            CloseReason.SALVAGED));
    goesWell(2, new Gap(START.plusSeconds(2), START.plusSeconds(4), "deleted before upload"));
    assertThat(violations()).isEmpty();
    stored.removeIf(s -> s.id().equals(id(2)));
    history.removeIf(s -> s instanceof Seen.Visible v && v.id().equals(id(2)));
    history.removeIf(s -> s instanceof Seen.Acknowledged a && a.id().equals(id(2)));
    assertBreach("I1: " + id(1) + " was deleted by its camera and has other bytes");
  }
}
