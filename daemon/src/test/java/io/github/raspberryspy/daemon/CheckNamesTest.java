package io.github.raspberryspy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentManifest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names under which a master keeps footage: {@code check} knows them all. */
class CheckNamesTest {

  @TempDir Path folder;

  private Path video;
  private SegmentManifest manifest;

  @BeforeEach
  void record() throws Exception {
    Outcome recorded =
        Outcome.of(
            "record",
            "--source",
            "test://?size=64x48&fps=10&frames=10",
            "--out",
            folder.toString());
    assertThat(recorded.exit()).as("%s", recorded.err()).isZero();
    try (Stream<Path> files = Files.walk(folder)) {
      video = files.filter(f -> f.toString().endsWith(".mp4")).findFirst().orElseThrow();
    }
    manifest = ManifestCodec.read(manifestOf(video));
  }

  private static Path manifestOf(Path file) {
    return file.resolveSibling(file.getFileName().toString().replace(".mp4", ".json"));
  }

  private void rename(String name) throws Exception {
    Path to = video.resolveSibling(name + ".mp4");
    Files.move(video, to);
    Files.move(manifestOf(video), manifestOf(to));
    video = to;
  }

  private void close(CloseReason reason) throws Exception {
    String text = Files.readString(manifestOf(video), StandardCharsets.UTF_8);
    String was = "\"" + manifest.closed().name().toLowerCase(Locale.ROOT) + "\"";
    assertThat(text).contains(was);
    Files.writeString(
        manifestOf(video), text.replace(was, "\"" + reason.name().toLowerCase(Locale.ROOT) + "\""));
  }

  private int check() {
    return Outcome.of("check", folder.toString()).exit();
  }

  @Test
  void theKeyMayStandBehindANameThatWasTaken() throws Exception {
    assertThat(check()).isZero();
    rename(manifest.name() + "_" + manifest.id().key());
    assertThat(check()).isZero();
    rename(manifest.name() + "_00000000");
    assertThat(check()).isOne();
  }

  @Test
  void whatWasSalvagedLiesBesideTheWhole() throws Exception {
    String beside = manifest.name() + "_" + manifest.id().key() + "_salvaged-";
    rename(beside + manifest.content().bytes());
    assertThat(check()).isOne();
    close(CloseReason.SALVAGED);
    assertThat(check()).isZero();
    rename(beside + (manifest.content().bytes() + 1));
    assertThat(check()).isOne();
  }
}
