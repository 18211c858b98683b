package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ReadOnlyBufferException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FrameTest {

  @RegisterExtension final FrameLeakExtension leaks = new FrameLeakExtension();

  private final FramePool pool = FramePool.allocate(PixelFormat.I420, 64, 48, 2);

  @BeforeEach
  void watch() {
    leaks.watch(pool);
  }

  @Test
  void aHandleTellsWhatWasPublished() {
    try (Frame frame = pool.poll().publish(12, 400_000, -7)) {
      assertThat(frame.number()).isEqualTo(12);
      assertThat(frame.ptsUs()).isEqualTo(400_000);
      assertThat(frame.captureNanos()).isEqualTo(-7);
      assertThat(frame.image().width()).isEqualTo(64);
      assertThat(frame.image().height()).isEqualTo(48);
      assertThat(frame.image().format()).isEqualTo(PixelFormat.I420);
      assertThat(frame).hasToString("Frame(source)");
    }
  }

  @Test
  void pixelsCanBeReadAndNotWritten() {
    FrameSlot slot = pool.poll();
    slot.avFrame().data(0).put(0, (byte) 99);
    try (Frame frame = slot.publish(0, 0, 0)) {
      assertThat(frame.image().plane(0).get(0)).isEqualTo((byte) 99);
      assertThat(frame.image().plane(0).isReadOnly()).isTrue();
      assertThat(frame.image().plane(1).remaining()).isEqualTo(frame.image().stride(1) * 23 + 32);
      assertThatExceptionOfType(ReadOnlyBufferException.class)
          .isThrownBy(() -> frame.image().plane(0).put(0, (byte) 1));
    }
  }

  @Test
  void aPlanesAddressIsWhereItsFirstByteLies() {
    FrameSlot slot = pool.poll();
    try (Frame frame = slot.publish(0, 0, 0)) {
      for (int plane = 0; plane < 3; plane++) {
        assertThat(frame.image().address(plane)).isEqualTo(slot.avFrame().data(plane).address());
      }
    }
  }

  @Test
  void closingAgainDoesNothing() {
    Frame first = publish();
    Frame second = first.share("second");
    first.close();
    first.close();
    first.close();
    assertThat(pool.outstanding()).isEqualTo(1);
    assertThat(second.number()).isEqualTo(1);
    second.close();
    second.close();
    assertThat(pool.outstanding()).isZero();
  }

  @Test
  void aClosedHandleGivesNothingAndSharesNothing() {
    Frame closed = publish();
    Frame open = closed.share("open");
    closed.close();
    assertThatIllegalStateException().isThrownBy(closed::number).withMessageContaining("source");
    assertThatIllegalStateException().isThrownBy(closed::ptsUs);
    assertThatIllegalStateException().isThrownBy(closed::captureNanos);
    assertThatIllegalStateException().isThrownBy(closed::image);
    assertThatIllegalStateException().isThrownBy(() -> closed.share("late"));
    assertThat(open.image().width()).isEqualTo(64);
    open.close();
    assertThatIllegalStateException().isThrownBy(() -> open.share("late"));
    assertThat(pool.outstanding()).isZero();
  }

  @Test
  void anOldHandleCannotTouchTheFrameThatFollowsInItsSlot() {
    Frame old = publish();
    FrameSlot other = pool.poll();
    old.close();
    try (Frame following = pool.poll().publish(2, 0, 0)) {
      old.close();
      assertThatIllegalStateException().isThrownBy(old::image);
      assertThat(following.number()).isEqualTo(2);
      assertThat(pool.outstanding()).isEqualTo(2);
    }
    other.discard();
  }

  @Test
  void theLastCloseRequeuesTheSlotOnce() {
    Frame first = publish();
    Frame second = first.share("second");
    Frame third = second.share("third");
    second.close();
    first.close();
    assertThat(pool.outstanding()).isEqualTo(1);
    third.close();
    third.close();
    first.close();
    assertThat(pool.outstanding()).isZero();
    FrameSlot one = pool.poll();
    FrameSlot two = pool.poll();
    assertThat(one).isNotNull().isNotSameAs(two);
    assertThat(two).isNotNull();
    assertThat(pool.poll()).isNull();
    one.discard();
    two.discard();
  }

  @Test
  void aSlotIsPublishedOnceUntilItIsClosed() {
    FrameSlot slot = pool.poll();
    try (Frame frame = slot.publish(1, 0, 0)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> slot.publish(2, 0, 0))
          .withMessageContaining("source");
      assertThat(frame.number()).isEqualTo(1);
    }
  }

  private Frame publish() {
    return pool.poll().publish(1, 0, 0);
  }
}
