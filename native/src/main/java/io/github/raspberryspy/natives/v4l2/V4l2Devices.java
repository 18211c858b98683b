package io.github.raspberryspy.natives.v4l2;

import io.github.raspberryspy.natives.libc.LibC;
import io.github.raspberryspy.natives.libc.NativeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The video devices of this machine. */
public final class V4l2Devices {

  private static final Path SYSFS = Path.of("/sys/class/video4linux");
  private static final Path DEV = Path.of("/dev");

  private V4l2Devices() {}

  /**
   * A video device node.
   *
   * @param path such as {@code /dev/video0}
   * @param name the device's own, empty where it has none
   */
  public record Node(Path path, String name) {}

  /** All of them, in the order of their numbers, not opened; none where the kernel has none. */
  public static List<Node> list() {
    return list(SYSFS, DEV);
  }

  /**
   * The first device that makes a codec's stream out of pictures, and that may be used.
   *
   * @param nodes where to look, such as those of {@link #list()}
   * @param refusals told of each device that could not be asked: busy, or not for this user
   */
  public static Optional<Path> findEncoder(
      LibC libc, List<Path> nodes, FourCc codec, Consumer<NativeException> refusals) {
    return nodes.stream()
        .filter(path -> isEncoder(libc, path.toString(), codec, refusals))
        .findFirst();
  }

  private static boolean isEncoder(
      LibC libc, String path, FourCc codec, Consumer<NativeException> refusals) {
    try (V4l2Device device = V4l2Device.open(libc, path)) {
      Optional<BufferType> raw = device.capabilities().memToMemType();
      return raw.isPresent()
          && device.offers().formats(raw.get().opposite()).stream()
              .anyMatch(f -> f.pixels().equals(codec));
    } catch (NativeException e) {
      refusals.accept(e);
      return false;
    }
  }

  static List<Node> list(Path sysfs, Path dev) {
    List<Node> nodes = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(sysfs, "video*")) {
      for (Path entry : entries) {
        Path node = dev.resolve(entry.getFileName().toString());
        if (Files.exists(node)) {
          nodes.add(new Node(node, name(entry)));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    nodes.sort(Comparator.comparingInt(V4l2Devices::number));
    return nodes;
  }

  private static int number(Node node) {
    String digits = node.path().getFileName().toString().replaceAll("\\D", "");
    return digits.isEmpty() || digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }

  private static String name(Path entry) {
    try {
      return Files.readString(entry.resolve("name")).strip();
    } catch (IOException e) {
      return ""; // it has just gone
    }
  }
}
