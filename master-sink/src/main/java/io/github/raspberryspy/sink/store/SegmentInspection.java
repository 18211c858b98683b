package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.JsonFields;
import io.github.raspberryspy.segments.ManifestCodec;
import io.github.raspberryspy.segments.SegmentManifest;
import io.github.raspberryspy.sink.index.StoredSegment;
import io.github.raspberryspy.sink.index.TrashedSegment;
import io.github.raspberryspy.sink.store.FootageCheck.Fault;
import io.github.raspberryspy.sink.store.FootageFiles.Entry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares one segment with its row, and reads it again. For one thread. */
final class SegmentInspection {

  private static final String MISSING = "is missing";

  private final FootageFiles files;
  private long bytes;

  SegmentInspection(FootageFiles files) {
    this.files = files;
  }

  /** How many bytes of videos were read. */
  long bytes() {
    return bytes;
  }

  /**
   * What is wrong with a segment that is listed.
   *
   * @param there what lies there of its day, by key
   */
  List<Fault> listed(StoredSegment row, Map<String, Entry> there) throws IOException {
    List<Fault> faults = common(row, there);
    String saved = FootageKeys.savedMark(row.path());
    if (row.saved() && !there.containsKey(saved)) {
      faults.add(new Fault(saved, MISSING + "; the segment is saved"));
    }
    String trashed = FootageKeys.trashMark(row.path());
    if (there.containsKey(trashed)) {
      faults.add(new Fault(trashed, "marks a segment as deleted that is listed"));
    }
    return faults;
  }

  /** Likewise with one in the trash. */
  List<Fault> trashed(TrashedSegment trash, Map<String, Entry> there) throws IOException {
    StoredSegment row = trash.segment();
    List<Fault> faults = common(row, there);
    String mark = FootageKeys.trashMark(row.path());
    if (!there.containsKey(mark)) {
      faults.add(new Fault(mark, MISSING + "; the segment is in the trash"));
    }
    return faults;
  }

  private List<Fault> common(StoredSegment row, Map<String, Entry> there) throws IOException {
    List<Fault> faults = new ArrayList<>();
    video(row, there, faults);
    String key = FootageKeys.manifest(row.path());
    try {
      SegmentManifest manifest = ManifestCodec.decode(files.read(key, JsonFields.MAX_BYTES + 1));
      if (!manifest.equals(row.manifest())) {
        faults.add(new Fault(key, "is another manifest than that of the index"));
      }
    } catch (NoSuchFileException e) {
      faults.add(new Fault(key, MISSING + "; the index has its segment"));
    } catch (FootageAwayException e) {
      throw e;
    } catch (IOException e) {
      faults.add(new Fault(key, "cannot be read: " + e.getMessage()));
    }
    return faults;
  }

  private void video(StoredSegment row, Map<String, Entry> there, List<Fault> faults)
      throws IOException {
    String key = row.path();
    Content content = row.manifest().content();
    Entry entry = there.get(key);
    if (entry == null) {
      faults.add(new Fault(key, MISSING + "; the index has it"));
    } else if (entry.bytes() != content.bytes()) {
      faults.add(
          new Fault(key, "has " + entry.bytes() + " bytes; the index says " + content.bytes()));
    } else {
      try {
        Content held = files.hash(key);
        bytes += held.bytes();
        if (!held.equals(content)) {
          faults.add(new Fault(key, "does not have the SHA-256 of the index"));
        }
      } catch (NoSuchFileException e) {
        faults.add(new Fault(key, MISSING + "; the index has it"));
      } catch (FootageAwayException e) {
        throw e;
      } catch (IOException e) {
        faults.add(new Fault(key, "cannot be read: " + e.getMessage()));
      }
    }
  }
}
