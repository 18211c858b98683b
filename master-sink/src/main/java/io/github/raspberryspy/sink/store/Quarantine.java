package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where uploads go that are refused and yet kept, for a person to look at. The name holds id and
 * hash, so the same bytes lie there once, however often they are sent.
 */
final class Quarantine {

  private static final Logger log = LoggerFactory.getLogger(Quarantine.class);

  private final Path folder;

  Quarantine(Path folder) {
    this.folder = folder;
  }

  /** Moves a file here, with its manifest and the reason beside it. */
  void keep(Path video, SegmentManifest manifest, String reason) throws IOException {
    keep(video, manifest, manifest.content(), reason);
  }

  /** As well a file that holds something else than its manifest says. */
  void keep(Path video, SegmentManifest manifest, Content held, String reason) throws IOException {
    String name = manifest.id() + "_" + held.sha256().substring(0, 16);
    log.warn("{} goes into quarantine: {}", manifest.id(), reason);
    DurableFiles.write(
        folder.resolve(name + ".reason"), (reason + "\n").getBytes(StandardCharsets.UTF_8));
    DurableFiles.write(folder.resolve(name + SegmentName.MANIFEST), ManifestCodec.encode(manifest));
    if (Files.exists(video)) {
      DurableFiles.sync(video);
      DurableFiles.rename(video, folder.resolve(name + SegmentName.VIDEO));
    }
  }
}
