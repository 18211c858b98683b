package io.github.raspberryspy.natives.v4l2;

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

/** The video devices of this machine, without opening them. */
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

  /** All of them, in the order of their numbers; none where the kernel has none. */
  public static List<Node> list() {
    return list(SYSFS, DEV);
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
