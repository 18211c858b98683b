package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.Counter;
import io.github.raspberryspy.camera.live.FragmentTap;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.segments.wire.CameraCredential;
import io.github.raspberryspy.segments.wire.LiveMessage;
import io.github.raspberryspy.upload.UploaderConfig;
import io.github.raspberryspy.upload.control.LiveSource;
import io.github.raspberryspy.upload.control.LiveUplink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A camera whose live pictures its master does not read. */
class LiveBackpressureTest {

  private static final int FRAMES = 3000;

  @TempDir Path folder;
  private final AtomicLong taken = new AtomicLong();

  /** What is filmed, counted. */
  private final class Counted implements LiveSource {
    private final FragmentTap tap;

    Counted(FragmentTap tap) {
      this.tap = tap;
    }

    @Override
    public Optional<LiveMessage> next(Duration timeout) {
      Optional<LiveMessage> message = tap.next(timeout);
      taken.addAndGet(message.isPresent() ? 1 : 0);
      return message;
    }

    @Override
    public boolean isEnded() {
      return tap.isEnded();
    }

    @Override
    public void close() {
      tap.close();
    }
  }

  @Test
  void notOneRecordedFrameIsLostToAMasterThatReadsNoPictures() throws Exception {
    CompletableFuture<CameraPipeline> camera = new CompletableFuture<>();
    try (ServerSocket master = new ServerSocket()) {
      master.setReceiveBufferSize(4096);
      master.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      CompletableFuture<Socket> deaf = CompletableFuture.supplyAsync(() -> shakeHands(master));
      URI uri = URI.create("http://127.0.0.1:" + master.getLocalPort());
      CameraCredential credential = CameraCredential.derive(new byte[32], "front");
      try (LiveUplink uplink =
              new LiveUplink(
                  "front",
                  UploaderConfig.builder(uri, credential).build(),
                  () -> camera.join().tap().map(Counted::new));
          CameraPipeline filming =
              CameraPipeline.builder()
                  .name("front")
                  .source("test://?size=640x480&objects=8&realtime=false&frames=" + FRAMES)
                  .record(RecorderConfig.into(folder))
                  .start()) {
        uplink.start();
        uplink.watch(true);
        camera.complete(filming);
        filming.awaitStop();
        assertThat(filming.counters().get(Counter.FRAMES_RECORDED)).isEqualTo(FRAMES);
        assertThat(filming.counters().framesDropped()).isZero();
        assertThat(taken.get())
            .as("what went before the master's memory was full")
            .isBetween(1L, FRAMES - 500L);
      }
      deaf.join().close();
    }
  }

  private static Socket shakeHands(ServerSocket master) {
    try {
      Socket socket = master.accept();
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String key = "";
      for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
        key = line.startsWith("Sec-WebSocket-Key: ") ? line.substring(19) : key;
      }
      byte[] sha1 =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                      .getBytes(StandardCharsets.US_ASCII));
      String answer =
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Accept: "
              + Base64.getEncoder().encodeToString(sha1)
              + "\r\n\r\n";
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      return socket;
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
