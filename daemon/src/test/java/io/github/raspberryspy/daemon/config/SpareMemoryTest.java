package io.github.raspberryspy.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.raspberryspy.camera.record.StorageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where footage goes while the disk fails, where nobody says. */
class SpareMemoryTest {

  private static final Path SHM = Path.of("/dev/shm");

  @TempDir Path folder;

  private Path meminfo(long megabytes) throws IOException {
    return Files.writeString(
        folder.resolve("meminfo"),
        "MemTotal:  999999 kB\nMemAvailable:   " + megabytes * 1024 + " kB\n");
  }

  private static Settings settings(String... sets) {
    List<String> all = new ArrayList<>(List.of("camera.name=front", "camera.source=test://"));
    all.add("spool.folder=spool");
    all.addAll(List.of(sets));
    return Settings.of(CameraKeys.ALL, all);
  }

  private StorageConfig config(List<Path> candidates, long megabytes, String... sets)
      throws IOException {
    return StorageKeys.config(settings(sets), candidates, meminfo(megabytes));
  }

  private static boolean isTmpfs() throws IOException {
    return Files.isWritable(SHM) && Files.getFileStore(SHM).type().equals("tmpfs");
  }

  @Test
  void aQuarterOfTheAvailableMemoryWaitsInTmpfs() throws IOException {
    assumeTrue(isTmpfs(), "/dev/shm is no tmpfs here");
    assumeTrue(Files.getFileStore(SHM).getUsableSpace() > 200L << 20, "/dev/shm is nearly full");
    StorageConfig config = config(List.of(folder.resolve("none"), SHM), 240);
    assertThat(config.ram()).contains(SHM);
    assertThat(config.ramBytes()).isEqualTo(60L << 20);
    assertThat(config.isRamFirst()).isFalse();
  }

  @Test
  void whereNoFolderIsMemoryOrHardlyAnyIsFreeThereIsNone() throws IOException {
    assertThat(config(List.of(folder.resolve("none")), 4000).ram()).isEmpty();
    assertThat(config(List.of(SHM), 31).ram()).isEmpty();
    assertThat(config(List.of(SHM), 4000, "spool.ram=none").ram()).isEmpty();
    Files.writeString(folder.resolve("meminfo"), "MemFree: 1 kB\n");
    assertThat(StorageKeys.config(settings(), List.of(SHM), folder.resolve("meminfo")).ram())
        .isEmpty();
  }

  @Test
  void aFolderAndASizeThatAreNamedAreTakenAsTheyAre() throws IOException {
    StorageConfig config =
        config(
            List.of(), 4000, "spool.ram=" + folder, "spool.ram-size=16MB", "spool.ram-first=true");
    assertThat(config.ram()).contains(folder);
    assertThat(config.ramBytes()).isEqualTo(16 << 20);
    assertThat(config.isRamFirst()).isTrue();
  }

  @Test
  void memoryFirstWithoutMemoryIsRefused() {
    assertThatThrownBy(() -> config(List.of(), 4000, "spool.ram-first=true"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("spool.ram-first")
        .hasMessageContaining("auto");
    assertThatThrownBy(() -> settings("spool.ram-size=1MB").get(StorageKeys.RAM_SIZE))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("8MB to 64GB");
  }
}
