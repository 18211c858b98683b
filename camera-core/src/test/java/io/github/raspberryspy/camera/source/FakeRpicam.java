package io.github.raspberryspy.camera.source;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.VideoMaker;
import io.github.raspberryspy.camera.encode.Packet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A small shell script in place of rpicam-vid. */
final class FakeRpicam implements BeforeEachCallback, AfterEachCallback {

  private static final long PATIENCE_NANOS = 400_000_000;

  private final Supplier<Path> folder;
  private String before;

  /** Scripts and films lie in this folder, which is asked for once a test has begun. */
  FakeRpicam(Supplier<Path> folder) {
    this.folder = folder;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    before = System.getProperty(RpicamProcess.PROPERTY);
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no shell to stand in for rpicam-vid");
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (before == null) {
      useInstalled();
    } else {
      use(before);
    }
  }

  /** From now on these lines are the program. */
  void child(String... lines) throws IOException {
    Path script = folder.get().resolve("rpicam-vid");
    Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    use(script.toString());
  }

  /** From now on this is the program. */
  void use(String program) {
    System.setProperty(RpicamProcess.PROPERTY, program);
  }

  /** From now on whatever is installed is the program. */
  void useInstalled() {
    System.clearProperty(RpicamProcess.PROPERTY);
  }

  /** 25 pictures of H.264 in film.h264. */
  List<Packet> film() throws IOException {
    List<Packet> film = VideoMaker.with("libx264").frames(10, 25).gop(10).packets();
    ByteBuffer all = ByteBuffer.allocate(film.stream().mapToInt(Packet::sizeBytes).sum());
    film.forEach(packet -> all.put(packet.array()));
    Files.write(folder.get().resolve("film.h264"), all.array());
    return film;
  }

  /** Whether the process whose number the script wrote into the file pid lives. */
  boolean isAlive() throws IOException {
    return isAlive("pid");
  }

  /** Likewise for another file. */
  boolean isAlive(String file) throws IOException {
    String pid = Files.readString(folder.get().resolve(file)).strip();
    return !pid.isEmpty()
        && ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).isPresent();
  }

  /** A source that waits for a picture for 400 ms only. */
  static CameraSource impatient(String address) {
    return RpicamSource.of(SourceUri.parse(address), false, PATIENCE_NANOS, PATIENCE_NANOS);
  }

  static void assertFails(CameraSource source, Collected got, Kind kind, String sentence) {
    assertThatThrownBy(() -> got.read(source, n -> true))
        .isInstanceOf(CameraException.class)
        .hasMessageContaining(sentence)
        .extracting(e -> ((CameraException) e).kind())
        .isEqualTo(kind);
  }
}
