package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.CloseReason;
import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The names that a segment's file may have. Whoever gives one holds the segment's lock. */
final class Places {

  private static final Logger log = LoggerFactory.getLogger(Places.class);

  private final FootageFiles files;
  private final SegmentIndex index;

  Places(FootageFiles files, SegmentIndex index) {
    this.files = files;
    this.index = index;
  }

  /**
   * Where these very bytes lie without a row, if an interrupted seal has put them there; they are
   * read only where a file of this segment, with this size, has one of its names.
   */
  Optional<String> placed(SegmentManifest manifest) throws IOException {
    for (String video : places(manifest)) {
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
  String free(SegmentManifest manifest) throws IOException {
    for (String video : places(manifest)) {
      if (!files.exists(video) && !isTaken(video, manifest)) {
        return video;
      }
    }
    throw new StoreException(
        StoreException.Kind.CONFLICT, "both names that " + manifest.id() + " could have are taken");
  }

  /**
   * The name that the manifest gives; with the key behind it where another segment has that name.
   */
  private List<String> places(SegmentManifest m) {
    String name = m.id().camera() + "/" + m.name().day() + "/" + m.name();
    if (m.closed() == CloseReason.SALVAGED) { // out of the way of the whole
      String salvaged = "_" + m.id().key() + "_salvaged-" + m.content().bytes();
      return List.of(name + salvaged + SegmentName.VIDEO);
    }
    return List.of(name + SegmentName.VIDEO, name + "_" + m.id().key() + SegmentName.VIDEO);
  }

  private boolean isThere(String video, SegmentManifest manifest) throws IOException {
    return files.size(video).equals(OptionalLong.of(manifest.content().bytes()))
        && !isTaken(video, manifest)
        && files.hash(video).equals(manifest.content());
  }

  /** Whether the place belongs to another segment, or to a file that is about to be deleted. */
  private boolean isTaken(String video, SegmentManifest manifest) throws IOException {
    if (index.garbage().has(video)) {
      return true;
    }
    String beside = FootageKeys.manifest(video);
    try {
      return files.exists(beside)
          && !ManifestCodec.decode(files.read(beside, JsonFields.MAX_BYTES + 1))
              .id()
              .equals(manifest.id());
    } catch (FootageAwayException e) {
      throw e;
    } catch (IOException e) {
      log.warn("{} cannot be read and is left alone: {}", beside, e.getMessage());
      return true;
    }
  }
}
