package io.github.raspberryspy.daemon.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.daemon.analyze.Filmed.Said;
import io.github.raspberryspy.motion.MotionConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class TuningTest {

  @TempDir static Path filmed;

  @BeforeAll
  static void film() {
    Filmed.segments(filmed, Duration.ofSeconds(10));
  }

  @Test
  void eachSensitivityIsSaidToFlagWhatItFlagsAlone() throws Exception {
    Said tuned = Said.tuning(Filmed.request(filmed), true);
    assertThat(tuned.outcome).isEqualTo(AnalyzeRun.Outcome.DONE);
    assertThat(tuned.objects).hasSize(Tuning.SENSITIVITIES.size() + 1);
    for (int sensitivity : new int[] {10, 50, 90}) {
      Map<String, Object> row = tuned.objects.get(Tuning.SENSITIVITIES.indexOf(sensitivity));
      assertThat(row).containsEntry("sensitivity", sensitivity);
      Map<String, Object> alone = Said.json(with(sensitivity)).summary();
      assertThat(row.get("events")).isEqualTo(alone.get("events"));
      assertThat(row.get("seconds")).isEqualTo(alone.get("secondsWithMotion"));
    }
    assertThat((int) tuned.objects.get(3).get("events")).isPositive();
    assertThat(tuned.summary()).containsEntry("event", "advice").containsEntry("files", 4);
  }

  private static AnalyzeRequest with(int sensitivity) {
    AnalyzeRequest r = Filmed.request(filmed);
    MotionConfig config = r.config().toBuilder().sensitivity(sensitivity).build();
    return new AnalyzeRequest(
        r.files(),
        config,
        List.of(),
        1,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        r.pre(),
        r.post());
  }

  @Test
  void peopleGetATableAndASentence() throws Exception {
    Said said = Said.tuning(Filmed.request(filmed), false);
    assertThat(said.lines).hasSize(Tuning.SENSITIVITIES.size() + 4);
    assertThat(said.lines.get(0)).isEqualTo("4 files, 40.0 s of footage");
    assertThat(said.lines.get(5)).startsWith("         50  ");
    assertThat(said.lines.get(said.lines.size() - 1)).endsWith(".");
  }

  @Test
  void aBadFileIsToldOfAndTheOthersCount(@TempDir Path folder) throws Exception {
    Path bad = Files.writeString(folder.resolve("bad.mp4"), "no video");
    Said said = Said.tuning(Filmed.request(filmed, bad), true);
    assertThat(said.outcome).isEqualTo(AnalyzeRun.Outcome.FAILED);
    assertThat(said.problems).hasSize(1);
    assertThat(said.summary()).containsEntry("files", 4);
    Said nothing = Said.tuning(Filmed.request(bad), true);
    assertThat(nothing.outcome).isEqualTo(AnalyzeRun.Outcome.WRONG_USE);
    assertThat(nothing.objects).isEmpty();
  }

  @Test
  void neighboursAreComparedEventByEvent() {
    Event a = new Event(0, 10_000_000, 0.1, List.of());
    Event b = new Event(20_000_000, 30_000_000, 0.1, List.of());
    Event partOfB = new Event(29_000_000, 31_000_000, 0.1, List.of());
    Event c = new Event(50_000_000, 51_000_000, 0.1, List.of());
    SensitivityRow row =
        SensitivityRow.of(50, List.of(List.of(partOfB, c)), List.of(List.of(a, b)), 100);
    assertThat(row).isEqualTo(new SensitivityRow(50, 2, 3, 0.03, 2, 1, 1));
    // Another reel has another clock: what happens at the same time there is something else.
    SensitivityRow other =
        SensitivityRow.of(50, List.of(List.of(), List.of(a)), List.of(List.of(a), List.of()), 100);
    assertThat(other.more()).isEqualTo(1);
    assertThat(other.fewer()).isEqualTo(1);
  }

  private static SensitivityRow row(int sensitivity, int events, double share, int more) {
    return new SensitivityRow(sensitivity, events, 100 * share, share, 10, more, 0);
  }

  @Test
  void theAdviceIsTheMiddleOfWhereNothingChanges() {
    List<SensitivityRow> rows =
        List.of(row(10, 1, 0.1, 0), row(40, 3, 0.2, 2), row(60, 3, 0.2, 0), row(90, 7, 0.3, 4));
    assertThat(Advice.on(rows))
        .isEqualTo(
            new Advice(
                40,
                "From 40 to 60 the same 3 events are found: take 40. At 90 4 more appear: see what"
                    + " they are before you go there."));
  }

  @Test
  void whatAlwaysMovesIsToBeMasked() {
    assertThat(Advice.on(List.of(row(10, 1, 0.9, 0), row(90, 1, 1, 0))).sentence())
        .startsWith("90 % of the footage is motion even at 10: mask what always moves there");
    assertThat(Advice.on(List.of(row(10, 3, 0.3, 0), row(50, 1, 1, 0))).sentence())
        .contains("10 finds 3 events")
        .contains("100 % of the footage is motion at 50: mask");
  }

  @Test
  void whereNothingMovesItSaysSo() {
    assertThat(Advice.on(List.of(row(10, 0, 0, 0), row(90, 0, 0, 0))))
        .isEqualTo(
            new Advice(
                50,
                "Nothing moves here at any sensitivity: try footage in which something happens."));
  }
}
