package io.github.raspberryspy.sink.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SteadyBodyTest {

  private static final int KIB = 1024;

  private long nanos;

  /** A body of which so many bytes come each second. */
  private InputStream body(int bytes, int aSecond) {
    InputStream all = new ByteArrayInputStream(new byte[bytes]);
    InputStream slow =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("not one by one");
          }

          @Override
          public int read(byte[] to, int at, int most) throws IOException {
            int n = all.read(to, at, Math.min(most, 10));
            nanos += Duration.ofSeconds(Math.max(n, 0)).toNanos() / aSecond;
            return n;
          }
        };
    return new SteadyBody(slow, () -> nanos);
  }

  private Duration passed() {
    return Duration.ofNanos(nanos);
  }

  @Test
  void aBodyThatComesFastEnoughComesWhole() throws Exception {
    assertThat(body(600 * KIB, KIB + 10).readAllBytes()).hasSize(600 * KIB);
    assertThat(passed()).isGreaterThan(SteadyBody.WINDOW.multipliedBy(10));
  }

  @Test
  void aSmallBodyMayTakeItsTime() throws Exception {
    assertThat(body(20, 1).readAllBytes()).hasSize(20);
  }

  @Test
  void aBodyThatDripsIsCutOffAfterOneWindow() {
    assertThatThrownBy(() -> body(600 * KIB, KIB - 10).readAllBytes())
        .isInstanceOf(Problem.class)
        .hasMessageContaining("bytes in 30 s, and at least 30720");
    assertThat(passed()).isBetween(SteadyBody.WINDOW, SteadyBody.WINDOW.plusSeconds(1));
  }

  @Test
  void whatCameFastBeforeBuysNoTimeLater() throws Exception {
    byte[] much = new byte[600 * KIB];
    AtomicInteger aSecond = new AtomicInteger(300 * KIB);
    InputStream body =
        new SteadyBody(
            new ByteArrayInputStream(much) {
              @Override
              public synchronized int read(byte[] to, int at, int most) {
                int n = super.read(to, at, most);
                nanos += Duration.ofSeconds(n).toNanos() / aSecond.get();
                return n;
              }
            },
            () -> nanos);
    body.readNBytes(300 * KIB);
    aSecond.set(1);
    assertThatThrownBy(
            () -> {
              while (true) {
                body.read(new byte[1]);
              }
            })
        .isInstanceOf(Problem.class);
    assertThat(passed())
        .isBetween(SteadyBody.WINDOW, SteadyBody.WINDOW.multipliedBy(2).plusSeconds(2));
  }
}
