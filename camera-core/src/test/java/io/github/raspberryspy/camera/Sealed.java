package io.github.raspberryspy.camera;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.segments.FragmentedMp4;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.spool.SealedSegment;
import io.github.raspberryspy.segments.spool.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a pipeline named "camera" left in its spool. */
final class Sealed {

  private Sealed() {}

  /** The manifests, oldest first, each of which says how many frames its file holds. */
  static List<SegmentManifest> manifests(Path root) throws IOException {
    List<SegmentManifest> manifests = new ArrayList<>();
    for (SealedSegment segment : Spool.open(root, "camera").sealed()) {
      assertThat(FragmentedMp4.scan(segment.files().video()).frames())
          .isEqualTo(segment.manifest().frames());
      manifests.add(segment.manifest());
    }
    return manifests;
  }

  /** How many frames are in all of them. */
  static long frames(List<SegmentManifest> manifests) {
    return manifests.stream().mapToLong(SegmentManifest::frames).sum();
  }
}
