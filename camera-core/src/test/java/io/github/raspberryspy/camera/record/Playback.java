package io.github.raspberryspy.camera.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.camera.PlayedFrames;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Plays what was recorded, and compares it with what is said of it. */
final class Playback {

  private Playback() {}

  /** Presentation times of all its pictures, decoded, as a player sees them. */
  static List<Long> times(Path video) {
    List<Long> times = new ArrayList<>();
    PlayedFrames.forEach(video, frame -> times.add(frame.ptsUs()));
    return times;
  }

  /** The spool's segments, each whole, playable and as its manifest says. */
  static List<SegmentManifest> check(Spool spool, Path realRoot) throws IOException {
    List<SegmentManifest> manifests = new ArrayList<>();
    for (SealedSegment segment : spool.sealed()) {
      SegmentManifest manifest = segment.manifest();
      manifests.add(manifest);
      Path video =
          realRoot
              .resolve("front")
              .resolve(manifest.name().day())
              .resolve(manifest.name() + ".mp4");
      FragmentedMp4 file = FragmentedMp4.scan(video);
      assertThat(file.isWhole()).as("%s is whole", video).isTrue();
      assertThat(file.startsWithKeyframe()).isTrue();
      assertThat(file.frames()).isEqualTo(manifest.frames());
      assertThat(DurableFiles.hash(video)).isEqualTo(manifest.content());
      assertThat(file.codec()).isEqualTo(manifest.video().codec());
      assertThat(file.header().orElseThrow().id()).isEqualTo(manifest.id());
      assertThat(file.header().orElseThrow().start()).isEqualTo(manifest.start());
      assertThat(times(video)).as("pictures of %s", video).hasSize((int) manifest.frames());
    }
    return manifests;
  }
}
