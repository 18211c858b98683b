package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceUsersTest {

  private static final Path CAMERA = Path.of("/dev/video0");
  private static final long SELF = 77;

  @TempDir Path proc;

  private void process(int pid, String name, String... open) throws IOException {
    Path descriptors = Files.createDirectories(proc.resolve(pid + "/fd"));
    for (int i = 0; i < open.length; i++) {
      Files.createSymbolicLink(descriptors.resolve(Integer.toString(i)), Path.of(open[i]));
    }
    if (!name.isEmpty()) {
      Files.writeString(proc.resolve(pid + "/comm"), name + "\n");
    }
  }

  @Test
  void whoHasTheDeviceOpenIsNamed() throws IOException {
    process(4711, "ffmpeg", "/dev/null", "/dev/video0");
    process(12, "", "/dev/video0");
    process(13, "bash", "/dev/null");
    Files.createDirectories(proc.resolve("14")); // whose descriptors cannot be seen
    Files.createDirectories(proc.resolve("self/fd"));
    assertThat(DeviceUsers.of(proc, SELF, CAMERA, false))
        .containsExactlyInAnyOrder("ffmpeg (pid 4711)", "pid 12");
  }

  @Test
  void theOneOpeningThatFailedIsNotMeant() throws IOException {
    process((int) SELF, "java", "/dev/video0");
    assertThat(DeviceUsers.of(proc, SELF, CAMERA, true)).isEmpty();
    assertThat(DeviceUsers.of(proc, SELF, CAMERA, false)).containsExactly("this program itself");
    process((int) SELF + 1, "java", "/dev/video0", "/dev/video0");
    assertThat(DeviceUsers.of(proc, SELF + 1, CAMERA, true))
        .containsExactlyInAnyOrder("java (pid 77)", "this program itself");
  }

  @Test
  void whereThereIsNoProcNobodyIsKnown() {
    assertThat(DeviceUsers.of(proc.resolve("none"), SELF, CAMERA, true)).isEmpty();
  }
}
