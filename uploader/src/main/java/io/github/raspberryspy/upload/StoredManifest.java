package io.github.raspberryspy.upload;

import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.ManifestException;
import io.github.raspberryspy.segments.SegmentManifest;

/** What a manifest that lies at a target already says. */
final class StoredManifest {

  private StoredManifest() {}

  /** Whether it vouches for the same bytes under the same id; its times may have been corrected. */
  static boolean isOf(SegmentManifest manifest, byte[] stored) {
    try {
      SegmentManifest there = ManifestCodec.decode(stored);
      return there.id().equals(manifest.id()) && there.content().equals(manifest.content());
    } catch (ManifestException e) {
      return false;
    }
  }
}
