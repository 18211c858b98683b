package io.github.raspberryspy.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.segments.faults.FaultyFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFilesTest {

  private static final byte[] OLD = "old".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NEW = "new and longer".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  @Test
  void writesIntoFoldersThatAreNotThereYet() throws IOException {
    Path file = folder.resolve("a/b/c/x");
    DurableFiles.write(file, NEW);
    assertThat(file).hasBinaryContent(NEW);
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aFailureAnywhereLeavesTheOldOrTheNewFileWhole() throws IOException {
    FaultyFiles faults = new FaultyFiles(folder);
    Path file = faults.path(folder.resolve("x"));
    boolean survived = false;
    int n = 0;
    while (!survived) {
      n++;
      DurableFiles.write(file, OLD);
      faults.failAt(n, true);
      try {
        DurableFiles.write(file, NEW);
      } catch (IOException e) {
        assertThat(e).hasMessageStartingWith("injected");
      }
      survived = faults.changes() < n;
      faults.heal();
      assertThat(Files.readAllBytes(file)).isIn(OLD, NEW);
    }
    assertThat(n).as("open, write, fsync, rename, fsync of the folder").isGreaterThan(5);
  }

  @Test
  void aWriteThatFailsLeavesNoTemporaryFile() throws IOException {
    FaultyFiles faults = new FaultyFiles(folder);
    Path file = faults.path(folder.resolve("x"));
    for (int n = 2; n <= 4; n++) {
      faults.failAt(n, false);
      assertThatThrownBy(() -> DurableFiles.write(file, NEW)).isInstanceOf(IOException.class);
      assertThat(folder).isEmptyDirectory();
    }
  }

  @Test
  void replacesByRename() throws IOException {
    Path from = Files.write(folder.resolve("from"), NEW);
    Path to = Files.write(folder.resolve("to"), OLD);
    DurableFiles.rename(from, to);
    assertThat(to).hasBinaryContent(NEW);
    assertThat(from).doesNotExist();
  }

  @Test
  void saysWhetherItDeleted() throws IOException {
    Path file = Files.write(folder.resolve("x"), NEW);
    assertThat(DurableFiles.delete(file)).isTrue();
    assertThat(DurableFiles.delete(file)).isFalse();
  }

  @Test
  void hashesFromEndToEnd() throws IOException {
    byte[] bytes = new byte[(1 << 18) + 12345];
    new Random(2).nextBytes(bytes);
    Path file = Files.write(folder.resolve("x"), bytes);
    String sha256 = java.util.HexFormat.of().formatHex(DurableFiles.sha256().digest(bytes));
    assertThat(DurableFiles.hash(file)).isEqualTo(new Content(bytes.length, sha256));
    DurableFiles.sync(file);
    Files.write(file, new byte[0]);
    assertThatThrownBy(() -> DurableFiles.hash(file)).hasMessageContaining("is empty");
  }

  @Test
  void takesAPathWithoutAFolder() throws IOException {
    Path bare = Path.of("durable-files-test-" + System.nanoTime());
    DurableFiles.write(bare, NEW);
    assertThat(DurableFiles.delete(bare)).isTrue();
  }
}
