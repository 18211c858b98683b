package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.faults.FaultProxy;
import io.github.raspberryspy.segments.faults.Toxic;
import io.github.raspberryspy.segments.spool.SealedSegment;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * F13, scaled down: a backlog drains over a slow link while the camera films on. What the link
 * carries is measured with a bare socket through the same proxy.
 */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DrainTest extends UploadFixture {

  private static final long RATE = 2_000_000;
  private static final int PIECE = 40_000; // filmed each 200 ms: a tenth of the link
  private static final int PIECES = 5;

  /** Long segments, and short ones, with which the link would be spent on waiting for answers. */
  @ParameterizedTest
  @CsvSource({"6,4194304", "96,262144"})
  void aBacklogUsesTheLinkAndTheTailIsNeverBehind(int segments, int size) throws Exception {
    for (int i = 0; i < segments; i++) {
      seal(spool, i, size, i % 3 == 0);
    }
    try (FaultProxy network = new FaultProxy(master.uri().getPort(), 1);
        Film film = new Film()) {
      network.upstream(new Toxic.Bandwidth(RATE));
      Uploader uploader =
          uploader(
              spool,
              UploaderConfig.builder(URI.create("http://127.0.0.1:" + network.port()), CREDENTIAL)
                  .pollInterval(Duration.ofMillis(50))
                  .build());
      long begin = System.nanoTime();
      uploader.start();
      film.roll(uploader);
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> sealedOf(0, segments) == segments);
      double seconds = (System.nanoTime() - begin) / 1e9;
      double sent = uploader.acceptedBytes();
      film.close();
      double share = sent / seconds / bareRate();
      assertThat(share).as("share of the link").isGreaterThanOrEqualTo(0.9);
      assertThat(film.mostBehind.get())
          .as("segments that were filmed, and not there")
          .isLessThanOrEqualTo(2);
      assertThat(empty(uploader)).isTrue();
      assertThat(master.patchedBytes())
          .as("nothing was sent twice")
          .isEqualTo((long) segments * size + (long) film.sealed.size() * PIECE * PIECES);
    }
  }

  private long sealedOf(int from, int to) {
    return List.copyOf(master.sealOrder).stream()
        .mapToInt(id -> Integer.parseInt(id.substring(id.length() - 6)))
        .filter(i -> i >= from && i < to)
        .count();
  }

  /** What a bare socket gets through such a proxy, bytes a second. */
  private static double bareRate() throws Exception {
    int bytes = (int) (2 * RATE);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        FaultProxy network = new FaultProxy(server.getLocalPort(), 1)) {
      network.upstream(new Toxic.Bandwidth(RATE));
      CompletableFuture<Integer> read =
          CompletableFuture.supplyAsync(
              () -> {
                try (Socket socket = server.accept()) {
                  return socket.getInputStream().readNBytes(bytes).length;
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      long begin = System.nanoTime();
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), network.port())) {
        OutputStream out = socket.getOutputStream();
        out.write(new byte[bytes]);
        out.flush();
        assertThat(read.get(60, TimeUnit.SECONDS)).isEqualTo(bytes);
      }
      return bytes / ((System.nanoTime() - begin) / 1e9);
    }
  }

  /** Films segments of a second, and looks at each seal how many are not there. */
  private final class Film implements AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final List<SealedSegment> sealed = new ArrayList<>();
    private final AtomicInteger mostBehind = new AtomicInteger();
    private ScheduledFuture<?> rolling;
    private int pieces;
    private Growing open;

    void roll(Uploader uploader) {
      Runnable film =
          () -> {
            try {
              film(uploader);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };
      rolling = timer.scheduleAtFixedRate(film, 0, 200, TimeUnit.MILLISECONDS);
    }

    private void film(Uploader uploader) throws IOException {
      if (pieces % PIECES == 0) {
        if (open != null) {
          sealed.add(open.seal(uploader));
          int behind = sealed.size() - (int) sealedOf(1000, 9999);
          mostBehind.accumulateAndGet(behind, Math::max);
        }
        open = new Growing(1000 + sealed.size(), PIECE * PIECES, false);
      }
      pieces++;
      open.grow(uploader, PIECE * (1 + (pieces - 1) % PIECES));
    }

    @Override
    public void close() {
      timer.shutdown(); // what is being filmed now is filmed
      try {
        if (rolling.isDone() && !rolling.isCancelled()) {
          rolling.get(); // it failed
        }
        assertThat(timer.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        if (open != null) {
          sealed.add(open.seal(uploader(spool, quick().build()))); // the backlog's thread finds it
          open = null;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException e) {
        throw new AssertionError(e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
