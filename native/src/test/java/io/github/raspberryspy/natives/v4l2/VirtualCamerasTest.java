package io.github.raspberryspy.natives.v4l2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The guest that driver tests run in has the cameras which native/vm/README.md promises. */
@Tag("driver")
class VirtualCamerasTest {
  private static final Path NODES = Path.of("/sys/class/video4linux");

  @BeforeEach
  void onlyUnderTheKernelOfTheTestBench() {
    boolean there = Files.isDirectory(Path.of("/sys/bus/platform/drivers/vivid"));
    if (!there && Boolean.getBoolean("raspberryspy.nothingAbsent")) {
      throw new AssertionError("the driver vivid is not loaded");
    }
    assumeTrue(there, "the driver vivid is not loaded: native/vm/driver-tests runs this");
  }

  @Test
  void bothKindsOfRawCameraAreThere() throws IOException {
    assertThat(names()).anyMatch(name -> name.startsWith("vivid-000-vid-cap"));
    assertThat(names()).anyMatch(name -> name.startsWith("vivid-001-vid-cap"));
  }

  @Test
  void camerasThatCompressAreFed() throws IOException {
    assertThat(format(50)).startsWith("MJPG:640x480@30");
    assertThat(format(51)).startsWith("MJPG:1280x720@30");
    assertThat(format(52)).startsWith("H264:640x480@30");
    assertThat(format(53)).startsWith("H264:1280x720@30");
  }

  @Test
  void memoryToMemoryCodecAndLibcamerasTestCameraAreThere() throws IOException {
    assertThat(names()).anyMatch(name -> name.contains("stateful-encoder"));
    assertThat(names()).anyMatch(name -> name.contains("vim2m"));
    assertThat(Path.of("/sys/bus/platform/drivers/vimc/vimc.0")).exists();
  }

  private static List<String> names() throws IOException {
    try (Stream<Path> nodes = Files.list(NODES)) {
      return nodes.map(node -> read(node.resolve("name"))).toList();
    }
  }

  /** What a fed camera gives, as "FOURCC:WIDTHxHEIGHT@RATE". */
  private static String format(int number) {
    return read(NODES.resolve("video" + number).resolve("format"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new AssertionError(file + " cannot be read", e);
    }
  }
}
