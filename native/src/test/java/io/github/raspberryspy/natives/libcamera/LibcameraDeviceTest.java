package io.github.raspberryspy.natives.libcamera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Pointer;
import io.github.raspberryspy.natives.libc.Errno;
import io.github.raspberryspy.natives.libcamera.LibcameraDevice.Ask;
import io.github.raspberryspy.natives.libcamera.LibcameraDevice.Completion;
import io.github.raspberryspy.natives.libcamera.LibcameraDevice.Plane;
import io.github.raspberryspy.natives.libcamera.LibcameraDevice.Status;
import io.github.raspberryspy.natives.libcamera.LibcameraDevice.Stream;
import io.github.raspberryspy.natives.libcamera.LibcameraDevice.StreamAsk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The bridge against libcamera's own test camera, the kernel's driver vimc. */
@Tag("driver")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LibcameraDeviceTest {

  private static final Path DRIVER = Path.of("/sys/bus/platform/drivers/vimc");
  private static final int RGB = LibcameraDevice.fourcc("BG24");
  private static final int LONG = 5000; // ms; a picture takes 50 on a slow machine

  private LibcameraShim shim;

  @BeforeEach
  void requireCamera() {
    assumeTrue(Files.isDirectory(DRIVER), "the driver vimc is not loaded");
    try {
      shim = LibcameraShim.load();
    } catch (LibcameraException e) {
      assumeTrue(e.number() != Errno.ENOENT.number(), e.getMessage());
      throw e;
    }
    assertThat(shim.cameras()).as("libcamera sees by systemd-udevd's eyes").isNotEmpty();
  }

  @Test
  void theCameraIsListedAndOpenedByAnyOfItsNames() {
    LibcameraShim.Entry entry = shim.cameras().get(0);
    assertThat(entry.id()).contains("vimc");
    for (String which : List.of("0", entry.id(), "vimc")) {
      try (LibcameraDevice device = shim.open(which)) {
        assertThat(device.id()).isEqualTo(entry.id());
      }
    }
  }

  @Test
  void aCameraIsOpenedOnce() {
    try (LibcameraDevice device = shim.open("0")) {
      assertFails(() -> shim.open("0"), Errno.EBUSY, "is in use");
      device.configure(ask(640, 480));
    }
    shim.open("0").close();
  }

  @Test
  void whatTheCameraDoesNotGiveIsRefused() {
    try (LibcameraDevice device = shim.open("0")) {
      StreamAsk yuv = new StreamAsk(640, 480, LibcameraDevice.fourcc("YU12"));
      assertFails(
          () -> device.configure(new Ask(yuv, Optional.empty(), 4, 0)),
          Errno.EINVAL,
          "does not give YUV420");
      Ask two = new Ask(stream(640, 480), Optional.of(stream(320, 240)), 4, 0);
      assertFails(() -> device.configure(two), Errno.EINVAL, "2 streams");
      Ask turned = new Ask(stream(640, 480), Optional.empty(), 4, 90);
      assertFails(() -> device.configure(turned), Errno.EINVAL, "cannot rotate by 90");
      device.configure(ask(640, 480));
      assertFails(() -> device.configure(ask(640, 480)), Errno.EPERM, "cannot be configured now");
      assertFails(() -> device.set("NoSuch", "1"), Errno.ENOENT, "no control NoSuch");
      assertFails(() -> device.set("Contrast", "much"), Errno.EINVAL, "does not take \"much\"");
      assertFails(() -> device.planes(0, 99), Errno.EINVAL, "no buffer 99");
      assertFails(() -> device.planes(1, 0), Errno.EINVAL, "of stream 1");
      assertFails(device::next, Errno.EPERM, "is not running");
    }
  }

  @Test
  void threeHundredPicturesComeAndEveryRequestReturns() {
    try (LibcameraDevice device = shim.open("0")) {
      Stream granted = device.configure(ask(640, 480)).get(0);
      assertThat(granted.fourcc()).isEqualTo(RGB);
      assertThat(granted.planes()).isEqualTo(1);
      assertThat(device.controls()).extracting(LibcameraDevice.Control::name).contains("Contrast");
      device.set("Contrast", "1.5");
      device.start();
      Set<Integer> buffers = new HashSet<>();
      long lastSequence = -1;
      long lastStamp = 0;
      for (int i = 0; i < 300; i++) {
        Completion completion = take(device);
        assertThat(completion.status()).isEqualTo(Status.GOOD);
        assertThat(completion.sequence()).isGreaterThan(lastSequence);
        assertThat(completion.timestampNanos()).isGreaterThan(lastStamp);
        lastSequence = completion.sequence();
        lastStamp = completion.timestampNanos();
        buffers.add(completion.buffer());
        requirePicture(device, completion.buffer(), granted);
        device.requeue(completion.buffer());
      }
      assertThat(buffers).hasSize(granted.buffers());
      assertThat(Math.abs(System.nanoTime() - lastStamp)).isLessThan(10_000_000_000L);
    }
  }

  @Test
  void startingAndStoppingFiftyTimesLeavesNothingBehind() throws IOException {
    cycle();
    List<String> descriptors = descriptors();
    long mappings = mappings();
    for (int i = 0; i < 5; i++) {
      cycle();
    }
    // What is left behind by each would be five at least; the virtual machine opens one now and
    // then.
    assertThat(descriptors()).hasSizeLessThan(descriptors.size() + 5);
    assertThat(mappings()).isLessThan(mappings + 5);
  }

  @Test
  void aPictureThatIsHeldOutlivesStopAndRelease() {
    LibcameraDevice device = shim.open("0");
    try (device) {
      Stream granted = device.configure(ask(640, 480)).get(0);
      device.start();
      Completion held = take(device);
      device.stop();
      device.requeue(held.buffer()); // too late, and no error
      device.start();
      Completion next = take(device);
      device.requeue(next.buffer());
      assertFails(() -> device.requeue(next.buffer()), Errno.EALREADY, "already");
      Completion last = take(device);
      List<Plane> planes = device.planes(0, last.buffer());
      device.release();
      requirePicture(planes.get(0), granted);
      device.requeue(last.buffer());
      shim.open("0").close(); // the camera is free again
      requirePicture(planes.get(0), granted);
    }
    device.close();
    assertFails(() -> device.requeue(0), Errno.EBADF, "is closed");
    assertFails(device::start, Errno.EBADF, "is closed");
    assertFails(device::next, Errno.EBADF, "is closed");
  }

  @Test
  void aHandleThatWasClosedNeverFindsTheNextCamera() {
    LibcameraDevice old = shim.open("0");
    old.close();
    try (LibcameraDevice device = shim.open("0")) {
      assertFails(() -> old.configure(ask(640, 480)), Errno.EBADF, "is closed");
      device.configure(ask(640, 480));
      device.start();
      assertFails(old::stop, Errno.EBADF, "is closed");
      device.requeue(take(device).buffer());
    }
  }

  @Test
  void whoeverWaitsIsWokenAndCloseWaitsForNobody() {
    try (LibcameraDevice device = shim.open("0")) {
      device.configure(ask(640, 480));
      CompletableFuture<Boolean> waiting =
          CompletableFuture.supplyAsync(() -> device.await(60_000));
      device.wake();
      assertThat(waiting.join()).isTrue();
      assertThat(device.await(10)).isFalse();
    }
  }

  @Test
  void buffersMayComeBackFromOtherThreadsWhileItCloses() {
    for (int i = 0; i < 10; i++) {
      LibcameraDevice device = shim.open("0");
      Stream granted = device.configure(ask(640, 480)).get(0);
      device.start();
      CompletableFuture<Void> returning =
          CompletableFuture.runAsync(() -> requeueUntilClosed(device, granted.buffers()));
      take(device);
      device.close();
      returning.join();
    }
  }

  @Test
  @Order(Integer.MAX_VALUE) // there is no camera afterwards
  void aCameraThatIsTakenAwayIsAnErrorAndNotACrash() throws IOException {
    Path unbind = DRIVER.resolve("unbind");
    assumeTrue(Files.isWritable(unbind), "no right to take the camera away");
    LibcameraDevice device = shim.open("0");
    try {
      device.configure(ask(640, 480));
      device.start();
      device.requeue(take(device).buffer());
      Files.writeString(unbind, "vimc.0");
      boolean isGone = false;
      for (int i = 0; i < 100 && !isGone; i++) {
        isGone = endsOrIsGone(device);
      }
      assertThat(isGone).isTrue();
      assertFails(device::release, Errno.ENODEV, "was taken away");
    } finally {
      device.close(); // not bound again: a second camera of the same id is too much for libcamera
    }
    assertFails(device::release, Errno.EBADF, "is closed");
  }

  /** Cancelled requests and silence are what a driver without a device leaves; then ENODEV. */
  private static boolean endsOrIsGone(LibcameraDevice device) {
    try {
      device.await(100);
      Optional<Completion> next = device.next();
      if (next.isPresent() && next.get().status() == Status.GOOD) {
        device.requeue(next.get().buffer());
      }
      return false;
    } catch (LibcameraException e) {
      assertThat(e.errno()).hasValue(Errno.ENODEV);
      return true;
    }
  }

  private static void requeueUntilClosed(LibcameraDevice device, int buffers) {
    for (int i = 0; true; i++) {
      try {
        device.requeue(i % buffers);
      } catch (LibcameraException e) {
        if (e.number() == Errno.EBADF.number()) {
          return;
        }
      }
    }
  }

  private void cycle() {
    try (LibcameraDevice device = shim.open("0")) {
      device.configure(ask(640, 480));
      for (int i = 0; i < 10; i++) {
        device.start();
        device.requeue(take(device).buffer());
        device.stop();
      }
    }
  }

  private static Ask ask(int width, int height) {
    return new Ask(stream(width, height), Optional.empty(), 4, 0);
  }

  private static StreamAsk stream(int width, int height) {
    return new StreamAsk(width, height, RGB);
  }

  private static Completion take(LibcameraDevice device) {
    Optional<Completion> next = device.next();
    long end = System.nanoTime() + LONG * 1_000_000L;
    while (next.isEmpty() && System.nanoTime() < end) {
      device.await(LONG);
      next = device.next();
    }
    return next.orElseThrow(() -> new AssertionError("no picture in " + LONG + " ms"));
  }

  private static void requirePicture(LibcameraDevice device, int buffer, Stream granted) {
    requirePicture(device.planes(0, buffer).get(0), granted);
  }

  /** Coloured bars: more than one value in a row. */
  private static void requirePicture(Plane plane, Stream granted) {
    assertThat(plane.stride()).isGreaterThanOrEqualTo(3 * granted.width());
    assertThat(plane.length()).isGreaterThanOrEqualTo((long) plane.stride() * granted.height());
    long middle = (long) plane.stride() * (granted.height() / 2);
    byte[] row = new Pointer(plane.address()).getByteArray(middle, 3 * granted.width());
    Set<Byte> values = new HashSet<>();
    for (byte value : row) {
      values.add(value);
    }
    assertThat(values).hasSizeGreaterThan(1);
  }

  /**
   * Descriptors of devices, buffers and events; not of the class path, which opens as it is needed.
   */
  private static List<String> descriptors() throws IOException {
    List<String> targets = new ArrayList<>();
    try (java.util.stream.Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
      for (Path link : links.toList()) {
        String target = readLink(link);
        if (!target.endsWith(".jar") && !target.endsWith("/fd")) {
          targets.add(target);
        }
      }
    }
    return targets;
  }

  private static String readLink(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "/fd"; // the one that listed the folder
    }
  }

  private static long mappings() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).size();
  }

  private static void assertFails(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, Errno errno, String sentence) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LibcameraException.class, e -> assertThat(e.errno()).hasValue(errno))
        .hasMessageContaining(sentence);
  }
}
