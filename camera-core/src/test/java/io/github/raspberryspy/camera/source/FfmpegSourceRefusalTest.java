package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.PixelFormat;
import io.github.raspberryspy.camera.VideoMaker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class FfmpegSourceRefusalTest {

  @TempDir Path folder;

  private static CameraException refusal(String uri) {
    return catchThrowableOfType(
        CameraException.class, () -> Collected.from(uri, Sources.Delivery.AS_IT_COMES, n -> true));
  }

  private void assertRefused(Path file) {
    CameraException e = refusal(file.toUri().toString());
    assertThat(e).as("refusal of %s", file).isNotNull();
    assertThat(e.kind()).isIn(Kind.INVALID, Kind.CORRUPT, Kind.FORMAT_UNSUPPORTED);
    assertThat(e.kind().response()).isEqualTo(CameraException.Response.STOP);
    assertThat(e.getMessage()).contains(file.getFileName().toString()).doesNotContain("\n");
  }

  @Test
  void whatIsNoVideoIsRefusedInOneSentence() throws IOException {
    assertRefused(folder.resolve("missing.mp4"));
    assertRefused(Files.createDirectory(folder.resolve("folder.mp4")));
    assertRefused(Files.createFile(folder.resolve("empty.mp4")));
    assertRefused(Files.writeString(folder.resolve("text.mp4"), "this is no video\n".repeat(99)));
    byte[] noise = new byte[50_000];
    new Random(8).nextBytes(noise);
    assertRefused(Files.write(folder.resolve("noise.mp4"), noise));
  }

  @Test
  void aFileWithSoundOnlyIsRefused() throws IOException {
    byte[] wav = new byte[44 + 8000];
    byte[] head =
        "RIFF\0\0\0\0WAVEfmt \20\0\0\0\1\0\1\0@\37\0\0@\37\0\0\1\0\10\0data@\37\0\0"
            .getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(head, 0, wav, 0, head.length);
    Path file = Files.write(folder.resolve("sound.wav"), wav);
    assertRefused(file);
    assertThat(refusal(file.toUri().toString())).hasMessageContaining("no video");
  }

  @Test
  void aVideoOfAnUnknownCodecIsRefused() throws IOException {
    Path file =
        VideoMaker.with("mjpeg")
            .frames(10, 5)
            .pixels(PixelFormat.I420, true)
            .write(folder.resolve("v.avi"));
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    text = text.replace("MJPG", "QQZZ");
    Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(file);
  }

  @Test
  void aDamagedVideoNeverCrashes() throws IOException {
    Path sound = VideoMaker.with("libx264").frames(10, 30).write(folder.resolve("sound.mp4"));
    byte[] bytes = Files.readAllBytes(sound);
    Random random = new Random(21);
    for (int i = 0; i < 40; i++) {
      byte[] damaged = bytes.clone();
      for (int k = 0; k < 30; k++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      Path file = Files.write(folder.resolve("damaged" + i + ".mp4"), damaged);
      for (Sources.Delivery delivery : Sources.Delivery.values()) {
        try {
          Collected.despiteLosses(file.toUri().toString(), delivery, n -> n < 1000);
        } catch (CameraException e) {
          assertThat(e.kind()).as(e.getMessage()).isNotEqualTo(Kind.BUG);
        }
      }
    }
  }

  /** Native code has room for ten callbacks; the eleventh source could not be told to stop. */
  @Test
  void manySourcesThatWaitForAnAnswerAreAllGivenUpWhenToldToStop() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String uri = "rtsp://127.0.0.1:" + silent.getLocalPort() + "/live";
      ExecutorService threads = Executors.newCachedThreadPool();
      List<Socket> connections = new ArrayList<>();
      List<CameraSource> sources = new ArrayList<>();
      List<Future<CameraException>> refusals = new ArrayList<>();
      for (int i = 0; i < 14; i++) {
        CameraSource source = Sources.create(uri);
        sources.add(source);
        refusals.add(
            threads.submit(() -> catchThrowableOfType(CameraException.class, source::open)));
        connections.add(silent.accept()); // or they would be closed once they are collected
      }
      sources.forEach(CameraSource::stop);
      for (Future<CameraException> refusal : refusals) {
        assertThat(refusal.get(3, TimeUnit.SECONDS).kind()).isEqualTo(Kind.CANCELLED);
      }
      sources.forEach(CameraSource::close);
      threads.shutdown();
      for (Socket connection : connections) {
        connection.close();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "?transport=tcp, ''",
    "?transport=udp&channel=1&subtype=0, ?channel=1&subtype=0",
    "?channel=1&transport=tcp&subtype=0, ?channel=1&subtype=0",
    "?channel=1&subtype=0&transport=tcp, ?channel=1&subtype=0",
    "?channel=1, ?channel=1"
  })
  void aCameraIsAskedForAllButTheTransport(String given, String asked) throws Exception {
    try (ServerSocket camera = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String address = "rtsp://127.0.0.1:" + camera.getLocalPort() + "/live";
      CameraSource source = Sources.create(address + given);
      var opening = CompletableFuture.runAsync(source::open);
      try (var socket = camera.accept();
          var lines =
              new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
        assertThat(lines.readLine()).isEqualTo("OPTIONS " + address + asked + " RTSP/1.0");
      }
      source.stop();
      assertThat(opening).failsWithin(Duration.ofSeconds(10));
      source.close();
    }
  }

  @Test
  void aPacedSourceStopsSoonWhenAnotherThreadSaysSo() throws Exception {
    Path file = VideoMaker.with("libx264").frames(1, 600).write(folder.resolve("slow.mp4"));
    try (CameraSource source = Sources.create(file.toUri() + "?realtime=true")) {
      source.open();
      Collected got = new Collected();
      var reading = CompletableFuture.runAsync(() -> got.read(source, n -> true));
      await().until(() -> !got.arrivals.isEmpty());
      source.stop();
      reading.get(3, TimeUnit.SECONDS);
      assertThat(source.deliver(got)).isFalse();
    }
  }

  @Test
  void openingAndClosingLeaksNoFileDescriptor() throws Exception {
    Path descriptors = Path.of("/proc/self/fd");
    assumeTrue(Files.isDirectory(descriptors), "only Linux tells");
    Path file = VideoMaker.with("libx264").frames(10, 5).write(folder.resolve("video.mp4"));
    Path garbage = Files.write(folder.resolve("garbage.mp4"), new byte[9000]);
    Collected.from(file.toUri().toString(), Sources.Delivery.FRAMES, n -> true);
    long before = count(descriptors, folder);
    for (int i = 0; i < 50; i++) {
      Collected.from(file.toUri().toString(), Sources.Delivery.FRAMES, n -> n < 2);
      refusal(garbage.toUri().toString());
    }
    assertThat(count(descriptors, folder)).isEqualTo(before).isZero();
  }

  private static long count(Path descriptors, Path under) throws IOException {
    long n = 0;
    try (Stream<Path> links = Files.list(descriptors)) {
      for (Path link : links.toList()) {
        if (Files.exists(link) && Files.readSymbolicLink(link).startsWith(under)) {
          n++;
        }
      }
    }
    return n;
  }

  @Test
  void aCameraThatIsNotThereIsAbsent() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String uri = "rtsp://user:secret@127.0.0.1:" + port + "/live";
    CameraException e = refusal(uri);
    assertThat(e.kind()).isEqualTo(Kind.DEVICE_ABSENT);
    assertThat(e.getMessage()).contains("127.0.0.1").doesNotContain("secret");
  }

  @Test
  void aCameraThatNeverAnswersIsGivenUpWhenToldToStop() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String uri = "rtsp://127.0.0.1:" + silent.getLocalPort() + "/live";
      List<CameraSource> others = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        try (CameraSource opened = Sources.create(uri)) {
          others.add(opened); // what was closed must hold no place in native code
        }
      }
      assertThat(others).hasSize(40);
      CameraSource source = Sources.create(uri);
      var opening =
          CompletableFuture.runAsync(
              () ->
                  assertThatExceptionOfType(CameraException.class)
                      .isThrownBy(source::open)
                      .matches(e -> e.kind() == Kind.CANCELLED));
      silent.accept();
      source.stop();
      opening.get(4, TimeUnit.SECONDS);
      source.close();
    }
  }

  @Test
  void stoppingAndClosingMoreThanOnceDoesNothing() {
    Path file = VideoMaker.with("libx264").frames(10, 5).write(folder.resolve("video.mp4"));
    CameraSource source = Sources.create(file.toUri().toString());
    source.stop();
    source.close();
    assertThatCode(
            () -> {
              source.stop();
              source.close();
            })
        .doesNotThrowAnyException();
  }
}
