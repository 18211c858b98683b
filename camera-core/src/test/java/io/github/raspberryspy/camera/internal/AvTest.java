package io.github.raspberryspy.camera.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AvTest {

  @BeforeAll
  static void load() {
    Natives.load();
  }

  @Test
  void anErrorTextEndsWhereFfmpegEndedIt() {
    assertThat(Av.text(avutil.AVERROR_EOF())).isEqualTo("End of file");
  }

  @Test
  void anUnknownErrorHasATextToo() {
    assertThat(Av.text(-123_456)).isEqualTo("Error number -123456 occurred");
  }
}
