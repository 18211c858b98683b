package io.github.raspberryspy.sink.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.servers.S3Server;
import io.github.raspberryspy.sink.TestBucket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same of footage as files and as objects. */
class BucketFilesTest {

  private static final String DAY = "front/2026-11-23";

  @TempDir static Path folder;
  private static S3Server server;
  private static int tests;

  @TempDir Path local;
  private BucketFiles objects;
  private FootageFiles files;

  @BeforeAll
  static void startServer() throws IOException {
    server = S3Server.start(folder, "footage");
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void open() throws IOException {
    objects = BucketFiles.open(TestBucket.of(server, "s3://footage/" + ++tests, folder), "an-id");
    files = FootageFolder.open(local.resolve("footage")).files();
  }

  @AfterEach
  void close() {
    objects.close();
  }

  private List<FootageFiles> both() {
    return List.of(files, objects);
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(local.resolve("part"), bytes);
  }

  private void place(FootageFiles where, String key, byte[] bytes) throws IOException {
    Path file = file(bytes);
    where.place(file, key, DurableFiles.hash(file));
  }

  private static byte[] bytes(int count, int seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void whatIsPlacedIsThereWholeAndInItsRanges() throws Exception {
    byte[] video = bytes(20_000_000, 1);
    for (FootageFiles where : both()) {
      String key = DAY + "/large.mp4";
      assertThat(where.exists(key)).isFalse();
      place(where, key, video);
      assertThat(where.size(key)).hasValue(video.length);
      assertThat(where.hash(key)).isEqualTo(contentOf(video));
      try (InputStream in = where.open(key, 17_000_000, 1000)) {
        assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(video, 17_000_000, 17_001_000));
      }
      try (InputStream in = where.open(key, video.length - 10, Long.MAX_VALUE)) {
        assertThat(in.readAllBytes()).hasSize(10);
      }
      try (InputStream in = where.open(key, 0, Long.MAX_VALUE)) {
        assertThat(in.read()).isEqualTo(video[0] & 0xff); // and is closed early
      }
    }
  }

  private Content contentOf(byte[] bytes) throws IOException {
    return DurableFiles.hash(file(bytes));
  }

  @Test
  void whatIsPlacedTakesThePlaceOfWhatWasDamaged() throws Exception {
    for (int size : new int[] {5000, 17 << 20}) {
      byte[] video = bytes(size, 2);
      byte[] damaged = video.clone();
      damaged[size / 2] ^= 1;
      for (FootageFiles where : both()) {
        String key = DAY + "/" + size + ".mp4";
        place(where, key, damaged);
        place(where, key, video);
        assertThat(where.hash(key)).isEqualTo(contentOf(video));
        place(where, key, video);
        assertThat(where.hash(key)).isEqualTo(contentOf(video));
      }
    }
  }

  @Test
  void aFileThatChangedAfterItWasVerifiedIsNotPlaced() throws Exception {
    Content verified = contentOf(bytes(5000, 3));
    Path file = file(bytes(5000, 4));
    String key = DAY + "/changed.mp4";
    assertThatThrownBy(() -> objects.place(file, key, verified))
        .hasMessageContaining("changed after it was verified");
    assertThat(objects.exists(key)).isFalse();
  }

  @Test
  void smallThingsAreWrittenOverReadAndTakenAway() throws Exception {
    for (FootageFiles where : both()) {
      String mark = DAY + "/a.saved";
      String manifest = DAY + "/a.json";
      where.write(mark, new byte[0]);
      where.write(manifest, "one".getBytes(UTF_8));
      where.write(manifest, "two!".getBytes(UTF_8));
      assertThat(where.size(mark)).hasValue(0);
      assertThat(where.read(mark, 10)).isEmpty();
      assertThat(where.read(manifest, 10)).asString(UTF_8).isEqualTo("two!");
      assertThat(where.read(manifest, 3)).asString(UTF_8).isEqualTo("two");
      where.delete(List.of(mark, DAY + "/never.mp4"));
      assertThat(where.exists(mark)).isFalse();
      assertThatThrownBy(() -> where.read(mark, 10)).isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> where.open(mark, 0, Long.MAX_VALUE))
          .isInstanceOf(NoSuchFileException.class);
    }
  }

  @Test
  void daysAreListedAndWhatLiesInThem() throws Exception {
    for (FootageFiles where : both()) {
      assertThat(where.days()).isEmpty();
      where.write("yard/2026-11-24/b.json", new byte[2]);
      where.write(DAY + "/b.json", new byte[3]);
      where.write(DAY + "/a.mp4", new byte[4]);
      where.write("NO CAMERA/2026-11-24/b.json", new byte[2]);
      assertThat(where.days()).containsExactly(DAY, "yard/2026-11-24");
      assertThat(where.list(DAY))
          .extracting(FootageFiles.Entry::key, FootageFiles.Entry::bytes)
          .containsExactly(tuple(DAY + "/a.mp4", 4L), tuple(DAY + "/b.json", 3L));
      assertThat(where.list("front/2020-01-01")).isEmpty();
    }
  }

  @Test
  void moreThanAPageOfADayIsListed() throws Exception {
    Path day = Files.createDirectories(server.bucket("footage").resolve(tests + "/" + DAY));
    for (int i = 0; i < 2100; i++) {
      Files.createFile(day.resolve(String.format("%05d.json", i)));
    }
    assertThat(objects.list(DAY)).hasSize(2100);
  }

  @Test
  void aBucketBelongsToOneFootageFolder() throws Exception {
    assertThat(objects.isHere()).isTrue();
    Path marker = server.bucket("footage").resolve(tests + "/.raspberryspy/footage-id");
    assertThat(marker).hasContent("an-id");
    assertThatThrownBy(
            () ->
                BucketFiles.open(
                    TestBucket.of(server, "s3://footage/" + tests, folder), "another-id"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is the store of another footage folder")
        .hasMessageContaining("an-id")
        .hasMessageContaining("another-id");
  }
}
