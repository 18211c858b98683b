package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TlsParametersTest {

  @TempDir Path folder;

  @Test
  void aMasterThatTakesWhatItsClientLikesBestSpeaksChaCha20() throws Exception {
    TlsKeys master = TlsKeys.make(folder, 2026);
    SSLContext context = PinnedMaster.context(master.pin());
    try (ServerSocket server = master.server("TLSv1.3")) {
      CompletableFuture<String> spoken =
          CompletableFuture.supplyAsync(
              () -> {
                try (SSLSocket socket = (SSLSocket) server.accept()) {
                  var parameters = socket.getSSLParameters();
                  parameters.setUseCipherSuitesOrder(false);
                  socket.setSSLParameters(parameters);
                  socket.startHandshake();
                  return socket.getSession().getCipherSuite();
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      try (SSLSocket camera =
          (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.getLocalPort())) {
        camera.setSSLParameters(TlsParameters.ofCamera());
        camera.startHandshake();
        assertThat(spoken.get()).isEqualTo("TLS_CHACHA20_POLY1305_SHA256");
      }
    }
  }
}
