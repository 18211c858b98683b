package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.CloseReason;
import org.junit.jupiter.api.Test;

/** Segments of 10 s, of a camera whose frames come each 40 ms. */
class BoundariesTest {

  private static final long SECOND = 1_000_000;

  private long lengthUs = 10 * SECOND;
  private final Boundaries boundaries = new Boundaries(() -> lengthUs, 40_000);

  @Test
  void aLateKeyframeDoesNotMoveTheNextBoundary() {
    boundaries.begin(0);
    assertThat(boundaries.isDue(9_979_999)).isFalse();
    assertThat(boundaries.isDue(9_980_000)).as("half a frame before is near enough").isTrue();
    boundaries.end(CloseReason.TIME);
    boundaries.begin(10_700_000);
    assertThat(boundaries.isDue(19_960_000)).isFalse();
    assertThat(boundaries.isDue(20 * SECOND)).isTrue();
  }

  @Test
  void whatEndsBeforeItsTimeBeginsAnotherGrid() {
    boundaries.begin(0);
    boundaries.end(CloseReason.FLUSH);
    boundaries.begin(3 * SECOND);
    assertThat(boundaries.isDue(10 * SECOND)).isFalse();
    assertThat(boundaries.isDue(13 * SECOND)).isTrue();
  }

  @Test
  void aLengthThatIsChangedIsMeasuredFromTheBeginningOfTheOpenSegment() {
    boundaries.begin(5 * SECOND);
    lengthUs = 4 * SECOND;
    assertThat(boundaries.isDue(8 * SECOND)).isFalse();
    assertThat(boundaries.isDue(9 * SECOND)).isTrue();
  }
}
