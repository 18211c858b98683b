package io.github.raspberryspy.sink.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.raspberryspy.segments.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the footage of a footage folder is kept, in a note in it: a master that looks elsewhere
 * would find nothing of what its index lists.
 */
public final class StorePlace {

  private static final String FILE = "store";
  private static final String HERE = "files of this folder";

  private StorePlace() {}

  /**
   * Checks that the footage was kept in this place before, if anywhere.
   *
   * @param bucket where it is kept; empty where it lies in the folder itself
   * @throws IOException in one sentence that says what to do, if it was kept elsewhere
   */
  public static void require(FootageFolder folder, Optional<String> bucket) throws IOException {
    Path note = note(folder);
    String place = bucket.orElse(HERE);
    String before = before(folder, place);
    if (!before.equals(place)) {
      throw new IOException(
          "the footage of folder "
              + folder.root()
              + " was kept in "
              + before
              + " before, and is to be in "
              + place
              + " now: move the folders of the cameras there"
              + (Files.exists(note) ? ", then delete " + note : ""));
    }
  }

  /**
   * The bucket that the footage of a folder is in; empty where it lies in the folder.
   *
   * @param footage the footage folder, which is only read
   */
  public static Optional<String> bucketOf(Path footage) throws IOException {
    Path note = footage.resolve(FootageFolder.INTERNALS).resolve(FILE);
    return Files.exists(note) ? Optional.of(Files.readString(note).strip()) : Optional.empty();
  }

  /** Notes that it is kept in this bucket, which was opened. */
  public static void remember(FootageFolder folder, String bucket) throws IOException {
    if (!Files.exists(note(folder))) {
      DurableFiles.write(note(folder), (bucket + "\n").getBytes(UTF_8));
    }
  }

  private static String before(FootageFolder folder, String place) throws IOException {
    Optional<String> bucket = bucketOf(folder.root());
    if (bucket.isPresent()) {
      return bucket.get();
    }
    return folder.files().days().isEmpty() ? place : HERE;
  }

  private static Path note(FootageFolder folder) {
    return folder.internals().resolve(FILE);
  }
}
