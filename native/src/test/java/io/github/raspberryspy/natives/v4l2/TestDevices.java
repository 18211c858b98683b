package io.github.raspberryspy.natives.v4l2;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.libc.NativeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The kernel's virtual video devices, for tests with the tag {@code driver}: they skip where there
 * is none, unless {@code -Draspberryspy.nothingAbsent=true} says that nothing may be absent.
 */
public final class TestDevices {

  /** How many pictures a test takes of each kind: {@code -Draspberryspy.driver.frames}. */
  public static final int FRAMES = Integer.getInteger("raspberryspy.driver.frames", 100);

  /**
   * Pictures a second: {@code -Draspberryspy.driver.fps}. A machine that is busy with other things
   * makes the virtual cameras themselves late, which is a loss too.
   */
  public static final int FPS = Integer.getInteger("raspberryspy.driver.fps", 30);

  /** How often a camera is started and stopped: {@code -Draspberryspy.driver.starts}. */
  public static final int STARTS = Integer.getInteger("raspberryspy.driver.starts", 200);

  /** How often a camera is unplugged: {@code -Draspberryspy.driver.replugs}. */
  public static final int REPLUGS = Integer.getInteger("raspberryspy.driver.replugs", 20);

  private TestDevices() {}

  /** A camera of the driver {@code vivid}, of a kind. */
  public static String vivid(BufferType type) {
    return require(
        "a camera of the driver vivid with " + type,
        c -> c.driver().equals("vivid") && c.captureType().filter(t -> t == type).isPresent());
  }

  /** The camera that a loop-back device stands in for, by its label, such as MJPEG-640x480. */
  public static String loopback(String label) {
    return require(
        "the camera " + label + " of v4l2loopback",
        c -> c.driver().contains("loopback") && c.card().equals(label));
  }

  /** The encoder of the driver {@code vicodec}, whose codec is FWHT. */
  public static String fwhtEncoder() {
    List<Path> nodes = V4l2Devices.list().stream().map(V4l2Devices.Node::path).toList();
    return V4l2Devices.findEncoder(LibC.load(), nodes, FourCc.of("FWHT"), refusal -> {})
        .map(Path::toString)
        .orElseGet(() -> absent("the encoder of the driver vicodec"));
  }

  /** The first device that fits. */
  public static String require(String what, Predicate<V4l2Capabilities> fits) {
    List<String> found = all(fits);
    return found.isEmpty() ? absent(what) : found.get(0);
  }

  /** Number of descriptors that this process has open. */
  public static long descriptors() {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Number of mappings of video devices that this process has. */
  public static long mappings() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(l -> l.contains("/dev/video") || l.contains("dmabuf")).count();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<String> all(Predicate<V4l2Capabilities> fits) {
    List<String> found = new ArrayList<>();
    for (V4l2Devices.Node node : V4l2Devices.list()) {
      try (V4l2Device device = V4l2Device.open(LibC.load(), node.path().toString())) {
        if (fits.test(device.capabilities())) {
          found.add(device.path());
        }
      } catch (NativeException e) {
        // In use, or just gone: not for tests.
      }
    }
    return found;
  }

  private static String absent(String what) {
    if (Boolean.getBoolean("raspberryspy.nothingAbsent")) {
      return fail(what + " is not there, and nothing may be absent");
    }
    return abort(what + " is not there");
  }
}
