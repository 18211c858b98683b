package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.EventSpan;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.UnknownSpan;
import io.github.raspberryspy.segments.spool.Spool;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code record --motion --set} is told of zones and times is what manifests say. */
@Timeout(60)
class RecordMotionTest {

  private static final String QUICK =
      "test://?size=320x240&fps=15&seed=7&realtime=false&frames=200";
  private static final String LIVE = "test://?size=160x120&fps=15&frames=30";

  @TempDir Path folder;

  @Test
  void aTriggerIsNamedByWhatTouchesIt() throws Exception {
    assertThat(record(QUICK, "motion.zones=hall trigger 0,0 1,0 1,1 0,1").motion())
        .isNotEmpty()
        .extracting(EventSpan::zones)
        .allSatisfy(zones -> assertThat(zones).containsExactly("hall"));
  }

  @Test
  void whatIsToBeIgnoredIsNoMotion() throws Exception {
    SegmentManifest manifest = record(QUICK, "motion.zones=hall ignore 0,0.07 1,0.07 1,1 0,1");
    assertThat(manifest.motion()).isEmpty();
    assertThat(manifest.unknown()).isEmpty();
  }

  @Test
  void offScheduleNobodyLooks() throws Exception {
    String other =
        LocalDate.now(ZoneId.systemDefault()).plusDays(3).getDayOfWeek().name().substring(0, 3);
    String rule = other.toLowerCase(Locale.ROOT) + " 10:00 to 11:00";
    SegmentManifest manifest = record(LIVE, "motion.schedule=" + rule);
    assertThat(manifest.unknown())
        .singleElement()
        .isEqualTo(new UnknownSpan(manifest.start(), manifest.end(), UnknownSpan.OFF_SCHEDULE));
    assertThat(record(LIVE, "motion.schedule=daily 00:00 to 24:00").unknown()).isEmpty();
  }

  private SegmentManifest record(String source, String set) throws Exception {
    Path out = folder.resolve("out" + set.hashCode());
    List<String> args = new ArrayList<>(List.of("record", "--source", source, "--motion"));
    args.addAll(List.of("--out", out.toString(), "--set", set));
    Outcome outcome = Outcome.of(args.toArray(String[]::new));
    assertThat(outcome.exit()).as("%s", outcome.err()).isZero();
    var segments = Spool.open(out, "camera").sealed();
    assertThat(segments).hasSize(1);
    return segments.get(0).manifest();
  }
}
