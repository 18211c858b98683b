package io.github.raspberryspy.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.spool.SealedSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A spool, and uploaders to a target that is no master. */
abstract class TargetFixture extends UploadFixture {

  UploaderConfig.Builder quick(TargetConfig target) {
    return UploaderConfig.builder(target)
        .chunkBytes(CHUNK)
        .requestBytes(1 << 20)
        .connectTimeout(Duration.ofSeconds(5))
        .requestTimeout(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(20))
        .retry(Duration.ofMillis(1), Duration.ofMillis(20))
        .random(() -> 0.5)
        .nanoTime(now::get);
  }

  Uploader to(TargetConfig target) {
    Uploader uploader = uploader(spool, quick(target).build());
    uploader.start();
    return uploader;
  }

  /** Where a segment's video lies below a folder that is laid out as the target is. */
  static Path in(Path root, SealedSegment segment) {
    return root.resolve("front")
        .resolve(segment.manifest().name().day())
        .resolve(segment.manifest().name() + ".mp4");
  }

  static Path manifestIn(Path root, SealedSegment segment) {
    return in(root, segment).resolveSibling(segment.manifest().name() + ".json");
  }

  static Path partIn(Path root, SealedSegment segment) {
    return in(root, segment).resolveSibling(segment.manifest().name() + ".mp4.part");
  }

  /** It lies there, whole and vouched for, and no more here. */
  void assertThere(Path root, SealedSegment segment, int bytes) throws IOException {
    assertThat(in(root, segment))
        .hasBinaryContent(video(segment.manifest().id().sequence(), bytes));
    assertThat(ManifestCodec.read(manifestIn(root, segment))).isEqualTo(segment.manifest());
    assertThat(partIn(root, segment)).doesNotExist();
    assertThat(segment.files().video()).doesNotExist();
    assertThat(segment.files().manifest()).doesNotExist();
    assertThat(segment.files().receipt()).doesNotExist();
  }

  void assertNothingThere(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      assertThat(files.filter(f -> f.toString().matches(".*\\.(mp4|json)"))).isEmpty();
    }
  }
}
