package io.github.raspberryspy.natives.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ErrnoTest {

  @Test
  void namesNumbers() {
    assertThat(Errno.of(5)).contains(Errno.EIO);
    assertThat(Errno.describe(19)).isEqualTo("ENODEV (19)");
    assertThat(Errno.describe(250)).isEqualTo("errno 250");
    assertThat(Errno.of(0)).isEmpty();
  }

  @Test
  void everyNumberHasOneName() {
    assertThat(Arrays.stream(Errno.values()).map(Errno::number)).doesNotHaveDuplicates();
    for (Errno errno : Errno.values()) {
      assertThat(Errno.of(errno.number())).contains(errno);
    }
  }

  @Test
  void anExceptionNamesCallSubjectAndNumber() {
    NativeException e = new NativeException("VIDIOC_DQBUF", "/dev/video0", 5);
    assertThat(e).hasMessage("VIDIOC_DQBUF /dev/video0: EIO (5)");
    assertThat(e.errno()).contains(Errno.EIO);
    assertThat(new NativeException("open", "x", 250).errno()).isEmpty();
    assertThat(new NativeException("open", "x", 250).number()).isEqualTo(250);
  }
}
