package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.raspberryspy.segments.servers.S3Server;
import io.github.raspberryspy.sink.Footage;
import io.github.raspberryspy.sink.Footage.Clip;
import io.github.raspberryspy.sink.TestBucket;
import io.github.raspberryspy.sink.TestMaster;
import io.github.raspberryspy.sink.event.Events;
import io.github.raspberryspy.sink.event.Troubles;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What changes in a bucket after it was verified. */
@Timeout(120)
class BucketScrubberTest {

  private static final long ALL = 1L << 40;

  @TempDir Path folder;

  @Test
  void whatChangedOrIsMissingIsMarkedAndNothingWhileTheBucketIsAway() throws Exception {
    try (S3Server server = S3Server.start(Files.createDirectory(folder.resolve("s3")), "cctv");
        Events events = new Events()) {
      Path footage = folder.resolve("footage");
      Clip[] clips = new Clip[4];
      try (TestMaster master = master(server, footage)) {
        for (int i = 0; i < clips.length; i++) {
          clips[i] = Footage.clip("front", i, 500);
          master.camera("front").upload(clips[i]);
        }
      }
      Path day = server.bucket("cctv").resolve("front/2026-11-23");
      Path changed = day.resolve(clips[1].manifest().name() + ".mp4");
      byte[] bytes = Files.readAllBytes(changed);
      bytes[bytes.length / 2] ^= 0x10;
      Files.write(changed, bytes);
      Files.delete(day.resolve(clips[2].manifest().name() + ".mp4"));
      Path strange = Files.write(day.resolve("strange.mp4"), new byte[9]);
      Files.setLastModifiedTime(strange, FileTime.from(Instant.now().minus(Duration.ofDays(1))));

      Troubles troubles = new Troubles(events, Clock.systemUTC());
      FootageFolder opened = FootageFolder.open(footage);
      try (SegmentIndex index = SegmentIndex.open(opened.index());
          BucketFiles files =
              BucketFiles.open(TestBucket.of(server, "s3://cctv", folder), opened.identity().id());
          Scrubber scrubber =
              new Scrubber(files, index, troubles, Clock.systemUTC(), Duration.ZERO)) {
        server.kill();
        try {
          scrubber.read(ALL); // it was there a moment ago
        } catch (FootageAwayException e) {
          assertThat(e).hasMessageContaining("bucket cctv of 127.0.0.1");
        }
        await().until(() -> !files.isHere());
        assertThat(scrubber.read(ALL)).isZero();
        assertThat(index.damage().count()).isZero();
        server.restart();
        scrubber.read(ALL);
        scrubber.read(ALL);
        scrubber.read(ALL);

        assertThat(damage(index, clips[0])).isEmpty();
        assertThat(damage(index, clips[1]).orElseThrow()).startsWith("its bytes changed in bucket");
        assertThat(damage(index, clips[2])).contains("its file is missing");
        assertThat(damage(index, clips[3])).isEmpty();
        assertThat(sentence(troubles, "damage"))
            .startsWith("2 segments are damaged in bucket cctv of 127.0.0.1");
        assertThat(sentence(troubles, "unknown-files"))
            .contains("a video beside the footage", "strange.mp4");
      }
      try (TestMaster master = master(server, footage)) {
        master.camera("front").upload(clips[1]);
      }
      assertThat(changed).hasBinaryContent(clips[1].bytes());
    }
  }

  private static String sentence(Troubles troubles, String kind) {
    return troubles.standing().stream()
        .filter(trouble -> trouble.kind().equals(kind))
        .findFirst()
        .orElseThrow()
        .sentence();
  }

  private TestMaster master(S3Server server, Path footage) throws Exception {
    var store = TestBucket.of(server, "s3://cctv", folder);
    return TestMaster.start(footage, m -> m.minFreeBytes(0).store(store));
  }

  private static Optional<String> damage(SegmentIndex index, Clip clip) {
    return index.find(clip.id()).orElseThrow().damage();
  }
}
