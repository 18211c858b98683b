package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.DurableFiles;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The names that a segment's file may have. Whoever gives one holds the camera's lock. */
final class Places {

  private static final Logger log = LoggerFactory.getLogger(Places.class);

  private final FootageFolder folder;
  private final SegmentIndex index;

  Places(FootageFolder folder, SegmentIndex index) {
    this.folder = folder;
    this.index = index;
  }

  /**
   * Where these very bytes lie without a row, if an interrupted seal has put them there; they are
   * read only where a file of this segment, with this size, has one of its names.
   */
  Optional<Path> placed(SegmentManifest manifest) throws IOException {
    for (Path video : places(manifest)) {
      if (isThere(video, manifest)) {
        return Optional.of(video);
      }
    }
    return Optional.empty();
  }

  /**
   * A name that nothing has.
   *
   * @throws StoreException CONFLICT if there is none
   */
  Path free(SegmentManifest manifest) {
    for (Path video : places(manifest)) {
      if (!Files.exists(video) && !isTaken(video, manifest)) {
        return video;
      }
    }
    throw new StoreException(
        StoreException.Kind.CONFLICT, "both names that " + manifest.id() + " could have are taken");
  }

  /**
   * The name that the manifest gives; with the key behind it where another segment has that name.
   */
  private List<Path> places(SegmentManifest m) {
    Path day = folder.root().resolve(m.id().camera()).resolve(m.name().day());
    if (m.closed() == CloseReason.SALVAGED) { // out of the way of the whole
      String salvaged = "_" + m.id().key() + "_salvaged-" + m.content().bytes();
      return List.of(day.resolve(m.name() + salvaged + SegmentName.VIDEO));
    }
    return List.of(
        day.resolve(m.name() + SegmentName.VIDEO),
        day.resolve(m.name() + "_" + m.id().key() + SegmentName.VIDEO));
  }

  private boolean isThere(Path video, SegmentManifest manifest) throws IOException {
    return Files.exists(video)
        && Files.size(video) == manifest.content().bytes()
        && !isTaken(video, manifest)
        && DurableFiles.hash(video).equals(manifest.content());
  }

  /** Whether the place belongs to another segment, or to a file that is about to be deleted. */
  private boolean isTaken(Path video, SegmentManifest manifest) {
    if (index.isGarbage(folder.relative(video))) {
      return true;
    }
    Path beside = FootageFolder.manifest(video);
    try {
      return Files.exists(beside) && !ManifestCodec.read(beside).id().equals(manifest.id());
    } catch (IOException e) {
      log.warn("{} cannot be read and is left alone: {}", beside, e.getMessage());
      return true;
    }
  }
}
