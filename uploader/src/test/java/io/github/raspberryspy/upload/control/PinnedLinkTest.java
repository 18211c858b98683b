package io.github.raspberryspy.upload.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.wire.BoardHealth;
import io.github.raspberryspy.segments.wire.LinkMessage.CameraState;
import io.github.raspberryspy.segments.wire.LinkMessage.Heartbeat;
import io.github.raspberryspy.segments.wire.LinkMessage.Hello;
import io.github.raspberryspy.upload.TlsKeys;
import io.github.raspberryspy.upload.UploaderConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The link of a paired camera: TLS 1.3 with the master's key, and a word with nobody else. */
@Timeout(60)
class PinnedLinkTest {

  private static final int NOW = 2026;
  private static final int FAR = 2090; // as the master's certificate seems where it is 1970

  @TempDir Path folder;

  private final AtomicInteger tries = new AtomicInteger();

  private ControlLink link(TlsKeys camera, TlsKeys master, FakeLink at) throws Exception {
    UploaderConfig config =
        UploaderConfig.builder(camera.pairedWith(master, at.uri()))
            .heartbeat(Duration.ofMillis(20))
            .retry(Duration.ofMillis(1), Duration.ofMillis(10))
            .random(
                () -> {
                  tries.incrementAndGet();
                  return 0.5;
                })
            .build();
    ControlLink link =
        new ControlLink(
            config,
            () -> new Hello("front", "3f9a1c22", "test 1", "test://", "s1"),
            PinnedLinkTest::beat,
            command -> {});
    link.start();
    return link;
  }

  private static Heartbeat beat() {
    OptionalLong none = OptionalLong.empty();
    return new Heartbeat(
        CameraState.RECORDING,
        "",
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        none,
        1,
        none,
        false,
        Optional.empty(),
        BoardHealth.UNKNOWN);
  }

  @Test
  void speaksWithThePinnedKeyWhateverTheDatesOfItsCertificate() throws Exception {
    TlsKeys master = TlsKeys.make(folder, FAR);
    try (FakeLink server = new FakeLink(master.server("TLSv1.3"));
        ControlLink link = link(TlsKeys.make(folder, FAR), master, server)) {
      await().until(() -> server.heard(Heartbeat.class).size() > 3);
      assertThat(link.isConnected()).isTrue();
      assertThat(server.heads.get(0)).doesNotContainIgnoringCase("authorization");
    }
  }

  @Test
  void anotherKeyHearsNotAByte() throws Exception {
    TlsKeys master = TlsKeys.make(folder, NOW);
    try (FakeLink rogue = new FakeLink(TlsKeys.make(folder, NOW).server("TLSv1.3"));
        ControlLink link = link(TlsKeys.make(folder, NOW), master, rogue)) {
      await().until(() -> tries.get() > 3);
      assertThat(link.isConnected()).isFalse();
      assertThat(rogue.heads).isEmpty();
      assertThat(rogue.messages).isEmpty();
    }
  }

  @Test
  void olderTlsIsNotSpoken() throws Exception {
    TlsKeys master = TlsKeys.make(folder, NOW);
    try (FakeLink old = new FakeLink(master.server("TLSv1.2"));
        ControlLink link = link(TlsKeys.make(folder, NOW), master, old)) {
      await().until(() -> tries.get() > 3);
      assertThat(link.isConnected()).isFalse();
      assertThat(old.heads).isEmpty();
    }
  }
}
