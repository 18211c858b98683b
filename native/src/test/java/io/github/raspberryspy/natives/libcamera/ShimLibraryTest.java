package io.github.raspberryspy.natives.libcamera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.natives.libc.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShimLibraryTest {

  @TempDir Path folder;

  @Test
  void aNamedFileThatIsNotThereIsNamedAgain() {
    assertThatThrownBy(() -> ShimLibrary.load("/nowhere/bridge.so", Optional.empty()))
        .isInstanceOf(LibcameraException.class)
        .hasMessageContaining("property raspberryspy.libcamera names /nowhere/bridge.so")
        .hasMessageContaining("install libcamera-dev, cmake and g++")
        .extracting(e -> ((LibcameraException) e).errno())
        .isEqualTo(Optional.of(Errno.ENOENT));
  }

  @Test
  void aFileThatIsNoLibraryIsRefusedAndNotPassedOver() throws IOException {
    Path file = folder.resolve(System.mapLibraryName(ShimLibrary.NAME));
    Files.writeString(file, "no library");
    assertThatThrownBy(() -> ShimLibrary.load(null, Optional.of(folder)))
        .isInstanceOf(LibcameraException.class)
        .hasMessageContaining(file + " cannot be loaded: ")
        .hasMessageNotContaining("\n");
    assertThatThrownBy(() -> ShimLibrary.load(file.toString(), Optional.empty()))
        .isInstanceOf(LibcameraException.class)
        .hasMessageContaining(file + " cannot be loaded: ");
  }

  @Test
  void aLibraryOfAnotherKindIsRefused() {
    Optional<Path> other =
        Optional.of(Path.of("/usr/lib/x86_64-linux-gnu/libc.so.6")).filter(Files::exists);
    org.junit.jupiter.api.Assumptions.assumeTrue(other.isPresent(), "no C library at its place");
    assertThatThrownBy(() -> ShimLibrary.load(other.get().toString(), Optional.empty()))
        .isInstanceOf(LibcameraException.class)
        .hasMessageContaining("libc.so.6");
  }

  @Test
  void theFolderOfTheProgramIsKnown() {
    assertThat(ShimLibrary.programFolder()).hasValueSatisfying(f -> assertThat(f).isDirectory());
  }

  @Test
  void fourLettersMakeACode() {
    assertThat(LibcameraDevice.fourcc("YU12")).isEqualTo(0x32315559);
  }
}
