package io.github.raspberryspy.natives.libcamera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.raspberryspy.natives.libc.Errno;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real shared library, with or without a camera. */
class LibcameraShimTest {

  @BeforeAll
  static void requireLibrary() {
    assumeTrue(
        ShimLibrary.programFolder()
            .map(f -> f.resolve(System.mapLibraryName(ShimLibrary.NAME)))
            .filter(Files::isRegularFile)
            .isPresent(),
        "the bridge to libcamera was not built: libcamera-dev, cmake or g++ is not installed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"border_test", "parts_test"})
  void itsOwnTestsPass(String name) throws Exception {
    Path test = ShimLibrary.programFolder().orElseThrow().resolve("cmake").resolve(name);
    assumeTrue(Files.isExecutable(test), "the bridge's own test was not built");
    Process process = new ProcessBuilder(test.toString()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  @Test
  void itIsLoadedOnceAndTellsItsVersion() {
    LibcameraShim shim = LibcameraShim.load();
    assertThat(LibcameraShim.load()).isSameAs(shim);
    assertThat(shim.version()).startsWith("v");
  }

  @Test
  void aCameraThatIsNotThereIsAbsent() {
    LibcameraShim shim = LibcameraShim.load();
    assertThatThrownBy(() -> shim.open("no such camera Ω"))
        .isInstanceOf(LibcameraException.class)
        .extracting(e -> ((LibcameraException) e).errno())
        .isEqualTo(Optional.of(Errno.ENODEV));
    int behind = shim.cameras().size();
    assertThatThrownBy(() -> shim.open(Integer.toString(behind)))
        .isInstanceOf(LibcameraException.class)
        .hasMessageContaining("camera");
  }
}
