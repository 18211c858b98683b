package io.github.raspberryspy.daemon.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FootageFinderTest {

  @TempDir Path folder;

  private Path file(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "");
  }

  private List<Path> found(Path... arguments) throws IOException {
    return FootageFinder.find(List.of(arguments)).footage().stream().map(Footage::file).toList();
  }

  @Test
  void foldersAreSearchedToTheirGroundAndFilesAreTakenAsNamed() throws IOException {
    Path b = file("2026/b.MKV");
    Path a = file("2026/11/a.mp4");
    Path named = file("odd.name");
    file("2026/notes.txt");
    file("2026/open.mp4.part");
    file("2026/quarantine/broken.mp4");
    assertThat(found(named, folder.resolve("2026"))).containsExactly(named, a, b);
    assertThat(found(b, a)).containsExactly(b, a);
  }

  @Test
  void segmentsOfAFolderComeInTheOrderOfFilming() throws Exception {
    Filmed.segments(folder, Duration.ofSeconds(10));
    List<Path> videos = Filmed.videos(folder);
    assertThat(videos).hasSize(4);
    // Times of the clock may jump; run and sequence do not.
    Path first = videos.get(0).resolveSibling("zzz.mp4");
    Files.move(videos.get(0), first);
    assertThat(found(folder)).containsExactly(first, videos.get(1), videos.get(2), videos.get(3));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need a right there")
  void whatCannotBeReadIsToldOfAndTheRestIsFound() throws IOException {
    Path a = file("a.mp4");
    Path locked = Files.createDirectory(folder.resolve("locked"));
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
    try {
      assumeThat(Files.isReadable(locked)).as("this user may read everything").isFalse();
      FootageFinder.Found found = FootageFinder.find(List.of(folder));
      assertThat(found.footage()).extracting(Footage::file).containsExactly(a);
      assertThat(found.problems()).containsExactly(new Problem(locked + " cannot be read", false));
    } finally {
      Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void aFolderWithoutVideosIsAProblemAndWhatIsNotThereIsRefused() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(FootageFinder.find(List.of(empty)).problems())
        .containsExactly(new Problem("folder " + empty + " holds no video", true));
    Path absent = folder.resolve("absent.mp4");
    assertThatThrownBy(() -> FootageFinder.find(List.of(empty, absent)))
        .hasMessage("file " + absent + " does not exist");
  }

  @Test
  void namesAreTheFilesOrTheirFoldersOrBothAndElseRefused() {
    assertThat(names("a/x.mp4", "b/y.mkv")).containsExactly("x", "y");
    assertThat(names("a/x.mp4", "b/x.mkv")).containsExactly("a", "b");
    assertThat(names("a/x.mp4", "a/y.mp4", "b/x.mp4")).containsExactly("a-x", "y", "b");
    assertThatThrownBy(() -> names("a/x.mp4", "a/x.mkv"))
        .hasMessage("two of the files would both become a-x.csv");
  }

  private static List<String> names(String... files) {
    List<Footage> footage =
        List.of(files).stream().map(file -> new Footage(Path.of(file), Optional.empty())).toList();
    Map<Footage, String> names = Names.of(footage, ".csv");
    return footage.stream().map(names::get).toList();
  }
}
