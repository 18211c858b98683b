package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.wire.PairingCode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Somebody answers at the master's address who has not its key, as after a spoofed name or a cable
 * that was moved: nothing is said to them, and nothing of theirs is believed.
 */
@Timeout(60)
class RogueMasterTest extends UploadFixture {

  private static final int NOW = 2026;

  /** Takes every connection, and would answer anything with "all is well". */
  private static final class Rogue implements AutoCloseable {
    private final ServerSocket server;
    private final AtomicInteger came = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger heard = new AtomicInteger();
    private final Thread thread = new Thread(this::serve, "rogue");

    Rogue(TlsKeys key) throws Exception {
      server = key.server("TLSv1.3");
      thread.start();
    }

    URI uri() {
      return URI.create("https://127.0.0.1:" + server.getLocalPort() + "/");
    }

    private void serve() {
      while (!server.isClosed()) {
        try (Socket socket = server.accept()) {
          came.incrementAndGet();
          for (int b = socket.getInputStream().read(); b >= 0; b = socket.getInputStream().read()) {
            heard.incrementAndGet(); // the plain text, past a whole handshake
          }
        } catch (IOException e) {
          ended.incrementAndGet(); // by the camera, in the handshake
        }
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  @Test
  void anUploaderSaysNotAByteToAnotherKeyAndDeletesNothing() throws Exception {
    TlsKeys camera = TlsKeys.make(root, NOW);
    SealedSegment segment = seal(1, 3 * CHUNK);
    try (Rogue rogue = new Rogue(TlsKeys.make(root, NOW))) {
      UploaderConfig config =
          UploaderConfig.builder(camera.pairedWith(TlsKeys.make(root, NOW), rogue.uri()))
              .pollInterval(Duration.ofMillis(20))
              .retry(Duration.ofMillis(1), Duration.ofMillis(10))
              .build();
      Uploader uploader = uploader(spool, config);
      Growing open = new Growing(2, 2 * CHUNK, false);
      uploader.start();
      open.grow(uploader, CHUNK);
      eventually(() -> assertThat(failures.size()).isGreaterThan(10));
      assertThat(rogue.ended.get()).isGreaterThan(5);
      assertThat(rogue.heard.get()).isZero();
    }
    assertThat(verified).isEmpty();
    assertKept(segment);
  }

  @Test
  void pairingSaysNotAByteToAnotherKey() throws Exception {
    byte[] pin = TlsKeys.make(root, NOW).pin();
    try (Rogue rogue = new Rogue(TlsKeys.make(root, NOW))) {
      PairingCode code =
          new PairingCode(pin, new byte[41], "", List.of("127.0.0.1:" + rogue.uri().getPort()));
      assertThatThrownBy(() -> PairingClient.pair(code, "front"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another key than the one that was paired with");
      assertThat(rogue.came.get()).isEqualTo(1);
      assertThat(rogue.heard.get()).isZero();
    }
  }

  @Test
  void theMasterOfThePinnedKeyIsHeardSoThatThisTestCanFail() throws Exception {
    TlsKeys key = TlsKeys.make(root, NOW);
    try (Rogue master = new Rogue(key)) {
      PairingCode code =
          new PairingCode(
              key.pin(), new byte[41], "", List.of("127.0.0.1:" + master.uri().getPort()));
      Thread pairing =
          new Thread(
              () ->
                  assertThatThrownBy(() -> PairingClient.pair(code, "front"))
                      .isInstanceOf(IOException.class));
      pairing.start();
      eventually(() -> assertThat(master.heard.get()).isPositive());
      pairing.interrupt();
      pairing.join();
    }
  }
}
