package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one camera may have under way, with uploads that are large and take no room. */
class ShareTest {

  @TempDir Path folder;
  private DiskSpace space;
  private long share;
  private final List<List<Partial>> ended = new ArrayList<>();
  private long rest;

  @BeforeEach
  void measure() throws IOException {
    space = new DiskSpace(folder, 0);
    share = space.totalBytes() / 4;
  }

  @Test
  void whereTheShareIsUsedUpAnUploadThatRestsEndsForTheNextBytes() throws Exception {
    upload("one", "evil", share / 2);
    upload("other", "evil", share / 2 - 1000);
    Share all = share();
    all.makeRoom("evil", 1000);
    all.require("evil", 1000);
    assertThat(ended).isEmpty();

    all.makeRoom("evil", 1 << 20);
    assertThat(ended).hasSize(1);
    assertThat(ended.get(0)).hasSize(2);
    assertThat(rest).as("no camera that goes on pauses for so long").isGreaterThan(61_000_000_000L);
    assertThatThrownBy(() -> all.require("evil", 1 << 20))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.FULL));
  }

  @Test
  void theUploadsOfOthersDoNotCount() throws Exception {
    upload("one", "evil", share);
    Share all = share();
    assertThat(all.has("evil", 1)).isFalse();
    all.makeRoom("good", 1 << 20);
    all.require("good", 1 << 20);
    assertThat(ended).isEmpty();
  }

  private Share share() throws IOException {
    return new Share(
        new Incoming(folder, Optional.empty()),
        space,
        (partials, idleNanos) -> {
          ended.add(partials);
          rest = idleNanos;
        });
  }

  private void upload(String token, String camera, long bytes) throws IOException {
    UploadInfo info = new UploadInfo(camera, OptionalLong.empty(), Optional.empty());
    Files.write(folder.resolve(token + ".info"), info.encode());
    try (RandomAccessFile sparse =
        new RandomAccessFile(folder.resolve(token + ".part").toFile(), "rw")) {
      sparse.setLength(bytes);
    }
  }
}
