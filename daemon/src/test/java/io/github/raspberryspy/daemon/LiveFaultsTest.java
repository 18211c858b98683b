package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.supervise.CameraFault;
import io.github.raspberryspy.camera.supervise.CameraFault.Kind;
import io.github.raspberryspy.segments.wire.LinkMessage.Fault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveFaultsTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private Instant now = NOON;
  private final List<Fault> told = new ArrayList<>();
  private final LiveFaults faults = new LiveFaults(() -> now);

  @Test
  void whatIsStillWrongIsToldAgainOnEachConnectionWithTheTimeOfItsBeginning() {
    faults.changed(new CameraFault(Kind.PICTURE_DARK, false, true, "dark")); // nobody listens yet
    faults.tell(told::add);
    faults.changed(new CameraFault(Kind.LENS_COVERED, false, true, "covered"));
    now = NOON.plusSeconds(60);
    faults.changed(new CameraFault(Kind.LENS_COVERED, true, false, "free"));
    assertThat(faults.sentence()).isEqualTo("dark");
    told.clear();

    faults.repeat();

    assertThat(told).containsExactly(new Fault("picture-dark", false, true, NOON, "dark"));
  }

  /** Another pipeline never saw the beginning, and would not tell the end. */
  @Test
  void whatWasWrongWithWhatItFilmedIsOverOnceThatIsClosed() {
    faults.tell(told::add);
    faults.changed(new CameraFault(Kind.CAPTURE_STALLED, false, true, "nothing for 2 s"));
    faults.changed("hot", false, true, "its board is too hot");
    told.clear();

    faults.closed();
    faults.closed();

    assertThat(told).extracting(Fault::kind).containsExactly("capture-stalled");
    assertThat(told.get(0).ended()).isTrue();
    assertThat(faults.sentence()).isEmpty();
    told.clear();
    faults.repeat();
    assertThat(told).extracting(Fault::kind).containsExactly("hot");
  }
}
