package io.github.raspberryspy.daemon.gpio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.raspberryspy.camera.CameraPipeline;
import io.github.raspberryspy.camera.CameraPipelineBuilder;
import io.github.raspberryspy.camera.record.RecorderConfig;
import io.github.raspberryspy.daemon.MotionEvents;
import io.github.raspberryspy.daemon.gpio.InputConfig.Pull;
import io.github.raspberryspy.motion.FusionMode;
import io.github.raspberryspy.motion.PirSignal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sensor on a pin of the kernel's simulated chip ({@code gpio-sim}), read by Pi4J's own native
 * library: what pulls the pin from outside is a file.
 */
@Tag("driver")
class KernelPinDriverTest {

  private static final int PIN = 17;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path folder;
  private Path wire;
  private final PirSignal signal = new PirSignal();
  private final List<String> faults = new CopyOnWriteArrayList<>();

  @BeforeEach
  void theWireIsLow() throws IOException {
    wire = wire();
    pull("pull-down");
  }

  @AfterEach
  void theWireIsLowAgain() throws IOException {
    if (wire != null) {
      pull("pull-down");
    }
  }

  @Test
  void whatPullsThePinIsSeen() throws IOException {
    try (PirSensor sensor = start(PIN)) {
      for (int i = 0; i < 3; i++) {
        await().atMost(PATIENCE).until(() -> !signal.isLost() && !signal.isWarm());
        pull("pull-up");
        await().atMost(PATIENCE).until(signal::isWarm);
        pull("pull-down");
      }
      await().atMost(PATIENCE).until(() -> !signal.isWarm());
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void anEventBeginsAndEndsWithTheLevelOfThePin() throws Exception {
    CameraPipelineBuilder builder =
        CameraPipeline.builder()
            .name("yard")
            .source("test://?size=160x120&objects=0&fps=5")
            .record(RecorderConfig.into(folder));
    try (PirSensor sensor = start(PIN);
        MotionEvents events = MotionEvents.of(builder, config(PIN).with(signal));
        CameraPipeline camera = builder.start()) {
      await().atMost(PATIENCE).until(() -> events.hasSeen() && !signal.isLost());
      assertThat(events.told()).isEmpty();
      pull("pull-up");
      await().atMost(PATIENCE).until(() -> events.told().equals(List.of("began [pir]")));
      pull("pull-down");
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(events.told()).containsExactly("began [pir]", "ended [pir]"));
    }
  }

  @Test
  void aPinThatAnotherProgramHasIsToldAndReadOnceItIsFree() throws Exception {
    Process other =
        new ProcessBuilder("gpiomon", chip(), Integer.toString(PIN)).inheritIO().start();
    try (AutoCloseable end = other::destroyForcibly) {
      await().atMost(PATIENCE).until(() -> isTaken());
      try (PirSensor sensor = start(PIN)) {
        await().atMost(PATIENCE).until(() -> faults.size() == 1);
        assertThat(faults.get(0))
            .startsWith("sensor-missing: GPIO 17 cannot be read: ")
            .contains("busy")
            .endsWith("; the picture counts alone");
        other.destroyForcibly().waitFor();
        await().atMost(PATIENCE).until(() -> !signal.isLost());
        pull("pull-up");
        await().atMost(PATIENCE).until(signal::isWarm);
      }
    }
  }

  private PirSensor start(int pin) {
    return PirSensor.start(
        "yard",
        config(pin),
        Pi4jPort.ofThisBoard(),
        signal,
        fault ->
            faults.add((fault.ended() ? "over" : fault.kind().text()) + ": " + fault.sentence()));
  }

  private static PirConfig config(int pin) {
    return new PirConfig(
        new InputConfig(pin, Pull.OFF, Duration.ofMillis(20)),
        false,
        FusionMode.OR,
        Duration.ofSeconds(5),
        Duration.ofMillis(200));
  }

  private void pull(String how) throws IOException {
    Files.writeString(wire, how);
  }

  private boolean isTaken() throws IOException, InterruptedException {
    Process info = new ProcessBuilder("gpioinfo", chip()).start();
    String lines = new String(info.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return lines.lines().anyMatch(l -> l.matches(".*line +" + PIN + ":.*\\[used.*"));
  }

  /** The chip's name, {@code gpiochip1} for one: the folder above the pin's. */
  private String chip() {
    return wire.getParent().getParent().getFileName().toString();
  }

  private static Path wire() throws IOException {
    for (Path bank : list(Path.of("/sys/devices/platform"), "gpio-sim.*")) {
      for (Path chip : list(bank, "gpiochip*")) {
        return chip.resolve("sim_gpio" + PIN).resolve("pull");
      }
    }
    if (Boolean.getBoolean("raspberryspy.nothingAbsent")) {
      return fail("no simulated GPIO chip");
    }
    return abort("no simulated GPIO chip: native/vm/driver-tests --arm64 daemon has one");
  }

  private static List<Path> list(Path folder, String glob) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
      entries.forEach(found::add);
    }
    return found;
  }
}
